"""The stars a station's year would earn, with the working line by line: a proposal, a person decides. Source: docs/domain.md, "Stars".

It imports nothing of the project.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

#: Points a line can bring, by its key; a line without facts is left out of both sides.
POINTS = {"self_checks": 30, "spot_checks": 25, "repairs": 25, "ratings": 20}
#: From so many of a hundred points on, so many stars.
STARS = ((90, 5), (80, 4), (70, 3), (60, 2), (0, 1))


@dataclass(frozen=True, slots=True)
class Year:
    """What a station's year brought. `months`: months it was open, of which `checked` had a self-check; ratings of workers are 1 to 5."""

    months: int
    checked: int
    spot_items: int = 0
    spot_findings: int = 0
    repairs: int = 0
    repairs_late: int = 0
    ratings: int = 0
    ratings_sum: int = 0


@dataclass(frozen=True, slots=True)
class WorkingLine:
    """One line: what it looks at, the facts in words, the points of how many; no points where there are no facts."""

    key: str
    label: str
    words: str
    points: Decimal | None
    most: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """The stars, the score out of 100 and the lines; no stars where there is nothing to judge by."""

    stars: int | None
    score: Decimal | None
    lines: tuple[WorkingLine, ...]


def propose(year: Year) -> Proposal:
    """Points as shares of what each line could bring, over the lines that have facts, out of a hundred.

    The score is worked out from the points as they are shown, so that a reader gets the same.
    """
    lines = (
        _line(
            "self_checks", "每月自查", f"开放 {year.months} 个月，自查 {year.checked} 个月", year.checked, year.months
        ),
        _line(
            "spot_checks",
            "抽查结果",
            f"抽查 {year.spot_items} 项，不符合 {year.spot_findings} 项" if year.spot_items else "没有抽查",
            year.spot_items - year.spot_findings,
            year.spot_items,
        ),
        _line(
            "repairs",
            "维修及时",
            f"维修 {year.repairs} 件，逾期 {year.repairs_late} 件" if year.repairs else "没有维修",
            year.repairs - year.repairs_late,
            year.repairs,
        ),
        _line(
            "ratings",
            "职工评价",
            f"{year.ratings} 次评价，平均 {_average(year)} 分" if year.ratings else "没有评价",
            year.ratings_sum - year.ratings,
            year.ratings * 4,  # one star is the least anybody can give
        ),
    )
    judged = [(line.points, line.most) for line in lines if line.points is not None]
    if not judged:
        return Proposal(None, None, lines)
    score = _cents(sum((points for points, _ in judged), Decimal()) * 100 / sum(most for _, most in judged))
    return Proposal(next(stars for least, stars in STARS if score >= least), score, lines)


def _line(key: str, label: str, words: str, good: int, of: int) -> WorkingLine:
    most = POINTS[key]
    return WorkingLine(key, label, words, _cents(Decimal(good * most) / of) if of else None, most)


def _average(year: Year) -> Decimal:
    return _cents(Decimal(year.ratings_sum) / year.ratings)


def _cents(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
