"""What the agenda of a meeting is made of: read from the rows the group's members owe, nothing is typed twice.

Source: docs/domain.md, "Monthly meetings".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from casework.clocks import next_deadline
from casework.models import Consultation, Issue
from casework.selectors import issue_list
from casework.workflow import IN_HAND_STATES, OPEN_STATES, OUTCOME_LABELS, STATE_LABELS, Outcome, Supervision
from unionportal.core.accounts.models import Posting
from unionportal.core.common.formats import zh_short
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.values import value
from visits.coverage import short_weeks, unvisited_key_enterprises
from visits.models import AgendaItem, GroupMember, Meeting, MeetingTask

Kind = AgendaItem.Kind
#: The order of an agenda: what is owed first, what was achieved after it.
KIND_ORDER = tuple(Kind.values)
#: How far back a group's first meeting looks.
FIRST_LOOKS_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about: one of these, or a topic in words."""

    issue_id: int | None = None
    enterprise_id: int | None = None
    cadre_id: int | None = None
    task_id: UUID | None = None
    topic: str = ""

    @classmethod
    def of(cls, item: AgendaItem) -> "Subject":
        return cls(item.issue_id, item.enterprise_id, item.cadre_id, item.task_id, item.topic)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item the rows ask for, and how it stands."""

    kind: str
    subject: Subject
    facts: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The townships and cadres a group answers for on a day."""

    townships: frozenset[int]
    cadres: frozenset[int]


def reach_of(group_id: int, on: date) -> Reach:
    """The member townships and those the member cadres are posted to."""
    members = list(GroupMember.objects.filter(group_id=group_id).in_force(on).values_list("township_id", "cadre_id"))
    cadres = frozenset(cadre for _, cadre in members if cadre)
    posted = Posting.objects.filter(cadre_id__in=cadres, township__isnull=False).in_force(on)
    townships = {township for township, _ in members if township} | set(posted.values_list("township_id", flat=True))
    return Reach(frozenset(townships), cadres)


def previous_meeting(meeting: Meeting) -> Meeting | None:
    """The group's last meeting that was held before this one."""
    held = Meeting.objects.filter(group_id=meeting.group_id, state=Meeting.State.CLOSED, held_on__lt=meeting.held_on)
    return held.order_by("-held_on").first()


def candidates(meeting: Meeting, today: date) -> list[Candidate]:
    """Everything the agenda should hold, in its order, each subject once; at most so many of a kind as the parameter says."""
    previous = previous_meeting(meeting)
    since = previous.held_on if previous else today - FIRST_LOOKS_BACK
    reach = reach_of(meeting.group_id, meeting.held_on)
    most = int(value("meetings.most_items", on=today))
    found: dict[Subject, Candidate] = {}
    for candidate in chain(
        _tasks(meeting, most),
        _issues(reach, today, most),
        _unvisited(reach, today, most),
        _short_weeks(reach, since, today),
        _results(meeting, reach, since, most),
        _carried(previous),
    ):
        found.setdefault(candidate.subject, candidate)
    return sorted(found.values(), key=lambda candidate: KIND_ORDER.index(candidate.kind))


def _tasks(meeting: Meeting, most: int) -> Iterator[Candidate]:
    """Tasks of earlier meetings of the group that no meeting has heard of yet."""
    rows = MeetingTask.objects.filter(
        item__meeting__group_id=meeting.group_id, item__meeting__held_on__lt=meeting.held_on, heard_in=None
    )
    for task in rows.select_related("person", "unit").order_by("due_on", "id")[:most]:
        facts = f"{task.owner} · {zh_short(task.due_on)}前 · {task.get_state_display()}"
        yield Candidate(Kind.TASK, Subject(task_id=task.pk), facts)


def _issues(reach: Reach, today: date, most: int) -> Iterator[Candidate]:
    """Open issues of the townships: overdue, for consultation, and the others, each with its deadline, the most pressing first."""
    consulted = Consultation.objects.filter(issue=OuterRef("pk"), state=Consultation.State.OPEN)
    rows = (
        issue_list(SYSTEM)
        .filter(township_id__in=reach.townships, state__in=OPEN_STATES)
        .annotate(consulted=Exists(consulted))
    )
    overdue = Q(state__in=IN_HAND_STATES, due_on__lt=today, paused_on__isnull=True)
    consulting = Q(consulted=True) | Q(supervision=Supervision.ESCALATED)
    parts = (
        (Kind.OVERDUE, rows.filter(overdue)),
        (Kind.CONSULTATION, rows.filter(consulting)),
        (Kind.OPEN, rows.exclude(overdue).exclude(consulting)),
    )
    for kind, part in parts:
        for issue in part.order_by("due_on", "received_on", "pk")[:most]:
            yield Candidate(kind, Subject(issue_id=issue.pk), issue_facts(issue, today))


def issue_facts(issue: Issue, today: date) -> str:
    """办理中 · 权益保障部 · 逾期 3 个工作日: how an issue stands, in one line."""
    deadline = next_deadline(issue, today)
    words = [STATE_LABELS[issue.state], str(issue.holder or ""), deadline.words if deadline else ""]
    if getattr(issue, "consulted", False):
        words.append("会诊中")
    if issue.supervision:
        words.append(issue.get_supervision_display())
    return " · ".join(word for word in words if word)


def _unvisited(reach: Reach, today: date, most: int) -> Iterator[Candidate]:
    weeks = int(value("meetings.key_gap_weeks", on=today))
    rows = unvisited_key_enterprises(townships=reach.townships, before=today - timedelta(weeks=weeks))
    for enterprise in rows.only("pk")[:most]:
        last = enterprise.last_visit_on
        facts = f"重点企业，{(today - last).days // 7} 周未走访" if last else "重点企业，还没有走访过"
        yield Candidate(Kind.COVERAGE, Subject(enterprise_id=enterprise.pk), facts)


def _short_weeks(reach: Reach, since: date, today: date) -> Iterator[Candidate]:
    for cadre, mondays in short_weeks(reach.cadres, since, today - timedelta(days=1)).items():
        if mondays:
            weeks = "、".join(str(monday.isocalendar().week) for monday in mondays)
            facts = f"{len(mondays)} 周没有完成走访任务（第 {weeks} 周）"
            yield Candidate(Kind.COVERAGE, Subject(cadre_id=cadre), facts)


def _results(meeting: Meeting, reach: Reach, since: date, most: int) -> Iterator[Candidate]:
    """Closed as resolved since the last meeting, and not reported at one yet."""
    told = AgendaItem.objects.filter(kind=Kind.RESULT, meeting__group_id=meeting.group_id).exclude(meeting=meeting)
    rows = (
        issue_list(SYSTEM)
        .filter(township_id__in=reach.townships, outcome=Outcome.RESOLVED, closed_on__gte=since)
        .exclude(pk__in=told.values("issue_id"))
    )
    for issue in rows.order_by("-closed_on", "-pk")[:most]:
        facts = f"{zh_short(issue.closed_on)}办结 · {OUTCOME_LABELS[issue.outcome]}"
        yield Candidate(Kind.RESULT, Subject(issue_id=issue.pk), facts)


def _carried(previous: Meeting | None) -> Iterator[Candidate]:
    """What the last meeting left for this one; tasks come by themselves."""
    if previous is None:
        return
    for item in previous.items.filter(state=AgendaItem.State.CARRIED).exclude(kind=Kind.TASK):
        yield Candidate(item.kind, Subject.of(item), "上次会议留到这次再议")
