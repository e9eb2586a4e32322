"""Risk marks: set with a reason, lifted with a reason. Source: docs/domain.md, "Enterprises and organisations"."""

from datetime import datetime

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import RiskMark
from unionportal.core.orgs.models.records import WORDS_LENGTH
from unionportal.core.orgs.services.reached import reached, said


@transaction.atomic
def risk_set(
    *, credit_code: str, kind: str, level: str, reason: str, actor: Scope, now: datetime | None = None
) -> RiskMark:
    """Mark an enterprise. Raises NotFound, Forbidden, FieldErrors, also where a mark of the kind stands already."""
    enterprise = reached(credit_code, "risk.set", actor)
    problems: dict[str, str] = {}
    if kind not in RiskMark.Kind.values:
        problems["kind"] = "请选择风险。"
    elif RiskMark.objects.filter(enterprise=enterprise, kind=kind, lifted_at__isnull=True).exists():
        problems["kind"] = f"“{RiskMark.Kind(kind).label}”已有标记；程度变了，请先解除再标记。"
    if level not in RiskMark.Level.values:
        problems["level"] = "请选择程度。"
    reason, problem = said(reason, WORDS_LENGTH, "请写明为什么标记。")
    if problem:
        problems["reason"] = problem
    if problems:
        raise FieldErrors(problems)
    mark = RiskMark.objects.create(
        enterprise=enterprise,
        kind=kind,
        level=level,
        reason=reason,
        set_by_id=actor.user_id,
        set_at=now or clock.now(),
    )
    record(
        actor=actor,
        action="risk.set",
        object_type="enterprise",
        object_id=enterprise.credit_code,
        kind=kind,
        level=level,
    )
    return mark


@transaction.atomic
def risk_lift(*, credit_code: str, mark_id: int, reason: str, actor: Scope, now: datetime | None = None) -> RiskMark:
    """Lift a mark. Raises NotFound, Forbidden, FieldErrors at `reason`, InvalidTransition where it is lifted already."""
    enterprise = reached(credit_code, "risk.lift", actor)
    mark = RiskMark.objects.select_for_update().filter(enterprise=enterprise, pk=mark_id).first()
    if mark is None:
        raise NotFound
    reason, problem = said(reason, WORDS_LENGTH, "请写明为什么解除。")
    if problem:
        raise FieldErrors({"reason": problem})
    if mark.lifted_at is not None:
        raise InvalidTransition("这个标记已经解除。")
    mark.lifted_by_id, mark.lifted_at, mark.lift_reason = actor.user_id, now or clock.now(), reason
    mark.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    record(actor=actor, action="risk.lift", object_type="enterprise", object_id=enterprise.credit_code, kind=mark.kind)
    return mark
