"""What a definition of a figure consists of: a kind, a formula in words, and its versions. The definitions themselves: `measures`, `station_measures`,
`hardship_measures`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Which rows a period has. Figures of different kinds are different figures, and no sum or rate mixes them."""

    COHORT = "cohort"  # received in the period, whatever became of it since
    FLOW = "flow"  # happened in the period: closed in it, visited in it
    STOCK = "stock"  # open when the period ended, whenever received
    CUMULATIVE = "cumulative"  # received from the beginning to the period's end


KIND_LABELS: dict[Kind, str] = {
    Kind.COHORT: "本期收集",
    Kind.FLOW: "本期发生",
    Kind.STOCK: "期末存量",
    Kind.CUMULATIVE: "累计",
}
KIND_MEANINGS: dict[Kind, str] = {
    Kind.COHORT: "收集日期在本期的诉求，以后怎样办理都算在本期。",
    Kind.FLOW: "在本期发生的事（办结、走访），不论诉求何时收集。",
    Kind.STOCK: "期末那一天的状况，不论何时收集。",
    Kind.CUMULATIVE: "从最早一期到本期末收集的诉求，不是各期存量相加。",
}

#: Since when the first versions hold: the first month that has figures (ours).
FIRST_DAY = date(2023, 4, 1)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a definition: what it said, and from which day on."""

    version: int
    effective_on: date
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """The versions of a definition. Live figures go by the newest; a frozen month keeps the figures of the version it was frozen with."""

    version: int = 1
    effective_on: date = FIRST_DAY
    earlier: tuple[Edition, ...] = ()


@dataclass(frozen=True, slots=True)
class RateMeasure(Versioned):
    """A share in percent: two counts by id. Value null where the denominator is 0."""

    id: str
    name: str
    formula: str
    numerator: str
    denominator: str
    kind: Kind = Kind.COHORT
