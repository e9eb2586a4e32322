"""Who is asked to a meeting besides its members, and who came."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from visits.models import Meeting, Participant
from visits.models.meetings import BODY_LENGTH, REASON_LENGTH
from visits.services.meeting_lock import locked_meeting, require_state

Presence = Participant.Presence
NOT_OVER = (Meeting.State.PLANNED, Meeting.State.RUNNING)


@transaction.atomic
def participant_add(
    *, meeting_id: UUID, actor: Scope, unit: Unit | None = None, person: User | None = None, body: str = ""
) -> Participant:
    """Ask a department, a person or somebody from outside to a meeting that is not over. FieldErrors at unit, person or body."""
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor)
    require_state(meeting, *NOT_OVER)
    body = body.strip()
    if sum(bool(each) for each in (unit, person, body)) != 1:
        raise FieldErrors({"unit": "请选择一个单位，或者写一个外部人员。"})
    field = "unit" if unit else "person" if person else "body"
    if len(body) > BODY_LENGTH:
        raise FieldErrors({"body": f"最多 {BODY_LENGTH} 个字。"})
    if unit is not None and not Unit.objects.handling().filter(pk=unit.pk).exists():
        raise FieldErrors({"unit": f"{unit}已停用，请另选单位。"})
    if meeting.participants.filter(unit=unit, person=person, body=body).exists():
        raise FieldErrors({field: f"{unit or person or body}已经在参会名单里。"})
    participant = Participant.objects.create(meeting=meeting, unit=unit, person=person, body=body)
    record(
        actor=actor,
        action="meeting.invite",
        object_type="meeting",
        object_id=meeting.pk,
        unit=unit.code if unit else "",
    )
    return participant


@transaction.atomic
def participant_remove(*, meeting_id: UUID, participant_id: int, actor: Scope) -> None:
    """Take a guest off the list who was asked by mistake. Members follow the group."""
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor)
    require_state(meeting, *NOT_OVER)
    found = meeting.participants.filter(pk=participant_id).first()
    if found is None:
        raise FieldErrors({"participant": "这不是本次会议的参会人员。"})
    if found.is_member:
        raise FieldErrors({"participant": f"{found}是组员，请在分组里调整。"})
    found.delete()
    record(actor=actor, action="meeting.uninvite", object_type="meeting", object_id=meeting.pk)


@transaction.atomic
def attendance_mark(
    *, meeting_id: UUID, marks: Mapping[int, tuple[str, str]], actor: Scope, now: datetime | None = None
) -> Meeting:
    """Write down who is present, excused (with a reason) or absent: participant id -> (presence, reason). Before the start only who is excused.

    FieldErrors at `presence_<id>` and `reason_<id>`; somebody who was not asked is refused.
    """
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor)
    require_state(meeting, *NOT_OVER)
    there = {row.pk: row for row in meeting.participants.select_for_update()}
    problems: dict[str, str] = {}
    for pk, (presence, reason) in marks.items():
        problems |= _problems(meeting, pk, presence, reason.strip(), known=pk in there)
    if problems:
        raise FieldErrors(problems)
    changed = []
    for pk, (presence, reason) in marks.items():
        row, kept = there[pk], reason.strip() if presence == Presence.EXCUSED else ""
        if (row.presence, row.reason) != (presence, kept):
            row.presence, row.reason = presence, kept
            changed.append(row)
    Participant.objects.bulk_update(changed, ["presence", "reason"])
    present = sum(1 for row in there.values() if row.presence == Presence.PRESENT)
    record(
        actor=actor,
        action="meeting.attendance",
        object_type="meeting",
        object_id=meeting.pk,
        present=present,
        expected=len(there),
    )
    return meeting


def _problems(meeting: Meeting, pk: int, presence: str, reason: str, *, known: bool) -> dict[str, str]:
    if not known:
        return {f"presence_{pk}": "这个人不在本次会议的参会名单里，请先加入名单。"}
    if presence not in Presence.values:
        return {f"presence_{pk}": "请在到会、请假、缺席中选择。"}
    if meeting.is_planned and presence in (Presence.PRESENT, Presence.ABSENT):
        return {f"presence_{pk}": "会议还没有开始，现在只能登记请假。"}
    if presence == Presence.EXCUSED and not reason:
        return {f"reason_{pk}": "请写明请假事由。"}
    if len(reason) > REASON_LENGTH:
        return {f"reason_{pk}": f"最多 {REASON_LENGTH} 个字。"}
    return {}
