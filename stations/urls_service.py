from django.urls import path

from stations.views import check_in, events, served

urlpatterns = [
    path("stations/events/", events.EventListView.as_view(), name="station-event-list"),
    path("stations/events/new/", events.EventCreateView.as_view(), name="station-event-create"),
    path("stations/events/served/", served.ServedListView.as_view(), name="station-served-list"),
    path("stations/events/served/<str:station>/", served.StationServedView.as_view(), name="station-served"),
    path("stations/events/served/<str:station>/code/", served.CheckInCodeView.as_view(), name="station-check-in-code"),
    path(
        "stations/events/served/<str:station>/<int:count_id>/",
        served.ServedCorrectView.as_view(),
        name="station-served-correct",
    ),
    path("stations/events/<str:code>/", events.EventView.as_view(), name="station-event"),
    path("stations/events/<str:code>/edit/", events.EventEditView.as_view(), name="station-event-edit"),
    path("stations/events/<str:code>/photos/", events.EventPhotosView.as_view(), name="station-event-photos"),
    path(
        "stations/events/<str:code>/photos/<int:photo_id>/",
        events.EventPhotoView.as_view(),
        name="station-event-photo",
    ),
    path("stations/events/<str:code>/<str:act>/", events.EventView.as_view(), name="station-event-act"),
    path("c/<str:token>/", check_in.CheckInView.as_view(), name="check-in"),
]
