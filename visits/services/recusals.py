"""Who reviews, and who stays away from what (回避). Source: docs/domain.md, "Annual evaluation"."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from visits.evaluation_conflicts import conflicts
from visits.evaluation_workflow import NOMINATING, PREPARING, REVIEWING
from visits.models import EvaluationRound, Nomination, Recusal, Review, Reviewer
from visits.models.nominations import REASON_LENGTH
from visits.services.evaluation_lock import locked_round, require_phase, require_reviewing

#: Staff admit nominations and so know who wrote them; the administrators stay out of the trade.
REVIEWING_ROLES = (Role.LEADER, Role.CADRE, Role.TOWNSHIP, Role.HANDLER)


def may_be_named(user: User) -> bool:
    """Whether somebody can review at all."""
    roles = set(RoleGrant.objects.filter(user=user).values_list("role", flat=True))
    return user.is_active and bool(roles & set(REVIEWING_ROLES)) and Role.STAFF not in roles


@transaction.atomic
def reviewer_add(*, round_id: int, user: User, actor: Scope, now: datetime | None = None) -> Reviewer:
    """Give a person the right to review in this round, until the lock; conflicts of interest are found at once where reviewing goes on."""
    require(actor, "evaluation.manage")
    moment = now or clock.now()
    found = locked_round(round_id, actor)
    require_phase(found, PREPARING, NOMINATING, REVIEWING, what="不能再指定评审人")
    if not may_be_named(user):
        raise FieldErrors(
            {"user": f"{user}不能担任评审人：须是领导、驻联干部、镇街或承办单位的人员，区总工作人员不参加评审。"}
        )
    try:
        with transaction.atomic():
            reviewer = Reviewer.objects.create(round=found, user=user, named_at=moment)
    except IntegrityError:
        raise FieldErrors({"user": f"{user}已经是评审人。"}) from None
    _note(found, actor, "evaluation.reviewer_add", user.pk)
    if found.state == REVIEWING:
        recuse_conflicts(found, moment)
    return reviewer


@transaction.atomic
def reviewer_remove(*, reviewer_id: int, actor: Scope) -> None:
    """Take the right back; not from somebody who has handed in a review."""
    require(actor, "evaluation.manage")
    reviewer = Reviewer.objects.select_for_update(of=("self",)).filter(pk=reviewer_id).first()
    if reviewer is None:
        raise NotFound
    found = locked_round(reviewer.round_id, actor)
    require_phase(found, PREPARING, NOMINATING, REVIEWING, what="不能再撤换评审人")
    if reviewer.reviews.filter(submitted_at__isnull=False).exists():
        raise Conflict(f"{reviewer}已经提交过评分，不能撤换。")
    for review in reviewer.reviews.all():
        review.delete()
    reviewer.recusals.all().delete()
    reviewer.delete()
    _note(found, actor, "evaluation.reviewer_remove", reviewer.user_id)


@transaction.atomic
def recusal_declare(*, round_id: int, number: int, reason: str, actor: Scope, now: datetime | None = None) -> Recusal:
    """A reviewer stays away from a nomination for a reason of their own; what they had scored of it goes."""
    require(actor, "evaluation.review")
    moment = now or clock.now()
    found = locked_round(round_id, actor)
    require_reviewing(found, clock.local_date(moment))
    reviewer = Reviewer.objects.filter(round=found, user_id=actor.user_id).first()
    nomination = found.nominations.admitted().filter(number=number).first()
    if reviewer is None or nomination is None:
        raise NotFound
    return _recuse(nomination, reviewer, Recusal.Ground.DECLARED, reason, actor, moment)


@transaction.atomic
def recusal_order(
    *, nomination_id: UUID, reviewer: Reviewer, reason: str, actor: Scope, now: datetime | None = None
) -> Recusal:
    """Staff keep a reviewer away from a nomination, with a reason; what was scored goes."""
    require(actor, "evaluation.manage")
    moment = now or clock.now()
    nomination = Nomination.objects.visible_to(actor).filter(pk=nomination_id).first()
    if nomination is None or reviewer.round_id != nomination.round_id:
        raise NotFound
    require_reviewing(locked_round(nomination.round_id, actor), clock.local_date(moment))
    return _recuse(nomination, reviewer, Recusal.Ground.STAFF, reason, actor, moment)


def recuse_conflicts(found: EvaluationRound, moment: datetime) -> None:
    """Write down every conflict of interest that the rows tell, where it is not yet; scores of such a pair go."""
    nominations = list(found.nominations.admitted().prefetch_related("authors"))
    known = set(Recusal.objects.filter(nomination__round=found).values_list("nomination_id", "reviewer_id"))
    rows = [
        Recusal(nomination=each.nomination, reviewer=each.reviewer, ground=each.ground, made_at=moment)
        for each in conflicts(found, nominations, list(found.reviewers.all()))
        if (each.nomination.pk, each.reviewer.pk) not in known
    ]
    _drop_reviews(rows)
    Recusal.objects.bulk_create(rows)


def _recuse(
    nomination: Nomination, reviewer: Reviewer, ground: str, reason: str, actor: Scope, moment: datetime
) -> Recusal:
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明回避的理由，最多 {REASON_LENGTH} 个字。"})
    if Recusal.objects.filter(nomination=nomination, reviewer=reviewer).exists():
        raise Conflict(f"{reviewer}已经回避{nomination.blind_name}。")
    row = Recusal(nomination=nomination, reviewer=reviewer, ground=ground, reason=reason, made_at=moment)
    _drop_reviews([row])
    row.save()
    record(
        actor=actor,
        action="evaluation.recuse",
        object_type="nomination",
        object_id=nomination.pk,
        ground=str(ground),
        reviewer=reviewer.user_id,
    )
    return row


def _drop_reviews(rows: Collection[Recusal]) -> None:
    """What somebody scored who must not."""
    for row in rows:
        for review in Review.objects.filter(nomination=row.nomination, reviewer=row.reviewer):
            review.delete()


def _note(found: EvaluationRound, actor: Scope, action: str, user_id: int) -> None:
    record(actor=actor, action=action, object_type="evaluation", object_id=found.pk, year=found.year, user=user_id)
