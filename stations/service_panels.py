"""What the service of a station shows on its page: the year's numbers and the latest events."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stations.models import Station, StationEvent
from stations.served_selectors import served_of, with_served, year_span
from unionportal.core.common import clock
from unionportal.core.common.panels import Panel

LATEST_EVENTS = 5


def service_panel(request: HttpRequest, station: Station) -> SafeString | str:
    """People served this year, each way apart, and the latest events; nothing for a station that never opened. Two queries."""
    if station.opened_on is None:
        return ""
    year = clock.today().year
    counted = with_served(Station.objects.filter(pk=station.pk).order_by(), *year_span(year)).get()
    events = StationEvent.objects.filter(station=station).order_by("-planned_on", "-id")[:LATEST_EVENTS]
    context = {"station": station, "year": year, "total": served_of(counted), "events": list(events)}
    return render_to_string("stations/served/_panel.html", context, request=request)


PANELS: list[tuple[str, Panel]] = [("station.main", service_panel)]
