"""Shares in percent: the one place they are divided and rounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from unionportal.reporting.measures import RATES, CountedMeasure, RateMeasure

PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share in percent, two decimals, rounded half up; `value` None where the denominator is 0."""

    measure: RateMeasure | CountedMeasure
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
        value = self.value
        return "—" if value is None else f"{value}%"


def rates_of(counts: Mapping[str, int]) -> dict[str, Rate]:
    """The rates of measures.RATES over a set of counts."""
    return {rate.id: Rate(rate, counts[rate.numerator], counts[rate.denominator]) for rate in RATES}


def points(before: Rate, after: Rate) -> str:
    """How far a rate moved; "" where it did not, or was none."""
    if before.value is None or after.value is None or before.value == after.value:
        return ""
    return f"{after.value - before.value:+.2f} 个百分点"
