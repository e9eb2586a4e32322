"""A moment of the past that figures are asked for: written as a day, which means its end, or as a moment."""

from datetime import date, datetime, time

from django.db.models import Min

from casework.models import IssueEvent
from unionportal.core.common import clock

UNREADABLE = "时间应写成 2024-11-01 或 2024-11-01T18:00:00+08:00。"
AHEAD = "时间不能晚于现在。"


class BadMoment(ValueError):
    """A moment nothing can be asked of; the message is Chinese and says why."""


def read_moment(text: str) -> datetime:
    """The moment written in an address. Raises BadMoment."""
    try:
        if len(text) == len("2024-11-01"):
            return moment_of(date.fromisoformat(text))
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
        return _past(moment.astimezone(clock.SHANGHAI))
    except BadMoment:
        raise
    except (ValueError, OverflowError):
        raise BadMoment(UNREADABLE) from None


def moment_of(day: date, at: time | None = None) -> datetime:
    """A time of a day in Shanghai; without one its end, of today the present moment. Raises BadMoment for one that is still to come."""
    if at is not None:
        return _past(datetime.combine(day, at, tzinfo=clock.SHANGHAI))
    return clock.now() if day == clock.today() else _past(_end_of(day))


def typed_of(moment: datetime) -> tuple[date, time | None]:
    """Day and time that `moment_of` makes the moment from; no time where it is a day's end or the present moment, which nobody types."""
    local = moment.astimezone(clock.SHANGHAI)
    return local.date(), None if local.second or local.microsecond else local.time()


def is_whole_day(moment: datetime) -> bool:
    """Whether it is the end of its day."""
    return moment == _end_of(clock.local_date(moment))


def first_recorded() -> datetime | None:
    """When the first step of all was recorded: nothing was known before."""
    return IssueEvent.objects.aggregate(first=Min("recorded_at"))["first"]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=clock.SHANGHAI)


def _past(moment: datetime) -> datetime:
    if moment > clock.now():
        raise BadMoment(AHEAD)
    return moment
