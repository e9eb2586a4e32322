"""Reads for `/figures/past/`: a period's figures as known at a moment, beside those of the frozen month and of now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from unionportal.core.common import formats
from unionportal.core.orgs.models import Unit
from unionportal.reporting.definitions import KIND_LABELS, KIND_MEANINGS, Kind, RateMeasure
from unionportal.reporting.figures import Figures, current_freezes, period_and_so_far, revision_figures
from unionportal.reporting.measures import MEASURES, RATES, RESOLUTION_SO_FAR, Measure
from unionportal.reporting.models import Freeze
from unionportal.reporting.moments import typed_of
from unionportal.reporting.rates import Rate, points
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Part
from unionportal.reporting.selectors.rows import period_rows_url


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in one state, with its rows; `change`: how far it stands from the one known then."""

    part: Part
    change: str = ""


@dataclass(frozen=True, slots=True)
class PastLine:
    """A figure as known then, as the frozen month has it (None where it has none) and as it is now."""

    measure: Measure | RateMeasure
    then: Part
    frozen: Cell | None
    now: Cell | None

    @property
    def moved(self) -> bool:
        """Whether another state says something else."""
        return any(cell is not None and cell.change for cell in (self.frozen, self.now))


@dataclass(frozen=True, slots=True)
class PastGroup:
    """The figures of one kind, rates last: kinds never stand in one table."""

    label: str
    meaning: str
    lines: list[PastLine]


@dataclass(frozen=True, slots=True)
class Past:
    """Everything the page shows. `freeze`: the current revision of the month, where it is frozen."""

    period: Period
    unit: Unit
    moment: datetime
    freeze: Freeze | None
    groups: list[PastGroup]

    @property
    def moved(self) -> int:
        """How many figures have changed since."""
        return sum(line.moved for group in self.groups for line in group.lines)


@dataclass(frozen=True, slots=True)
class _State:
    """The figures of one state of the log, of the period and (none of a frozen month) since the first issue; `more` names it to the page of rows."""

    figures: Figures
    so_far: Figures | None
    more: dict[str, Any]


def past_url(period: Period | None, unit: Unit, moment: datetime) -> str:
    """Where the figures of a period are shown as known at a moment; without a month, quarter or year the page that asks for one."""
    page = reverse("figure-past")
    if period is None or period.last is not None:
        return page
    day, time = typed_of(moment)
    query = {"period": period.value, "unit": unit.code, "day": day.isoformat(), "time": f"{time:%H:%M}" if time else ""}
    return f"{page}?{urlencode({key: text for key, text in query.items() if text})}"


def past_figures(period: Period, unit: Unit, moment: datetime) -> Past:
    """Every figure of issues there is a definition of; what counts visits, stations and households is known only as it is now."""
    freeze = current_freezes(period.start, period.start).get(period.start) if period.kind == MONTH else None
    then = _state(period, unit, moment, as_of=moment.isoformat())
    now = _state(period, unit)
    frozen = _State(revision_figures(freeze, unit), None, {"known": freeze.revision}) if freeze else None
    groups = [
        PastGroup(KIND_LABELS[kind], KIND_MEANINGS[kind], list(_lines(kind, period, unit, then, frozen, now)))
        for kind in Kind
    ]
    return Past(period, unit, moment, freeze, groups)


def _state(period: Period, unit: Unit, known_at: datetime | None = None, **more: Any) -> _State:
    found = period_and_so_far(period=period.kind, start=period.start, unit=unit, known_at=known_at)
    return _State(*found, more)


def _lines(
    kind: Kind, period: Period, unit: Unit, then: _State, frozen: _State | None, now: _State
) -> Iterator[PastLine]:
    measures: tuple[Measure | RateMeasure, ...] = (*MEASURES.values(), *RATES, RESOLUTION_SO_FAR)
    for measure in measures:
        if measure.kind == kind:
            known = _value(measure, then)
            yield PastLine(
                measure,
                _part(measure, known, then, period, unit),
                _cell(measure, known, frozen, period, unit) if frozen else None,
                _cell(measure, known, now, period, unit),
            )


def _cell(measure: Measure | RateMeasure, known: Any, state: _State, period: Period, unit: Unit) -> Cell | None:
    """The figure in another state than the one known then; None where a frozen month keeps none."""
    value = _value(measure, state)
    return None if value is _NOT_KEPT else Cell(_part(measure, value, state, period, unit), _change(known, value))


#: A frozen month keeps no such figure: of everything so far, and of what was not counted yet when it was frozen.
_NOT_KEPT = object()
#: Figures that are no column and follow from columns.
_DERIVED: dict[str, Callable[[Figures], int]] = {
    "in_hand": lambda figures: figures.counts["received"] - figures.closed,
    "closed_late": lambda figures: figures.counts["closed_with_deadline"] - figures.counts["closed_on_time"],
}
_SO_FAR = {"received_so_far": "received", "resolved_so_far": "resolved"}
_DAYS = ("median_workdays", "p90_workdays")


def _value(measure: Measure | RateMeasure, state: _State) -> Any:
    """A number, a Rate, None (of days, where nothing is closed) or _NOT_KEPT."""
    if measure.kind == Kind.CUMULATIVE:
        if state.so_far is None:
            return _NOT_KEPT
        counts = {name: state.so_far.counts[column] for name, column in _SO_FAR.items()}
        if isinstance(measure, RateMeasure):
            return Rate(measure, counts[measure.numerator], counts[measure.denominator])
        return counts[measure.id]
    if isinstance(measure, RateMeasure):
        return state.figures.rates[measure.id]
    if measure.id in _DERIVED:
        return _DERIVED[measure.id](state.figures)
    value = state.figures[measure.id]
    return _NOT_KEPT if value is None and measure.id not in _DAYS else value


def _part(measure: Measure | RateMeasure, value: Any, state: _State, period: Period, unit: Unit) -> Part:
    """The figure as printed, with its rows and how many they are."""
    url = period_rows_url(measure.id, period, unit=unit.code, **state.more)
    if isinstance(value, Rate):
        return Part(value.text, url, value.denominator)
    if measure.id in _DAYS:
        words = formats.NOTHING if value is None else f"{Decimal(value).normalize():f}"
        return Part(words, url, sum(state.figures.spread.values()))
    return Part(formats.count(value), url, value)


def _change(before: Any, after: Any) -> str:
    """How far a figure moved; "" where it did not, or where one of the two is none."""
    if isinstance(before, Rate):
        return points(before, after)
    return "" if None in (before, after) or before == after else f"{after - before:+,}"
