"""The agenda before the meeting: assembled from rows, then ordered, shortened and added to by people."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from casework.models import Issue
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope
from visits.agenda import KIND_ORDER, Candidate, Subject, candidates, issue_facts
from visits.models import AgendaItem, Meeting
from visits.models.agenda import TOPIC_LENGTH
from visits.services.meeting_lock import locked_meeting

UP, DOWN, DROP, RESTORE = "up", "down", "drop", "restore"


def assemble(meeting: Meeting, today: date) -> int:
    """Bring the agenda of a planned, locked meeting up to date; how many items it has.

    What the rows no longer ask for goes, unless a person put it there; what is new comes after the items of its kind; what a person
    took off stays off; the order people gave stays.
    """
    wanted = {candidate.subject: candidate for candidate in candidates(meeting, today)}
    items = []
    for item in meeting.items.order_by("position", "id"):
        candidate = wanted.pop(Subject.of(item), None)
        if candidate is None and not item.by_hand:
            item.delete()
            continue
        if candidate is not None:
            item.facts = candidate.facts
            if not item.by_hand:
                item.kind = candidate.kind
        items.append(item)
    for candidate in wanted.values():
        items.insert(_place(items, candidate.kind), _item(meeting, candidate))
    _number(items)
    return sum(1 for item in items if not item.dropped)


def _place(items: list[AgendaItem], kind: str) -> int:
    """Behind the last item of this kind or of one before it."""
    rank = KIND_ORDER.index(kind)
    return max((n for n, item in enumerate(items, 1) if KIND_ORDER.index(item.kind) <= rank), default=0)


def _item(meeting: Meeting, candidate: Candidate, *, by_hand: bool = False) -> AgendaItem:
    subject = candidate.subject
    return AgendaItem(
        meeting=meeting,
        kind=candidate.kind,
        issue_id=subject.issue_id,
        enterprise_id=subject.enterprise_id,
        cadre_id=subject.cadre_id,
        task_id=subject.task_id,
        topic=subject.topic,
        facts=candidate.facts,
        by_hand=by_hand,
    )


def _number(items: list[AgendaItem]) -> None:
    for position, item in enumerate(items, 1):
        item.position = position
    AgendaItem.objects.bulk_update([item for item in items if item.pk], ["position", "kind", "facts"])
    AgendaItem.objects.bulk_create([item for item in items if not item.pk])


@transaction.atomic
def agenda_assemble(*, meeting_id: UUID, version: int | None, actor: Scope, now: datetime | None = None) -> Meeting:
    """Assemble the agenda of a planned meeting anew. Raises NotFound, Forbidden, StaleVersion, InvalidTransition."""
    require(actor, "meeting.manage")
    meeting = _planned(meeting_id, actor, version)
    items = assemble(meeting, clock.local_date(now or clock.now()))
    _saved(meeting)
    record(actor=actor, action="meeting.assemble", object_type="meeting", object_id=meeting.pk, items=items)
    return meeting


@transaction.atomic
def agenda_add(
    *,
    meeting_id: UUID,
    version: int | None,
    actor: Scope,
    topic: str = "",
    issue: Issue | None = None,
    now: datetime | None = None,
) -> AgendaItem:
    """Propose an open issue for consultation, or a topic in words: whoever takes part, until the meeting starts; those who run it also
    while it goes on. An issue that is on the agenda already moves to those proposed. FieldErrors at issue or topic.
    """
    require(actor, "meeting.propose")
    meeting = locked_meeting(meeting_id, actor, version=version)
    if not meeting.is_planned and not (meeting.is_running and allowed(actor, "meeting.manage")):
        raise InvalidTransition("会议已经开始，不能再提议题，请在会上提出。")
    topic = topic.strip()
    problems = _problems(topic, issue, actor)
    if problems:
        raise FieldErrors(problems)
    subject = Subject(issue_id=issue.pk if issue else None, topic="" if issue else topic)
    there = next((item for item in meeting.items.all() if Subject.of(item) == subject), None)
    if there is None:
        facts = issue_facts(issue, clock.local_date(now or clock.now())) if issue else ""
        kind = AgendaItem.Kind.CONSULTATION if issue else AgendaItem.Kind.TOPIC
        items = list(meeting.items.all())
        there = _item(meeting, Candidate(kind, subject, facts), by_hand=True)
        items.insert(_place(items, kind), there)
        _number(items)
    elif there.by_hand and not there.dropped:
        raise FieldErrors({"issue" if issue else "topic": "已经在议程里了。"})
    else:
        there.kind, there.by_hand, there.dropped = (
            AgendaItem.Kind.CONSULTATION if issue else there.kind,
            True,
            False,
        )
        there.save(update_fields=["kind", "by_hand", "dropped"])
    _saved(meeting)
    record(
        actor=actor,
        action="agenda.add",
        object_type="meeting",
        object_id=meeting.pk,
        kind=str(there.kind),
        issue=issue.code if issue else "",
    )
    return there


def _problems(topic: str, issue: Issue | None, actor: Scope) -> dict[str, str]:
    if (issue is None) == (not topic):
        return {"topic": "请写一个议题，或者填一条诉求的编号，二者填一项。"}
    if len(topic) > TOPIC_LENGTH:
        return {"topic": f"最多 {TOPIC_LENGTH} 个字。"}
    if issue is None:
        return {}
    if not Issue.objects.visible_to(actor).filter(pk=issue.pk).exists():
        return {"issue": "没有这个编号的诉求，或不在您的查看范围内。"}
    return {} if issue.is_open else {"issue": f"{issue.code}已经办结，不用会诊。"}


@transaction.atomic
def agenda_order(*, item_id: int, meeting_id: UUID, step: str, version: int | None, actor: Scope) -> Meeting:
    """Move an item up or down, take it off or put it back, before the meeting starts."""
    require(actor, "meeting.manage")
    meeting = _planned(meeting_id, actor, version)
    items = list(meeting.items.order_by("position", "id"))
    item = next((each for each in items if each.pk == item_id), None)
    if item is None or step not in (UP, DOWN, DROP, RESTORE):
        raise NotFound
    if step in (DROP, RESTORE):
        item.dropped = step == DROP
        item.save(update_fields=["dropped"])
    else:
        shown = [each for each in items if not each.dropped]
        _swap(items, shown, item, step)
    _saved(meeting)
    record(actor=actor, action="agenda.order", object_type="meeting", object_id=meeting.pk, item=item.pk, to=step)
    return meeting


def _swap(items: list[AgendaItem], shown: list[AgendaItem], item: AgendaItem, step: str) -> None:
    """Trade places with the neighbour people see; at the end of the list nothing moves."""
    if item not in shown:
        return
    at = shown.index(item) + (-1 if step == UP else 1)
    if 0 <= at < len(shown):
        one, other = items.index(item), items.index(shown[at])
        items[one], items[other] = items[other], items[one]
        _number(items)


def _planned(meeting_id: UUID, actor: Scope, version: int | None) -> Meeting:
    meeting = locked_meeting(meeting_id, actor, version=version)
    if not meeting.is_planned:
        raise InvalidTransition("会议已经开始，议程不能再调整。")
    return meeting


def _saved(meeting: Meeting) -> None:
    meeting.version += 1
    meeting.save(update_fields=["version"])
