"""The figures of an analysis as plain data: read once from the selectors of the dashboard, kept as JSON when the analysis is published."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from casework.models import Category
from unionportal.core.common import clock
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value as parameter
from unionportal.reporting.figures import OUTCOME_IDS, Figures, Span, figures_over, kept_months
from unionportal.reporting.rates import Rate
from unionportal.reporting.rollups.periods import MONTH, QUARTER, add_months, period_start
from unionportal.reporting.selectors.categories import Cell, category_cells
from unionportal.reporting.selectors.handling import handling_counts
from unionportal.reporting.selectors.headline import rate_of
from unionportal.reporting.selectors.months import sums_by_unit
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.rows import DEFINITIONS, REPEATED, Cut
from unionportal.reporting.selectors.visit_counts import visit_counts
from visits.models import Analysis

#: Months of the trend: a year, so that the season shows.
TREND_MONTHS = 12
#: Enterprises named one by one; a longer list is counted.
MOST_REPEATS = 20
COUNTED = ("received", *OUTCOME_IDS, "closed_with_deadline", "closed_on_time", "rated", "satisfied")


@dataclass(frozen=True, slots=True)
class Column:
    """The measures of one quarter. `timed` closed issues are behind median and ninetieth percentile; the median is text, as it is printed."""

    counts: Mapping[str, int]
    open_at_end: int
    timed: int
    median_workdays: str | None
    p90_workdays: int | None
    visits: int

    def rate(self, rate_id: str) -> Rate:
        """A rate by its id."""
        return rate_of(self.counts, rate_id)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of the trend."""

    month: str  # 2024-09
    received: int
    resolved: int


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category now, in the quarter before and a year ago; None where there are no figures of then."""

    code: str
    name: str
    received: int
    resolved: int
    before: int | None
    year_ago: int | None

    @property
    def more(self) -> int:
        """How many more than in the quarter before; 0 where there was none."""
        return 0 if self.before is None else self.received - self.before


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """An enterprise that reported several times: issues of the quarter, and those of them it had one like before."""

    credit_code: str
    name: str
    received: int
    repeated: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A handling unit's share of the quarter's issues."""

    code: str
    name: str
    held: int
    in_hand: int
    closed: int
    with_deadline: int
    on_time: int
    median: float | None
    p90: int | None

    @property
    def late(self) -> int:
        """Closed after their day."""
        return self.with_deadline - self.on_time


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """A township's share of the district's quarter."""

    code: str
    name: str
    received: int
    resolved: int
    with_deadline: int
    on_time: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything an analysis states of one place and quarter. `repeats` are the first of `repeat_count` enterprises."""

    now: Column
    before: Column | None
    year_ago: Column | None
    months: Sequence[MonthRow]
    categories: Sequence[CategoryRow]
    repeats: Sequence[RepeatRow]
    repeat_count: int
    units: Sequence[UnitRow]
    townships: Sequence[TownshipRow]

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)


def published_sheet(analysis: Analysis) -> Sheet | None:
    """The sheet that a publication keeps; None of a draft."""
    kept = analysis.figures
    if kept is None:
        return None
    columns = {name: kept[name] and Column(**kept[name]) for name in ("before", "year_ago")}
    return Sheet(
        now=Column(**kept["now"]),
        **columns,
        months=[MonthRow(**row) for row in kept["months"]],
        categories=[CategoryRow(**row) for row in kept["categories"]],
        repeats=[RepeatRow(**row) for row in kept["repeats"]],
        repeat_count=kept["repeat_count"],
        units=[UnitRow(**row) for row in kept["units"]],
        townships=[TownshipRow(**row) for row in kept["townships"]],
    )


@dataclass(frozen=True, slots=True)
class Read:
    """A sheet as it is now, and when the newest of its kept figures changed."""

    sheet: Sheet
    as_of: datetime


def read_sheet(place: Place) -> Read:
    """The figures of the place's quarter as they are now: a dozen queries for any number of rows."""
    others = [place.period.shift(-1), place.period.year_before()]
    first = add_months(period_start(MONTH, place.end), 1 - TREND_MONTHS)
    spans = [Span(QUARTER, period.start) for period in (place.period, *others)]
    found = figures_over(place.unit, [*spans, Span(MONTH, first, place.end)])
    visits = visit_counts(place, others)
    kept = kept_months()
    # A quarter before the portal ran has no figures, which is not the same as none received.
    known = [found.get((QUARTER, one.start)) if kept and one.end >= kept.first else None for one in others]
    now = found.get((QUARTER, place.period.start))
    columns = [
        _column(figures, number) if figures else None for figures, number in zip(known, visits.before, strict=True)
    ]
    cells = [category_cells(place, period) if one else None for one, period in zip(known, others, strict=True)]
    repeats = repeat_rows(place)
    sheet = Sheet(
        now=_column(now, visits.now),
        before=columns[0],
        year_ago=columns[1],
        months=[
            MonthRow(f"{start:%Y-%m}", figures.counts["received"], figures.counts["resolved"])
            for (kind, start), figures in sorted(found.items(), key=lambda item: item[0][1])
            if kind == MONTH
        ],
        categories=_categories(category_cells(place, place.period), *cells),
        repeats=repeats[:MOST_REPEATS],
        repeat_count=len(repeats),
        units=_units(place),
        townships=_townships(place) if place.is_district else [],
    )
    return Read(sheet, now.as_of if now else clock.now())


