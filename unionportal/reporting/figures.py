"""The one place figures are read: pages, API and reports ask here, so a figure has one value wherever it appears.

Issue figures come from the rollups; figures of visits are counted from `visits`, because distinct enterprises cannot be summed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import repeat
from typing import NamedTuple

from django.db.models import Max, Min, Q

from casework.models import Category
from unionportal.core.common import clock
from unionportal.core.common.spelled import Spelled, columns
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import PLACES
from unionportal.reporting.counted import CADRE, HOLDER, counted_months
from unionportal.reporting.measures import COLUMN_IDS, COUNT_IDS, FLOW_IDS
from unionportal.reporting.models import Freeze, FrozenRow, Rollup
from unionportal.reporting.monthly import Months, month_row
from unionportal.reporting.period_figures import (
    FROZEN,
    KNOWN,
    LIVE,
    MIXED,
    OUTCOME_IDS,
    RANGE,
    TOTAL,
    Figures,
    known_sum,
)
from unionportal.reporting.rates import Rate, rates_of
from unionportal.reporting.rollups.full import rows_known_at
from unionportal.reporting.rollups.periods import LENGTH, MONTH, months_between, months_of, period_end, period_start
from unionportal.reporting.visiting import VisitFigures, visit_figures, visits_behind

__all__ = [
    "FROZEN",
    "KNOWN",
    "LIVE",
    "MIXED",
    "OUTCOME_IDS",
    "RANGE",
    "TOTAL",
    "Figures",
    "Rate",
    "Span",
    "VisitFigures",
    "between",
    "cumulative",
    "current_freezes",
    "district",
    "district_figures",
    "figures_over",
    "first_period",
    "handled_rows",
    "kept_months",
    "known_sum",
    "period_and_so_far",
    "period_starts",
    "places_with_figures",
    "rates_of",
    "registered_rows",
    "rollup_rows",
    "unit_figures",
    "visit_figures",
    "visits_behind",
]


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
    frozen: bool = False,
    known_at: datetime | None = None,
) -> list[Figures]:
    """Figures of the periods that begin from `start` to `end` (both included), by period, unit code and category. TOTAL: of all months, never frozen.

    `start` without `end`: that one period. `units` None: the district and its townships; units of other kinds by what they handle, which is
    always live. `categories` None: the rows over all categories; else a row for each of these. Periods before the first issue and after today have none.
    `frozen`: frozen months as their current revision has them, the rest as they are now; else everything as it is now.
    `known_at`: everything as it was known at that moment, from the steps recorded by then; periods up to that day.
    """
    first, last = _first_and_last(period, start, end)
    places = sorted(places_with_figures() if units is None else units, key=lambda unit: unit.code)
    kinds = [None] if categories is None else sorted(categories, key=lambda kind: (kind.position, kind.pk))
    known = None if known_at is None else _rows_known_at(known_at, places, kinds)
    kept = kept_months() if known is None else Kept(min(key[0] for key in known), max(key[0] for key in known))
    if kept is None or not places:
        return []
    inside = max(first or kept.first, kept.first), min(last or kept.last, kept.last)
    starts = _starts(period, *inside)
    months = _live_months(*inside, places, kinds) if known is None else known
    freezes = current_freezes(*inside) if frozen else {}
    if freezes:
        months = {key: row for key, row in months.items() if key[0] not in freezes}
        months |= _frozen_rows(freezes, places, kinds)
    return [
        _with_state(_sum(months, period, begin, members, unit, kind), freezes, members, known_at)
        for begin, members in starts.items()
        for unit in places
        for kind in kinds
    ]


def _live_months(first: date, last: date, units: Sequence[Unit], kinds: Sequence[Category | None]) -> Months:
    """Kept rows of places, counted ones of units that are no place."""
    months = dict(_month_rows(first, last, units, kinds))
    handling = [unit.pk for unit in units if unit.kind not in PLACES]
    for kind in kinds if handling else ():
        months |= counted_months(HOLDER, first=first, last=last, ids=handling, category=kind)
    return months


def handled_rows(*, period: str, start: date, units: Sequence[Unit]) -> list[Figures]:
    """Figures of one period by what each unit handles, in the order given; a township union handles, too."""
    return _counted_rows(HOLDER, period=period, start=start, ids=[unit.pk for unit in units], units=units)


def registered_rows(*, period: str, start: date, cadre_ids: Sequence[int]) -> list[Figures]:
    """Figures of one period by what each cadre registered, in the order given; their unit is the district."""
    return _counted_rows(CADRE, period=period, start=start, ids=cadre_ids, units=[district()] * len(cadre_ids))


def _counted_rows(whose: str, *, period: str, start: date, ids: Sequence[int], units: Sequence[Unit]) -> list[Figures]:
    """One period counted from the issues: a row for each of `ids`, marked with the unit beside it."""
    first = period_start(period, start)
    members = months_of(period, first)
    months = counted_months(whose, first=first, last=members[-1], ids=ids)
    return [
        _sum(
            {(month, unit.pk, None): months[month, who, None] for month in members}, period, first, members, unit, None
        )
        for who, unit in zip(ids, units, strict=True)
    ]


def period_and_so_far(
    *, period: str, start: date, unit: Unit, known_at: datetime | None = None
) -> tuple[Figures, Figures]:
    """Figures of one period of a place, and of everything from the first issue to the period's end; as they are, or as known at a moment.

    A moment's log is read once for both. The period has begun by then; one that ended before the first month with rows has zeros.
    """
    first, end = period_start(period, start), period_end(period, start)
    months = _month_rows(date.min, end, [unit], [None]) if known_at is None else _rows_known_at(known_at, [unit], [])
    there = sorted({month for month, *_ in months if month <= end})
    inside = [month for month in there if month >= first]

    def added(kind: str, members: Sequence[date]) -> Figures:
        if not members:
            return replace(_nothing(kind, first, end, unit, None), open_at_end=0)
        return _with_state(_sum(months, kind, members[0], members, unit, None), {}, members, known_at)

    return added(period, inside), added(RANGE, there)


@dataclass(frozen=True, slots=True)
class Span:
    """Periods of one kind that begin from `start` to `end`, both included; `start` None: all of them."""

    period: str
    start: date | None = None
    end: date | None = None


def figures_over(unit: Unit, spans: Iterable[Span]) -> dict[tuple[str, date], Figures]:
    """Figures of a unit over all categories, by kind and start of the period: one query for all that a page shows of it."""
    wanted = [(span.period, *_first_and_last(span.period, span.start, span.end)) for span in spans]
    begins = [first for _, first, _ in wanted]
    ends = [last for _, _, last in wanted]
    first = None if None in begins else min(begins)  # type: ignore[type-var]
    last = None if None in ends else max(ends)  # type: ignore[type-var]
    months = _month_rows(first or date.min, last or date.max, [unit], [None])
    if not months:
        return {}
    kept = Kept(min(key[0] for key in months), max(key[0] for key in months))
    return {
        (period, start): _sum(months, period, start, members, unit, None)
        for period, begin, end in wanted
        for start, members in _starts(
            period, max(begin or kept.first, kept.first), min(end or kept.last, kept.last)
        ).items()
    }


def places_with_figures() -> list[Unit]:
    """The district and its townships, by code."""
    return list(Unit.objects.filter(kind__in=[Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP]).order_by("code"))


class Kept(NamedTuple):
    """The first and the last month that have rows."""

    first: date
    last: date


def kept_months() -> Kept | None:
    """None before the first refresh."""
    found = Rollup.objects.filter(category=None).aggregate(first=Min("month"), last=Max("month"))
    return Kept(**found) if found["first"] else None


def _first_and_last(period: str, start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """First of the first month and last day of the last period asked for; None: unbounded."""
    first = None if start is None else period_start(period, start)
    if end is not None:
        return first, period_end(period, period_start(period, end))
    return first, None if first is None else period_end(period, first)


def _starts(period: str, first: date, last: date) -> dict[date, list[date]]:
    """The periods between two months, oldest first, each with its months."""
    if period == TOTAL:
        return {first: list(months_between(first, last))}
    starts: dict[date, list[date]] = defaultdict(list)
    for month in months_between(first, last):
        starts[period_start(period, month)].append(month)
    return starts


def _month_rows(first: date, last: date, places: Sequence[Unit], kinds: Sequence[Category | None]) -> Months:
    """Kept rows by month, unit and category. Those over all categories always come along: they say when a month last changed."""
    rows = Rollup.objects.filter(month__gte=first, month__lte=last, unit__in=places)
    rows = rows.filter(Q(category=None) | Q(category__in=[kind for kind in kinds if kind is not None]))
    wanted = ("month", "unit_id", "category_id", "as_of", "open_at_end", "workdays", "issues", *COLUMN_IDS)
    return {row[:3]: month_row(*row[3:]) for row in rows.values_list(*wanted)}


_FREEZES = Spelled(
    lambda first, last: (
        Freeze.objects.filter(month__range=(first, last)).order_by("month", "revision").values_list(*columns(Freeze))
    ),
    first=date.min,
    last=date.max,
)


def current_freezes(first: date, last: date) -> dict[date, Freeze]:
    """The last revisions of the frozen months between two, by month."""
    return {freeze.month: freeze for freeze in _FREEZES.objects(Freeze, first=first, last=last)}


def _frozen_rows(freezes: Mapping[date, Freeze], places: Sequence[Unit], kinds: Sequence[Category | None]) -> Months:
    """The same from frozen rows."""
    rows = FrozenRow.objects.filter(freeze__in=[freeze.pk for freeze in freezes.values()], unit__in=places)
    rows = rows.filter(Q(category=None) | Q(category__in=[kind for kind in kinds if kind is not None]))
    wanted = (
        "freeze__month",
        "unit_id",
        "category_id",
        "freeze__frozen_at",
        "open_at_end",
        "workdays",
        "issues",
        *COLUMN_IDS,
    )
    return {row[:3]: month_row(*row[3:]) for row in rows.values_list(*wanted)}


def _rows_known_at(moment: datetime, places: Sequence[Unit], kinds: Sequence[Category | None]) -> Months:
    """The same as known at a moment. The district's row over all categories is there for every month, so it is never empty."""
    units = [unit.pk for unit in places]
    found = rows_known_at(moment, unit_ids=units, category_ids=[kind.pk for kind in kinds if kind is not None])
    return {row[:3]: month_row(moment, *row[3:]) for row in found}


