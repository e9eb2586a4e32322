"""Scores: drafted and handed in by a reviewer, blind, until the round is locked. Source: docs/domain.md, "Annual evaluation"."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.evaluation_conflicts import conflicts
from visits.models import Criterion, EvaluationRound, Nomination, Review, Reviewer, Score
from visits.models.nominations import COMMENT_LENGTH
from visits.services.evaluation_lock import locked_round, require_reviewing


@transaction.atomic
def review_save(
    *,
    round_id: int,
    number: int,
    points: Mapping[int, Decimal | None],
    actor: Scope,
    comment: str = "",
    submit: bool = False,
    version: int | None = None,
    now: datetime | None = None,
) -> Review:
    """Keep a reviewer's points for a nomination by its number; `points`: criterion id -> points, None where not decided yet.

    Handing in needs every criterion; what is handed in may still be mended until the lock. After it nothing changes: InvalidTransition, and the
    database refuses as well. Raises also NotFound (not a reviewer, no such nomination), Forbidden (conflict of interest), StaleVersion, FieldErrors.
    """
    require(actor, "evaluation.review")
    moment = now or clock.now()
    reviewer, nomination = _in_hand(round_id, number, actor, moment)
    review = Review.objects.select_for_update().filter(nomination=nomination, reviewer=reviewer).first()
    if version is not None and version != (review.version if review else 0):
        raise StaleVersion
    if review is None:
        review = Review(nomination=nomination, reviewer=reviewer, version=0)
    criteria = list(Criterion.objects.filter(round_id=round_id, kind=nomination.kind))
    given = _checked(criteria, points, comment, whole=submit or review.submitted_at is not None)
    review.comment = comment.strip()
    if submit:
        review.submitted_at = moment
    review.version += 1
    review.save()
    review.scores.exclude(criterion_id__in=given).delete()
    for criterion_id, number_of in given.items():
        Score.objects.update_or_create(review=review, criterion_id=criterion_id, defaults={"points": number_of})
    record(
        actor=actor,
        action="evaluation.review_submit" if submit else "evaluation.review_save",
        object_type="nomination",
        object_id=nomination.pk,
        version=review.version,
    )
    return review


def _in_hand(round_id: int, number: int, actor: Scope, moment: datetime) -> tuple[Reviewer, Nomination]:
    """The reviewer and the nomination, where the one may score the other now."""
    found: EvaluationRound = locked_round(round_id, actor)
    reviewer = Reviewer.objects.filter(round=found, user_id=actor.user_id).first()
    if reviewer is None:
        raise NotFound
    require_reviewing(found, clock.local_date(moment))
    nomination = found.nominations.admitted().prefetch_related("authors").filter(number=number).first()
    if nomination is None:
        raise NotFound
    kept_apart = nomination.recusals.filter(reviewer=reviewer).exists()
    # Postings change while reviewing goes on: asked again each time.
    if kept_apart or any(conflicts(found, [nomination], [reviewer])):
        raise Forbidden("这件提名与您有利害关系，您不参加评分。")
    return reviewer, nomination


def _checked(
    criteria: list[Criterion], points: Mapping[int, Decimal | None], comment: str, *, whole: bool
) -> dict[int, Decimal]:
    problems, given = {}, {}
    if set(points) - {each.pk for each in criteria}:
        raise InvalidTransition("评审标准有变化，请刷新后再打分。")
    for each in criteria:
        number = points.get(each.pk)
        if number is None:
            if whole:
                problems[f"points_{each.pk}"] = "请打分后再提交。"
        elif not 0 <= number <= each.most or number != round(number, 1):
            problems[f"points_{each.pk}"] = f"请打 0 到 {each.most} 分，最多一位小数。"
        else:
            given[each.pk] = number
    if len(comment.strip()) > COMMENT_LENGTH:
        problems["comment"] = f"最多 {COMMENT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    return given
