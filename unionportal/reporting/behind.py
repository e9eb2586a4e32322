"""The rows behind a figure: exactly the issues it counts, because both use the conditions of `measures`."""

from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from casework.models import Category, Issue, IssueEvent
from casework.workflow import OPEN_STATES, State
from unionportal.core.orgs.models import Unit
from unionportal.reporting.definitions import Kind
from unionportal.reporting.measures import MEASURES
from unionportal.reporting.rollups.known import ids_known
from unionportal.reporting.rollups.periods import period_end, period_start
from unionportal.reporting.rollups.sql import shanghai_midnight

#: Units whose figures are of the place an issue comes from; of every other unit they are of what it handles.
PLACES = (Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP)


def issues_behind(
    measure: str,
    *,
    period: str,
    start: date,
    unit: Unit | None = None,
    category: Category | None = None,
    known_at: datetime | None = None,
) -> QuerySet[Issue]:
    """Exactly the issues a figure counts. `unit` None or a district: all townships; `category` None: all.

    `known_at`: the issues that made the figure at that moment, by the steps recorded by then.
    A rate's rows are those of its numerator and denominator, opened by their own ids. Raises KeyError for an unknown id.
    """
    first = period_start(period, start)
    issues = issues_between(measure, first=first, end=period_end(period, first), unit=unit, category=category)
    if known_at is None:
        return issues
    then = ids_known(*issues.order_by().values("pk").query.sql_with_params(), known_at)
    return Issue.objects.filter(pk__in=RawSQL(*then))


def issues_between(
    measure: str,
    *,
    first: date | None,
    end: date,
    unit: Unit | None = None,
    category: Category | None = None,
    holder_id: int | None = None,
) -> QuerySet[Issue]:
    """The same for any run of days, both included; `first` None: from the beginning.

    `unit` is a place, or a unit of another kind: then what it handles. `holder_id`: what a unit of any kind handles (a township union handles, too).
    """
    issues = issues_in(measure, first=first, end=end)
    if unit is not None:
        issues = issues.filter(of_unit(unit))
    if category is not None:
        issues = issues.filter(category=category)
    return issues if holder_id is None else issues.filter(holder_id=holder_id)


def issues_in(measure: str, *, first: date | None, end: date) -> QuerySet[Issue]:
    """The issues of the whole district that a measure counts, by its kind."""
    found = MEASURES[measure]
    issues = Issue.objects.counted().filter(found.condition)
    if found.kind == Kind.FLOW:
        issues = issues.filter(closed_on__lte=end)
        return issues if first is None else issues.filter(closed_on__gte=first)
    issues = issues.filter(received_on__lte=end)
    if found.kind == Kind.STOCK:
        return _open_when_ended(issues, end)
    if first is None or found.kind == Kind.CUMULATIVE:
        return issues
    return issues.filter(received_on__gte=first)


def of_unit(unit: Unit) -> Q:
    """Issues of a place (a district: and of every township below it), or in the hands of a unit that is no place."""
    if unit.kind == Unit.Kind.DISTRICT:
        return Q(township=unit) | Q(township__parent=unit)
    return Q(township=unit) if unit.kind in PLACES else Q(holder=unit)


def _open_when_ended(issues: QuerySet[Issue], day: date) -> QuerySet[Issue]:
    """Issues open when the day ended. The columns tell it, but for those reopened since: there the log is asked."""
    steps = IssueEvent.objects.filter(issue=OuterRef("pk"), happened_at__lt=shanghai_midnight(day, days=1))
    never_reopened = Q(reopen_count=0) & (Q(state__in=sorted(OPEN_STATES)) | Q(closed_on__gt=day))
    # An issue entered after the day, though received by then, has no step yet: it was open.
    state_then = Coalesce(Subquery(steps.order_by("-seq").values("to_state")[:1]), Value(""))
    return issues.annotate(state_then=state_then).filter(
        never_reopened | (Q(reopen_count__gt=0) & ~Q(state_then=State.CLOSED.value))
    )
