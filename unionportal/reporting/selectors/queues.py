"""What waits for whom: the work queues behind the workbench, as data.

A queue is a set of rows in the reader's scope that all wait for the same next step. The workbench shows the head of each
and its size; `/todo/<key>/` shows the whole of it, from the same query, so the number and the list cannot differ.
"""

from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from casework.mediation_workflow import RUNNING_STATES
from casework.models import ConsultationParty, ConsultationTask, Issue, Mediation, Paper
from casework.workflow import State
from unionportal.core.common.pagination import COUNT_BOUND
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value as parameter
from unionportal.reporting.selectors.hardship_queues import HARDSHIP_QUEUES
from unionportal.reporting.selectors.queue import Queue
from unionportal.reporting.selectors.station_queues import STATION_QUEUES
from visits.models import MeetingTask, Visit

#: How a queue is ordered; the last field is unique, so it pages by key.
ORDER = ("waits_on", "pk")
#: What a line shows of an issue beside the date it waits on; read as columns (see casework.selectors.IssueLine).
LINE_FIELDS = ("pk", "code", "title", "state", "received_on", "township_id", "holder_id")
_NEVER = date(1900, 1, 1)
_IN_HAND = (State.ASSIGNED, State.IN_PROGRESS)


class SizedRow(NamedTuple):
    """A line of a queue ordered by `due_on`, with its queue and how many that has."""

    pk: int
    code: str
    title: str
    state: str
    received_on: date
    township_id: int
    holder_id: int | None
    due_on: date
    waits_on: date
    queue: str
    size: int


def _issues(scope: Scope) -> QuerySet[Issue]:
    return Issue.objects.visible_to(scope)


def to_assign(scope: Scope, today: date) -> QuerySet[Issue]:
    """Registered and nobody holds it yet; a township union hands out within itself."""
    rows = _issues(scope).filter(state=State.REGISTERED)
    return rows if scope.district else rows.filter(township_id__in=scope.township_ids)


def to_accept(scope: Scope, today: date) -> QuerySet[Issue]:
    """Handed to one of the reader's units, not signed for."""
    return _issues(scope).filter(state=State.ASSIGNED, holder_id__in=scope.unit_ids)


def to_report(scope: Scope, today: date) -> QuerySet[Issue]:
    """Being handled by one of the reader's units, answer owed."""
    return _issues(scope).filter(state=State.IN_PROGRESS, holder_id__in=scope.unit_ids)


def to_follow_up(scope: Scope, today: date) -> QuerySet[Issue]:
    """Answered, nobody has asked yet whether it helped."""
    return _issues(scope).filter(state=State.ANSWERED, followed_up_on__isnull=True)


def to_close(scope: Scope, today: date) -> QuerySet[Issue]:
    """Followed up and not dissatisfied: to be closed."""
    return (
        _issues(scope).filter(state=State.ANSWERED, followed_up_on__isnull=False).exclude(satisfaction="dissatisfied")
    )


def to_decide(scope: Scope, today: date) -> QuerySet[Issue]:
    """Followed up and dissatisfied: a person decides, redo it or close it with a reason."""
    return _issues(scope).filter(state=State.ANSWERED, satisfaction="dissatisfied")


def extensions(scope: Scope, today: date) -> QuerySet[Issue]:
    """The holder asks for more time."""
    return _issues(scope).filter(state=State.IN_PROGRESS, extension_days__isnull=False)


def sent_back(scope: Scope, today: date) -> QuerySet[Issue]:
    """What the reader registered and a holder sent back: it wants more facts."""
    return _issues(scope).filter(state=State.REGISTERED, registered_by_id=scope.user_id, bounce_count__gt=0)


def overdue(scope: Scope, today: date) -> QuerySet[Issue]:
    """In hand past its day."""
    return _issues(scope).filter(state__in=_IN_HAND, due_on__lt=today)


def redone_often(scope: Scope, today: date) -> QuerySet[Issue]:
    """Open and done again so often that one more redo escalates it (docs/domain.md, "Clocks")."""
    often = max(1, int(parameter("issues.escalate_redos", on=today)))
    return _issues(scope).open().filter(redo_count__gte=often)


def provisional(scope: Scope, today: date) -> QuerySet[Issue]:
    """In hand with a deadline counted over a year whose calendar is not published."""
    return _issues(scope).filter(state__in=_IN_HAND, due_is_provisional=True)


def _with_day(scope: Scope, around: QuerySet, issue_id: str, day: str, name: str) -> QuerySet[Issue]:
    """The issues of some rows around them, each with its earliest day as `name`. Led by those few rows, never by all issues."""
    earliest = around.filter(**{issue_id: OuterRef("pk")}).order_by(day).values(day)
    return _issues(scope).filter(pk__in=around.values(issue_id)).annotate(**{name: Subquery(earliest[:1])})


