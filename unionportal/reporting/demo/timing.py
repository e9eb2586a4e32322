"""Working time of the demo: its workdays, and a cursor that walks an issue through them."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from unionportal.core.common.clock import SHANGHAI
from unionportal.core.workcal.days import is_workday
from unionportal.reporting.demo.people import FIRST_DAY, LAST_DAY

EVENING = time(17, 40)


@dataclass(frozen=True, slots=True)
class Week:
    """An ISO week with the days people work in it."""

    monday: date
    days: tuple[date, ...]

    @property
    def iso(self) -> tuple[int, int]:
        return self.monday.isocalendar()[:2]


class Workdays:
    """The demo's period as a list of workdays (调休 included)."""

    def __init__(self) -> None:
        every = [FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1)]
        self.days = [day for day in every if is_workday(day)]

    def index(self, day: date) -> int:
        """The position of a day; of the next workday for a day off."""
        return bisect_left(self.days, day)

    def weeks(self) -> Iterator[Week]:
        """Every week that has a workday, in order."""
        monday = FIRST_DAY
        while monday <= LAST_DAY:
            days = tuple(d for d in (monday + timedelta(days=n) for n in range(7)) if d <= LAST_DAY and is_workday(d))
            if days:
                yield Week(monday, days)
            monday += timedelta(days=7)


class OutOfTime(Exception):
    """A step would fall after the demo's last day."""


def moment(day: date, rng: Random, start: tuple[int, int], end: tuple[int, int]) -> datetime:
    """A moment of the day between two times (hour, minute)."""
    first, last = start[0] * 60 + start[1], end[0] * 60 + end[1]
    minute = rng.randint(first, last)
    return datetime.combine(day, time(minute // 60, minute % 60, rng.randint(0, 59)), SHANGHAI)


class Cursor:
    """Where in time an issue is; every step moves it on, within office hours."""

    def __init__(self, workdays: Workdays, at: datetime, rng: Random) -> None:
        self.workdays, self.at, self.rng = workdays, at, rng

    @property
    def day(self) -> date:
        return self.at.date()

    def later(self, days: int) -> datetime:
        """Some time on the workday `days` workdays on (0: still today, or tomorrow morning if the day is over)."""
        if days <= 0:
            candidate = self.at + timedelta(minutes=self.rng.randint(6, 55))
            if candidate.time() <= EVENING:
                self.at = candidate
                return self.at
            days = 1
        index = self.workdays.index(self.day) + days
        if index >= len(self.workdays.days):
            raise OutOfTime
        self.at = moment(self.workdays.days[index], self.rng, (8, 35), (16, 20))
        return self.at

    def later_on(self, day: date) -> datetime:
        """Some time on a named workday, or in a while if that is today or past."""
        return self.later(max(0, self.workdays.index(day) - self.workdays.index(self.day)))
