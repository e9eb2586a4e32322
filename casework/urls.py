from django.urls import path

from casework.views import categories, corrections, deadlines, notes, standard_answers
from casework.views import issues as views

urlpatterns = [
    path("issues/", views.IssueListView.as_view(), name="issue-list"),
    path("issues/new/", views.IssueCreateView.as_view(), name="issue-create"),
    path("issues/enterprises/", views.EnterprisePickView.as_view(), name="issue-enterprises"),
    path("issues/due/", deadlines.DueListView.as_view(), name="due-list"),
    path("issues/due/recount/", deadlines.RecountView.as_view(), name="due-recount"),
    path("issues/<str:code>/", views.IssueDetailView.as_view(), name="issue-detail"),
    path("issues/<str:code>/correct/", corrections.IssueCorrectView.as_view(), name="issue-correct"),
    path("issues/<str:code>/notes/", notes.NoteAddView.as_view(), name="issue-note"),
    path("issues/<str:code>/watch/", notes.WatchView.as_view(), name="issue-watch"),
    path("issues/<str:code>/people/", notes.PeopleView.as_view(), name="issue-people"),
    path("issues/<str:code>/files/<uuid:file_id>/", notes.IssueFileView.as_view(), name="issue-file"),
    path("standard-answers/", standard_answers.StandardAnswerListView.as_view(), name="standard-answers"),
    path("standard-answers/new/", standard_answers.StandardAnswerCreateView.as_view(), name="standard-answer-create"),
    path("standard-answers/<int:pk>/", standard_answers.StandardAnswerEditView.as_view(), name="standard-answer"),
    path("issues/<str:code>/<str:action>/", views.IssueMoveView.as_view(), name="issue-move"),
    path("categories/", categories.CategoryListView.as_view(), name="category-list"),
    path("categories/new/", categories.CategoryCreateView.as_view(), name="category-create"),
    path("categories/<str:code>/", categories.CategoryEditView.as_view(), name="category-edit"),
]
