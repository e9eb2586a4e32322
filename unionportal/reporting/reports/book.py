"""What a report is made of: every figure it prints, read once, from the selectors the pages use.

Frozen months are taken as their current revision has them, so that a report states what was published; months not frozen yet are live.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from casework.models import Category
from casework.tracker_figures import TrackerSum, tracker_sums
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.demo_clock import is_demo
from unionportal.reporting.figures import (
    FROZEN,
    LIVE,
    MIXED,
    RANGE,
    Figures,
    VisitFigures,
    current_freezes,
    district,
    known_sum,
    period_starts,
    rollup_rows,
    unit_figures,
    visit_figures,
)
from unionportal.reporting.models import PERIODS, Freeze, ReportKind
from unionportal.reporting.reports.evaluation import Evaluation, evaluation_of
from unionportal.reporting.reports.hardship import HardshipYear, hardship_of
from unionportal.reporting.reports.stations import StationYear, stations_of
from unionportal.reporting.reports.units import HolderLine, Overdue, holder_lines, overdue_issues
from unionportal.reporting.rollups.periods import (
    MONTH,
    QUARTER,
    YEAR,
    add_months,
    months_between,
    period_end,
    period_label,
    period_start,
    previous_start,
)
from unionportal.reporting.visiting import QuotaFigures, quota_figures
from visits.quotas import weeks_by_township

#: Months in the trend of a brief or an analysis: a year, so that the season shows.
TREND_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of the report: what it is about and its issue figures."""

    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class VisitedLine(Line):
    """A row that has visits and the cadres' quota too: all but those of categories."""

    visits: VisitFigures
    quota: QuotaFigures


@dataclass(frozen=True, slots=True)
class CategoryLine(Line):
    """A category's row, with what was received of it in the period before."""

    received_before: int | None

    @property
    def more(self) -> int:
        """How many more than before; 0 where there was no period before."""
        return 0 if self.received_before is None else self.figures.counts["received"] - self.received_before


@dataclass(frozen=True, slots=True)
class Book:
    """The figures of one period for the district."""

    kind: str
    period: str
    start: date
    last_day: date  # of the period, or today in one that still runs
    unit: Unit
    is_demo: bool
    written_on: date
    total: VisitedLine
    before: VisitedLine | None  # the period before; None where there are no figures of it
    year_ago: VisitedLine | None  # the same period of the year before; None for a year, whose period before it is
    since_start: VisitedLine
    started_on: date
    trend: list[VisitedLine]  # the period's own months in a year, else a year's months up to it
    months: list[VisitedLine]
    quarters: list[VisitedLine]
    townships: list[VisitedLine]
    categories: list[CategoryLine]
    holders: list[HolderLine]
    overdue: Overdue
    trackers: list[TrackerSum]
    evaluation: Evaluation | None = None  # of a year, once it is published
    stations: StationYear | None = None  # of a year, where the district has stations
    hardship: HardshipYear | None = None  # of a year, where the district keeps hardship files
    freezes: Mapping[date, Freeze | None] = field(default_factory=dict)  # of the period's months

    @property
    def is_complete(self) -> bool:
        """Whether the period is over."""
        return self.last_day == period_end(self.period, self.start)

    @property
    def label(self) -> str:
        """2024年9月, 2024年第3季度, 2024年."""
        return period_label(self.period, self.start)

    @property
    def title(self) -> str:
        """Two lines: who reports, and on what."""
        names = {
            ReportKind.MONTHLY: f"{self.label}“越工周记”工作月报",
            ReportKind.QUARTERLY: f"{self.label}“越工周记”工作分析",
            ReportKind.ANNUAL: f"{self.start.year}年度“越工周记”工作报告",
        }
        return f"{self.unit.name}\n{names[ReportKind(self.kind)]}"

    @property
    def file_stem(self) -> str:
        return self.title.replace("\n", "").replace("“", "").replace("”", "")

    @property
    def as_of(self) -> datetime:
        """When the newest figure of the period last changed."""
        return self.total.figures.as_of

    @property
    def revisions(self) -> dict[str, int]:
        """2024-09 -> the revision used; 0 where the month is live."""
        return {f"{month:%Y-%m}": freeze.revision if freeze else 0 for month, freeze in self.freezes.items()}