def to_opine(scope: Scope, today: date) -> QuerySet[Issue]:
    """In a consultation that waits for the opinion of one of the reader's units."""
    asked = ConsultationParty.objects.filter(consultation__state="open", unit_id__in=scope.unit_ids, opinion="")
    return _with_day(scope, asked, "consultation__issue_id", "consultation__due_on", "opinion_due_on")


def consult_tasks(scope: Scope, today: date) -> QuerySet[Issue]:
    """With an open task of a consultation for one of the reader's units; the earliest day counts."""
    owed = ConsultationTask.objects.filter(state="open", unit_id__in=scope.unit_ids)
    return _with_day(scope, owed, "consultation__issue_id", "due_on", "task_due_on")


def paper_answers(scope: Scope, today: date) -> QuerySet[Issue]:
    """With a demand (意见书) that was served and waits for the employer's written answer; the earliest day counts."""
    waiting = Paper.objects.filter(state="served", answered_on__isnull=True, answer_due_on__isnull=False)
    return _with_day(scope, waiting, "issue_id", "answer_due_on", "paper_due_on")


def to_mediate(scope: Scope, today: date) -> QuerySet[Issue]:
    """With a mediation by one of the reader's units that is not over; the day is that of the law."""
    going_on = Mediation.objects.filter(state__in=RUNNING_STATES, organisation_id__in=scope.unit_ids)
    return _with_day(scope, going_on, "issue_id", "due_on", "mediation_due_on")


def key_visits(scope: Scope, today: date) -> QuerySet[Enterprise]:
    """Key enterprises of the reader's postings that nobody has called on for a month, or ever."""
    latest = (
        Visit.objects.filter(enterprise=OuterRef("pk")).values("enterprise").annotate(on=Max("visited_on")).values("on")
    )
    posted = Q(township_id__in=scope.posted_township_ids) | Q(pk__in=scope.posted_enterprise_ids)
    return (
        Enterprise.objects.filter(posted, is_key=True, is_active=True)
        .annotate(last_visit_on=Subquery(latest))
        .filter(
            Q(last_visit_on__isnull=True)
            | Q(last_visit_on__lt=today - timedelta(days=int(parameter("visits.key_gap_days", on=today))))
        )
    )


def meeting_tasks(scope: Scope, today: date) -> QuerySet[MeetingTask]:
    """Open tasks of monthly meetings, of the reader or of one of their units."""
    return MeetingTask.objects.open().owed_by(scope).select_related("item__meeting__group")


_WATCHERS = frozenset({Role.LEADER, Role.STAFF, Role.TOWNSHIP})

