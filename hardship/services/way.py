"""What every step of a file leaves behind, in the writer's transaction: state and clock, the log entry, the audit row."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from hardship.models import FileOpinion, FileProcess, FileStep, HardshipFile
from hardship.models.process import OPINION_LENGTH, order_in_force, process_of
from hardship.process import RENEW, STEPS, Level, Step, next_step
from hardship.workflow import CLOSED_STATES, State
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict
from unionportal.core.common.months import shifted
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays


@dataclass(frozen=True, slots=True)
class Made:
    """One step as it is to be written down. `data`: codes and counts only."""

    action: str
    target: str
    level: Level
    day: date
    opinion: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def take_step(file: HardshipFile, made: Made, *, actor: Scope, now: datetime) -> FileStep:
    """Move the file and its clock and append the step. The caller holds the row lock and has checked everything."""
    process, from_state = process_of(file), file.state
    if made.action == Step.APPLY:
        process.order, process.applied_on = order_in_force(made.day), made.day
    if made.action == "relapse":
        process.order, process.applied_on, process.round = order_in_force(made.day), made.day, process.round + 1
        process.in_force_on = process.renewed_on = None
    if made.action == "reapply":
        process.round += 1
        process.in_force_on = process.renewed_on = None
    _wind(process, made)
    file.state, file.version = made.target, file.version + 1
    file.closed_on = made.day if made.target in CLOSED_STATES else None
    try:
        with transaction.atomic():
            file.save(update_fields=["state", "version", "closed_on"])
    except IntegrityError:
        raise Conflict("这户家庭已有另一份未了结的档案，一户只能有一份。") from None
    process.save()
    step = FileStep.objects.create(
        file=file,
        seq=FileStep.objects.filter(file=file).count() + 1,
        round=process.round,
        action=made.action,
        from_state=from_state,
        to_state=file.state,
        level=made.level,
        actor_id=actor.user_id or None,
        opinion=FileOpinion.objects.create(file=file, text=made.opinion[:OPINION_LENGTH]) if made.opinion else None,
        happened_on=made.day,
        recorded_at=now,
        data=made.data,
    )
    record(
        actor=actor,
        action=f"hardship.{made.action}",
        object_type="hardship_file",
        object_id=file.code,
        state=file.state,
        version=file.version,
    )
    return step


def first_day(file: HardshipFile) -> date:
    """The earliest day the next step may have happened: that of the latest step, or of the file's opening."""
    latest = FileStep.objects.filter(file=file).order_by("-seq").values_list("happened_on", flat=True).first()
    return max(latest, file.opened_on) if latest else file.opened_on


def _wind(process: FileProcess, made: Made) -> None:
    """Set the clock for what comes next."""
    if made.target == State.IN_FORCE:
        _wind_renewal(process, made)
        return
    step = next_step(process.order, made.target)
    if step is None or step == Step.APPLY:
        process.awaits, process.due_on, process.due_is_provisional = "", None, False
        return
    deadline = add_workdays(made.day, int(value(STEPS[step].due, on=made.day)))
    process.awaits, process.due_on, process.due_is_provisional = step, deadline.day, deadline.provisional


def _wind_renewal(process: FileProcess, made: Made) -> None:
    process.awaits, process.due_is_provisional = RENEW, False
    if made.action == "change":
        deadline = add_workdays(made.day, int(value("hardship.change_workdays", on=made.day)))
        process.due_on, process.due_is_provisional = min(process.due_on or deadline.day, deadline.day), False
        return
    if made.action == Step.APPROVE:
        process.in_force_on = made.day
    else:
        process.renewed_on = made.day
    process.due_on = shifted(made.day, int(value("hardship.renewal_months", on=made.day)))
