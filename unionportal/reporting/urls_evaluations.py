"""Addresses of the year's evaluation."""

from django.urls import URLPattern, path

from unionportal.reporting.views import evaluation_results, evaluation_reviews, evaluations, nominations

_YEAR = "evaluations/<int:year>/"
_NOMINATION = f"{_YEAR}nominations/<uuid:pk>/"
_REVIEW = f"{_YEAR}reviews/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("evaluations/", evaluations.EvaluationListView.as_view(), name="evaluations"),
    path("evaluations/new/", evaluations.EvaluationListView.as_view(), {"act": "new"}, name="evaluation-new"),
    path(_YEAR, evaluations.EvaluationView.as_view(), name="evaluation"),
    path(f"{_YEAR}cadres/<str:key>/", evaluations.WorkingView.as_view(), name="evaluation-cadre"),
    path(f"{_YEAR}townships/<str:key>/", evaluations.TownshipWorkingView.as_view(), name="evaluation-township"),
    path(f"{_YEAR}weights/<str:subject>/", evaluations.WeightsView.as_view(), name="evaluation-weights"),
    path(f"{_YEAR}criteria/<str:kind>/", evaluations.CriteriaView.as_view(), name="evaluation-criteria"),
    path(f"{_YEAR}nominations/", nominations.NominationListView.as_view(), name="evaluation-nominations"),
    path(f"{_YEAR}nominations/new/<str:kind>/", nominations.NominateView.as_view(), name="evaluation-nominate"),
    path(_NOMINATION, nominations.NominationView.as_view(), name="evaluation-nomination"),
    path(f"{_NOMINATION}edit/", nominations.NominationEditView.as_view(), name="evaluation-nomination-edit"),
    path(
        f"{_NOMINATION}files/<int:file_id>/",
        nominations.NominationFileView.as_view(),
        name="evaluation-nomination-file",
    ),
    path(f"{_NOMINATION}<str:act>/", nominations.NominationView.as_view(), name="evaluation-nomination-act"),
    path(f"{_YEAR}reviewers/", evaluation_reviews.ReviewersView.as_view(), name="evaluation-reviewers"),
    path(f"{_YEAR}reviewers/<str:act>/", evaluation_reviews.ReviewersView.as_view(), name="evaluation-reviewers-act"),
    path(f"{_YEAR}reviews/", evaluation_reviews.ReviewListView.as_view(), name="evaluation-reviews"),
    path(_REVIEW, evaluation_reviews.ReviewView.as_view(), name="evaluation-review"),
    path(f"{_REVIEW}files/<int:position>/", evaluation_reviews.ReviewFileView.as_view(), name="evaluation-review-file"),
    path(f"{_REVIEW}<str:act>/", evaluation_reviews.ReviewView.as_view(), name="evaluation-review-act"),
    path(f"{_YEAR}results/", evaluation_results.ResultsView.as_view(), name="evaluation-results"),
    path(f"{_YEAR}results/<uuid:pk>/award/", evaluation_results.AwardView.as_view(), name="evaluation-award"),
    path(f"{_YEAR}results/<uuid:pk>/revoke/", evaluation_results.RevokeView.as_view(), name="evaluation-revoke"),
    path(f"{_YEAR}certificates/", evaluation_results.CertificatesView.as_view(), name="evaluation-certificates"),
    path(
        f"{_YEAR}certificates/<int:author_id>/",
        evaluation_results.CertificatesView.as_view(),
        name="evaluation-certificate",
    ),
    path(f"{_YEAR}<str:act>/", evaluations.EvaluationView.as_view(), name="evaluation-act"),
]
