"""Whether a station is open, and its hours in words. Pure: reads the station's prefetched `hours` and `closures`, asks no clock.

A period begins on a day: the weekday, the season and the closures of that day decide about it, also past midnight. A closed day is shut from its first
minute, whatever began the evening before.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from stations.models import Station
from unionportal.core.common import clock

DAY_NAMES = "一二三四五六日"
MIDNIGHT = time(0)


class Period(Protocol):
    """A row of hours, stored or still on a form. `weekdays`: 1 is Monday; `season_from`, `season_until`: month and day, 601 is 1 June."""

    @property
    def weekdays(self) -> Sequence[int]: ...

    @property
    def opens(self) -> time: ...

    @property
    def closes(self) -> time: ...

    @property
    def season_from(self) -> int | None: ...

    @property
    def season_until(self) -> int | None: ...


class Closure(Protocol):
    """Days on which a station stays shut, both included."""

    start_on: date
    end_on: date | None


class Rows(Protocol):
    """Rows of a station that were read already: a prefetched relation, or a list of its own."""

    def all(self) -> Iterable[Any]: ...


class Place(Protocol):
    """What is read of a station: a `Station`, or the line of a list."""

    @property
    def state(self) -> str: ...
    @property
    def opened_on(self) -> date | None: ...
    @property
    def open_all_day(self) -> bool: ...
    @property
    def hours(self) -> Rows: ...
    @property
    def closures(self) -> Rows: ...


def is_open(station: Place, moment: datetime) -> bool:
    """Whether workers can walk in at a moment."""
    local = moment.astimezone(clock.SHANGHAI)
    today, hour = local.date(), local.time()
    if station.state != Station.State.OPEN or station.opened_on is None or station.opened_on > today:
        return False
    if closed_on(station, today) is not None:
        return False
    if station.open_all_day:
        return True
    yesterday = today - timedelta(days=1)
    return any(_began_today(row, today, hour) for row in station.hours.all()) or (
        closed_on(station, yesterday) is None and any(_still_open(row, yesterday, hour) for row in station.hours.all())
    )


def closed_on(station: Place, day: date) -> Closure | None:
    """The closure that shuts the station on a day."""
    return next((each for each in station.closures.all() if covers(each, day)), None)


def covers(closure: Closure, day: date) -> bool:
    return closure.start_on <= day and (closure.end_on is None or closure.end_on >= day)


def in_season(row: Period, day: date) -> bool:
    """Whether the row holds on a day; a season may go over New Year."""
    if row.season_from is None or row.season_until is None:
        return True
    number = day.month * 100 + day.day
    if row.season_from <= row.season_until:
        return row.season_from <= number <= row.season_until
    return number >= row.season_from or number <= row.season_until


def over_midnight(row: Period) -> bool:
    """Whether it closes on the day after it opened."""
    return row.closes < row.opens


def minutes(row: Period) -> int:
    """How long it is open at a time."""
    length = _minute(row.closes) - _minute(row.opens)
    return length if length > 0 else length + 24 * 60


def _began_today(row: Period, today: date, hour: time) -> bool:
    if today.isoweekday() not in row.weekdays or not in_season(row, today) or hour < row.opens:
        return False
    return hour < row.closes or over_midnight(row)


def _still_open(row: Period, yesterday: date, hour: time) -> bool:
    if not over_midnight(row) or yesterday.isoweekday() not in row.weekdays:
        return False
    return in_season(row, yesterday) and hour < row.closes


def _minute(hour: time) -> int:
    return hour.hour * 60 + hour.minute


#: What a change of hours is written down as; past figures are read from it (`stations.summary`).
ALL_DAY = "24小时开放"


def hours_words(station: Place) -> list[str]:
    """The hours as people say them, a line a row: 周一至周五 08:00–20:00."""
    if station.open_all_day:
        return [ALL_DAY]
    return [row_words(row) for row in station.hours.all()]


def row_words(row: Period) -> str:
    closes = f"{row.closes:%H:%M}"
    if over_midnight(row):
        closes = "24:00" if row.closes == MIDNIGHT else f"次日{closes}"
    season = ""
    if row.season_from is not None and row.season_until is not None:
        season = f"{day_words(row.season_from)}至{day_words(row.season_until)} "
    return f"{season}{weekday_words(row.weekdays)} {row.opens:%H:%M}–{closes}"


def day_words(number: int) -> str:
    """601 -> 6月1日."""
    return f"{number // 100}月{number % 100}日"


def weekday_words(weekdays: Iterable[int]) -> str:
    """每天, 周一至周五, 周六、周日: runs of three and more are named by their ends."""
    days = sorted(set(weekdays))
    if len(days) == 7:
        return "每天"
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(_run_words(run) for run in runs)


def _run_words(run: list[int]) -> str:
    names = [f"周{DAY_NAMES[day - 1]}" for day in run]
    return f"{names[0]}至{names[-1]}" if len(names) > 2 else "、".join(names)
