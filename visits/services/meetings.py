"""Meetings: planned, changed, started, closed. Source: docs/domain.md, "Monthly meetings"."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction

from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition
from unionportal.core.common.formats import zh_date, zh_day, zh_month
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import AgendaItem, GroupMember, Meeting, MeetingGroup, MeetingTask, Participant
from visits.models.meetings import PLACE_LENGTH, SUMMARY_LENGTH
from visits.services.agenda import assemble
from visits.services.groups import may_chair
from visits.services.meeting_lock import locked_meeting, require_state


@transaction.atomic
def meeting_plan(
    *,
    uuid: UUID,
    group: MeetingGroup,
    held_on: date,
    starts_at: time,
    place: str,
    actor: Scope,
    chair: User | None = None,
    now: datetime | None = None,
) -> Meeting:
    """Plan a meeting: its participants are the group's members of that day, its agenda is assembled at once. The leader in charge chairs.

    A repeat of the same id returns the first row. Raises Forbidden, Conflict, FieldErrors.
    """
    require(actor, "meeting.manage")
    moment = now or clock.now()
    if first := Meeting.objects.filter(pk=uuid).first():
        if (first.group_id, first.held_on) != (group.pk, held_on):
            raise Conflict("这次会议已经安排过，内容与这次填写的不同。请刷新页面后再安排。")
        return first
    if not group.is_active:
        raise FieldErrors({"group": f"“{group}”已停用，请另选分组。"})
    meeting = Meeting(id=uuid, group=group, planned_by_id=actor.user_id, planned_at=moment)
    _fill(meeting, held_on, starts_at, place, chair or group.leader, today=clock.local_date(moment))
    try:
        _save(meeting, new=True)
    except FieldErrors:
        # The same tap arrived twice at once: the other one committed first.
        if first := Meeting.objects.filter(pk=uuid).first():
            return first
        raise
    follow_members(meeting)
    items = assemble(meeting, clock.local_date(moment))
    record(
        actor=actor,
        action="meeting.plan",
        object_type="meeting",
        object_id=meeting.pk,
        on=held_on.isoformat(),
        items=items,
    )
    return meeting


@transaction.atomic
def meeting_edit(
    *,
    meeting_id: UUID,
    version: int | None,
    held_on: date,
    starts_at: time,
    place: str,
    chair: User,
    actor: Scope,
    now: datetime | None = None,
) -> Meeting:
    """Put a planned meeting on another day, place or chair; its participants follow the day."""
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor, version=version)
    require_state(meeting, Meeting.State.PLANNED)
    _fill(meeting, held_on, starts_at, place, chair, today=clock.local_date(now or clock.now()))
    meeting.version += 1
    _save(meeting)
    follow_members(meeting)
    record(actor=actor, action="meeting.edit", object_type="meeting", object_id=meeting.pk, on=held_on.isoformat())
    return meeting


@transaction.atomic
def meeting_start(*, meeting_id: UUID, version: int | None, actor: Scope, now: datetime | None = None) -> Meeting:
    """Start a planned meeting, on its day or later: from now on the agenda is fixed and items are recorded."""
    require(actor, "meeting.manage")
    moment = now or clock.now()
    meeting = locked_meeting(meeting_id, actor, version=version)
    require_state(meeting, Meeting.State.PLANNED)
    if clock.local_date(moment) < meeting.held_on:
        raise InvalidTransition(f"会议定在{zh_date(meeting.held_on)}，还没有到。提前开会请先改期。")
    follow_members(meeting)
    meeting.state, meeting.started_at = Meeting.State.RUNNING, moment
    meeting.version += 1
    meeting.save()
    record(actor=actor, action="meeting.start", object_type="meeting", object_id=meeting.pk)
    return meeting


@transaction.atomic
def meeting_close(
    *,
    meeting_id: UUID,
    version: int | None,
    actor: Scope,
    summary: str = "",
    carry_rest: bool = False,
    absent_rest: bool = False,
    now: datetime | None = None,
) -> Meeting:
    """End a running meeting. Every item was dealt with or is carried over to the next, everybody asked is present, excused or absent:
    the rest is passed over knowingly only. Tasks reported by then count as heard."""
    require(actor, "meeting.manage")
    moment = now or clock.now()
    meeting = locked_meeting(meeting_id, actor, version=version)
    require_state(meeting, Meeting.State.RUNNING)
    undealt = meeting.items.filter(state=AgendaItem.State.OPEN, dropped=False)
    unmarked = meeting.participants.filter(presence=Participant.Presence.EXPECTED)
    left, missing = undealt.count(), unmarked.count()
    problems = {}
    if left and not carry_rest:
        problems["carry_rest"] = f"还有 {left} 项没有议。请逐项记录，或勾选留到下次再议。"
    if missing and not absent_rest:
        problems["absent_rest"] = f"还有 {missing} 名没有签到。请先签到，或勾选记为缺席。"
    if len(summary) > SUMMARY_LENGTH:
        problems["summary"] = f"最多 {SUMMARY_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    undealt.update(state=AgendaItem.State.CARRIED, recorded_by=actor.user_id, recorded_at=moment)
    unmarked.update(presence=Participant.Presence.ABSENT)
    _hear_tasks(meeting)
    meeting.state, meeting.closed_at, meeting.summary = Meeting.State.CLOSED, moment, summary.strip()
    meeting.version += 1
    meeting.save()
    record(actor=actor, action="meeting.close", object_type="meeting", object_id=meeting.pk, carried=left)
    return meeting


def _hear_tasks(meeting: Meeting) -> None:
    """The tasks on the agenda that were reported, done or not, are settled by this meeting; open ones come up again at the next."""
    on_agenda = meeting.items.filter(task__isnull=False, dropped=False).values("task_id")
    reported = MeetingTask.objects.filter(pk__in=on_agenda, heard_in=None).exclude(state=MeetingTask.State.OPEN)
    reported.update(heard_in=meeting)


def _fill(meeting: Meeting, held_on: date, starts_at: time, place: str, chair: User, *, today: date) -> None:
    problems = {}
    place = place.strip()
    same_month = Meeting.objects.filter(
        group_id=meeting.group_id, held_on__year=held_on.year, held_on__month=held_on.month
    )
    if held_on < today:
        problems["held_on"] = f"会议日期不能早于今天（{zh_day(today)}）。"
    elif same_month.exclude(pk=meeting.pk).exclude(state=Meeting.State.CANCELLED).exists():
        problems["held_on"] = f"“{meeting.group}”{zh_month(held_on)}已经有一次月交流，一个月只开一次。"
    if not place or len(place) > PLACE_LENGTH:
        problems["place"] = f"请写明地点，最多 {PLACE_LENGTH} 个字。"
    if not may_chair(chair):
        problems["chair"] = f"{chair}不是区总的领导或工作人员，请另选主持人。"
    if problems:
        raise FieldErrors(problems)
    meeting.held_on, meeting.starts_at, meeting.place, meeting.chair = held_on, starts_at, place, chair


def _save(meeting: Meeting, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            meeting.save(force_insert=new)
    except IntegrityError:  # somebody was faster
        words = f"“{meeting.group}”{zh_month(meeting.held_on)}已经有一次月交流，请刷新后再看。"
        raise FieldErrors({"held_on": words}) from None


def follow_members(meeting: Meeting) -> None:
    """Until the meeting starts its members are those of the group on its day; guests stay as they are."""
    members = GroupMember.objects.filter(group_id=meeting.group_id).in_force(meeting.held_on)
    wanted = {(m.cadre_id, m.township_id) for m in members}
    guests = [p for p in meeting.participants.all() if (p.person_id, p.unit_id) in wanted and not p.is_member]
    for guest in guests:
        guest.is_member = True
        guest.save(update_fields=["is_member"])
    there = {(p.person_id, p.unit_id): p for p in meeting.participants.filter(is_member=True)}
    gone = [p.pk for who, p in there.items() if who not in wanted]
    Participant.objects.filter(pk__in=gone).delete()
    Participant.objects.bulk_create(
        Participant(meeting=meeting, person_id=m.cadre_id, unit_id=m.township_id, is_member=True)
        for m in members
        if (m.cadre_id, m.township_id) not in there
    )
