"""What every figure means, as data. Rollups, drill-downs, API and reports all read these definitions (docs/figures.md).

A count is a condition on an issue's columns, so the figure and the rows behind it come from one line. Nothing here asks
the clock: the same rows give the same figures at any hour.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from casework.models import Category, Issue, IssueEvent
from casework.workflow import OPEN_STATES, UNCOUNTED_STATES, Outcome, Satisfaction, State
from unionportal.core.orgs.models import Unit
from unionportal.reporting.rollups.known import ids_known
from unionportal.reporting.rollups.periods import period_end, period_start
from unionportal.reporting.rollups.sql import shanghai_midnight


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of issues: id, Chinese name, formula in words, and the condition an issue must meet."""

    id: str
    name: str
    formula: str
    condition: Q
    version: int = 1


@dataclass(frozen=True, slots=True)
class RateMeasure:
    """A share in percent: two counts by id. Value null where the denominator is 0."""

    id: str
    name: str
    formula: str
    numerator: str
    denominator: str
    version: int = 1


COUNTED = ~Q(state__in=sorted(UNCOUNTED_STATES))
CLOSED = Q(state=State.CLOSED.value)
ANSWERED = COUNTED & Q(answered_on__isnull=False)
ASSIGNED = COUNTED & Q(accept_due_on__isnull=False)
CLOSED_WITH_DEADLINE = CLOSED & Q(due_on__isnull=False, answered_on__isnull=False)

RECEIVED = Measure("received", "收集录入", "收集日期在本期的问题诉求件数；不予受理、已并案和已作废的不计。", COUNTED)


def _outcome(outcome: Outcome, name: str) -> Measure:
    return Measure(
        outcome.value, name, f"收集录入中已办结、办理结果为“{name}”的件数。", CLOSED & Q(outcome=outcome.value)
    )


#: Counts over the issues received in a period; one column each in the rollup tables.
COUNTS: tuple[Measure, ...] = (
    RECEIVED,
    _outcome(Outcome.RESOLVED, "已化解"),
    _outcome(Outcome.EXPLAINED, "已解释"),
    _outcome(Outcome.UNRESOLVED, "客观原因未化解"),
    _outcome(Outcome.OUT_OF_REMIT, "不属工会职责（已转告）"),
    _outcome(Outcome.WITHDRAWN, "撤回"),
    Measure("assigned", "已交办", "收集录入中已交办（有签收期限）的件数；尚未签收的也计入。", ASSIGNED),
    Measure(
        "accepted_on_time",
        "按时签收",
        "已交办中在签收期限当日或之前签收的件数。",
        ASSIGNED & Q(accepted_on__lte=F("accept_due_on")),
    ),
    Measure(
        "closed_with_deadline", "有期限的办结", "收集录入中已办结、经反馈且有办理期限的件数。", CLOSED_WITH_DEADLINE
    ),
    Measure(
        "closed_on_time",
        "按时办结",
        "有期限的办结中，最后一次反馈在办理期限当日或之前的件数。",
        CLOSED_WITH_DEADLINE & Q(answered_on__lte=F("due_on")),
    ),
    Measure("answered", "已反馈", "收集录入中承办单位已反馈的件数。", ANSWERED),
    Measure(
        "followed_up",
        "已回访",
        "已反馈中，最后一次反馈之后已回访的件数。",
        ANSWERED & Q(followed_up_on__isnull=False),
    ),
    Measure("rated", "有效评价", "收集录入中有满意度评价的件数（以最近一次回访为准）。", COUNTED & ~Q(satisfaction="")),
    Measure(
        "satisfied",
        "满意和基本满意",
        "有效评价中评价为满意或基本满意的件数。",
        COUNTED & Q(satisfaction__in=[Satisfaction.SATISFIED.value, Satisfaction.BASICALLY.value]),
    ),
    Measure(
        "answered_ever",
        "曾反馈",
        "收集录入中反馈过至少一次的件数（含正在重办的）。",
        COUNTED & (Q(answered_on__isnull=False) | Q(redo_count__gt=0)),
    ),
    Measure("redone", "发回重办", "收集录入中被退回重办过至少一次的件数。", COUNTED & Q(redo_count__gt=0)),
)

#: Not a column, yet a figure with rows behind it: the five outcomes together.
CLOSED_TOTAL = Measure("closed", "已办结", "收集录入中已办结的件数，五种办理结果之和。", CLOSED)
MEDIAN = Measure(
    "median_workdays",
    "办结用时中位数（工作日）",
    "收集录入中已办结诉求办结用时的中位数；件数为偶数时取中间两件的平均。",
    CLOSED & Q(workdays_to_close__isnull=False),
)
OPEN_AT_END = Measure(
    "open_at_end",
    "期末未办结",
    "期末及以前收集、到期末当日仍未办结的件数（存量，不限本期收集）；按办结和重启的发生日期计。",
    COUNTED,
)

RATES: tuple[RateMeasure, ...] = (
    RateMeasure("resolution", "化解率", "已化解 ÷ 收集录入", "resolved", "received"),
    RateMeasure("acceptance", "按时签收率", "按时签收 ÷ 已交办", "accepted_on_time", "assigned"),
    RateMeasure("closing", "按时办结率", "按时办结 ÷ 有期限的办结", "closed_on_time", "closed_with_deadline"),
    RateMeasure("follow_up", "回访率", "已回访 ÷ 已反馈", "followed_up", "answered"),
    RateMeasure("satisfaction", "满意率", "（满意＋基本满意）÷ 有效评价", "satisfied", "rated"),
    RateMeasure("redo", "发回重办率", "发回重办 ÷ 曾反馈", "redone", "answered_ever"),
)

COUNT_IDS: tuple[str, ...] = tuple(measure.id for measure in COUNTS)
#: Every figure that is a number of issues (or drawn from such rows), by id: what `issues_behind` can open.
MEASURES: dict[str, Measure] = {m.id: m for m in (*COUNTS, CLOSED_TOTAL, OPEN_AT_END, MEDIAN)}
RATES_BY_ID: dict[str, RateMeasure] = {rate.id: rate for rate in RATES}


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
    measure: str, *, first: date | None, end: date, unit: Unit | None = None, category: Category | None = None
) -> QuerySet[Issue]:
    """The same for any run of days, both included; `first` None: from the beginning."""
    found = MEASURES[measure]
    issues = Issue.objects.filter(found.condition, received_on__lte=end)
    if unit is not None and unit.kind != Unit.Kind.DISTRICT:
        issues = issues.filter(township=unit)
    elif unit is not None:
        issues = issues.filter(Q(township=unit) | Q(township__parent=unit))
    if category is not None:
        issues = issues.filter(category=category)
    if found is OPEN_AT_END:
        return _open_when_ended(issues, end)
    return issues if first is None else issues.filter(received_on__gte=first)


def _open_when_ended(issues: QuerySet[Issue], day: date) -> QuerySet[Issue]:
    """Issues open when the day ended. The columns tell it, but for those reopened since: there the log is asked."""
    steps = IssueEvent.objects.filter(issue=OuterRef("pk"), happened_at__lt=shanghai_midnight(day, days=1))
    never_reopened = Q(reopen_count=0) & (Q(state__in=sorted(OPEN_STATES)) | Q(closed_on__gt=day))
    # An issue entered after the day, though received by then, has no step yet: it was open.
    state_then = Coalesce(Subquery(steps.order_by("-seq").values("to_state")[:1]), Value(""))
    return issues.annotate(state_then=state_then).filter(
        never_reopened | (Q(reopen_count__gt=0) & ~Q(state_then=State.CLOSED.value))
    )
