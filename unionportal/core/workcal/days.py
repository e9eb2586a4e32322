"""Workdays of the State Council's calendar, 调休 included, and ISO weeks.

Where a day's nature comes from, first hit wins: a day entered in the portal; a year entered in the portal (Monday to Friday but for its days); the library's
years; else Monday to Friday, and the answer is provisional, because that year's calendar has not been published yet. Source: docs/domain.md, "Workdays".
"""

import calendar
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate

from chinese_calendar import constants as published

from unionportal.core.common.kept import Kept

SATURDAY = 5
#: Years the library has the published calendar of.
LIBRARY_YEARS = range(min(published.holidays).year, max(published.holidays).year + 1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period in workdays. `provisional`: it was counted over days of a year not published yet."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class YearTable:
    """One year, counted through: `counts[i]` workdays up to and including the (i+1)th day."""

    year: int
    workdays: tuple[bool, ...]
    known: bool

    @cached_property
    def counts(self) -> tuple[int, ...]:
        return tuple(accumulate(int(w) for w in self.workdays))

    def is_workday(self, day: date) -> bool:
        return self.workdays[day.timetuple().tm_yday - 1]

    def through(self, day: date) -> int:
        """Workdays of the year up to and including the day."""
        return self.counts[day.timetuple().tm_yday - 1]

    def nth(self, number: int) -> date:
        """The day that is the year's `number`th workday."""
        return date(self.year, 1, 1) + timedelta(days=bisect_left(self.counts, number))


class Calendar:
    """What is entered in the portal laid over what the library knows; years are counted when first asked for."""

    def __init__(self, *, years: frozenset[int], days: dict[date, bool]) -> None:
        self.years = years
        self.days = days
        self._tables: dict[int, YearTable] = {}

    def table(self, year: int) -> YearTable:
        if year not in self._tables:
            self._tables[year] = YearTable(
                year, tuple(self._nature(day) for day in days_of(year)), year in self.years or year in LIBRARY_YEARS
            )
        return self._tables[year]

    def _nature(self, day: date) -> bool:
        if day in self.days:
            return self.days[day]
        if day.year not in self.years and day.year in LIBRARY_YEARS:
            return library_workday(day)
        return day.weekday() < SATURDAY


def library_workday(day: date) -> bool:
    """Whether the library's published calendar has people work on the day (of one of LIBRARY_YEARS)."""
    return day in published.workdays or (day.weekday() < SATURDAY and day not in published.holidays)


@lru_cache(maxsize=64)
def days_of(year: int) -> tuple[date, ...]:
    """Every day of a year."""
    return tuple(
        date(year, month, d) for month in range(1, 13) for d in range(1, calendar.monthrange(year, month)[1] + 1)
    )


def _load() -> Calendar:
    from unionportal.core.workcal.models import CalendarDay, CalendarYear

    return Calendar(
        years=frozenset(CalendarYear.objects.values_list("year", flat=True)),
        days=dict(CalendarDay.objects.values_list("day", "is_workday")),
    )


kept_calendar: Kept[Calendar] = Kept(_load)


def is_workday(day: date) -> bool:
    """Whether people work on the day."""
    return kept_calendar.get().table(day.year).is_workday(day)


def is_known(year: int) -> bool:
    """Whether the year's calendar is published, here or in the library; else its days are Monday to Friday, provisionally."""
    return kept_calendar.get().table(year).known


def add_workdays(start: date, number: int) -> Deadline:
    """The day a period of `number` workdays ends: day 1 is the next workday after `start`. 0 is `start` itself."""
    if number < 0:
        raise ValueError("a period cannot be negative")
    if number == 0:
        return Deadline(start, False)
    current = kept_calendar.get()
    table = current.table(start.year)
    wanted = table.through(start) + number
    # The last day of a year counts nothing of it that could be provisional.
    provisional = not table.known and start < date(start.year, 12, 31)
    while wanted > table.counts[-1]:
        wanted -= table.counts[-1]
        table = current.table(table.year + 1)
        provisional = provisional or not table.known
    return Deadline(table.nth(wanted), provisional)


def workdays_between(start: date, end: date) -> int:
    """Workdays after `start`, up to and including `end`; 0 where `end` is not later."""
    if end <= start:
        return 0
    current = kept_calendar.get()
    whole_years = sum(current.table(year).counts[-1] for year in range(start.year, end.year))
    return whole_years - current.table(start.year).through(start) + current.table(end.year).through(end)


def workdays_left(due: date, on: date) -> int:
    """Workdays from `on` to a due day: 0 on the day itself (or on days off before it), negative when overdue."""
    return workdays_between(on, due) if due >= on else -workdays_between(due, on)


def iso_week(day: date) -> tuple[int, int]:
    """ISO week-year and week: 2024-12-30 is (2025, 1)."""
    year, week, _ = day.isocalendar()
    return year, week


def week_range(year: int, week: int) -> tuple[date, date]:
    """Monday and Sunday of an ISO week."""
    monday = date.fromisocalendar(year, week, 1)
    return monday, monday + timedelta(days=6)


def week_workdays(year: int, week: int) -> int:
    """How many days of an ISO week people work."""
    monday, sunday = week_range(year, week)
    return workdays_between(monday - timedelta(days=1), sunday)
