"""Results of a locked round: the average of the submitted scores, in order, with ties. Source: docs/domain.md, "Annual evaluation"."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from unionportal.core.common import clock
from unionportal.core.params.values import value
from visits.models import EvaluationRound, Nomination, Review

CENT = Decimal("0.01")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scored:
    """What one reviewer gave in all, out of 100; `counts` where it is not trimmed away."""

    review: Review
    total: Decimal
    counts: bool


@dataclass(frozen=True, slots=True)
class Result:
    """A nomination's result. `average` None where nobody scored it; `few`: by fewer reviewers than the least."""

    nomination: Nomination
    scored: list[Scored]
    average: Decimal | None
    few: bool
    rank: int | None = None
    tied: bool = False


def ranked(rows: Iterable[T], key: Callable[[T], Decimal | None]) -> list[tuple[T, int | None, bool]]:
    """Rows with rank and whether it is shared: the most first, equal ones share a rank and the next is skipped, None stands behind without one."""
    found = sorted(((row, key(row)) for row in rows), key=lambda pair: (pair[1] is None, -(pair[1] or 0)))
    numbers = [number for _, number in found]
    return [
        (row, None, False) if number is None else (row, numbers.index(number) + 1, numbers.count(number) > 1)
        for row, number in found
    ]


def results(found: EvaluationRound) -> dict[str, list[Result]]:
    """Kind -> its admitted nominations in order. Nothing before the lock: until then nobody sees a score. Four queries for any number."""
    if found.locked_at is None:
        return {}
    on = clock.local_date(found.locked_at)
    least, trim = int(value("evaluations.min_reviewers", on=on)), int(value("evaluations.trim_from", on=on))
    kinds: defaultdict[str, list[Result]] = defaultdict(list)
    nominations = found.nominations.admitted().select_related("unit", "award", "submitted_by")
    reviews = _reviews(found)
    for nomination in nominations.prefetch_related("authors__user"):
        scored = trimmed(reviews[nomination.pk], trim)
        counted = [each.total for each in scored if each.counts]
        average = (sum(counted, Decimal()) / len(counted)).quantize(CENT, ROUND_HALF_UP) if counted else None
        kinds[nomination.kind].append(Result(nomination, scored, average, few=len(scored) < least))
    return {
        kind: [
            Result(row.nomination, row.scored, row.average, row.few, rank, tied)
            for row, rank, tied in ranked(rows, lambda result: result.average)
        ]
        for kind, rows in kinds.items()
    }


def _reviews(found: EvaluationRound) -> defaultdict[object, list[Review]]:
    rows = (
        Review.objects.filter(nomination__round=found, submitted_at__isnull=False)
        .select_related("reviewer__user")
        .prefetch_related("scores__criterion")
        .order_by("reviewer__user__pinyin_key", "id")
    )
    by: defaultdict[object, list[Review]] = defaultdict(list)
    for row in rows:
        by[row.nomination_id].append(row)
    return by


def trimmed(reviews: Sequence[Review], trim: int) -> list[Scored]:
    """The totals of a nomination; from `trim` reviewers on, one highest and one lowest do not count."""
    totals = [(review, review_total(review)) for review in reviews]
    left_out = set()
    if len(totals) >= trim:
        order = sorted(range(len(totals)), key=lambda at: totals[at][1])
        left_out = {order[0], order[-1]}
    return [Scored(review, total, at not in left_out) for at, (review, total) in enumerate(totals)]


def review_total(review: Review) -> Decimal:
    """A review's points by the weights of the criteria, out of 100."""
    total = sum(
        (score.points * score.criterion.weight / score.criterion.most for score in review.scores.all()), Decimal()
    )
    return total.quantize(CENT, ROUND_HALF_UP)
