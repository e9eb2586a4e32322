"""The period a page shows: read from the URL, named in Chinese, with its neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from unionportal.reporting.figures import RANGE
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
_WORDS = PERIOD_LABELS | {RANGE: "期"}
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
    """A month, quarter or year by its first day; a run of months (range) also by the first day of its last month."""

    kind: str
    start: date
    last: date | None = None

    @property
    def end(self) -> date:
        """The last day."""
        return period_end(MONTH, self.last) if self.last else period_end(self.kind, self.start)

    @property
    def months(self) -> int:
        """How many months it has."""
        if self.last is None:
            return LENGTH[self.kind]
        return (self.last.year - self.start.year) * 12 + self.last.month - self.start.month + 1

    @property
    def label(self) -> str:
        """2024年9月, 2024年第3季度, 2024年, 2024年1月至9月."""
        if self.last is None:
            return period_label(self.kind, self.start)
        until = period_label(MONTH, self.last)
        same_year = self.last.year == self.start.year
        return f"{period_label(MONTH, self.start)}至{until.split('年')[1] if same_year else until}"

    @property
    def word(self) -> str:
        """月, 季, 年 or 期."""
        return _WORDS[self.kind]

    @property
    def this(self) -> str:
        """本月, 本季, 本年, 本期."""
        return f"本{self.word}"

    @property
    def before(self) -> str:
        """上月, 上季, 上年, 上期."""
        return f"上{self.word}"

    @property
    def year_ago(self) -> str:
        """去年同月, 去年同季, 去年同期."""
        return f"去年同{self.word}"

    @property
    def value(self) -> str:
        """2024-09, 2024-3 or 2024: how the address names it after its kind."""
        if self.kind == QUARTER:
            return f"{self.start.year}-{(self.start.month + 2) // 3}"
        return str(self.start.year) if self.kind == YEAR else f"{self.start:%Y-%m}"

    @property
    def query(self) -> str:
        """month=2024-09, quarter=2024-3, year=2024 or from=2024-01&to=2024-09, as the dashboard's address takes it."""
        return f"{self.kind}={self.value}" if self.last is None else f"from={self.start:%Y-%m}&to={self.last:%Y-%m}"

    def shift(self, number: int) -> "Period":
        """So many periods of the same length later (negative: earlier)."""
        return self._moved(number * self.months)

    def year_before(self) -> "Period":
        """The same months of the year before."""
        return self._moved(-12)

    def _moved(self, months: int) -> "Period":
        return Period(self.kind, add_months(self.start, months), self.last and add_months(self.last, months))

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
    """The period named by `month=`, `quarter=`, `year=`, `from=&to=` or `period=&start=`; none: the month of today. Raises BadPeriod."""
    for kind in KINDS:
        if query.get(kind):
            return _checked(_parse(kind, query[kind].strip()), today)
    if query.get("from") or query.get("to"):
        return _checked(_run(query.get("from", ""), query.get("to", ""), today), today)
    if query.get("period"):
        return _checked(_from_start(query["period"], query.get("start", "")), today)
    return period_of(MONTH, today)


def _parse(kind: str, text: str) -> Period:
    found = _SHAPES[kind].fullmatch(text)
    number = int(found[2] or 1) if found else 0
    if not found or not 1 <= number <= 12 or int(found[1]) < FIRST_YEAR:
        example = {MONTH: "月份应写成 2024-09", QUARTER: "季度应写成 2024-3", YEAR: "年份应写成 2024"}[kind]
        wrong = f"没有“{text}”" if found else f"看不懂“{text[:20]}”"
        raise BadPeriod(f"{wrong}，{example} 这样的形式。")
    month = {MONTH: number, QUARTER: number * 3 - 2, YEAR: 1}[kind]
    return Period(kind, date(int(found[1]), month, 1))


def _run(first: str, last: str, today: date) -> Period:
    """A run of whole months; one month alone is that month."""
    if not first.strip() or not last.strip():
        raise BadPeriod("请把起止月份都选上。")
    start, end = _parse(MONTH, first.strip()).start, _parse(MONTH, last.strip()).start
    if end < start:
        raise BadPeriod(f"{period_label(MONTH, start)}至{period_label(MONTH, end)}：结束月份早于开始月份。")
    if end > today:
        raise BadPeriod(f"{period_label(MONTH, end)}还没有到。")
    return Period(MONTH, start) if start == end else Period(RANGE, start, end)


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
