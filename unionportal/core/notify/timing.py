"""Quiet hours: nothing is sent between them (Shanghai time), it waits for their end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from unionportal.core.common.clock import SHANGHAI
from unionportal.core.notify.models import QuietHours
from unionportal.core.params.values import value

Hours = tuple[int, int]
#: Minutes to wait after each failed attempt; after the last the sending is given up (about a day and a half).
BACKOFF_MINUTES = (1, 5, 15, 60, 180, 360, 720, 720)


def quiet_of(users: Iterable[int]) -> dict[int, Hours]:
    """Each person's quiet hours: their own, else the district's."""
    district = (int(value("notify.quiet_begin")), int(value("notify.quiet_end")))
    wanted = list(users)
    own = {row.pk: (row.begin, row.end) for row in QuietHours.objects.filter(pk__in=wanted)}
    return {user: own.get(user, district) for user in wanted}


def after_quiet(moment: datetime, hours: Hours) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    begin, end = hours
    here = moment.astimezone(SHANGHAI)
    if begin == end:
        return moment
    within = begin <= here.hour < end if begin < end else here.hour >= begin or here.hour < end
    if not within:
        return moment
    over = here.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > here else over + timedelta(days=1)


def next_attempt(moment: datetime, attempts: int) -> datetime | None:
    """When to try again after that many failures; None: give up."""
    if attempts > len(BACKOFF_MINUTES):
        return None
    return moment + timedelta(minutes=BACKOFF_MINUTES[attempts - 1])
