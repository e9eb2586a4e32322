"""The postings of a year as a grid: cadres × townships, with the days of each; what a cadre answers for singly stands in a column of its own."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from unionportal.core.accounts.models import Posting, User
from unionportal.core.accounts.selectors import postings
from unionportal.core.common.formats import zh_short
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Span:
    """A posting as a cell shows it: its days within the year, and whether it is in force today."""

    words: str
    is_current: bool
    target: str


@dataclass(frozen=True, slots=True)
class Row:
    """A cadre's year: the spans of each township in the grid's order, and those of single enterprises."""

    cadre: User
    cells: list[tuple[str, list[Span]]]
    enterprises: list[Span]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A year; only townships and cadres that occur in it."""

    townships: list[Unit]
    rows: list[Row]


def posting_matrix(scope: Scope, year: int, today: date) -> Matrix:
    """The reader's postings that share a day with the year. One query for any number."""
    found = list(
        postings(scope)
        .filter(start_on__lte=date(year, 12, 31))
        .exclude(end_on__lt=date(year, 1, 1))
        .order_by("cadre__pinyin_key", "cadre_id", "start_on", "id")
    )
    townships = sorted({p.township for p in found if p.township is not None}, key=lambda unit: unit.code)
    by_cadre: dict[int, list[Posting]] = {}
    for posting in found:
        by_cadre.setdefault(posting.cadre_id, []).append(posting)
    return Matrix(townships, [_row(own, townships, year, today) for own in by_cadre.values()])


def years(scope: Scope, today: date) -> list[int]:
    """From the reader's first posting to next year, the newest first."""
    first = Posting.objects.visible_to(scope).aggregate(first=Min("start_on"))["first"] or today
    return list(range(max(today.year, first.year) + 1, min(today.year, first.year) - 1, -1))


def _row(own: list[Posting], townships: list[Unit], year: int, today: date) -> Row:
    cells = [
        (unit.short_name, [_span(posting, year, today) for posting in own if posting.township_id == unit.pk])
        for unit in townships
    ]
    return Row(own[0].cadre, cells, [_span(posting, year, today) for posting in own if posting.enterprise_id])


def _span(posting: Posting, year: int, today: date) -> Span:
    return Span(period_in_year(posting, year), posting.state_on(today) == "current", str(posting.target))


def period_in_year(posting: Posting, year: int) -> str:
    """全年, 9月1日起, 至8月31日 or 3月1日至8月31日."""
    from_before = posting.start_on <= date(year, 1, 1)
    goes_on = posting.end_on is None or posting.end_on >= date(year, 12, 31)
    if from_before and goes_on:
        return "全年"
    if goes_on:
        return f"{zh_short(posting.start_on)}起"
    until = f"至{zh_short(posting.end_on)}"
    return until if from_before else f"{zh_short(posting.start_on)}{until}"
