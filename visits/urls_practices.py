from django.urls import path

from visits.views.practices import (
    PracticeCreateView,
    PracticeEditView,
    PracticeFileView,
    PracticeListView,
    PracticeMarkView,
    PracticeRecommendView,
    PracticeView,
)

urlpatterns = [
    path("library/", PracticeListView.as_view(), name="practice-list"),
    path("library/new/", PracticeCreateView.as_view(), name="practice-create"),
    path("library/recommend/", PracticeRecommendView.as_view(), name="practice-recommend"),
    path("library/<int:pk>/", PracticeView.as_view(), name="practice"),
    path("library/<int:pk>/edit/", PracticeEditView.as_view(), name="practice-edit"),
    path("library/<int:pk>/mark/", PracticeMarkView.as_view(), name="practice-mark"),
    path("library/<int:pk>/files/<int:file_id>/", PracticeFileView.as_view(), name="practice-file"),
    path("library/<int:pk>/<slug:act>/", PracticeView.as_view(), name="practice-act"),
]
