"""Overdue and red list (超期与红榜): who is late now and by how much, and who answered everything in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.selectors import workbench
from unionportal.reporting.selectors.handling import HandlingLine, Late, late_by, late_part
from unionportal.reporting.selectors.headline import small_denominator
from unionportal.reporting.selectors.months import sums_by_unit
from unionportal.reporting.selectors.place import Part, Place
from unionportal.reporting.selectors.queues import find_queue

#: Overdue issues named on the page, the latest first; all of them are a link away.
LISTED = 10


@dataclass(frozen=True, slots=True)
class LateLine:
    """A unit with issues overdue now, and the workdays its oldest is late."""

    name: str
    overdue: Part
    days: int


@dataclass(frozen=True, slots=True)
class RedLine:
    """A unit that answered everything in time; `few`: of so little that it says little."""

    name: str
    closing: Part
    fraction: str
    few: bool


def late_units(place: Place) -> list[LateLine]:
    """Handling units by the number overdue."""
    late = late_by(place, "holder_id")
    return _late_lines(place, Unit.objects.filter(pk__in=late), late, "holder")


def late_townships(place: Place, townships: list[Unit]) -> list[LateLine]:
    """Townships by the number overdue, whoever handles the issues."""
    return _late_lines(place, townships, late_by(place, "township_id"), "unit")


def _late_lines(place: Place, units: Iterable[Unit], late: dict[int, Late], name: str) -> list[LateLine]:
    lines = [
        LateLine(unit.short_name or unit.name, late_part(place, late[unit.pk], **{name: unit.code}), late[unit.pk].days)
        for unit in units
        if unit.pk in late
    ]
    return sorted(lines, key=lambda line: (-line.overdue.count, -line.days, line.name))


def red_units(lines: list[HandlingLine]) -> list[RedLine]:
    """Handling units without a late answer in the period and without an overdue issue now; those with few behind the rest."""
    found = [
        RedLine(line.name, line.closing, f"{line.on_time.numerator}/{line.on_time.denominator}", line.few)
        for line in lines
        if line.perfect
    ]
    return sorted(found, key=_order)


def red_townships(place: Place, townships: list[Unit]) -> list[RedLine]:
    """The same by the township an issue comes from, over the kept figures."""
    late, few = late_by(place, "township_id"), small_denominator()
    sums = sums_by_unit(place, townships, "closed_on_time", "closed_with_deadline")
    found = []
    for unit in townships:
        rate = Rate(RATES_BY_ID["closing"], *sums.get(unit.pk, (0, 0)))
        if rate.denominator and rate.numerator == rate.denominator and unit.pk not in late:
            part = Part(rate.text, place.url("closing", unit=unit.code), rate.denominator)
            found.append(RedLine(unit.short_name, part, f"{rate.numerator}/{rate.denominator}", rate.denominator < few))
    return sorted(found, key=_order)


def _order(line: RedLine) -> tuple[bool, int | Decimal, str]:
    return (line.few, -line.closing.count, line.name)


def latest(place: Place) -> workbench.QueueHead | None:
    """The queue of overdue issues with its first lines, the longest late first."""
    queue = find_queue(place.scope, "overdue")
    if queue is None:
        return None
    return workbench.queue_head(queue, place.scope, place.today, size=LISTED, township=place.township)
