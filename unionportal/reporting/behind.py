"""The rows behind a figure: exactly the issues it counts, because both use the conditions of `measures`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from casework.models import Category, Issue, IssueEvent
from casework.workflow import OPEN_STATES, State
from unionportal.core.common.errors import NotFound
from unionportal.core.orgs.models import Unit
from unionportal.reporting.definitions import Kind
from unionportal.reporting.measures import MEASURES
from unionportal.reporting.models import Freeze
from unionportal.reporting.rollups.known import Known, ids_known
from unionportal.reporting.rollups.periods import MONTH, period_end, period_label, period_start
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
    known: Known | None = None,
) -> QuerySet[Issue]:
    """Exactly the issues a figure counts. `unit` None or a district: all townships; `category` None: all.

    `known`: the issues that made the figure by the steps up to there.
    A rate's rows are those of its numerator and denominator, opened by their own ids. Raises KeyError for an unknown id.
    """
    first = period_start(period, start)
    issues = issues_between(measure, first=first, end=period_end(period, first), unit=unit, category=category)
    return issues if known is None else as_known(issues, known)


def as_known(issues: QuerySet[Issue], known: Known) -> QuerySet[Issue]:
    """Those that a query of issues would have found by the steps up to there."""
    then = ids_known(*issues.order_by().values("pk").query.sql_with_params(), known)
    return Issue.objects.filter(pk__in=RawSQL(*then))


@dataclass(frozen=True, slots=True)
class MonthCounted:
    """A month that is part of a longer period's figure, and up to where it read the log; None: it is live."""

    month: date
    known: Known | None

    def issues(self, measure: str, unit: Unit | None, category: Category | None) -> QuerySet[Issue]:
        """What it counted."""
        return issues_behind(measure, period=MONTH, start=self.month, unit=unit, category=category, known=self.known)


def months_counted(measure: str, revisions: Mapping[date, int]) -> list[MonthCounted]:
    """The months whose issues add up to a figure of theirs, each as a revision of it counted (0: as it is now).

    An issue stands in every month that counted it, because each of them is in the sum (decision 0038). A stock is that of the last month;
    everything since the first row is told by the last month, too. Raises NotFound for a revision there is not.
    """
    last = MEASURES[measure].kind in (Kind.STOCK, Kind.CUMULATIVE)
    found = Freeze.objects.filter(month__in=[month for month, revision in revisions.items() if revision])
    steps = {(freeze.month, freeze.revision): freeze.last_step for freeze in found}
    if any(revision and (month, revision) not in steps for month, revision in revisions.items()):
        raise NotFound("这个月没有这一版冻结数据。")
    months = [MonthCounted(month, steps.get((month, revision))) for month, revision in revisions.items()]
    return months[-1:] if last else months


def counted_also(
    measure: str, months: Iterable[MonthCounted], ids: Collection[int], unit: Unit | None, category: Category | None
) -> dict[int, list[date]]:
    """The months that counted each of these issues that may stand in several. The log is read only where there is one: few were ever moved or reopened."""
    if MEASURES[measure].kind == Kind.FLOW:
        movable = list(Issue.objects.filter(pk__in=ids, reopen_count__gt=0).values_list("pk", flat=True))
    else:
        moved = IssueEvent.objects.filter(issue__in=ids, action="correct", data__has_key="received_on")
        movable = list(moved.values_list("issue_id", flat=True))
    found: dict[int, list[date]] = {pk: [] for pk in movable}
    for one in months if found else ():
        for pk in one.issues(measure, unit, category).filter(pk__in=found).values_list("pk", flat=True):
            found[pk].append(one.month)
    return found


def why_twice(measure: str, months: Sequence[date]) -> str:
    """Why an issue stands in several months of one figure, in a sentence; "" where it does not."""
    if len(months) < 2:
        return ""
    names = "、".join(period_label(MONTH, month) for month in months)
    if MEASURES[measure].kind == Kind.FLOW:
        return f"这件诉求办结后重新办理，又办结过：{names}各计了一次办结，已经冻结的数不改写，所以各列一次。"
    return f"这件诉求的收集日期更正过：{names}各按当时的收集日期计了数，已经冻结的数不改写，所以各列一次。"


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
