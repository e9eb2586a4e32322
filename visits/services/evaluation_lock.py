"""Taking a year's evaluation in hand for a write: locked, re-read, in the right phase, and not after its last day."""

from datetime import date

from unionportal.core.audit.services import record
from unionportal.core.common.errors import InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Scope
from visits.evaluation_workflow import NOMINATING, PHASES, PREPARING, REVIEWING
from visits.models import EvaluationRound


def locked_round(round_id: int, actor: Scope, *, version: int | None = None) -> EvaluationRound:
    """The round within the actor's scope, held until the transaction ends."""
    found = EvaluationRound.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=round_id).first()
    if found is None:
        raise NotFound
    if version is not None and version != found.version:
        raise StaleVersion
    return found


def require_phase(found: EvaluationRound, *phases: str, what: str) -> None:
    """Raise InvalidTransition unless the round is in one of the phases; `what` is what cannot be done."""
    if found.state not in phases:
        raise InvalidTransition(f"{found.year}年度评议现在是“{PHASES[found.state]}”阶段，{what}。")


def require_preparing(found: EvaluationRound) -> None:
    require_phase(found, PREPARING, what="指标权重只能在准备阶段修改")


def require_nominating(found: EvaluationRound, today: date) -> None:
    """The phase, and its days."""
    require_phase(found, NOMINATING, what="不能再提名或修改提名")
    if today < found.nominate_from:
        raise InvalidTransition(f"提名从{zh_day(found.nominate_from)}开始。")
    if today > found.nominate_until:
        raise InvalidTransition(f"提名已于{zh_day(found.nominate_until)}截止。")


def require_reviewing(found: EvaluationRound, today: date) -> None:
    """The phase, and its last day. After the lock it says so."""
    if found.is_settled:
        raise InvalidTransition(f"{found.year}年度评议的评分已经锁定，不能再改。")
    require_phase(found, REVIEWING, what="不能评分")
    if today > found.review_until:
        raise InvalidTransition(f"评审已于{zh_day(found.review_until)}截止。")


def round_saved(found: EvaluationRound, actor: Scope, action: str, **data: object) -> EvaluationRound:
    """Save a changed round with its next version, and note it in the trail."""
    found.version += 1
    found.save()
    record(actor=actor, action=action, object_type="evaluation", object_id=found.pk, year=found.year, **data)
    return found
