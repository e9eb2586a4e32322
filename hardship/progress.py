"""How many households are in force, year by year, counted from the log: who came in, who got over the hardship, who was cleared."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from hardship.models import FileStep
from hardship.process import Step
from unionportal.core.common.scope import Scope

#: What the log's steps mean for the number in force, by the column they are counted in.
COUNTED = {
    "taken_in": Q(action=Step.APPROVE, round=1),
    "taken_in_again": Q(action=Step.APPROVE, round__gt=1),
    "lifted": Q(action="lift"),
    "cleared": Q(action="clear"),
}


@dataclass(frozen=True, slots=True)
class Year:
    """One year; `at_end` of the present year is today's number."""

    year: int
    at_start: int
    taken_in: int
    taken_in_again: int
    lifted: int
    cleared: int

    @property
    def at_end(self) -> int:
        return self.at_start + self.taken_in + self.taken_in_again - self.lifted - self.cleared


def years(scope: Scope, today: date) -> list[Year]:
    """Every year since the first household came in, the latest first: one query, whatever the number of files."""
    steps = FileStep.objects.visible_to(scope).filter(action__in=(Step.APPROVE, "lift", "clear")).order_by()
    counts = {name: Count("pk", filter=condition) for name, condition in COUNTED.items()}
    rows = steps.annotate(year=ExtractYear("happened_on")).values("year").annotate(**counts)
    by_year = {row["year"]: Counter({name: row[name] for name in COUNTED}) for row in rows}
    found, present = [], 0
    for number in range(min(by_year, default=today.year + 1), today.year + 1):
        year = Year(number, present, **{name: by_year.get(number, Counter())[name] for name in COUNTED})
        found.append(year)
        present = year.at_end
    return found[::-1]
