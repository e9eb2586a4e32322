from django.urls import URLPattern, URLResolver, path

from visits import urls_meetings
from visits.views.coverage import CoverageView
from visits.views.editing import PickerView, VisitCreateView, VisitEditView
from visits.views.handing_over import HandOverView, OpenWorkView
from visits.views.journals import JournalListView, OwnJournalView
from visits.views.phone import ManifestView, OfflineDataView, ShellView, WorkerView
from visits.views.reviewing import JournalView, JournalWordView, MonthWordView
from visits.views.visits import PhotoForgetView, VisitDetailView, VisitListView, VisitPhotoView

urlpatterns: list[URLPattern | URLResolver] = [
    path("visits/", VisitListView.as_view(), name="visit-list"),
    path("visits/new/", VisitCreateView.as_view(), name="visit-create"),
    path("visits/picker/", PickerView.as_view(), name="visit-picker"),
    path("visits/offline/", ShellView.as_view(name="visit-offline"), name="visit-offline"),
    path("visits/offline/data/", OfflineDataView.as_view(), name="visit-offline-data"),
    path("visits/outbox/", ShellView.as_view(name="visit-outbox"), name="visit-outbox"),
    path("no-network/", ShellView.as_view(name="no-network"), name="no-network"),
    path("manifest.webmanifest", ManifestView.as_view(), name="manifest"),
    path("sw.js", WorkerView.as_view(), name="service-worker"),
    path("visits/<uuid:visit_id>/", VisitDetailView.as_view(), name="visit-detail"),
    path("visits/<uuid:visit_id>/edit/", VisitEditView.as_view(), name="visit-edit"),
    path("visits/<uuid:visit_id>/photos/<int:photo_id>/", VisitPhotoView.as_view(), name="visit-photo"),
    path("visits/<uuid:visit_id>/photos/<int:photo_id>/forget/", PhotoForgetView.as_view(), name="visit-photo-forget"),
    path("coverage/", CoverageView.as_view(), name="coverage"),
    path("postings/<int:pk>/open/", OpenWorkView.as_view(), name="posting-open"),
    path("postings/<int:pk>/hand-over/", HandOverView.as_view(), name="posting-hand-over"),
    path("journals/", JournalListView.as_view(), name="journal-list"),
    path("journals/word/", MonthWordView.as_view(), name="journal-month-word"),
    path("journals/<int:journal_id>/", JournalView.as_view(), name="journal-detail"),
    path("journals/<int:journal_id>/word/", JournalWordView.as_view(), name="journal-word"),
    path("journals/<int:journal_id>/<str:act>/", JournalView.as_view(), name="journal-act"),
    path("journals/<int:year>-W<int:week>/", OwnJournalView.as_view(), name="journal-week"),
    *urls_meetings.urlpatterns,
]
