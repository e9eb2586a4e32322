"""Tasks of a meeting: given for a decision, reported as done or not done, heard at the next meeting."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_short
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.orgs.models import Unit
from visits.models import Meeting, MeetingTask
from visits.models.agenda import REPORT_LENGTH, TASK_LENGTH
from visits.services.meeting_lock import locked_meeting, require_state

ENDS = (MeetingTask.State.DONE, MeetingTask.State.NOT_DONE)


def task_people(meeting: Meeting) -> QuerySet[User]:
    """Who can be given a task in person: those asked to the meeting, who chairs it, and the district's staff."""
    asked = meeting.participants.filter(person__isnull=False).values("person_id")
    staff = RoleGrant.objects.filter(role=Role.STAFF).values("user_id")
    return User.objects.filter(is_active=True).filter(Q(pk__in=asked) | Q(pk=meeting.chair_id) | Q(pk__in=staff))


def task_units() -> QuerySet[Unit]:
    """Which units can be given a task: townships, departments, workrooms and cooperating bodies."""
    return Unit.objects.handling().exclude(kind=Unit.Kind.DISTRICT)


@transaction.atomic
def meeting_task_give(
    *,
    uuid: UUID,
    meeting_id: UUID,
    item_id: int,
    what: str,
    due_on: date,
    actor: Scope,
    person: User | None = None,
    unit: Unit | None = None,
    now: datetime | None = None,
) -> MeetingTask:
    """Give a person or a unit a task on an item of a running meeting. A repeat of the same id returns the first row.

    Raises NotFound, Forbidden, InvalidTransition, Conflict, FieldErrors (what, person, unit, due_on).
    """
    require(actor, "meeting.manage")
    today = clock.local_date(now or clock.now())
    meeting = locked_meeting(meeting_id, actor)
    what = what.strip()
    if first := MeetingTask.objects.filter(pk=uuid).first():
        if (first.item_id, first.what) != (item_id, what):
            raise Conflict("这项任务已经交办过，内容与这次填写的不同。请刷新页面后再交办。")
        return first
    require_state(meeting, Meeting.State.RUNNING)
    item = meeting.items.filter(pk=item_id, dropped=False).first()
    if item is None:
        raise NotFound
    problems: dict[str, str] = {}
    if not what or len(what) > TASK_LENGTH:
        problems["what"] = "请写明任务。" if not what else f"任务最多 {TASK_LENGTH} 个字。"
    if due_on < today:
        problems["due_on"] = "完成期限不能早于今天。"
    if (person is None) == (unit is None):
        problems["person"] = "请选择一名责任人，或者一个责任单位，二者选一项。"
    elif person is not None and not task_people(meeting).filter(pk=person.pk).exists():
        problems["person"] = f"{person}不在本次会议的人员里，请另选，或交给单位。"
    elif unit is not None and not task_units().filter(pk=unit.pk).exists():
        problems["unit"] = f"{unit}不能承办任务，请另选单位。"
    if problems:
        raise FieldErrors(problems)
    task = MeetingTask.objects.create(
        id=uuid,
        item=item,
        what=what,
        person=person,
        unit=unit,
        given_on=today,
        due_on=due_on,
        given_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="meeting_task.give",
        object_type="meeting",
        object_id=meeting.pk,
        task=str(task.pk),
        unit=unit.code if unit else "",
        due_on=due_on.isoformat(),
    )
    _tell_owners(task, meeting, actor)
    return task


def _tell_owners(task: MeetingTask, meeting: Meeting, actor: Scope) -> None:
    owners = _acting_for(task.unit_id) if task.unit_id else [task.person_id]
    tell(
        [Told(owner, Kind.TODO) for owner in owners if owner and owner != actor.user_id],
        text=f"{meeting}交给您一项任务，{zh_short(task.due_on)}前完成",
        url=reverse("meeting-task", args=[task.pk]),
        source=f"meeting_task:{task.pk}",
    )


def _acting_for(unit_id: int) -> list[int]:
    grants = RoleGrant.objects.filter(unit_id=unit_id, role__in=[Role.HANDLER, Role.TOWNSHIP], user__is_active=True)
    return list(grants.values_list("user_id", flat=True))


def may_report(task: MeetingTask, actor: Scope) -> bool:
    """Its person, whoever acts for its unit, and those who run meetings."""
    mine = task.person_id == actor.user_id or (task.unit_id is not None and task.unit_id in actor.unit_ids)
    return mine or allowed(actor, "meeting.manage")


@transaction.atomic
def meeting_task_report(
    *, task_id: UUID, state: str, report: str, actor: Scope, now: datetime | None = None
) -> MeetingTask:
    """Say that a task is done or not done, and in words how. May be mended until a meeting has heard it.

    Raises NotFound, Forbidden, InvalidTransition, FieldErrors (state, report).
    """
    require(actor, "meeting.task")
    task = MeetingTask.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=task_id).first()
    if task is None:
        raise NotFound
    if not may_report(task, actor):
        raise Forbidden("只能报告自己或本单位的任务。")
    if task.heard_in_id is not None:
        raise InvalidTransition("这项任务已经在会上通报，不能再改。")
    report = report.strip()
    problems = {}
    if state not in ENDS:
        problems["state"] = "请选择已完成，或没有完成。"
    if not report or len(report) > REPORT_LENGTH:
        problems["report"] = "请写明完成情况。" if not report else f"最多 {REPORT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    task.state, task.report = state, report
    task.reported_by_id, task.reported_at = actor.user_id, now or clock.now()
    task.save()
    record(
        actor=actor,
        action="meeting_task.report",
        object_type="meeting",
        object_id=task.item.meeting_id,
        task=str(task.pk),
        state=state,
    )
    return task