def report_starts(kind: str) -> list[date]:
    """First days of the periods a kind can report on, newest first."""
    return sorted(period_starts(PERIODS[kind]), reverse=True)


def report_book(kind: str, start: date) -> Book:
    """Gather a report. Raises FieldErrors (`period`) for a period that has no figures."""
    period = PERIODS[kind]
    first = period_start(period, start)
    starts = report_starts(kind)
    if first not in starts:
        known = f"{period_label(period, starts[-1])}至{period_label(period, starts[0])}" if starts else "暂无"
        raise FieldErrors({"period": f"没有{period_label(period, first)}的统计数据（现有：{known}）。"})
    return _gather(kind, first)


def sample_book(kind: str) -> Book:
    """A report to try a template with: of the newest period that is over, else of the present one, with or without figures."""
    today = clock.today()
    over = [start for start in report_starts(kind) if period_end(PERIODS[kind], start) < today]
    return _gather(kind, over[0] if over else period_start(PERIODS[kind], today))


def _gather(kind: str, start: date) -> Book:
    period, unit, today = PERIODS[kind], district(), clock.today()
    last = min(period_end(period, start), today)
    known = _months_until(last, unit)
    own = [line for line in known if line.start >= start]
    quota = quota_figures(start=None, end=last)
    return Book(
        kind=kind,
        period=period,
        start=start,
        last_day=last,
        unit=unit,
        is_demo=is_demo(),
        written_on=today,
        total=_line(period_label(period, start), _frozen(period, start, unit), start, last, quota),
        before=_earlier(period, previous_start(period, start), unit, known, quota),
        year_ago=None if period == YEAR else _earlier(period, add_months(start, -12), unit, known, quota),
        since_start=_line("累计", _all_of(known, last, unit), None, last, quota),
        started_on=known[0].start if known else start,
        trend=[_month_line(line, last, quota) for line in (own if period == YEAR else known[-TREND_MONTHS:])],
        months=[_month_line(line, last, quota) for line in own],
        quarters=list(_quarters(start, last, unit, quota)) if period == YEAR else [],
        townships=_townships(period, start, last, quota),
        categories=_categories(period, start, unit, known),
        holders=holder_lines(period, start, last, today),
        overdue=overdue_issues(last, today),
        trackers=tracker_sums(SYSTEM, year=start.year) if period == YEAR else [],
        evaluation=evaluation_of(start.year) if period == YEAR else None,
        stations=stations_of(start, last) if period == YEAR else None,
        hardship=hardship_of(start, last) if period == YEAR else None,
        freezes=_freezes(start, last),
    )


def _frozen(period: str, start: date, unit: Unit) -> Figures:
    """The published figures of a period; zeros where it has none."""
    found = rollup_rows(period=period, start=start, units=[unit], frozen=True)
    return found[0] if found else unit_figures(period=period, start=start, unit=unit)


def _months_until(last: date, unit: Unit) -> list[Figures]:
    """Every month of the district from the first issue's to that of `last`."""
    starts = period_starts(MONTH)
    if not starts or starts[0] > last:
        return []
    return rollup_rows(period=MONTH, start=starts[0], end=last, units=[unit], frozen=True)


def _line(label: str, figures: Figures, start: date | None, end: date, quota: QuotaFigures) -> VisitedLine:
    """A line of the district; `quota`: of every week up to the report's end."""
    return VisitedLine(label, figures, visit_figures(start=start, end=end), quota.within(start, end))


