"""What the annual report says: every figure it prints, read once, from the same selectors the pages use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from casework.models import Category
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.demo_clock import is_demo
from unionportal.reporting.figures import (
    Figures,
    VisitFigures,
    cumulative,
    district,
    period_starts,
    rollup_rows,
    unit_figures,
    visit_figures,
)
from unionportal.reporting.rollups.periods import MONTH, QUARTER, YEAR, period_end


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of the report: what it is about and its issue figures."""

    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class VisitedLine(Line):
    """A row that has visits too: all but those of categories."""

    visits: VisitFigures


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """The figures of a year for a district, as known at `as_of`."""

    year: int
    unit: Unit
    is_demo: bool
    written_on: date
    as_of: datetime
    last_day: date  # 31 December, or today in a year that still runs
    total: VisitedLine
    previous: VisitedLine | None
    since_start: VisitedLine
    started_on: date
    months: list[VisitedLine]
    quarters: list[VisitedLine]
    townships: list[VisitedLine]
    categories: list[Line]

    @property
    def is_complete(self) -> bool:
        """Whether the year is over."""
        return self.last_day == date(self.year, 12, 31)

    @property
    def title(self) -> str:
        return f"{self.unit.name}\n{self.year}年度“越工周记”工作报告"

    @property
    def file_stem(self) -> str:
        return f"{self.unit.name}{self.year}年度越工周记工作报告"


def report_years() -> list[int]:
    """Years that have figures, newest first."""
    return sorted((start.year for start in period_starts(YEAR)), reverse=True)


def annual_report(year: int) -> AnnualReport:
    """Gather the report of a year. Raises FieldErrors for a year that has no figures."""
    years = report_years()
    if year not in years:
        known = "、".join(str(y) for y in years) or "暂无"
        raise FieldErrors({"year": f"没有{year}年的统计数据（现有：{known}）。"})
    unit = district()
    start, last = date(year, 1, 1), min(date(year, 12, 31), clock.today())
    previous = date(year - 1, 1, 1)
    total = VisitedLine(
        f"{year}年", unit_figures(period=YEAR, start=start, unit=unit), visit_figures(start=start, end=last)
    )
    return AnnualReport(
        year=year,
        unit=unit,
        is_demo=is_demo(),
        written_on=clock.today(),
        as_of=total.figures.as_of,
        last_day=last,
        total=total,
        previous=_previous(unit, previous) if year - 1 in years else None,
        since_start=VisitedLine("累计", cumulative(last, unit=unit), visit_figures(start=None, end=last)),
        started_on=min(period_starts(MONTH)),
        months=list(_periods(MONTH, start, last, unit)),
        quarters=list(_periods(QUARTER, start, last, unit)),
        townships=list(_townships(start, last)),
        categories=list(_categories(start, unit)),
    )


def _previous(unit: Unit, start: date) -> VisitedLine:
    end = date(start.year, 12, 31)
    return VisitedLine(
        f"{start.year}年", unit_figures(period=YEAR, start=start, unit=unit), visit_figures(start=start, end=end)
    )


def _periods(period: str, start: date, last: date, unit: Unit) -> Iterator[VisitedLine]:
    for figures in rollup_rows(period=period, start=start, end=last, units=[unit]):
        label = f"{figures.start.month}月" if period == MONTH else f"第{'一二三四'[figures.start.month // 3]}季度"
        yield VisitedLine(label, figures, visit_figures(start=figures.start, end=period_end(period, figures.start)))


def _townships(start: date, last: date) -> Iterator[VisitedLine]:
    """All townships, most issues received first; equal ones by code."""
    rows = [row for row in rollup_rows(period=YEAR, start=start) if row.unit.kind == Unit.Kind.TOWNSHIP]
    for figures in sorted(rows, key=lambda row: (-row.counts["received"], row.unit.code)):
        yield VisitedLine(figures.unit.short_name, figures, visit_figures(start=start, end=last, unit=figures.unit))


def _categories(start: date, unit: Unit) -> Iterator[Line]:
    """Categories that had issues, most first."""
    rows = rollup_rows(period=YEAR, start=start, units=[unit], categories=Category.objects.all())
    for figures in sorted(rows, key=lambda row: -row.counts["received"]):
        if figures.category is not None and figures.counts["received"]:
            yield Line(figures.category.name, figures)
