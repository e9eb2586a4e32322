"""Awards: decided on the ranked list, numbered when they are published, taken back with a reason. Source: docs/domain.md, "Annual evaluation"."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value
from visits.evaluation_results import Result, results
from visits.evaluation_workflow import LOCKED, PUBLISHED
from visits.models import Award, Nomination
from visits.models.nominations import REASON_LENGTH
from visits.services.evaluation_lock import locked_round, require_phase

#: Level -> the parameter that says how many of it there are a kind.
PRIZES = {
    Award.Level.FIRST: "evaluations.first_prizes",
    Award.Level.SECOND: "evaluations.second_prizes",
    Award.Level.THIRD: "evaluations.third_prizes",
}


@transaction.atomic
def award_set(*, nomination_id: UUID, level: int | None, actor: Scope) -> Award | None:
    """Decide a nomination's award between lock and publication; None: none. FieldErrors at level where there are as many of it already:
    only who shares the rank of one that has it may have it, too."""
    require(actor, "evaluation.manage")
    nomination = Nomination.objects.filter(pk=nomination_id).admitted().first()
    if nomination is None:
        raise NotFound
    found = locked_round(nomination.round_id, actor)
    require_phase(found, LOCKED, what="不能评定等次")
    Award.objects.filter(nomination=nomination).delete()
    award = None
    if level is not None:
        lines = results(found)[nomination.kind]
        mine = next(line for line in lines if line.nomination.pk == nomination.pk)
        _check_level(mine, lines, level)
        award = Award.objects.create(nomination=nomination, level=level)
    record(actor=actor, action="evaluation.award", object_type="nomination", object_id=nomination.pk, level=level)
    return award


@transaction.atomic
def award_revoke(*, nomination_id: UUID, reason: str, actor: Scope, now: datetime | None = None) -> Award:
    """Take a published award back, with a reason: it stays on the list as revoked and has no certificate any more."""
    require(actor, "evaluation.publish")
    award = Award.objects.select_for_update(of=("self",)).filter(nomination_id=nomination_id).first()
    if award is None:
        raise NotFound
    require_phase(locked_round(award.nomination.round_id, actor), PUBLISHED, what="没有可以撤销的奖项")
    if award.revoked_at is not None:
        raise InvalidTransition("这个奖项已经撤销。")
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明撤销的理由，最多 {REASON_LENGTH} 个字。"})
    award.revoked_at, award.revoked_by_id, award.revoked_reason = now or clock.now(), actor.user_id, reason
    award.save()
    record(
        actor=actor, action="evaluation.revoke", object_type="nomination", object_id=nomination_id, level=award.level
    )
    return award


def _check_level(mine: Result, lines: list[Result], level: int) -> None:
    if level not in PRIZES:
        raise FieldErrors({"level": "请选择等次。"})
    if mine.average is None:
        raise FieldErrors({"level": "没有有效评分，不能评定等次。"})
    holders = [line for line in lines if _level(line) == level and line.nomination.pk != mine.nomination.pk]
    most = int(value(PRIZES[Award.Level(level)]))
    if len(holders) >= most and all(line.rank != mine.rank for line in holders):
        raise FieldErrors({"level": f"{Award.Level(level).label}最多 {most} 名，已经评满；只有并列的可以增加。"})


def _level(line: Result) -> int | None:
    award = getattr(line.nomination, "award", None)
    return award.level if award else None
