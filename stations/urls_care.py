"""Addresses of the stations' care: checks, spot checks, repairs, supplies, stars."""

from django.urls import path

from stations.views.care import CareView
from stations.views.checks import CheckListView, CheckPhotoView, CheckView
from stations.views.repairs import RepairCreateView, RepairListView, RepairPhotoView, RepairView
from stations.views.spot_checks import SpotCheckListView, SpotDrawCreateView, SpotDrawView
from stations.views.stars import StarListView, StarView
from stations.views.supplies import SupplyView, SupplyWarningsView
from visits.views.phone import ShellView

urlpatterns = [
    path("stations/care/", CareView.as_view(), name="care"),
    path("stations/care/check/", ShellView.as_view(name="station-check-form"), name="station-check-form"),
    path("stations/care/checks/", CheckListView.as_view(), name="station-check-list"),
    path("stations/care/checks/<uuid:check_id>/", CheckView.as_view(), name="station-check"),
    path("stations/care/checks/<uuid:check_id>/<slug:act>/", CheckView.as_view(), name="station-check-act"),
    path(
        "stations/care/checks/<uuid:check_id>/photos/<int:photo_id>/",
        CheckPhotoView.as_view(),
        name="station-check-photo",
    ),
    path("stations/care/spot-checks/", SpotCheckListView.as_view(), name="spot-check-list"),
    path("stations/care/spot-checks/draw/", SpotDrawCreateView.as_view(), name="spot-draw-create"),
    path("stations/care/spot-checks/<str:quarter>/", SpotDrawView.as_view(), name="spot-draw"),
    path("stations/care/repairs/", RepairListView.as_view(), name="repair-list"),
    path("stations/care/repairs/new/", RepairCreateView.as_view(), name="repair-create"),
    path("stations/care/repairs/<int:repair_id>/", RepairView.as_view(), name="repair"),
    path("stations/care/repairs/<int:repair_id>/<slug:act>/", RepairView.as_view(), name="repair-act"),
    path(
        "stations/care/repairs/<int:repair_id>/photos/<int:photo_id>/", RepairPhotoView.as_view(), name="repair-photo"
    ),
    path("stations/care/supplies/", SupplyWarningsView.as_view(), name="supply-warnings"),
    path("stations/care/supplies/<str:code>/", SupplyView.as_view(), name="supplies"),
    path("stations/care/supplies/<str:code>/<slug:act>/", SupplyView.as_view(), name="supplies-act"),
    path("stations/care/stars/<int:year>/", StarListView.as_view(), name="stars"),
    path("stations/care/stars/<int:year>/<str:code>/", StarView.as_view(), name="stars-of"),
    path("stations/care/stars/<int:year>/<str:code>/<slug:act>/", StarView.as_view(), name="stars-act"),
]
