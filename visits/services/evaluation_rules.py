"""What a year is judged by: weights of the indicators, criteria for nominations. Source: docs/domain.md, "Annual evaluation"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.evaluation_workflow import FIRST_CRITERIA, FIRST_WEIGHTS, KINDS, NOMINATING, PREPARING, SUBJECTS
from visits.models import Criterion, EvaluationRound, IndicatorWeight
from visits.models.evaluations import CRITERION_LENGTH
from visits.services.evaluation_lock import locked_round, require_phase, require_preparing, round_saved

CRITERIA_MOST = 8


@dataclass(frozen=True, slots=True)
class CriterionInput:
    """A criterion as it was typed."""

    name: str
    weight: int
    most: int


@transaction.atomic
def weights_set(
    *, round_id: int, version: int | None, subject: str, weights: Mapping[str, int], actor: Scope
) -> EvaluationRound:
    """Set the weights of cadres' or townships' indicators while the round is prepared; together they are 100. Old and new stand in the trail."""
    require(actor, "evaluation.manage")
    found = locked_round(round_id, actor, version=version)
    require_preparing(found)
    if subject not in SUBJECTS:
        raise NotFound
    problems = {name: "权重是 0 到 100 之间的整数。" for name, number in weights.items() if not 0 <= number <= 100}
    if set(weights) != set(FIRST_WEIGHTS):
        raise FieldErrors({}, "指标有增减，请刷新后再填。")
    total = sum(weights.values())
    if not problems and total != 100:
        problems = {list(weights)[-1]: f"权重合计应为 100，现在是 {total}。"}
    if problems:
        raise FieldErrors(problems)
    rows = {row.indicator: row for row in found.weights.filter(subject=subject)}
    changed = {name: f"{rows[name].weight}→{number}" for name, number in weights.items() if rows[name].weight != number}
    for name in changed:
        rows[name].weight = weights[name]
        rows[name].save(update_fields=["weight"])
    return round_saved(found, actor, "evaluation.weights", subject=subject, weights=changed)


@transaction.atomic
def criteria_set(
    *, round_id: int, version: int | None, kind: str, criteria: Sequence[CriterionInput], actor: Scope
) -> EvaluationRound:
    """Set what nominations of a kind are scored on, before reviewing begins; the weights are 100 together."""
    require(actor, "evaluation.manage")
    found = locked_round(round_id, actor, version=version)
    require_phase(found, PREPARING, NOMINATING, what="评审标准不能再改")
    if kind not in KINDS:
        raise NotFound
    _check_criteria(criteria)
    found.criteria.filter(kind=kind).delete()
    _add_criteria(found, kind, criteria)
    numbers = [f"{each.weight}/{each.most}" for each in criteria]
    return round_saved(found, actor, "evaluation.criteria", kind=kind, criteria=numbers)


def first_rules(found: EvaluationRound) -> None:
    """The weights and criteria a new round begins with: those of the round before, or the usual ones."""
    before = EvaluationRound.objects.filter(year__lt=found.year).order_by("-year").first()
    known = {(row.subject, row.indicator): row.weight for row in before.weights.all()} if before else {}
    IndicatorWeight.objects.bulk_create(
        IndicatorWeight(round=found, subject=subject, indicator=name, weight=known.get((subject, name), usual))
        for subject in SUBJECTS
        for name, usual in FIRST_WEIGHTS.items()
    )
    for kind in KINDS:
        rows = before.criteria.filter(kind=kind).values_list("name", "weight", "most") if before else ()
        _add_criteria(found, kind, [CriterionInput(*row) for row in rows or FIRST_CRITERIA[kind]])


def _check_criteria(criteria: Sequence[CriterionInput]) -> None:
    if not 1 <= len(criteria) <= CRITERIA_MOST:
        raise FieldErrors({}, f"评审标准要有 1 到 {CRITERIA_MOST} 条。")
    problems: dict[str, str] = {}
    for number, each in enumerate(criteria):
        if not each.name.strip() or len(each.name.strip()) > CRITERION_LENGTH:
            problems[f"name_{number}"] = f"请写标准的名称，最多 {CRITERION_LENGTH} 个字。"
        if not 1 <= each.weight <= 100:
            problems[f"weight_{number}"] = "权重是 1 到 100 之间的整数。"
        if not 1 <= each.most <= 100:
            problems[f"most_{number}"] = "满分是 1 到 100 之间的整数。"
    names = [each.name.strip() for each in criteria]
    if not problems and len(set(names)) < len(names):
        problems[f"name_{len(names) - 1}"] = "标准的名称不能相同。"
    total = sum(each.weight for each in criteria)
    if not problems and total != 100:
        problems[f"weight_{len(criteria) - 1}"] = f"权重合计应为 100，现在是 {total}。"
    if problems:
        raise FieldErrors(problems)


def _add_criteria(found: EvaluationRound, kind: str, criteria: Sequence[CriterionInput]) -> None:
    Criterion.objects.bulk_create(
        Criterion(round=found, kind=kind, position=position, name=each.name.strip(), weight=each.weight, most=each.most)
        for position, each in enumerate(criteria, start=1)
    )
