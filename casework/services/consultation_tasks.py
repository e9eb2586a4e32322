"""Tasks of a consultation: set, done, dropped. Source: docs/domain.md, "Consultations"."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from casework.models import Consultation, ConsultationTask, Issue
from casework.models.consultations import PURPOSE_LENGTH, TASK_LENGTH
from casework.services.consultations import locked
from casework.telling import tell_of_task
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit


def task_units(consultation: Consultation, issue: Issue) -> QuerySet[Unit]:
    """Who can be given a task: the units asked, the holder, the issue's township. All of them see the issue."""
    return Unit.objects.handling().filter(
        Q(pk__in=consultation.parties.filter(unit__isnull=False).values("unit_id"))
        | Q(pk__in=[pk for pk in (issue.holder_id, issue.township_id) if pk])
    )


def task_people(units: QuerySet[Unit]) -> QuerySet[User]:
    """The people who act for these units."""
    grants = RoleGrant.objects.filter(role__in=[Role.HANDLER, Role.TOWNSHIP], unit__in=units.values("pk"))
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))


@transaction.atomic
def task_set(
    *,
    consultation_id: int,
    what: str,
    unit: Unit,
    due_on: date,
    actor: Scope,
    person: User | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> ConsultationTask:
    """Give a unit a task with a day it is due (staff), while the issue is open; also after the decision.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors.
    """
    require(actor, "consultation.conclude")
    moment = now or clock.now()
    issue, consultation = locked(consultation_id, actor, version=version)
    if not issue.is_open:
        raise InvalidTransition("诉求已经办结，不能再交任务。")
    what = what.strip()
    problems: dict[str, str] = {}
    if not what or len(what) > TASK_LENGTH:
        problems["what"] = "请写明任务。" if not what else f"任务最多 {TASK_LENGTH} 个字。"
    if due_on < clock.local_date(moment):
        problems["due_on"] = "完成期限不能早于今天。"
    units = task_units(consultation, issue)
    if not units.filter(pk=unit.pk).exists():
        problems["unit"] = f"{unit}没有参加会诊，请先把它请进来。"
    elif person is not None and not task_people(units.filter(pk=unit.pk)).filter(pk=person.pk).exists():
        problems["person"] = f"{person}不是{unit}的人员，请另选，或只交给单位。"
    if problems:
        raise FieldErrors(problems)
    task = ConsultationTask.objects.create(
        consultation=consultation,
        what=what,
        unit=unit,
        person=person,
        due_on=due_on,
        set_by_id=actor.user_id,
        set_at=moment,
    )
    consultation.version += 1
    consultation.save(update_fields=["version"])
    _record(task, issue, actor, "task.set", due_on=due_on.isoformat())
    tell_of_task(task, issue, actor)
    return task


@transaction.atomic
def task_done(*, task_id: int, result: str, actor: Scope, now: datetime | None = None) -> ConsultationTask:
    """Say that a task is done and how: whoever acts for its unit, or staff."""
    issue, task = _locked_task(task_id, actor)
    if not may_finish(task, actor):
        raise Forbidden("只能办本单位的任务。")
    return _end(task, issue, ConsultationTask.State.DONE, result, "请写明完成情况。", actor, now)


@transaction.atomic
def task_dropped(*, task_id: int, result: str, actor: Scope, now: datetime | None = None) -> ConsultationTask:
    """Take a task back with a reason (staff)."""
    require(actor, "consultation.conclude")
    issue, task = _locked_task(task_id, actor)
    return _end(task, issue, ConsultationTask.State.DROPPED, result, "请写明取消的理由。", actor, now)


def may_finish(task: ConsultationTask, actor: Scope) -> bool:
    """Staff, and whoever acts for the task's unit."""
    return actor.has(Role.STAFF) or (actor.has(Role.HANDLER, Role.TOWNSHIP) and task.unit_id in actor.unit_ids)


def _locked_task(task_id: int, actor: Scope) -> tuple[Issue, ConsultationTask]:
    task = ConsultationTask.objects.filter(pk=task_id).first()
    if task is None:
        raise NotFound
    issue, _ = locked(task.consultation_id, actor)
    return issue, ConsultationTask.objects.select_for_update(of=("self",)).select_related("unit").get(pk=task_id)


def _end(
    task: ConsultationTask, issue: Issue, state: str, result: str, missing: str, actor: Scope, now: datetime | None
) -> ConsultationTask:
    if task.state != ConsultationTask.State.OPEN:
        raise InvalidTransition(f"这项任务已经是“{task.get_state_display()}”。")
    text = result.strip()
    if not text or len(text) > PURPOSE_LENGTH:
        raise FieldErrors({"result": missing if not text else f"最多 {PURPOSE_LENGTH} 个字。"})
    task.state, task.result = state, text
    task.ended_by_id, task.ended_at = actor.user_id, now or clock.now()
    task.save()
    _record(task, issue, actor, f"task.{state}")
    return task


def _record(task: ConsultationTask, issue: Issue, actor: Scope, action: str, **data: str) -> None:
    record(
        actor=actor, action=action, object_type="issue", object_id=issue.code, task=task.pk, unit=task.unit.code, **data
    )