def _column(figures: Figures | None, visits: int) -> Column:
    if figures is None:
        return Column(dict.fromkeys(COUNTED, 0), 0, 0, None, None, visits)
    median = figures.median_workdays
    return Column(
        counts={name: figures.counts[name] for name in COUNTED},
        open_at_end=figures.open_at_end,
        timed=sum(figures.spread.values()),
        median_workdays=None if median is None else f"{median.normalize():f}",
        p90_workdays=figures.p90_workdays,
        visits=visits,
    )


_Cells = Mapping[int | None, Cell]


def _categories(now: _Cells, before: _Cells | None, year_ago: _Cells | None) -> list[CategoryRow]:
    """Every category that had issues in one of the quarters; the commonest now first."""
    named = Category.objects.filter(pk__in={pk for cells in (now, before or {}, year_ago or {}) for pk in cells if pk})
    rows = [
        CategoryRow(
            code=category.code,
            name=category.name,
            received=now.get(category.pk, Cell()).received,
            resolved=now.get(category.pk, Cell()).resolved,
            before=None if before is None else before.get(category.pk, Cell()).received,
            year_ago=None if year_ago is None else year_ago.get(category.pk, Cell()).received,
        )
        for category in named
    ]
    shown = [row for row in rows if row.received or row.before or row.year_ago]
    return sorted(shown, key=lambda row: -row.received)


def repeat_rows(place: Place) -> list[RepeatRow]:
    """Enterprises with so many issues in the quarter, or one of a category they had within the months before; the most first."""
    cut = Cut(place.scope, place.period.start, place.period.end, place.unit)
    received = _by_enterprise(cut, "received")
    again = _by_enterprise(cut, REPEATED.id)
    least = int(parameter("analyses.repeat_least", on=place.end))
    wanted = {pk for pk, number in received.items() if number >= least} | again.keys()
    firms = Enterprise.objects.filter(pk__in=wanted).values_list("pk", "credit_code", "name")
    rows = [RepeatRow(code, name, received[pk], again.get(pk, 0)) for pk, code, name in firms]
    return sorted(rows, key=lambda row: (-row.received, -row.repeated, row.credit_code))


def _by_enterprise(cut: Cut, measure: str) -> dict[int, int]:
    rows = DEFINITIONS[measure].rows(cut).filter(enterprise__isnull=False).order_by()
    return dict(rows.values_list("enterprise_id").annotate(number=Count("pk")))


def _units(place: Place) -> list[UnitRow]:
    """Every unit that holds issues of the quarter; the most first."""
    counts = handling_counts(place)
    names = Unit.objects.filter(pk__in=counts).values_list("pk", "code", "short_name")
    rows = [_unit(code, name, counts[pk]) for pk, code, name in names]
    return sorted(rows, key=lambda row: (-row.held, row.code))


def _unit(code: str, name: str, row: Mapping[str, Any]) -> UnitRow:
    return UnitRow(
        code=code,
        name=name,
        held=row["held"],
        in_hand=row["in_hand"],
        closed=row["n_median_workdays"],
        with_deadline=row["n_closed_with_deadline"],
        on_time=row["n_closed_on_time"],
        median=row["median"],
        p90=row["p90"],
    )


def _townships(place: Place) -> list[TownshipRow]:
    townships = list(Unit.objects.filter(kind=Unit.Kind.TOWNSHIP, parent=place.unit).order_by("code"))
    sums = sums_by_unit(place, townships, "received", "resolved", "closed_with_deadline", "closed_on_time")
    rows = [TownshipRow(unit.code, unit.short_name, *sums.get(unit.pk, (0, 0, 0, 0))) for unit in townships]
    return sorted(rows, key=lambda row: (-row.received, row.code))
