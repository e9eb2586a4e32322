"""The handling units: what each holds of the issues received in the period, how promptly, and what is overdue now."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, FloatField, IntegerField, Min, QuerySet

from casework.models import Issue
from unionportal.core.common import formats
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import IN_HAND, MEASURES, RATES_BY_ID
from unionportal.reporting.selectors.headline import small_denominator
from unionportal.reporting.selectors.place import Part, Place
from unionportal.reporting.selectors.queue import days_left
from unionportal.reporting.selectors.rows import DEFINITIONS, Cut, issue_rows

#: Counts of a unit that are conditions on an issue.
_COUNTED = ("assigned", "accepted_on_time", "closed_with_deadline", "closed_on_time", "median_workdays")


class Median(Aggregate):
    """The median of a column, the mean of the middle two where their number is even."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


class NinetiethPercentile(Aggregate):
    """The value at nine tenths of a column by the nearest rank, as `Figures.p90_workdays` has it."""

    function = "percentile_disc"
    template = "%(function)s(0.9) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


@dataclass(frozen=True, slots=True)
class Late:
    """Issues overdue now: how many, and the workdays the oldest is late."""

    count: int
    oldest: date
    days: int


@dataclass(frozen=True, slots=True)
class HandlingLine:
    """One unit's line; each number opens its rows. `perfect`: everything answered in time and nothing overdue now."""

    name: str
    held: Part
    acceptance: Part
    closing: Part
    median: Part
    in_hand: Part
    overdue: Part
    few: bool
    perfect: bool
    on_time: Rate


def counts_by_holder(received: QuerySet[Issue]) -> dict[int, dict[str, Any]]:
    """Unit id -> what it holds of some issues: `held`, `in_hand`, `median`, `p90` and `n_` with each of `_COUNTED`. One query."""
    timed = MEASURES["median_workdays"].condition
    rows = (
        received.filter(holder__isnull=False)
        .order_by()
        .values("holder_id")
        .annotate(
            held=Count("pk"),
            in_hand=Count("pk", filter=IN_HAND.condition),
            median=Median("workdays_to_close", filter=timed),
            p90=NinetiethPercentile("workdays_to_close", filter=timed),
            **{f"n_{name}": Count("pk", filter=MEASURES[name].condition) for name in _COUNTED},
        )
    )
    return {row["holder_id"]: dict(row) for row in rows}


def handling_counts(place: Place) -> dict[int, dict[str, Any]]:
    """The same of the issues received in the place and period."""
    return counts_by_holder(issue_rows("received", Cut(place.scope, place.period.start, place.period.end, place.unit)))


def handling_lines(place: Place) -> list[HandlingLine]:
    """Every unit that holds issues of the period, or overdue ones of any time; the most first. Two queries for any number."""
    found = handling_counts(place)
    late = late_by(place, "holder_id")
    few = small_denominator()
    units = Unit.objects.filter(pk__in={*found, *late})
    lines = [_line(place, unit, found.get(unit.pk), late.get(unit.pk), few) for unit in units]
    return sorted(lines, key=lambda line: (-line.held.count, -line.overdue.count, line.name))


def _line(place: Place, unit: Unit, row: dict[str, Any] | None, late: Late | None, few: int) -> HandlingLine:
    numbers = row or dict.fromkeys(("held", "in_hand", *(f"n_{name}" for name in _COUNTED)), 0)
    accepted = Rate(RATES_BY_ID["acceptance"], numbers["n_accepted_on_time"], numbers["n_assigned"])
    on_time = Rate(RATES_BY_ID["closing"], numbers["n_closed_on_time"], numbers["n_closed_with_deadline"])
    middle = numbers.get("median")

    def part(measure: str, words: str, count: int) -> Part:
        return Part(words, place.url(measure, holder=unit.code), count)

    return HandlingLine(
        name=unit.short_name or unit.name,
        held=part("received", formats.count(numbers["held"]), numbers["held"]),
        acceptance=part("acceptance", accepted.text, accepted.denominator),
        closing=part("closing", on_time.text, on_time.denominator),
        median=part(
            "median_workdays", formats.NOTHING if middle is None else f"{middle:g}", numbers["n_median_workdays"]
        ),
        in_hand=part("in_hand", formats.count(numbers["in_hand"]), numbers["in_hand"]),
        overdue=late_part(place, late, holder=unit.code),
        few=on_time.denominator < few,
        perfect=late is None and on_time.denominator > 0 and on_time.numerator == on_time.denominator,
        on_time=on_time,
    )


def late_part(place: Place, late: Late | None, **more: str) -> Part:
    """The number overdue now, late-coloured where there is any."""
    number = late.count if late else 0
    return Part(formats.count(number), place.all_url("overdue", **more), number, "late" if number else "")


def overdue_now(place: Place) -> QuerySet[Issue]:
    """The rows behind every number of overdue issues."""
    return DEFINITIONS["overdue"].rows(Cut(place.scope, None, place.today, place.unit))


def late_by(place: Place, column: str) -> dict[int, Late]:
    """Overdue issues by a column that names a unit."""
    rows = overdue_now(place).filter(**{f"{column}__isnull": False}).order_by().values_list(column)
    found = rows.annotate(Count("pk"), Min("due_on"))
    return {unit: Late(number, oldest, -days_left(oldest, place.today)) for unit, number, oldest in found}
