"""What the stations show on pages of lower floors, and on their own."""

from datetime import timedelta
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import PublicCode
from stations.directory import directory
from stations.finding import nearest_open
from stations.models import OutdoorEmployer, Station
from stations.phones import rated_today
from stations.ratings import rating_figures
from stations.services.register import CODE_OWNER
from stations.station_page import RATED_DAYS
from unionportal.core.common import clock
from unionportal.core.common.panels import Panel
from unionportal.core.orgs.models import Enterprise


def code_panel(request: HttpRequest, code: PublicCode) -> SafeString | str:
    """Behind the code of a station's door: rate it with one tap, or where to go instead if it does not serve."""
    if code.owner_kind != CODE_OWNER or code.owner_uuid is None:
        return ""
    station = Station.objects.filter(uuid=code.owner_uuid).first()
    if station is None:
        return ""
    moment = clock.now()
    serves = station.state == Station.State.OPEN
    context = {
        "station": station,
        "rating": uuid4(),
        "rated": station.code in rated_today(request, clock.local_date(moment)),
        "instead": [] if serves else nearest_open(station, directory.get(), moment),
    }
    return render_to_string("stations/find/_code_panel.html", context, request=request)


def finder_panel(request: HttpRequest, station: Station) -> SafeString | str:
    """On the station's own page: its public page, its plate, and what those who came think of it."""
    if station.state == Station.State.PLANNED:
        return ""
    today = clock.today()
    figures = rating_figures([station.pk], start=today - timedelta(days=RATED_DAYS - 1), end=today)
    context = {
        "station": station,
        "figures": figures[station.pk],
        "days": RATED_DAYS,
        "may_print": request.may("station.keep"),
    }
    return render_to_string("stations/_finder_panel.html", context)


def outdoor_workers(request: HttpRequest, enterprise: Enterprise) -> SafeString | str:
    """How many of an enterprise's people work outdoors, for those who read coverage; the way to the form for those who keep it."""
    if not request.may("station.coverage"):
        return ""
    employer = OutdoorEmployer.objects.filter(enterprise=enterprise).first()
    can_record = request.may("station.employers") and enterprise.is_active
    if employer is None and not can_record:
        return ""
    context = {"employer": employer, "enterprise": enterprise, "can_record": can_record}
    return render_to_string("stations/panel_enterprise.html", context, request)


PANELS: tuple[tuple[str, Panel], ...] = (
    ("public.code", code_panel),
    ("station.side", finder_panel),
    ("enterprise.main", outdoor_workers),
)
