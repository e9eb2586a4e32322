"""The period a page shows: read from the URL, named in Chinese, with its neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unionportal.reporting.rollups.periods import (
    LENGTH,
    MONTH,
    PERIOD_LABELS,
    QUARTER,
    YEAR,
    add_months,
    period_end,
    period_label,
    period_start,
)

KINDS = (MONTH, QUARTER, YEAR)
_SHAPES = {
    MONTH: re.compile(r"(\d{4})-(\d{1,2})"),
    QUARTER: re.compile(r"(\d{4})-?[Qq]?([1-4])"),
    YEAR: re.compile(r"(\d{4})()"),
}
FIRST_YEAR = 2000


class BadPeriod(ValueError):
    """A period in the URL that cannot be; the message is Chinese and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year by its first day."""

    kind: str
    start: date

    @property
    def end(self) -> date:
        """The last day."""
        return period_end(self.kind, self.start)

    @property
    def label(self) -> str:
        """2024年9月, 2024年第3季度, 2024年."""
        return period_label(self.kind, self.start)

    @property
    def this(self) -> str:
        """本月, 本季, 本年."""
        return f"本{PERIOD_LABELS[self.kind]}"

    @property
    def before(self) -> str:
        """上月, 上季, 上年."""
        return f"上{PERIOD_LABELS[self.kind]}"

    @property
    def value(self) -> str:
        """2024-09, 2024-3 or 2024: how the address names it after its kind."""
        if self.kind == MONTH:
            return f"{self.start:%Y-%m}"
        if self.kind == QUARTER:
            return f"{self.start.year}-{(self.start.month + 2) // 3}"
        return str(self.start.year)

    @property
    def query(self) -> str:
        """month=2024-09, quarter=2024-3 or year=2024, as the dashboard's address takes it."""
        return f"{self.kind}={self.value}"

    def shift(self, number: int) -> "Period":
        """So many periods of the same kind later (negative: earlier)."""
        return Period(self.kind, add_months(self.start, number * LENGTH[self.kind]))

    def holds(self, day: date) -> bool:
        """Whether the day falls into it."""
        return self.start <= day <= self.end


def period_of(kind: str, day: date) -> Period:
    """The period of a kind that holds a day."""
    return Period(kind, period_start(kind, day))


def choices(kind: str, first: date, today: date) -> list[Period]:
    """Every period of the kind from that of `first` to that of today, newest first."""
    found, current = [], period_of(kind, today)
    oldest = period_of(kind, min(first, today))
    while current.start >= oldest.start:
        found.append(current)
        current = current.shift(-1)
    return found


def read_period(query: Mapping[str, str], today: date) -> Period:
    """The period named by `month=`, `quarter=`, `year=` or `period=&start=`; none: the month of today. Raises BadPeriod."""
    for kind in KINDS:
        if query.get(kind):
            return _checked(_parse(kind, query[kind].strip()), today)
    if query.get("period"):
        return _checked(_from_start(query["period"], query.get("start", "")), today)
    return period_of(MONTH, today)


def _parse(kind: str, text: str) -> Period:
    found = _SHAPES[kind].fullmatch(text)
    number = int(found[2] or 1) if found else 0
    if not found or not 1 <= number <= 12 or int(found[1]) < FIRST_YEAR:
        example = {MONTH: "月份应写成 2024-09", QUARTER: "季度应写成 2024-3", YEAR: "年份应写成 2024"}[kind]
        raise BadPeriod(f"看不懂“{text[:20]}”，{example} 这样的形式。")
    month = {MONTH: number, QUARTER: number * 3 - 2, YEAR: 1}[kind]
    return Period(kind, date(int(found[1]), month, 1))


def _from_start(kind: str, start: str) -> Period:
    if kind not in KINDS:
        raise BadPeriod("周期只能是月（month）、季（quarter）或年（year）。")
    try:
        day = date.fromisoformat(start.strip())
    except ValueError:
        raise BadPeriod(f"看不懂开始日期“{start[:20]}”，应写成 2024-09-01 这样的形式。") from None
    if day.year < FIRST_YEAR or day != period_of(kind, day).start:
        raise BadPeriod(f"“{start[:20]}”不是一个周期的第一天。")
    return Period(kind, day)


def _checked(period: Period, today: date) -> Period:
    if period.start > today:
        raise BadPeriod(f"{period.label}还没有到。")
    return period
