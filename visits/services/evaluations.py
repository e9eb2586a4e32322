"""A year's evaluation: begun, its days, weights and criteria set, and moved from phase to phase. Source: docs/domain.md, "Annual evaluation"."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.urls import reverse

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.params.values import value
from visits.evaluation_workflow import (
    BY_NAME,
    LOCKED,
    NOMINATING,
    PREPARING,
    PUBLISHED,
    REVIEWING,
    SUBJECTS,
)
from visits.models import Award, EvaluationRound, KeptIndicator, Nomination
from visits.services.evaluation_lock import locked_round, require_phase, round_saved
from visits.services.evaluation_rules import first_rules
from visits.services.recusals import recuse_conflicts

FIRST_YEAR = 2000

#: What the round is locked with, and the last step of the issues' log that it counts: asked for once the scores can change no more.
Figures = Callable[[EvaluationRound], tuple[int, Iterable[KeptIndicator]]]


@transaction.atomic
def evaluation_create(
    *,
    year: int,
    nominate_from: date,
    nominate_until: date,
    review_until: date,
    publish_on: date,
    actor: Scope,
    now: datetime | None = None,
) -> EvaluationRound:
    """Begin a year's evaluation, with the weights and criteria of the round before, or the usual ones. FieldErrors at year or a date."""
    require(actor, "evaluation.manage")
    moment = now or clock.now()
    if not FIRST_YEAR <= year <= clock.local_date(moment).year:
        raise FieldErrors({"year": f"年度应在 {FIRST_YEAR} 年到今年之间。"})
    found = EvaluationRound(year=year, opened_by_id=actor.user_id, opened_at=moment)
    _set_dates(found, nominate_from, nominate_until, review_until, publish_on)
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        raise FieldErrors({"year": f"{year}年度评议已经建立。"}) from None
    first_rules(found)
    record(actor=actor, action="evaluation.create", object_type="evaluation", object_id=found.pk, year=year)
    return found


@transaction.atomic
def evaluation_dates(
    *,
    round_id: int,
    version: int | None,
    nominate_from: date,
    nominate_until: date,
    review_until: date,
    publish_on: date,
    actor: Scope,
) -> EvaluationRound:
    """Change the days of the phases, until the scores are locked."""
    require(actor, "evaluation.manage")
    found = locked_round(round_id, actor, version=version)
    require_phase(found, PREPARING, NOMINATING, REVIEWING, what="日期不能再改")
    _set_dates(found, nominate_from, nominate_until, review_until, publish_on)
    return round_saved(found, actor, "evaluation.dates")


@transaction.atomic
def evaluation_move(
    *,
    round_id: int,
    move: str,
    version: int | None,
    actor: Scope,
    figures: Figures | None = None,
    without_missing: bool = False,
    now: datetime | None = None,
) -> EvaluationRound:
    """Go on to the next phase (`evaluation_workflow.MOVES`). `figures` are what a lock keeps; `without_missing` locks although reviews are missing.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors.
    """
    step = BY_NAME.get(move)
    if step is None:
        raise NotFound
    require(actor, step.action)
    moment = now or clock.now()
    found = locked_round(round_id, actor, version=version)
    if found.state != step.source:
        raise InvalidTransition(f"{found}现在是“{found.get_state_display()}”阶段，不能{step.label}。")
    _GUARDS[step.name](found, without_missing)
    found.state = step.target
    kept: Iterable[KeptIndicator] = ()
    if step.target == LOCKED:
        if figures is None:
            raise ValueError("a lock keeps figures")
        found.locked_at = moment
        found.last_step, kept = figures(found)
    if step.target == PUBLISHED:
        found.published_at, found.published_by_id = moment, actor.user_id
    round_saved(found, actor, f"evaluation.{step.name}")
    if step.target == REVIEWING:
        recuse_conflicts(found, moment)
        _tell_reviewers(found, moment)
    KeptIndicator.objects.bulk_create(kept)
    if step.target == PUBLISHED:
        _number_certificates(found)
        _tell_authors(found, moment)
    return found


