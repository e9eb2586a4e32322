from django.urls import path

from casework.views import categories, corrections, deadlines
from casework.views import issues as views

urlpatterns = [
    path("issues/", views.IssueListView.as_view(), name="issue-list"),
    path("issues/new/", views.IssueCreateView.as_view(), name="issue-create"),
    path("issues/enterprises/", views.EnterprisePickView.as_view(), name="issue-enterprises"),
    path("issues/due/", deadlines.DueListView.as_view(), name="due-list"),
    path("issues/due/recount/", deadlines.RecountView.as_view(), name="due-recount"),
    path("issues/<str:code>/", views.IssueDetailView.as_view(), name="issue-detail"),
    path("issues/<str:code>/correct/", corrections.IssueCorrectView.as_view(), name="issue-correct"),
    path("issues/<str:code>/<str:action>/", views.IssueMoveView.as_view(), name="issue-move"),
    path("categories/", categories.CategoryListView.as_view(), name="category-list"),
    path("categories/new/", categories.CategoryCreateView.as_view(), name="category-create"),
    path("categories/<str:code>/", categories.CategoryEditView.as_view(), name="category-edit"),
]
