"""The category view: each category's cohort, stock and pace, beside the same period of last year."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import repeat
from statistics import median
from typing import Any

from casework.models import Category
from unionportal.core.common import formats
from unionportal.core.params.values import value as parameter
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.rollups.periods import MONTH, period_start
from unionportal.reporting.selectors.headline import named, small_denominator, standing
from unionportal.reporting.selectors.months import cells
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Part, Place

COMPARED = 10


def rising_least() -> int:
    """A category that rose counts as rising from so many issues on; fewer say nothing."""
    return int(parameter("analyses.rising_least"))


@dataclass(slots=True)
class Cell:
    """What the kept rows of a period add up to for one category (None: all of them)."""

    received: int = 0
    resolved: int = 0
    open_at_end: int = 0
    spread: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One line of the table; each number opens its rows."""

    name: str
    received: Part
    resolved: Part
    rate: Part
    median: Part
    open_at_end: Part
    year_ago: Part
    change: Part | None
    few: bool
    is_total: bool = False


def category_lines(place: Place, first: date | None) -> list[CategoryLine]:
    """Every category with issues in the period, a stock at its end, or issues a year ago, in their order; the sum last.

    `first`: the first month that has figures.
    """
    year_ago = place.period.year_before()
    name = named(year_ago, place.period.year_ago, first)
    now, then = category_cells(place, place.period), category_cells(place, year_ago)
    few = small_denominator()
    shown: list[Category | None] = list(Category.objects.filter(pk__in=[pk for pk in {*now, *then} if pk]))
    if shown:
        shown.append(None)
    lines = [_line(place, (year_ago, name), category, now, then, few) for category in shown]
    return [line for line in lines if line.received.count or line.open_at_end.count or line.year_ago.count]


def _line(
    place: Place,
    other: tuple[Period, str],
    category: Category | None,
    now: Mapping[int | None, Cell],
    then: Mapping[int | None, Cell],
    few: int,
) -> CategoryLine:
    year_ago, name = other
    key = category.pk if category else None
    more: dict[str, Any] = {"category": category.code} if category else {}
    cell, before = now.get(key) or Cell(), then.get(key) or Cell()
    rate = Rate(RATES_BY_ID["resolution"], cell.resolved, cell.received)
    closed = cell.spread.total()

    def part(measure: str, words: str, count: int, period: Period | None = None) -> Part:
        return Part(words, place.url(measure, period, **more), count)

    earlier = part("received", formats.count(before.received), before.received, year_ago)
    change = None
    if then:  # a year without any row has nothing to say about one category either
        change = standing(place, year_ago, name, cell.received, before.received, "received")
        change = replace(change, url=earlier.url)
    return CategoryLine(
        name=category.name if category else "合计",
        received=part("received", formats.count(cell.received), cell.received),
        resolved=part("resolved", formats.count(cell.resolved), cell.resolved),
        rate=part("resolution", rate.text, rate.denominator),
        median=part("median_workdays", f"{median(cell.spread.elements()):g}" if closed else formats.NOTHING, closed),
        open_at_end=part("open_at_end", formats.count(cell.open_at_end), cell.open_at_end),
        year_ago=earlier,
        change=change,
        few=rate.denominator < few,
        is_total=category is None,
    )


def category_cells(place: Place, period: Period) -> dict[int | None, Cell]:
    """Category -> its sums over the period; None is over all categories."""
    rows = cells(place, period).filter(unit=place.unit)
    month = "freeze__month" if place.freeze_of(period) else "month"
    # The stock is that of the last month there is; a category without a row in it has none.
    last = period_start(MONTH, min(period.end, place.today))
    found: dict[int | None, Cell] = {}
    wanted = (month, "category_id", "received", "resolved", "open_at_end", "workdays", "issues")
    for start, key, received, resolved, open_at_end, workdays, issues in rows.values_list(*wanted):
        cell = found.setdefault(key, Cell())
        cell.received += received
        cell.resolved += resolved
        if start == last:
            cell.open_at_end = open_at_end
        for days, number in zip(workdays, issues or repeat(1), strict=False):
            cell.spread[days] += number
    return found


def comparison(place: Place, lines: list[CategoryLine], first: date | None) -> dict[str, Any]:
    """The commonest categories beside last year's same period, as the chart component takes it. `first`: the first month that has figures."""
    period, year_ago = place.period, place.period.year_before()
    name = named(year_ago, year_ago.label, first)
    whole = f"，{year_ago.label}是整{period.word}" if name == year_ago.label else ""
    shown = sorted((line for line in lines if not line.is_total), key=lambda line: -line.received.count)[:COMPARED]
    return {
        "id": "categories",
        "title": f"各类别收集件数，{period.label}与{period.year_ago}",
        "note": f"{period.this}还没有过完{whole}" if place.running else "",
        "kind": "hbar",
        "labels": [line.name for line in shown],
        "series": [
            {"name": period.label, "values": [line.received.count for line in shown]},
            {
                "name": name,
                "values": [line.year_ago.count for line in shown],
                "links": [line.year_ago.url for line in shown],
            },
        ],
        "unit": "件",
        "decimals": 0,
        "table_head": "类别",
        "links": [line.received.url for line in shown],
        "counts": [line.received.count for line in shown],
    }