def _with_state(
    figures: Figures, freezes: Mapping[date, Freeze], members: Sequence[date], known_at: datetime | None
) -> Figures:
    """Marked with how much of the period is frozen, and the revision of each month; or as known at a moment."""
    if known_at is not None:
        return replace(figures, status=KNOWN)
    if not freezes:
        return figures
    # From the period's first month, though the figures may begin later.
    months = months_between(period_start(figures.period, figures.start), members[-1])
    revisions = tuple(freezes[month].revision if month in freezes else 0 for month in months)
    if not any(revisions):
        return figures
    whole = all(revisions) and len(revisions) == LENGTH[figures.period]
    return replace(figures, status=FROZEN if whole else MIXED, revisions=revisions)


def _sum(
    months: Months, period: str, start: date, members: Sequence[date], unit: Unit, category: Category | None
) -> Figures:
    """The figures of a period from the rows of its months; the stock is that of the last month there is."""
    kind = None if category is None else category.pk
    found = [row for month in members if (row := months.get((month, unit.pk, kind)))]
    final = months.get((members[-1], unit.pk, kind))
    whole = [row.as_of for month in members if (row := months.get((month, unit.pk, None)))]
    sums = [sum(column) for column in zip(*(row.counts for row in found), strict=True)] or [0] * len(COUNT_IDS)
    flows = [known_sum(column) for column in zip(*(row.flows for row in found), strict=True)] or [0] * len(FLOW_IDS)
    spread: Counter[int] = Counter()
    for row in found:
        for days, issues in zip(row.workdays, row.issues or repeat(1), strict=False):
            spread[days] += issues
    return Figures(
        period=period,
        start=start,
        end=period_end(period, start) if period in LENGTH else period_end(MONTH, members[-1]),
        unit=unit,
        category=category,
        counts=dict(zip(COUNT_IDS, sums, strict=True)),
        flows=dict(zip(FLOW_IDS, flows, strict=True)),
        open_at_end=final.open_at_end if final else 0,
        spread=spread,
        as_of=max([row.as_of for row in found] or whole or [clock.now()]),
    )


