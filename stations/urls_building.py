"""Addresses of building stations: targets, plans, projects."""

from django.urls import path

from stations.views.building import BuildingView, PlanView, ProjectCreateView, ProjectEditView
from stations.views.projects import AcceptanceView, ProjectPhotoView, ProjectView

urlpatterns = [
    path("stations/building/", BuildingView.as_view(), name="building"),
    path("stations/building/plans/<int:year>/<str:unit>/", PlanView.as_view(), name="build-plan"),
    path("stations/building/projects/new/", ProjectCreateView.as_view(), name="build-project-create"),
    path("stations/building/projects/<int:project_id>/", ProjectView.as_view(), name="build-project"),
    path("stations/building/projects/<int:project_id>/edit/", ProjectEditView.as_view(), name="build-project-edit"),
    path(
        "stations/building/projects/<int:project_id>/acceptance/", AcceptanceView.as_view(), name="build-project-accept"
    ),
    path(
        "stations/building/projects/<int:project_id>/photos/<int:photo_id>/",
        ProjectPhotoView.as_view(),
        name="build-project-photo",
    ),
    path("stations/building/projects/<int:project_id>/<slug:act>/", ProjectView.as_view(), name="build-project-act"),
]
