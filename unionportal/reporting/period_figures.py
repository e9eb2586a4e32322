"""What the figures of one period are, and what follows from them; where they come from, `figures` knows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from casework.models import Category
from unionportal.core.orgs.models import Unit
from unionportal.reporting.rates import Rate, rates_of

#: A run of months, and all months there are, beside month, quarter and year.
RANGE, TOTAL = "range", "total"
#: Figures that follow the event log.
LIVE = "live"
#: Figures of frozen months only, and of both kinds.
FROZEN, MIXED = "frozen", "mixed"
#: Figures as known at a moment of the past, which is their `as_of`.
KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Figures:
    """The issue figures of one period (or run of months), unit and category (None: all)."""

    period: str  # month, quarter, year, "range" or "total"
    start: date
    end: date  # last day
    unit: Unit
    category: Category | None
    counts: Mapping[str, int]
    flows: Mapping[str, int | None]  # None: the month was frozen before these were counted
    open_at_end: int
    spread: Mapping[int, int]  # workdays a closed issue took -> how many took so many
    as_of: datetime
    revisions: tuple[int, ...] = ()  # of the months, 0 where one is live; empty: everything is
    status: str = LIVE

    def __getitem__(self, measure: str) -> int | Decimal | None:
        """A figure by its measure's id; templates may write `figures.received`."""
        if measure in self.counts:
            return self.counts[measure]
        if measure in self.flows:
            return self.flows[measure]
        if measure in _OWN:
            return getattr(self, measure)
        raise KeyError(measure)

    @property
    def revision(self) -> int:
        """The highest revision in it; 0 where nothing is frozen."""
        return max(self.revisions, default=0)

    @property
    def median_workdays(self) -> Decimal | None:
        """办结用时中位数 of the closed issues, the mean of the middle two where their number is even; None without any."""
        return _median(sorted(self.spread.items()))

    @property
    def p90_workdays(self) -> int | None:
        """办结用时九成值: nine tenths of the closed issues took no longer (nearest rank); None without any."""
        total = sum(self.spread.values())
        return _at(sorted(self.spread.items()), -(-9 * total // 10)) if total else None

    @property
    def closed(self) -> int:
        """已办结, whatever the outcome."""
        return sum(self.counts[name] for name in OUTCOME_IDS)

    @property
    def closed_in_period(self) -> int | None:
        """本期办结, whatever the outcome."""
        return known_sum(self.flows.values())

    @property
    def rates(self) -> dict[str, Rate]:
        """Every rate by its id."""
        return rates_of(self.counts)


#: Figures of a period that are no column.
_OWN = frozenset({"open_at_end", "median_workdays", "p90_workdays", "closed", "closed_in_period"})
OUTCOME_IDS = ("resolved", "explained", "unresolved", "out_of_remit", "withdrawn")


def known_sum(numbers: Iterable[int | None]) -> int | None:
    """Their sum; None where one of them is not known."""
    known = list(numbers)
    return None if None in known else sum(number for number in known if number is not None)


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
