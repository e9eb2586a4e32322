"""The one place figures are read: pages, API and reports ask here, so a figure has one value wherever it appears.

Issue figures come from the rollups; figures of visits are counted from `visits`, because distinct enterprises cannot be summed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from casework.models import Category
from unionportal.core.common import clock
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.measures import COUNT_IDS, RATES, RateMeasure
from unionportal.reporting.models import Rollup, RollupHistogram
from unionportal.reporting.rollups.periods import MONTH, period_end, period_start
from visits.models import Visit

PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in percent, two decimals, rounded half up; `value` None where the denominator is 0."""

    measure: RateMeasure
    numerator: int
    denominator: int

    @property
    def value(self) -> Decimal | None:
        if self.denominator == 0:
            return None
        return (Decimal(100 * self.numerator) / self.denominator).quantize(PERCENT, ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """As it stands on pages and in reports: 94.70%, or — where there is nothing to divide by."""
        return "—" if self.value is None else f"{self.value}%"


@dataclass(frozen=True, slots=True)
class Figures:
    """The issue figures of one period (or run of months), unit and category (None: all)."""

    period: str  # month, quarter, year, or "range"
    start: date
    end: date  # last day
    unit: Unit
    category: Category | None
    counts: Mapping[str, int]
    open_at_end: int
    median_workdays: Decimal | None
    as_of: datetime
    revision: int = 0
    status: str = Rollup.Status.LIVE.value

    def __getitem__(self, measure: str) -> int | Decimal | None:
        """A figure by its measure's id; templates may write `figures.received`."""
        if measure in self.counts:
            return self.counts[measure]
        own = {"open_at_end": self.open_at_end, "median_workdays": self.median_workdays, "closed": self.closed}
        return own[measure]

    @property
    def closed(self) -> int:
        """已办结, whatever the outcome."""
        return sum(self.counts[name] for name in OUTCOME_IDS)

    @property
    def rates(self) -> dict[str, Rate]:
        """Every rate by its id."""
        return rates_of(self.counts)


OUTCOME_IDS = ("resolved", "explained", "unresolved", "out_of_remit", "withdrawn")


def rates_of(counts: Mapping[str, int]) -> dict[str, Rate]:
    """The rates of measures.RATES over a set of counts."""
    return {rate.id: Rate(rate, counts[rate.numerator], counts[rate.denominator]) for rate in RATES}


def district() -> Unit:
    """The district whose portal this is."""
    return Unit.objects.filter(kind=Unit.Kind.DISTRICT).order_by("code")[0]


def rollup_rows(
    *,
    period: str,
    start: date | None = None,
    end: date | None = None,
    units: Iterable[Unit] | None = None,
    categories: Iterable[Category] | None = None,
) -> list[Figures]:
    """Figures of the periods that begin from `start` to `end` (both included), by period, unit code and category.

    `start` without `end`: that one period. `units` None: the district and its townships. `categories` None: the rows
    over all categories; else a row for each of these.
    """
    rows = Rollup.objects.live().filter(period=period)
    if start is not None:
        rows = rows.filter(start__gte=period_start(period, start), start__lte=end or period_start(period, start))
    elif end is not None:
        rows = rows.filter(start__lte=end)
    known = None if units is None else {unit.pk: unit for unit in units}
    if known is not None:
        rows = rows.filter(unit__in=list(known))
    kinds = {} if categories is None else {category.pk: category for category in categories}
    rows = rows.filter(category=None) if categories is None else rows.filter(category__in=list(kinds))
    return _figures(rows.order_by("start", "unit__code", "category__position", "category__id"), known, kinds)


@dataclass(frozen=True, slots=True)
class Span:
    """Periods of one kind that begin from `start` to `end`, both included; `start` None: all of them."""

    period: str
    start: date | None = None
    end: date | None = None


def figures_over(unit: Unit, spans: Iterable[Span]) -> dict[tuple[str, date], Figures]:
    """Figures of a unit over all categories, by kind and start of the period: one query for all that a page shows of it."""
    wanted = Q(pk__in=[])
    for span in spans:
        reach = {} if span.start is None else {"start__range": (span.start, span.end or span.start)}
        wanted |= Q(period=span.period, **reach)
    rows = Rollup.objects.live().filter(wanted, unit=unit, category=None).order_by("period", "start")
    return {(found.period, found.start): found for found in _figures(rows, {unit.pk: unit}, {})}


#: Read as columns: a page shows some sixty rows of which it needs numbers, not objects.
_COLUMNS = (
    "period",
    "start",
    "unit_id",
    "category_id",
    "open_at_end",
    "median_workdays",
    "as_of",
    "revision",
    "status",
)


def _figures(
    rows: QuerySet[Rollup], units: Mapping[int, Unit] | None, categories: Mapping[int, Category]
) -> list[Figures]:
    """The rows as figures; `units` None: those of the rows, read beside them."""
    found = list(rows.values_list(*_COLUMNS, *COUNT_IDS))
    known = units if units is not None else Unit.objects.in_bulk({row[2] for row in found})
    return [_figures_of(row, known, categories) for row in found]


def _figures_of(row: Sequence[Any], units: Mapping[int, Unit], categories: Mapping[int, Category]) -> Figures:
    """A kept row, as `_figures` reads it."""
    period, start, unit_id, category_id, open_at_end, median_workdays, as_of, revision, status = row[: len(_COLUMNS)]
    return Figures(
        period=period,
        start=start,
        end=period_end(period, start),
        unit=units[unit_id],
        category=None if category_id is None else categories[category_id],
        counts=dict(zip(COUNT_IDS, row[len(_COLUMNS) :], strict=True)),
        open_at_end=open_at_end,
        median_workdays=median_workdays,
        as_of=as_of,
        revision=revision,
        status=status,
    )


def unit_figures(*, period: str, start: date, unit: Unit, category: Category | None = None) -> Figures:
    """Figures of one period and unit; zeros where the period has no row (before the first issue, in the future)."""
    first = period_start(period, start)
    found = rollup_rows(period=period, start=first, units=[unit], categories=None if category is None else [category])
    if found:
        return found[0]
    return _nothing(period, first, period_end(period, first), unit, category)


def district_figures(period: str, start: date, category: Category | None = None) -> Figures:
    """Figures of one period for the whole district."""
    return unit_figures(period=period, start=start, unit=district(), category=category)


def cumulative(up_to: date | None = None, *, unit: Unit | None = None, category: Category | None = None) -> Figures:
    """Figures from the first issue to the end of the month of `up_to` (None: now): what the district publishes as 累计."""
    return between(first=None, last=up_to or clock.today(), unit=unit, category=category)


def between(*, first: date | None, last: date, unit: Unit | None = None, category: Category | None = None) -> Figures:
    """Figures of the issues received in a run of whole months, the median over all of them; the stock at its end."""
    where = unit or district()
    rows = Rollup.objects.live().filter(period=MONTH, unit=where, category=category, start__lte=last).order_by("start")
    final = rows.last()
    rows = rows if first is None else rows.filter(start__gte=period_start(MONTH, first))
    begin = first or rows.values_list("start", flat=True).first() or last
    end = period_end(MONTH, period_start(MONTH, last))
    if final is None:
        return _nothing("range", period_start(MONTH, begin), end, where, category)
    sums = rows.aggregate(**{name: Sum(name, default=0) for name in COUNT_IDS})
    return Figures(
        period="range",
        start=period_start(MONTH, begin),
        end=end,
        unit=where,
        category=category,
        counts=sums,
        open_at_end=final.open_at_end,
        median_workdays=_median(_histogram(begin, end, where, category)),
        as_of=rows.order_by("-as_of").values_list("as_of", flat=True).first() or final.as_of,
    )


def first_period(period: str, unit: Unit) -> date | None:
    """The first period of the kind that has a row, by the index on unit and period."""
    starts = Rollup.objects.live().filter(unit=unit, period=period, category=None).order_by("start")
    return starts.values_list("start", flat=True).first()


def period_starts(period: str) -> list[date]:
    """Every period that has rows, oldest first: what a picker offers."""
    starts = Rollup.objects.live().filter(period=period, category=None).values_list("start", flat=True)
    return list(starts.distinct().order_by("start"))


def _nothing(period: str, start: date, end: date, unit: Unit, category: Category | None) -> Figures:
    """A period without rows: no issue was received, and the stock is what the last month left (none before the first)."""
    kept = Rollup.objects.live().filter(period=MONTH, unit=unit, category=category, start__lte=end).order_by("start")
    last = kept.last()
    return Figures(
        period=period,
        start=start,
        end=end,
        unit=unit,
        category=category,
        counts=dict.fromkeys(COUNT_IDS, 0),
        open_at_end=last.open_at_end if last else 0,
        median_workdays=None,
        as_of=clock.now(),
    )


def _histogram(first: date, end: date, unit: Unit, category: Category | None) -> list[tuple[int, int]]:
    cells = RollupHistogram.objects.filter(_of_unit(unit), month__gte=period_start(MONTH, first), month__lte=end)
    if category is not None:
        cells = cells.filter(category=category)
    spread = cells.values("workdays").annotate(number=Sum("issues")).order_by("workdays")
    return list(spread.values_list("workdays", "number"))


def _of_unit(unit: Unit) -> Q:
    """Rows of a unit, or of a district and every township below it."""
    if unit.kind == Unit.Kind.DISTRICT:
        return Q(township=unit) | Q(township__parent=unit)
    return Q(township=unit)


def _median(spread: Sequence[tuple[int, int]]) -> Decimal | None:
    total = sum(number for _, number in spread)
    if total == 0:
        return None
    low, high = _at(spread, (total + 1) // 2), _at(spread, total // 2 + 1)
    return Decimal(low + high) / 2


def _at(spread: Sequence[tuple[int, int]], rank: int) -> int:
    """The value of the rank-th issue, counted from 1."""
    for value, number in spread:
        rank -= number
        if rank <= 0:
            return value
    raise ValueError("rank beyond the spread")


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """家次 (visits to enterprises), 走访次数 (all visits), 家 (distinct enterprises), 人次 (visitors summed), key enterprises covered."""

    visits: int
    enterprise_visits: int
    enterprises: int
    headcount: int
    key_covered: int
    key_total: int


#: Measure of visits -> Chinese name and formula in words.
VISIT_MEASURES: dict[str, tuple[str, str]] = {
    "visits": ("走访次数", "走访日期在本期的走访记录数（家次），对象不限。"),
    "enterprise_visits": ("走访企业（家次）", "本期对企业的走访记录数，同一企业多次走访分别计。"),
    "enterprises": ("走访企业（家）", "本期走访过的企业数，同一企业只计一次。"),
    "headcount": ("走访人次", "本期各次走访的走访人数之和。"),
    "key_covered": ("重点企业覆盖", "在营重点企业中，本期走访过至少一次的家数。"),
}


def visit_figures(*, start: date | None, end: date, unit: Unit | None = None) -> VisitFigures:
    """Figures of the visits made from `start` (None: the first) to `end`, both included, in a unit (None: district)."""
    visits = visits_behind("visits", start=start, end=end, unit=unit)
    found = visits.order_by().aggregate(
        visits=Count("pk"),
        enterprise_visits=Count("enterprise_id"),
        enterprises=Count("enterprise_id", distinct=True),
        headcount=Sum("headcount", default=0),
    )
    key = Enterprise.objects.filter(is_key=True, is_active=True)
    if unit is not None:
        key = key.filter(_of_unit(unit))
    covered = key.filter(pk__in=visits.order_by().values("enterprise_id"))
    return VisitFigures(**found, key_covered=covered.count(), key_total=key.count())


def visits_behind(measure: str, *, start: date | None, end: date, unit: Unit | None = None) -> QuerySet[Visit]:
    """Exactly the visits a figure counts (for `enterprises` and `key_covered`: the visits to those enterprises)."""
    if measure not in VISIT_MEASURES:
        raise KeyError(measure)
    visits = Visit.objects.filter(visited_on__lte=end)
    if start is not None:
        visits = visits.filter(visited_on__gte=start)
    if unit is not None:
        visits = visits.filter(_of_unit(unit))
    if measure in ("enterprise_visits", "enterprises"):
        visits = visits.filter(enterprise__isnull=False)
    if measure == "key_covered":
        visits = visits.filter(enterprise__is_key=True, enterprise__is_active=True)
        if unit is not None:
            inside = Enterprise.objects.filter(_of_unit(unit))
            visits = visits.filter(enterprise__in=inside)
    return visits
