"""By who handles: what the rollups do not keep, counted from the issues with the conditions of the measures. Always as of now, never frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from casework.models import Issue
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import issues_behind, issues_between
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import OPEN_AT_END, RATES_BY_ID
from unionportal.reporting.selectors.handling import counts_by_holder

#: Overdue issues a report lists one by one; a longer list is counted.
LISTED = 20


@dataclass(frozen=True, slots=True)
class HolderLine:
    """A unit that handled issues received in the period."""

    label: str
    received: int
    assigned: int
    accepted_on_time: int
    closed_with_deadline: int
    closed_on_time: int
    overdue: int

    @property
    def acceptance(self) -> Rate:
        """按时签收率"""
        return Rate(RATES_BY_ID["acceptance"], self.accepted_on_time, self.assigned)

    @property
    def closing(self) -> Rate:
        """按时办结率"""
        return Rate(RATES_BY_ID["closing"], self.closed_on_time, self.closed_with_deadline)


@dataclass(frozen=True, slots=True)
class OverdueIssue:
    """An issue past its day: by number, category and places; nothing anybody wrote."""

    code: str
    category: str
    township: str
    holder: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """Issues in hand past their day when the period ended."""

    count: int
    longest: list[OverdueIssue]


def holder_lines(period: str, start: date, last: date, today: date) -> list[HolderLine]:
    """Every unit that holds or closed issues of the period, or has overdue ones from before; most issues first."""
    counts = counts_by_holder(issues_behind("received", period=period, start=start))
    late = dict(_late_issues(last, today).order_by().values_list("holder_id").annotate(late=Count("pk")))
    units = Unit.objects.filter(pk__in=counts.keys() | late.keys())
    names = {unit.pk: _on_paper(unit) for unit in units}
    lines = [_line(name, counts.get(holder, {}), late.get(holder, 0)) for holder, name in sorted(names.items())]
    return sorted(lines, key=lambda line: -line.received)


def _line(label: str, counts: Mapping[str, int], overdue: int) -> HolderLine:
    return HolderLine(
        label,
        received=counts.get("held", 0),
        assigned=counts.get("n_assigned", 0),
        accepted_on_time=counts.get("n_accepted_on_time", 0),
        closed_with_deadline=counts.get("n_closed_with_deadline", 0),
        closed_on_time=counts.get("n_closed_on_time", 0),
        overdue=overdue,
    )


def overdue_issues(last: date, today: date) -> Overdue:
    """Issues open when the period ended, unanswered past their day; those due first come first."""
    late = _late_issues(last, today)
    rows = late.select_related("category", "township", "holder").order_by("due_on", "pk")[:LISTED]
    return Overdue(late.count(), [_listed(issue) for issue in rows])


def _late_issues(last: date, today: date) -> QuerySet[Issue]:
    """A day that is over counts whole: what was due on it is late. Today is not over yet."""
    day = today if last >= today else last + timedelta(days=1)
    return issues_between(OPEN_AT_END.id, first=None, end=last).filter(
        Q(answered_on__isnull=True) | Q(answered_on__gte=day), holder__isnull=False, due_on__lt=day
    )


def _on_paper(unit: Unit) -> str:
    """A township as people say it, an office in full."""
    return unit.short_name if unit.kind == Unit.Kind.TOWNSHIP else unit.name


def _listed(issue: Issue) -> OverdueIssue:
    holder = _on_paper(issue.holder) if issue.holder else "—"
    return OverdueIssue(issue.code, issue.category.name, issue.township.short_name, holder, issue.due_on)
