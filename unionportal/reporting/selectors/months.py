"""The kept counts of one unit, month by month, in one query: what tiles, trend, comparisons and totals of a page are added up from.

A month that is frozen is shown as its current revision has it wherever it stands by itself (its page, the trend, a comparison); longer periods
are shown as they are now, because their months may have been frozen on different days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, QuerySet, Sum

from unionportal.core.common.spelled import Spelled
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import OUTCOME_IDS, current_freezes
from unionportal.reporting.models import Freeze, FrozenRow, Rollup
from unionportal.reporting.rollups.periods import MONTH, add_months, period_start
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place

#: The counts these pages are made of.
SHOWN = ("received", *OUTCOME_IDS, "closed_with_deadline", "closed_on_time")
Counts = Mapping[str, int]
NOTHING: Counts = dict.fromkeys(SHOWN, 0)


@dataclass(frozen=True, slots=True)
class Months:
    """Counts of the months a page shows as they are now, those of frozen months as frozen, and when each last changed.

    `first`: the first month that has figures. `earlier`: the counts of all months before those of the page, added up.
    """

    first: date | None
    earlier: Sequence[int] | None
    live: Mapping[date, Sequence[int]]
    frozen: Mapping[date, Sequence[int]]
    changed: Mapping[date, datetime]

    def __contains__(self, period: object) -> bool:
        return isinstance(period, Period) and any(period.start <= month <= period.end for month in self.live)

    def of(self, period: Period) -> Counts:
        """The counts of a period; zeros where it has no month."""
        if period.kind == MONTH:
            row = self.frozen.get(period.start) or self.live.get(period.start)
            return dict(zip(SHOWN, row, strict=True)) if row else NOTHING
        return _added(row for month, row in self.live.items() if period.start <= month <= period.end)

    def since_frozen(self, period: Period) -> tuple[list[date], Counts]:
        """The frozen months of a period, and by how much the counts of these months have changed since."""
        months = sorted(month for month in self.frozen if period.start <= month <= period.end and month in self.live)
        now, then = (_added(rows[month] for month in months) for rows in (self.live, self.frozen))
        return months, {name: now[name] - then[name] for name in SHOWN}

    def ever(self) -> Counts:
        """Everything since the first month, as it is now."""
        return _added(self.live.values() if self.earlier is None else [*self.live.values(), self.earlier])

    def as_of(self, period: Period) -> datetime | None:
        """When the live figures of a period last changed."""
        return max(
            (moment for month, moment in self.changed.items() if period.start <= month <= period.end), default=None
        )


def _added(rows: Iterable[Sequence[int]]) -> Counts:
    columns = list(zip(*rows, strict=True))
    return {name: sum(column) for name, column in zip(SHOWN, columns, strict=True)} if columns else NOTHING


def _months(unit_id: int, since: date) -> QuerySet[Any, Any]:
    """The months from one on, and those before it as one row under the first of them."""
    rows = Rollup.objects.filter(unit_id=unit_id, category=None)
    shown = rows.filter(month__gte=since).values_list("month", "as_of", *SHOWN)
    sums = {f"all_{name}": Sum(name) for name in SHOWN}
    before = rows.filter(month__lt=since).values("unit_id").annotate(first=Min("month"), last=Max("as_of"), **sums)
    return shown.union(before.values_list("first", "last", *sums), all=True)


_MONTHS = Spelled(_months, unit_id=-1, since=date.max)


def months_of(place: Place) -> Months:
    """One query, and one more where the page shows frozen months."""
    period = place.period
    trend = add_months(period_start(MONTH, place.end), -12)
    since = min(trend, period.shift(-1).start, period.year_before().start)
    first, earlier, live, changed = None, None, {}, {}
    for month, moment, *counts in _MONTHS.rows(unit_id=place.unit.pk, since=since):
        first = month if first is None else min(first, month)
        if month < since:
            earlier = counts
        else:
            live[month], changed[month] = counts, moment
    frozen = {}
    if place.freezes:
        kept = FrozenRow.objects.filter(
            freeze__in=[freeze.pk for freeze in place.freezes.values()], unit=place.unit, category=None
        )
        frozen = {month: counts for month, *counts in kept.values_list("freeze__month", *SHOWN)}
    return Months(first, earlier, live, frozen, changed)


def freezes_of(period: Period, today: date) -> dict[date, Freeze]:
    """The current revisions of the months of a period up to today, and of the twelve before its last: all that stand on a page."""
    last = period_start(MONTH, min(period.end, today))
    return current_freezes(min(add_months(last, -12), period.start), last)


def cells(place: Place, period: Period | None = None) -> Any:
    """The kept rows (Rollup) of the place's period or another, or those of its freeze (FrozenRow) where the page shows it frozen."""
    span = period or place.period
    freeze = place.freeze_of(span)
    if freeze is not None:
        return FrozenRow.objects.filter(freeze=freeze)
    return Rollup.objects.filter(month__range=(span.start, span.end))


def received_by_category(place: Place) -> list[tuple[str, str, int]]:
    """Code and name of each category with issues of the period, and how many; the commonest first."""
    span = {"start": place.period.start, "end": place.period.end}
    found = (
        _by_category(FrozenRow.objects.filter(freeze=place.freeze), place.unit.pk)
        if place.freeze is not None
        else _LIVE_BY_CATEGORY.rows(unit_id=place.unit.pk, **span)
    )
    return [(code, name, number) for code, name, _, number in found]


def _by_category(cells: QuerySet, unit_id: int) -> QuerySet[Any, Any]:
    rows = cells.filter(unit_id=unit_id, category__isnull=False)
    return (
        rows.values_list("category__code", "category__name", "category__position")
        .annotate(number=Sum("received"))
        .filter(number__gt=0)
        .order_by("-number", "category__position", "category__code")
    )


_LIVE_BY_CATEGORY = Spelled(
    lambda unit_id, start, end: _by_category(Rollup.objects.filter(month__range=(start, end)), unit_id),
    unit_id=-1,
    start=date.min,
    end=date.max,
)
_RESOLVED_BY_TOWNSHIP = Spelled(
    lambda district_id, start, end: (
        Rollup.objects.filter(month__range=(start, end), category=None, unit__parent_id=district_id)
        .values_list("unit_id")
        .annotate(Sum("resolved"), Sum("received"))
    ),
    district_id=-1,
    start=date.min,
    end=date.max,
)


_FROZEN_BY_TOWNSHIP = Spelled(
    lambda district_id, freeze_id: FrozenRow.objects.filter(
        freeze_id=freeze_id, category=None, unit__parent_id=district_id
    ).values_list("unit_id", "resolved", "received"),
    district_id=-1,
    freeze_id=-2,
)


def resolved_by_township(place: Place, period: Period) -> dict[int, tuple[int, int]]:
    """Township id -> resolved and received over a period, as they are now or as its freeze has them."""
    freeze = place.freeze_of(period)
    if freeze is not None:
        found = _FROZEN_BY_TOWNSHIP.rows(district_id=place.unit.pk, freeze_id=freeze.pk)
    else:
        found = _RESOLVED_BY_TOWNSHIP.rows(district_id=place.unit.pk, start=period.start, end=period.end)
    return {unit: (resolved, received) for unit, resolved, received in found}


def sums_by_unit(place: Place, units: Iterable[Unit], *names: str) -> dict[int, tuple[int, ...]]:
    """Unit id -> the sums of the counts named, over the place's period."""
    rows = cells(place).filter(category=None, unit__in=[unit.pk for unit in units])
    return {unit: tuple(sums) for unit, *sums in rows.values_list("unit_id").annotate(*(Sum(name) for name in names))}
