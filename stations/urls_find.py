"""Addresses of the finder for workers, and of the plate at the door."""

from django.urls import path

from stations.views import find, plates

urlpatterns = [
    path("find/", find.FindView.as_view(), name="find"),
    path("find/tiles/<int:zoom>/<int:column>/<int:row>/", find.TileView.as_view(), name="find-tile"),
    path("find/<station:code>/", find.StationView.as_view(), name="find-station"),
    path("find/<station:code>/rate/", find.RateView.as_view(), name="find-rate"),
    path("stations/plates/<station:code>/", plates.PlateView.as_view(), name="station-plate"),
]
