"""What stations add to pages of lower floors."""

from datetime import timedelta
from uuid import uuid4

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.models import PublicCode
from stations.directory import directory
from stations.finding import nearest_open
from stations.models import Station
from stations.phones import rated_today
from stations.ratings import rating_figures
from stations.services.register import CODE_OWNER
from stations.station_page import RATED_DAYS
from unionportal.core.common import clock
from unionportal.core.common.panels import Panel


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


PANELS: tuple[tuple[str, Panel], ...] = (("public.code", code_panel), ("station.side", finder_panel))
