from django.urls import path, register_converter

from stations import urls_building, urls_care
from stations.codes import StationCode
from stations.views.catalogue import CatalogueView
from stations.views.coverage import CoverageView, EmployerListView, GeoJsonView, SummaryExportView
from stations.views.hours import ClosureView, StationHoursView
from stations.views.photos import StationPhotosView, StationPhotoView
from stations.views.places import EmployerView, PlaceListView, PlaceView
from stations.views.registry import StationCreateView, StationEditView, StationListView
from stations.views.station import StationView

register_converter(StationCode, "station")

urlpatterns = [
    path("stations/", StationListView.as_view(), name="station-list"),
    path("stations/new/", StationCreateView.as_view(), name="station-create"),
    *urls_care.urlpatterns,
    *urls_building.urlpatterns,
    path("stations/catalogue/", CatalogueView.as_view(), name="station-catalogue"),
    path("stations/coverage/", CoverageView.as_view(), name="station-coverage"),
    path("stations/coverage/summary/", SummaryExportView.as_view(), name="station-summary"),
    path("stations/coverage/stations.geojson", GeoJsonView.as_view(), name="station-geojson"),
    path("stations/coverage/employers/", EmployerListView.as_view(), name="station-employers"),
    path("stations/coverage/employers/<str:credit_code>/", EmployerView.as_view(), name="station-employer"),
    path("stations/places/", PlaceListView.as_view(), name="station-places"),
    path("stations/places/<str:code>/", PlaceView.as_view(), name="station-place"),
    path("stations/<station:code>/", StationView.as_view(), name="station"),
    path("stations/<station:code>/edit/", StationEditView.as_view(), name="station-edit"),
    path("stations/<station:code>/hours/", StationHoursView.as_view(), name="station-hours"),
    path("stations/<station:code>/closures/<int:closure_id>/", ClosureView.as_view(), name="station-closure"),
    path("stations/<station:code>/photos/", StationPhotosView.as_view(), name="station-photos"),
    path("stations/<station:code>/photos/<int:photo_id>/", StationPhotoView.as_view(), name="station-photo"),
    path("stations/<station:code>/<slug:act>/", StationView.as_view(), name="station-act"),
]
