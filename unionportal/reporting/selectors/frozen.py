"""Reads for the pages of frozen months."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from casework.models import Issue
from unionportal.reporting import freezing
from unionportal.reporting.figures import Figures, district, rollup_rows
from unionportal.reporting.measures import COUNTS, OPEN_AT_END
from unionportal.reporting.models import Freeze
from unionportal.reporting.rollups.periods import MONTH, period_label
from unionportal.reporting.selectors.definitions import version_words

#: Issues named on the page; a longer list is counted.
LISTED = 50


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month with the figures that stand for it: those of its current revision, or live ones."""

    state: freezing.MonthState
    label: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure of the district whose live value is no longer the frozen one."""

    name: str
    frozen: int
    live: int


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """Everything the page of one month shows."""

    line: MonthLine
    revisions: QuerySet[Freeze]
    differences: list[Difference]
    changed: list[Issue]
    changed_count: int
    versions: str  # of the definitions the current revision was counted by


def frozen_months(today: date) -> list[MonthLine]:
    """Every month that is over, the newest first."""
    states = freezing.month_states(today)
    if not states:
        return []
    rows = rollup_rows(period=MONTH, start=states[-1].month, end=states[0].month, units=[district()], frozen=True)
    figures = {row.start: row for row in rows}
    return [MonthLine(state, period_label(MONTH, state.month), figures[state.month]) for state in states]


def frozen_month(first: date, today: date) -> FrozenMonth:
    """One of them, with its revisions and what changed since the last."""
    line = next(line for line in frozen_months(today) if line.state.month == first)
    revisions = Freeze.objects.filter(month=first).select_related("author").annotate(number=Count("causes"))
    (live,) = rollup_rows(period=MONTH, start=first, units=[district()])
    differences: list[Difference] = []
    changed: QuerySet[Issue] = Issue.objects.none()
    if line.state.freeze is not None and line.state.changed:
        differences = [
            Difference(measure.name, int(line.figures[measure.id] or 0), int(live[measure.id] or 0))
            for measure in (*COUNTS, OPEN_AT_END)
            if line.figures[measure.id] != live[measure.id]
        ]
        changed = freezing.changed_since(line.state.freeze)
    return FrozenMonth(
        line=line,
        revisions=revisions.order_by("-revision"),
        differences=differences,
        changed=list(changed.order_by("code")[:LISTED]),
        changed_count=changed.count(),
        versions=version_words(line.state.freeze) if line.state.freeze else "",
    )
