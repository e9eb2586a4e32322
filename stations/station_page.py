"""What the public page of one station says."""

from datetime import datetime, timedelta
from typing import Any

from casework.models import PublicCode
from stations.map_links import map_links
from stations.models import Station
from stations.opening import closed_on, hours_words, is_open
from stations.ratings import rating_figures
from stations.services.register import CODE_OWNER
from stations.today import today_words
from unionportal.core.common import clock

#: Days of ratings the page sums up, and how many make a figure worth showing.
RATED_DAYS, ENOUGH_RATINGS = 90, 5


def station_page(station: Station, moment: datetime) -> dict[str, Any]:
    """Its facts for the template; a station that is not open says why before all else."""
    day = clock.local_date(moment)
    figures = rating_figures([station.pk], start=day - timedelta(days=RATED_DAYS - 1), end=day)[station.pk]
    return {
        "station": station,
        "is_open": is_open(station, moment),
        "today": today_words(station, day),
        "hours": hours_words(station),
        "closure": closed_on(station, day),
        "equipment": station.equipment.select_related("facility"),
        "links": map_links(station),
        "report": open_code(station),
        "figures": figures if figures.count >= ENOUGH_RATINGS else None,
    }


def open_code(station: Station) -> PublicCode | None:
    """The code on its door, while it is in use."""
    return PublicCode.objects.open().filter(owner_kind=CODE_OWNER, owner_uuid=station.uuid).first()