def _may_open(found: EvaluationRound, _: bool) -> None:
    for subject, label in SUBJECTS.items():
        total = sum(row.weight for row in found.weights.all() if row.subject == subject)
        if total != 100:
            raise InvalidTransition(f"{label}指标的权重合计是 {total}，应为 100。")


def _may_review(found: EvaluationRound, _: bool) -> None:
    waiting = found.nominations.filter(state=Nomination.State.HANDED_IN).count()
    if waiting:
        raise InvalidTransition(f"还有 {waiting} 件提名没有受理，请先受理或不予受理。")
    least, there = int(value("evaluations.min_reviewers")), found.reviewers.count()
    if found.nominations.admitted().exists() and there < least:
        raise InvalidTransition(f"评审人至少 {least} 名，现在有 {there} 名。")


def _may_lock(found: EvaluationRound, without_missing: bool) -> None:
    missing = reviews_missing(found)
    if missing and not without_missing:
        raise FieldErrors({"without_missing": f"还有 {missing} 份评分没有提交。请催评审人提交，或勾选不等这些评分。"})


def _may_publish(found: EvaluationRound, _: bool) -> None:
    if found.nominations.admitted().exists() and not Award.objects.filter(nomination__round=found).exists():
        raise InvalidTransition("还没有评定等次，请先在结果页评定。")


_GUARDS: dict[str, Callable[[EvaluationRound, bool], None]] = {
    "open": _may_open,
    "review": _may_review,
    "lock": _may_lock,
    "publish": _may_publish,
}


def reviews_missing(found: EvaluationRound) -> int:
    """Reviews that were due and are not handed in: every admitted nomination by every reviewer without a conflict."""
    admitted = found.nominations.admitted()
    due = admitted.count() * found.reviewers.count()
    kept_apart = Count("recusals", distinct=True)
    handed_in = Count("reviews", filter=Q(reviews__submitted_at__isnull=False), distinct=True)
    rows = admitted.order_by().annotate(apart=kept_apart, done=handed_in).values_list("apart", "done")
    return due - sum(apart + done for apart, done in rows)


def _set_dates(
    found: EvaluationRound, nominate_from: date, nominate_until: date, review_until: date, publish_on: date
) -> None:
    problems = {}
    if nominate_until < nominate_from:
        problems["nominate_until"] = "提名截止不能早于提名开始。"
    if review_until < nominate_until:
        problems["review_until"] = "评审截止不能早于提名截止。"
    if publish_on < review_until:
        problems["publish_on"] = "计划公布不能早于评审截止。"
    if problems:
        raise FieldErrors(problems)
    found.nominate_from, found.nominate_until = nominate_from, nominate_until
    found.review_until, found.publish_on = review_until, publish_on


def _number_certificates(found: EvaluationRound) -> None:
    awards = Award.objects.filter(nomination__round=found).order_by("nomination__kind", "level", "nomination__number")
    for number, award in enumerate(awards, start=1):
        award.number = number
        award.save(update_fields=["number"])


def _tell_reviewers(found: EvaluationRound, moment: datetime) -> None:
    tell(
        [Told(user, Kind.TODO) for user in found.reviewers.values_list("user_id", flat=True)],
        text=f"{found}开始评审，请为分给您的提名打分",
        url=reverse("evaluation-reviews", args=[found.year]),
        source=f"evaluation-review:{found.pk}",
        now=moment,
    )


def _tell_authors(found: EvaluationRound, moment: datetime) -> None:
    writers = found.nominations.admitted().values_list("authors__user_id", flat=True).exclude(authors__user_id=None)
    tell(
        [Told(user, Kind.PROGRESS) for user in sorted(set(writers))],
        text=f"{found}的结果已公布",
        url=reverse("evaluation-results", args=[found.year]),
        source=f"evaluation-publish:{found.pk}",
        now=moment,
    )