def _earlier(period: str, start: date, unit: Unit, known: Sequence[Figures], quota: QuotaFigures) -> VisitedLine | None:
    if not known or period_end(period, start) < known[0].start:
        return None
    return _line(period_label(period, start), _frozen(period, start, unit), start, period_end(period, start), quota)


def _all_of(known: Sequence[Figures], last: date, unit: Unit) -> Figures:
    """累计: the months added up, each in the state the report takes it in; the stock is the last one's."""
    if not known:
        return unit_figures(period=MONTH, start=last, unit=unit)
    spread: dict[int, int] = {}
    for month in known:
        for days, issues in month.spread.items():
            spread[days] = spread.get(days, 0) + issues
    states = {month.status for month in known}
    return replace(
        known[-1],
        period=RANGE,
        start=known[0].start,
        counts={name: sum(month.counts[name] for month in known) for name in known[-1].counts},
        flows={name: known_sum(month.flows[name] for month in known) for name in known[-1].flows},
        spread=spread,
        as_of=max(month.as_of for month in known),
        revisions=tuple(month.revision for month in known),
        status=states.pop() if len(states) == 1 else MIXED,
    )


def _month_line(figures: Figures, last: date, quota: QuotaFigures) -> VisitedLine:
    return _line(f"{figures.start.month}月", figures, figures.start, min(figures.end, last), quota)


def _quarters(start: date, last: date, unit: Unit, quota: QuotaFigures) -> Iterator[VisitedLine]:
    for figures in rollup_rows(period=QUARTER, start=start, end=last, units=[unit], frozen=True):
        label = f"第{'一二三四'[figures.start.month // 3]}季度"
        yield _line(label, figures, figures.start, min(figures.end, last), quota)


def _townships(period: str, start: date, last: date, quota: QuotaFigures) -> list[VisitedLine]:
    """All townships, most issues received first; equal ones by code. The weeks of a cadre posted to two stand in both."""
    places = list(Unit.objects.filter(kind=Unit.Kind.TOWNSHIP))
    weeks = weeks_by_township(quota.within(start, last).weeks)
    rows = rollup_rows(period=period, start=start, units=places, frozen=True)
    return [
        VisitedLine(
            row.unit.short_name,
            row,
            visit_figures(start=start, end=last, unit=row.unit),
            QuotaFigures(tuple(weeks[row.unit.pk])),
        )
        for row in sorted(rows, key=lambda row: (-row.counts["received"], row.unit.code))
    ]


def _categories(period: str, start: date, unit: Unit, known: Sequence[Figures]) -> list[CategoryLine]:
    """Categories that had issues in the period or the one before, most first."""
    kinds = list(Category.objects.all())
    before = previous_start(period, start)
    has_before = bool(known) and period_end(period, before) >= known[0].start
    earlier = _received(period, before, unit, kinds) if has_before else {}
    rows = rollup_rows(period=period, start=start, units=[unit], categories=kinds, frozen=True)
    lines = [
        CategoryLine(row.category.name, row, earlier.get(row.category.pk, 0) if has_before else None)
        for row in rows
        if row.category is not None and (row.counts["received"] or earlier.get(row.category.pk))
    ]
    return sorted(lines, key=lambda line: -line.figures.counts["received"])


def _received(period: str, start: date, unit: Unit, kinds: Sequence[Category]) -> dict[int, int]:
    rows = rollup_rows(period=period, start=start, units=[unit], categories=kinds, frozen=True)
    return {row.category.pk: row.counts["received"] for row in rows if row.category is not None}


def _freezes(start: date, last: date) -> dict[date, Freeze | None]:
    frozen = current_freezes(start, last)
    return {month: frozen.get(month) for month in months_between(start, last)}


def state_words(book: Book) -> str:
    """How final the period's figures are, in words."""
    match book.total.figures.status:
        case str(status) if status == FROZEN:
            return "数据已冻结"
        case str(status) if status == LIVE:
            return "实时数据，未冻结"
    return "部分月份已冻结，其余为实时数据"