def revision_figures(freeze: Freeze, unit: Unit) -> Figures:
    """Figures of a unit in a month as one of its revisions keeps them, whether it is the current one or not."""
    freezes, members = {freeze.month: freeze}, [freeze.month]
    rows = _frozen_rows(freezes, [unit], [None])
    return _with_state(_sum(rows, MONTH, freeze.month, members, unit, None), freezes, members, None)


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
    end = period_end(MONTH, period_start(MONTH, last))
    kept = kept_months()
    begin = period_start(MONTH, first) if first else kept.first if kept else period_start(MONTH, last)
    if kept is None or end < kept.first:
        return _nothing(RANGE, begin, end, where, category)
    inside = list(months_between(max(begin, kept.first), min(period_start(MONTH, last), kept.last)))
    if not inside:
        return _nothing(RANGE, begin, end, where, category)
    months = _month_rows(inside[0], inside[-1], [where], [category])
    return replace(_sum(months, RANGE, begin, inside, where, category), end=end)


def first_period(period: str, unit: Unit) -> date | None:
    """The first period of the kind that has a row."""
    first = Rollup.objects.filter(unit=unit, category=None).order_by("month").values_list("month", flat=True).first()
    return first and period_start(period, first)


def period_starts(period: str) -> list[date]:
    """Every period that has rows, oldest first: what a picker offers."""
    kept = kept_months()
    return list(_starts(period, *kept)) if kept else []


def _nothing(period: str, start: date, end: date, unit: Unit, category: Category | None) -> Figures:
    """A period without rows: no issue was received, and the stock is what the last month left (none before the first)."""
    kept = kept_months()
    left = None
    if kept is not None and end >= kept.first:
        left = Rollup.objects.filter(
            month=min(kept.last, period_start(MONTH, end)), unit=unit, category=category
        ).first()
    return Figures(
        period=period,
        start=start,
        end=end,
        unit=unit,
        category=category,
        counts=dict.fromkeys(COUNT_IDS, 0),
        flows=dict.fromkeys(FLOW_IDS, 0),
        open_at_end=left.open_at_end if left else 0,
        spread={},
        as_of=clock.now(),
    )
