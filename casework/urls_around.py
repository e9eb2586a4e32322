"""Addresses of the work around an issue."""

from django.urls import path

from casework.views import (
    activities,
    activity_issues,
    activity_sessions,
    bulk,
    consultations,
    mediations,
    paper_registers,
    papers,
)

urlpatterns = [
    path("issues/bulk/<str:action>/", bulk.IssueBulkView.as_view(), name="issue-bulk"),
    path("issues/<str:code>/subissues/", consultations.SubIssuesView.as_view(), name="subissues"),
    path("issues/<str:code>/subissues/<str:act>/", consultations.SubIssuesView.as_view(), name="subissue-act"),
    path("consultations/<int:pk>/", consultations.ConsultationView.as_view(), name="consultation"),
    path("consultations/<int:pk>/<str:act>/", consultations.ConsultationView.as_view(), name="consultation-act"),
    path("issues/<str:code>/papers/<str:kind>/", papers.PaperCreateView.as_view(), name="paper-create"),
    path("issues/<str:code>/mediation/", mediations.MediationCreateView.as_view(), name="mediation-create"),
    path("mediations/", mediations.MediationListView.as_view(), name="mediation-list"),
    path("mediations/<str:number>/", mediations.MediationView.as_view(), name="mediation"),
    path("mediations/<str:number>/word/<str:paper>/", mediations.MediationWordView.as_view(), name="mediation-word"),
    path("mediations/<str:number>/parties/<int:party>/", mediations.PartyRevealView.as_view(), name="mediation-party"),
    path("mediations/<str:number>/<str:act>/", mediations.MediationView.as_view(), name="mediation-act"),
    path("papers/", papers.PaperListView.as_view(), name="paper-list"),
    path("papers/registers/", paper_registers.RegistersView.as_view(), name="paper-registers"),
    path("papers/registers/<str:act>/", paper_registers.RegistersView.as_view(), name="paper-registers-act"),
    path("papers/<uuid:paper_id>/", papers.PaperView.as_view(), name="paper"),
    path("papers/<uuid:paper_id>/word/", papers.PaperWordView.as_view(), name="paper-word"),
    path("papers/<uuid:paper_id>/<str:act>/", papers.PaperView.as_view(), name="paper-act"),
    path("issues/<str:code>/activities/", activity_issues.IssueActivitiesView.as_view(), name="issue-activities"),
    path("activities/", activities.ActivityListView.as_view(), name="activity-list"),
    path("activities/new/", activities.ActivityCreateView.as_view(), name="activity-create"),
    path("activities/<str:code>/", activities.ActivityView.as_view(), name="activity"),
    path("activities/<str:code>/edit/", activities.ActivityEditView.as_view(), name="activity-edit"),
    path("activities/<str:code>/issues/", activity_issues.ActivityLinkView.as_view(), name="activity-issues"),
    path("activities/<str:code>/answer/", activity_issues.ActivityAnswerView.as_view(), name="activity-answer"),
    path("activities/<str:code>/photos/", activity_sessions.ActivityPhotosView.as_view(), name="activity-photos"),
    path(
        "activities/<str:code>/photos/<int:photo_id>/",
        activity_sessions.ActivityPhotoView.as_view(),
        name="activity-photo",
    ),
    path(
        "activities/<str:code>/sessions/<int:session_id>/",
        activity_sessions.ActivitySessionView.as_view(),
        name="activity-session",
    ),
    path("activities/<str:code>/<str:act>/", activities.ActivityView.as_view(), name="activity-act"),
]
