"""What an analysis makes of its figures: what they are compared with, which categories rise, which units are slow."""

from collections.abc import Sequence

from unionportal.reporting.analyses.sheet import CategoryRow, Column, Sheet, UnitRow
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.rates import Rate
from unionportal.reporting.selectors import headline
from unionportal.reporting.selectors.categories import rising_least
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place

Others = list[tuple[Period, str, Column]]


def others_of(place: Place, sheet: Sheet) -> Others:
    """The quarters to compare with that have figures, by name."""
    period = place.period
    both = [
        (period.shift(-1), period.before, sheet.before),
        (period.year_before(), period.year_ago, sheet.year_ago),
    ]
    return [(other, name, column) for other, name, column in both if column is not None]


def rising(categories: Sequence[CategoryRow]) -> list[CategoryRow]:
    """Categories with more issues received than in the quarter before."""
    return [row for row in categories if row.more > 0]


def is_few(row: CategoryRow) -> bool:
    """Whether a category has too few issues for its rise to mean anything."""
    return row.received < rising_least()


def slow_units(sheet: Sheet) -> list[UnitRow]:
    """Units that answer in time less often than all together, over enough issues to say so; the slowest first."""
    few, whole = headline.small_denominator(), sheet.now.rate("closing").value
    found = []
    for row in sheet.units:
        rate = Rate(RATES_BY_ID["closing"], row.on_time, row.with_deadline).value
        if whole is not None and rate is not None and row.with_deadline >= few and rate < whole:
            found.append(row)
    return sorted(found, key=lambda row: -late_share(row))


def late_share(row: UnitRow) -> float:
    """Closed late, of what was closed with a day to answer by."""
    return row.late / row.with_deadline if row.with_deadline else 0.0
