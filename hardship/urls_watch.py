"""The lists that watch over files, included by `hardship.urls`."""

from django.urls import path

from hardship.views import watching

urlpatterns = [
    path("hardship/watch/", watching.WatchesView.as_view(), name="hardship-watches"),
    path("hardship/watch/<slug:key>/", watching.WatchView.as_view(), name="hardship-watch"),
]
