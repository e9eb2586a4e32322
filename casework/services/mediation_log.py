"""What every step of a mediation leaves behind: its log entry, the audit row, the issue's own log where it opens or is over."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework.mediation_workflow import SIGNATURES
from casework.models import Issue, Mediation, MediationNote, MediationStep
from casework.services.log import append_step
from unionportal.core.audit.services import record
from unionportal.core.common.scope import Scope

#: What a step's entry holds of what was given: codes, days and amounts, never text or names.
LOGGED = frozenset(
    {"days", "kind", "people", "role", "refused_by", "outcome", "route"}
    | {"amount_claimed", "amount_agreed", "amount_recovered"}
    | SIGNATURES.keys()
)


def append_mediation_step(
    *,
    mediation: Mediation,
    action: str,
    from_state: str,
    actor: Scope,
    happened_on: date,
    now: datetime,
    given: dict[str, Any],
    note: str = "",
) -> MediationStep:
    """Append the step that brought the case to its present version."""
    step = MediationStep.objects.create(
        mediation=mediation,
        seq=mediation.version,
        action=action,
        from_state=from_state,
        to_state=mediation.state,
        actor_id=actor.user_id,
        happened_on=happened_on,
        recorded_at=now,
        note=MediationNote.objects.create(text=note) if note else None,
        data={name: _plain(value) for name, value in given.items() if name in LOGGED and value not in (None, "")},
    )
    record(
        actor=actor,
        action=f"mediation.{action}",
        object_type="mediation",
        object_id=mediation.number,
        state=mediation.state,
        version=mediation.version,
    )
    return step


def tell_the_issue(issue: Issue, mediation: Mediation, action: str, actor: Scope, now: datetime) -> None:
    """The issue's log says that a mediation opened or is over. The caller holds the issue's row lock."""
    data = {"mediation": mediation.number}
    if mediation.outcome:
        data["result"] = mediation.outcome
    append_step(issue=issue, action=action, actor=actor, now=now, data=data)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
