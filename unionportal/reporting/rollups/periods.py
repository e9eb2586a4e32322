"""Months, quarters and years. A period is named by its kind and its first day (Asia/Shanghai dates)."""

from collections.abc import Iterator
from datetime import date, timedelta

from unionportal.core.common.months import shifted

MONTH, QUARTER, YEAR = "month", "quarter", "year"
#: Kind -> months it has.
LENGTH: dict[str, int] = {MONTH: 1, QUARTER: 3, YEAR: 12}
PERIOD_LABELS: dict[str, str] = {MONTH: "月", QUARTER: "季", YEAR: "年"}


def period_start(period: str, day: date) -> date:
    """First day of the period a day lies in."""
    length = LENGTH[period]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def period_until(period: str, start: date) -> date:
    """First day after the period that begins on `start`."""
    return add_months(start, LENGTH[period])


def period_end(period: str, start: date) -> date:
    """Last day of the period that begins on `start`."""
    return period_until(period, start) - timedelta(days=1)


def previous_start(period: str, start: date) -> date:
    """First day of the period before."""
    return add_months(start, -LENGTH[period])


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after that of `day`."""
    return shifted(day.replace(day=1), months)


def months_between(first: date, last: date) -> Iterator[date]:
    """Firsts of month from that of `first` to that of `last`, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = add_months(month, 1)


def months_of(period: str, start: date) -> list[date]:
    """The months of a period."""
    return list(months_between(start, period_end(period, start)))


def period_label(period: str, start: date) -> str:
    """As people say it: 2024年9月, 2024年第3季度, 2024年."""
    if period == YEAR:
        return f"{start.year}年"
    if period == QUARTER:
        return f"{start.year}年第{(start.month + 2) // 3}季度"
    return f"{start.year}年{start.month}月"
