"""What the pages of a year's evaluation show a reader: which parts are theirs to see."""

from dataclasses import dataclass, replace

from django.db.models import Count, Q

from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Role, Scope
from unionportal.reporting.evaluations.working import OF_WEEKS, Working, workings
from visits.evaluation_results import Result, results
from visits.evaluation_workflow import CADRE, KINDS, PHASES
from visits.models import EvaluationRound, Nomination, Recusal, Review, Reviewer

TONES = {"preparing": "idle", "nominating": "link", "reviewing": "warn", "locked": "brand", "published": "ok"}
NOMINATION_TONES = {"handed_in": "warn", "admitted": "ok", "refused": "late", "withdrawn": "idle"}
LEVEL_TONES = {1: "brand", 2: "ok", 3: "link"}


def round_of(scope: Scope, year: int) -> EvaluationRound:
    """The round of a year within the reader's scope, or NotFound."""
    found = EvaluationRound.objects.visible_to(scope).prefetch_related("weights").filter(year=year).first()
    if found is None:
        raise NotFound
    return found


def steps_of(found: EvaluationRound) -> list[dict[str, str]]:
    """The phases as the component takes them."""
    at = list(PHASES).index(found.state)
    return [
        {"label": label, "state": "done" if number < at or found.is_published else "now" if number == at else "todo"}
        for number, label in enumerate(PHASES.values())
    ]


def knows_outcomes(found: EvaluationRound, scope: Scope) -> bool:
    """Whether the reader may know what reviewers gave: everybody once published, the district once locked."""
    return found.is_published or (found.is_settled and scope.district)


def workings_for(found: EvaluationRound, scope: Scope, subject: str) -> list[Working]:
    """The workings the reader may see: all for the district, a cadre's own, a township's own. The rank is among all of them."""
    mine: set[int] | None = None
    if not scope.district:
        if subject == CADRE:
            mine = {scope.user_id} if scope.has(Role.CADRE) else set()
        else:
            mine = set(scope.township_ids) if scope.has(Role.TOWNSHIP) else set()
    if mine is not None and not mine:
        return []
    rows = workings(found, subject, clock.today(), outcomes=knows_outcomes(found, scope))
    if mine is None:
        return rows
    own = [row for row in rows if row.who.pk in mine]
    return own if subject == CADRE else [_without_weeks(row) for row in own]


def _without_weeks(working: Working) -> Working:
    """A cadre's week runs across townships, so only the district opens it."""
    lines = [
        replace(line, numerator_url="", denominator_url="", rows_are_todays=False)
        if line.indicator.id in OF_WEEKS
        else line
        for line in working.lines
    ]
    return replace(working, lines=lines)


def working_of(found: EvaluationRound, scope: Scope, subject: str, key: str) -> Working:
    """One of them by user name or code, or NotFound."""
    for row in workings_for(found, scope, subject):
        if row.who.key == key:
            return row
    raise NotFound


def results_for(found: EvaluationRound, scope: Scope) -> list[tuple[str, str, list[Result]]]:
    """Kind, its name and its results, as far as the reader may know them."""
    known = results(found) if knows_outcomes(found, scope) else {}
    return [(kind, label, known[kind]) for kind, label in KINDS.items() if kind in known]


def nominations_for(found: EvaluationRound, scope: Scope) -> list[Nomination]:
    """The nominations the reader may see, with authors and how many reviews are in."""
    rows = Nomination.objects.visible_to(scope).filter(round=found).select_related("unit", "submitted_by")
    counted = rows.annotate(
        review_count=Count("reviews", filter=Q(reviews__submitted_at__isnull=False), distinct=True),
        recusal_count=Count("recusals", distinct=True),
    )
    return list(counted.prefetch_related("authors__user").order_by("kind", "number"))


@dataclass(frozen=True, slots=True)
class ToReview:
    """A nomination on a reviewer's list: blind, and how far the own review is."""

    nomination: Nomination
    review: Review | None

    @property
    def state(self) -> tuple[str, str]:
        """Words and tone of its chip."""
        if self.review is None:
            return "待评分", "warn"
        return ("已提交", "ok") if self.review.submitted_at else ("草稿", "link")


def reviewer_of(found: EvaluationRound, scope: Scope) -> Reviewer | None:
    """The reader as a reviewer of the round."""
    return Reviewer.objects.filter(round=found, user_id=scope.user_id).first()


def to_review(reviewer: Reviewer) -> list[ToReview]:
    """Everything a reviewer scores, by number, without a word of who wrote it."""
    rows = Nomination.objects.filter(round=reviewer.round_id).to_review(reviewer.pk).order_by("kind", "number")
    reviews = {row.nomination_id: row for row in reviewer.reviews.prefetch_related("scores")}
    return [ToReview(row, reviews.get(row.pk)) for row in rows]


def recused_from(reviewer: Reviewer) -> list[Recusal]:
    """What a reviewer stays away from: numbers and grounds, not titles."""
    return list(reviewer.recusals.select_related("nomination").order_by("nomination__number"))


def reviewer_lines(found: EvaluationRound) -> list[tuple[Reviewer, int, int, int]]:
    """Reviewers with what each scores, has handed in, and stays away from."""
    admitted = found.nominations.admitted().count()
    rows = found.reviewers.select_related("user").annotate(
        done=Count("reviews", filter=Q(reviews__submitted_at__isnull=False), distinct=True),
        apart=Count("recusals", distinct=True),
    )
    return [(row, admitted - row.apart, row.done, row.apart) for row in rows]
