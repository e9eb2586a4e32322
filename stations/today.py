"""A station's hours on one day, in the words a worker in front of the door needs. Reads the prefetched `hours` and `closures`."""

from datetime import date, time

from stations.models import Station
from stations.opening import ALL_DAY, MIDNIGHT, Period, Place, closed_on, in_season, over_midnight

SHUT, NO_HOURS = "今天不开放", "开放时间未登记"


def today_words(station: Place, day: date) -> str:
    """今天 08:00–12:00、13:00–20:00."""
    if station.state != Station.State.OPEN or closed_on(station, day) is not None:
        return SHUT
    if station.open_all_day:
        return ALL_DAY
    rows = list(station.hours.all())
    if not rows:
        return NO_HOURS
    holding = sorted((row for row in rows if _holds(row, day)), key=lambda row: row.opens)
    return f"今天 {'、'.join(_span(row) for row in holding)}" if holding else SHUT


def _holds(row: Period, day: date) -> bool:
    return day.isoweekday() in row.weekdays and in_season(row, day)


def _span(row: Period) -> str:
    return f"{row.opens:%H:%M}–{_closing(row.closes, over=over_midnight(row))}"


def _closing(closes: time, *, over: bool) -> str:
    if not over:
        return f"{closes:%H:%M}"
    return "24:00" if closes == MIDNIGHT else f"次日{closes:%H:%M}"
