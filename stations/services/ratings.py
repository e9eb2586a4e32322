"""A passer-by rates a station with one tap."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from stations.models import Station, StationRating
from stations.models.ratings import MOST_STARS
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import PUBLIC


@transaction.atomic
def station_rate(*, code: str, uuid: UUID, stars: int, now: datetime | None = None) -> StationRating:
    """Keep one rating; a repeat of the same id is the first row. How often a phone may, is counted by the page.

    Raises NotFound, InvalidTransition while the station is not open to workers, FieldErrors, Conflict for an id used with other content.
    """
    require(PUBLIC, "station.rate")
    station = Station.objects.only("id", "state", "name").filter(code=code).first()
    if station is None:
        raise NotFound("没有这个驿站。")
    if not 1 <= stars <= MOST_STARS:
        raise FieldErrors({"stars": f"请点 1 到 {MOST_STARS} 颗星。"})
    if station.state != Station.State.OPEN:
        raise InvalidTransition(f"“{station.name}”现在不开放，不能评价。")
    rating, _ = StationRating.objects.get_or_create(
        uuid=uuid, defaults={"station": station, "stars": stars, "rated_on": clock.local_date(now or clock.now())}
    )
    if (rating.station_id, rating.stars) != (station.pk, stars):
        raise Conflict("这次评价已经收到，不能再改。")
    return rating
