"""The visit figures that a freeze keeps, beside those there are now, for the pages of frozen months."""

from dataclasses import dataclass

from unionportal.core.common import formats
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import district
from unionportal.reporting.frozen_visits import live_figures, moved_between, moved_since
from unionportal.reporting.measures import VISIT_SHARES, VISITS, CountedMeasure
from unionportal.reporting.models import Freeze, FrozenVisitFigures
from unionportal.reporting.rates import Rate, points
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.place import Part
from unionportal.reporting.selectors.rows import rows_url
from visits.models import Visit

#: Visits named on a page; more are counted.
LISTED = 50
#: Measures that open the rows a freeze counted.
_OPENED = frozenset({"visits", "enterprise_visits", "enterprises", "headcount"})
#: Measures whose rows there are only now: a freeze keeps the numbers alone.
_OPENED_LIVE = frozenset({"key_covered", "key_total"})


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A measure by the head of each state; a part without an address is a number whose rows no freeze keeps. `change`: from frozen to live."""

    name: str
    parts: list[tuple[str, Part | None]]
    change: str


@dataclass(frozen=True, slots=True)
class VisitTable:
    """The visit figures of the district by revision and as they are now; `kept` False where the revision is of before they were kept."""

    heads: list[str]
    lines: list[VisitLine]
    kept: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The visits that make the difference between two states, and how many there are; `known` False where one of the two kept none."""

    listed: list[Visit]
    count: int
    known: bool


def visit_table(freeze: Freeze, before: Freeze | None = None) -> VisitTable:
    """A revision (and the one before) beside the present."""
    unit = district()
    kept = [(one, _kept(one, unit)) for one in (before, freeze) if one is not None]
    frozen, live = kept[-1][1], live_figures(freeze, unit)
    heads = [*(f"第{one.revision}版" for one, _ in kept), "现在"]

    def parts(measure: CountedMeasure) -> list[Part | None]:
        then = [_part(measure, figures, one) if figures else None for one, figures in kept]
        return [*then, _part(measure, live, None)]

    return VisitTable(
        heads=heads,
        lines=[
            VisitLine(
                measure.name,
                list(zip(heads, parts(measure), strict=True)),
                _change(measure, frozen, live) if frozen else "",
            )
            for measure in (*VISITS, *VISIT_SHARES)
        ],
        kept=frozen is not None,
    )


def moved_visits(before: Freeze | None, after: Freeze | None = None) -> Moved:
    """What came between two revisions, or since one (`after` None); readers of these pages see every visit of the district."""
    if before is None:
        return Moved([], 0, known=False)
    rows = moved_since(before) if after is None else moved_between(before, after)
    listed = rows.select_related("enterprise").defer("search_tokens", "narrative").order_by("visited_on", "pk")
    return Moved(list(listed[:LISTED]), rows.count(), known=before.visit_figures.exists())


def _kept(freeze: Freeze, unit: Unit) -> FrozenVisitFigures | None:
    return FrozenVisitFigures.objects.filter(freeze=freeze, unit=unit).first()


def _rate(measure: CountedMeasure, figures: FrozenVisitFigures) -> Rate:
    return Rate(measure, getattr(figures, measure.numerator), getattr(figures, measure.denominator))


def _part(measure: CountedMeasure, figures: FrozenVisitFigures, freeze: Freeze | None) -> Part:
    if measure.numerator:
        rate = _rate(measure, figures)
        return Part(rate.text, "", rate.denominator)
    number = getattr(figures, measure.id)
    url = ""
    if measure.id in _OPENED or (freeze is None and measure.id in _OPENED_LIVE):
        url = rows_url(measure.id, MONTH, figures.freeze.month, known=freeze.revision if freeze else "")
    return Part(formats.count(number), url, number)


def _change(measure: CountedMeasure, then: FrozenVisitFigures, now: FrozenVisitFigures) -> str:
    if measure.numerator:
        return points(_rate(measure, then), _rate(measure, now))
    change = getattr(now, measure.id) - getattr(then, measure.id)
    return f"{change:+,d}" if change else ""