QUEUES: tuple[Queue, ...] = (
    Queue(
        "to_accept",
        "待签收",
        frozenset({Role.TOWNSHIP, Role.HANDLER}),
        to_accept,
        "accept_due_on",
        "等您签收",
        action="accept",
        verb="签收",
        empty="区总交办给本单位的诉求会出现在这里，签收后开始办理。",
    ),
    Queue(
        "to_report",
        "待反馈",
        frozenset({Role.TOWNSHIP, Role.HANDLER}),
        to_report,
        "due_on",
        "办理期限",
        action="report",
        verb="反馈",
        empty="签收后的诉求会出现在这里，办好后写明结果反馈。",
        dated=True,
    ),
    Queue(
        "to_opine",
        "待提会诊意见",
        frozenset({Role.TOWNSHIP, Role.HANDLER}),
        to_opine,
        "opinion_due_on",
        "会诊，等您提意见",
        verb="提意见",
        empty="请本单位参加会诊的诉求会出现在这里。",
        rare=True,
    ),
    Queue(
        "consult_tasks",
        "会诊任务",
        frozenset({Role.TOWNSHIP, Role.HANDLER}),
        consult_tasks,
        "task_due_on",
        "会诊任务",
        verb="办理",
        empty="会诊交给本单位的任务会出现在这里。",
        rare=True,
    ),
    Queue(
        "to_mediate",
        "调解中",
        frozenset({Role.TOWNSHIP, Role.HANDLER}),
        to_mediate,
        "mediation_due_on",
        "调解期限",
        verb="调解",
        empty="由本单位调解、还没有结束的争议会出现在这里。",
        rare=True,
        calendar=True,
    ),
    Queue(
        "meeting_tasks",
        "会议任务",
        frozenset({Role.STAFF, Role.CADRE, Role.TOWNSHIP, Role.HANDLER}),
        meeting_tasks,
        "due_on",
        "月交流交办",
        action="report",
        verb="报告",
        empty="月交流上交给您或本单位的任务会出现在这里，做完没有请报告。",
        rare=True,
        ready=True,
        place="unit",
    ),
    Queue(
        "to_follow_up",
        "待回访",
        frozenset({Role.CADRE, Role.STAFF}),
        to_follow_up,
        "follow_up_due_on",
        "已反馈，等您回访",
        action="follow_up",
        verb="回访",
        empty="承办单位反馈之后，诉求会出现在这里，请一个工作日内回访企业或职工。",
    ),
    Queue(
        "to_assign",
        "待交办",
        frozenset({Role.STAFF, Role.TOWNSHIP}),
        to_assign,
        "received_on",
        "已登记，待交办",
        action="assign",
        verb="交办",
        since=True,
        empty="干部走访登记的诉求会出现在这里，由您交给承办单位。",
    ),
    Queue(
        "to_close",
        "待办结",
        frozenset({Role.STAFF}),
        to_close,
        "followed_up_on",
        "已回访，待办结",
        action="close",
        verb="办结",
        since=True,
        empty="回访过且没有不满意的诉求会出现在这里，由您办结。",
    ),
    Queue(
        "to_decide",
        "不满意待定夺",
        frozenset({Role.STAFF}),
        to_decide,
        "followed_up_on",
        "回访不满意，退回重办或写明理由办结",
        action="redo",
        verb="定夺",
        since=True,
        empty="回访不满意的诉求会出现在这里，由您决定退回重办，还是写明理由办结。",
    ),
    Queue(
        "extensions",
        "延期待答复",
        frozenset({Role.STAFF}),
        extensions,
        "due_on",
        "承办单位申请延期",
        action="approve_extension",
        verb="答复",
        empty="承办单位申请延期时会出现在这里，请尽快答复。",
        dated=True,
    ),
    Queue(
        "paper_answers",
        "意见书待答复",
        frozenset({Role.STAFF}),
        paper_answers,
        "paper_due_on",
        "等用人单位书面答复",
        empty="没有等待答复的意见书。",
        rare=True,
    ),
    Queue(
        "sent_back",
        "退回我的",
        frozenset({Role.CADRE}),
        sent_back,
        "received_on",
        "被退回，等您补充情况",
        verb="补充",
        since=True,
        empty="您登记的诉求被退回时会出现在这里，请补充情况。",
    ),
    Queue(
        "overdue",
        "已逾期",
        frozenset({Role.LEADER, Role.STAFF, Role.TOWNSHIP, Role.HANDLER}),
        overdue,
        "due_on",
        "办理逾期",
        empty="没有逾期未反馈的诉求。",
        dated=True,
    ),
    Queue(
        "key_visits",
        "待走访重点企业",
        frozenset({Role.CADRE}),
        key_visits,
        "last_visit_on",
        "重点企业",
        verb="走访",
        since=True,
        empty="您联系的重点企业近期都走访过了。",
    ),
    Queue(
        "redone_often",
        "多次重办",
        _WATCHERS,
        redone_often,
        "due_on",
        "重办次数已满，再重办即提级督办",
        empty="没有多次重办的在办诉求。",
        on_bench=False,
    ),
    Queue(
        "provisional",
        "期限暂定",
        _WATCHERS,
        provisional,
        "due_on",
        "期限跨入日历未公布的年份，待核定",
        empty="没有期限待核定的诉求。",
        on_bench=False,
        dated=True,
    ),
    *HARDSHIP_QUEUES,
    *STATION_QUEUES,
)


class BoundedCount(Subquery):
    """How many rows a sliced queryset has, as a column."""

    template = "(SELECT count(*) FROM (%(subquery)s) bounded)"
    output_field = IntegerField()


def queues_of(scope: Scope) -> list[Queue]:
    """The queues a person works from, in the order the workbench shows them."""
    return [queue for queue in QUEUES if queue.on_bench and scope.has(*queue.roles)]


def find_queue(scope: Scope, key: str) -> Queue | None:
    """The queue by its key, on the bench or not, if the reader has it."""
    return next((queue for queue in QUEUES if queue.key == key and scope.has(*queue.roles)), None)


def ordered(queue: Queue, scope: Scope, today: date, *, township: Unit | None = None, sized: bool = False) -> QuerySet:
    """The queue's rows, the most pressing first (`ORDER`), with what a line of it shows. Never visited comes before all.

    `sized`: each row of issues also says its queue and how many the queue has, up to the bound of lists, so that several queues can be read
    at once.
    """
    rows = queue.rows(scope, today)
    if queue.ready:
        own = rows.filter(**{queue.place: township}) if township is not None else rows
        return own.annotate(waits_on=F(queue.due)).order_by(*ORDER)
    if township is not None:
        rows = rows.filter(township=township)
    if rows.model is Issue:
        shown = dict.fromkeys((*LINE_FIELDS, queue.due))
        waiting = rows.annotate(waits_on=F(queue.due) if queue.dated else Coalesce(queue.due, "received_on")).order_by(
            *ORDER
        )
        if not sized:
            return waiting.values_list(*shown, "waits_on", named=True)
        sizes = waiting.annotate(
            queue=Value(queue.key), size=BoundedCount(rows.order_by().values("pk")[: COUNT_BOUND + 1])
        )
        return sizes.values_list(*shown, "waits_on", "queue", "size", named=True)
    return rows.select_related("township").annotate(waits_on=Coalesce(queue.due, Value(_NEVER))).order_by(*ORDER)
