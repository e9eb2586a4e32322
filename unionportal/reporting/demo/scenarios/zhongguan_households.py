"""The invented households of the scenario 钟管: what each is like, when it came and when it got over the hardship."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum.cn import ric

SURNAMES = "孙沈姚徐夏洪章施费钱陆俞戴蔡嵇茅"
UNITS = ("钟管示例电子", "钟管示例木业", "钟管示例丝织", "钟管示例机械", "钟管示例水产", "")
#: The batches in which they applied, with how many of each.
BATCHES = ((date(2017, 2, 13), 12), (date(2017, 3, 13), 12), (date(2017, 4, 10), 10))
#: The days on which households were lifted out, with how many: 19 of 34 in two years.
LIFTED = (
    (date(2017, 12, 20), 3),
    (date(2018, 3, 28), 3),
    (date(2018, 6, 27), 3),
    (date(2018, 9, 26), 3),
    (date(2018, 12, 19), 4),
    (date(2019, 5, 29), 3),
)
#: Main cause, what it costs the household a year, and the measures that answer it.
CAUSES = (
    ("6", "illness", ("mutual_aid", "critical_illness")),
    ("2", "other_spending", ("training", "placement")),
    ("6", "illness", ("caring_post", "crowdfunding")),
    ("9", "schooling", ("funds", "employment")),
    ("3", "other_spending", ("training", "pairing")),
    ("8", "illness", ("critical_illness", "loans")),
    ("1", "disability", ("disability_jobs", "funds")),
)
#: An area that is nobody's: no invented number is anybody's real one.
AREA = "330599"


@dataclass(frozen=True, slots=True)
class Household:
    """One household: its holder and spouse, its means, its way in and out. `lifted_on` None: still in force."""

    number: int
    applied_on: date
    lifted_on: date | None

    @property
    def surname(self) -> str:
        return SURNAMES[self.number % len(SURNAMES)]

    @property
    def unit_name(self) -> str:
        return UNITS[self.number % len(UNITS)]

    @property
    def cause(self) -> tuple[str, str, tuple[str, str]]:
        return CAUSES[self.number % len(CAUSES)]

    @property
    def wages(self) -> Decimal:
        """A year's wages: low enough for 深度困难 in two of three households."""
        return Decimal(62000 if self.number % 3 == 0 else 31000)

    @property
    def burden(self) -> Decimal:
        return Decimal(8000 + 500 * (self.number % 7))

    def id_number(self, *, spouse: bool) -> str:
        """A well-formed number: an odd serial is a man's."""
        body = f"{AREA}19{62 + self.number % 24}0{1 + self.number % 9}15{100 + self.number * 2 + spouse:03d}"
        return body + ric.calc_check_digit(f"{body}0")


def households() -> list[Household]:
    """All 34, in the order in which they applied; those lifted out are spread over the batches."""
    applied = [day for day, number in BATCHES for _ in range(number)]
    lifted = [day for day, number in LIFTED for _ in range(number)]
    # Every household of an even place, and then one of four, until nobody more was lifted.
    places = [*range(0, len(applied), 2), *range(1, len(applied), 4)][: len(lifted)]
    ends = dict(zip(places, lifted, strict=True))
    return [Household(number, day, ends.get(number)) for number, day in enumerate(applied)]
