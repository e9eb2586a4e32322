"""What building and care show on the page of a station; attached in `unionportal/composition.py`."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stations.care_selectors import checks, supplies_wanting, warning_of
from stations.models import BuildProject, Repair, Station
from unionportal.core.common import clock
from unionportal.core.common.panels import Panel

SHOWN = 3


def station_care(request: HttpRequest, station: Station) -> SafeString | str:
    """The latest checks, what is broken and what runs out. Five queries."""
    if not request.may("care.view"):
        return ""
    scope, today = request.scope, clock.today()
    repairs = Repair.objects.visible_to(scope).open().filter(station=station)
    context = {
        "station": station,
        "checks": checks(scope).filter(station=station).order_by("-checked_on", "-filed_at")[:SHOWN],
        "repairs": repairs.order_by("due_on", "pk")[:SHOWN],
        "repairs_open": repairs.count(),
        "warnings": [warning_of(row, today) for row in supplies_wanting(scope, today).filter(station=station)[:SHOWN]],
        "today": today,
        "can_open": request.may("repair.open") and station.may_change,
        "can_see_stars": request.may("stars.view"),
    }
    return render_to_string("stations/care/panel_station.html", context, request)


def station_building(request: HttpRequest, station: Station) -> SafeString | str:
    """The projects by which the station was built or renovated."""
    if not request.may("building.view"):
        return ""
    projects = BuildProject.objects.visible_to(request.scope).filter(station=station).order_by("-year", "-pk")
    return render_to_string("stations/building/panel_station.html", {"projects": projects}, request) if projects else ""


#: Slot -> panels, in the order they are shown.
PANELS: tuple[tuple[str, Panel], ...] = (("station.main", station_care), ("station.side", station_building))
