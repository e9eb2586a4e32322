"""The phases of a year's evaluation: who moves it on, what bars a move, what can be changed when."""

import pytest

from tests.evaluations.cast import Year
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, StaleVersion
from visits.evaluation_workflow import FIRST_WEIGHTS, MOVES
from visits.models import EvaluationRound
from visits.services.evaluation_rules import CriterionInput, criteria_set, weights_set
from visits.services.evaluations import evaluation_create, evaluation_dates

pytestmark = pytest.mark.django_db


def test_a_year_begins_with_the_usual_weights_and_criteria(year: Year) -> None:
    for subject in ("cadre", "township"):
        found = dict(year.round.weights.filter(subject=subject).values_list("indicator", "weight"))
        assert found == FIRST_WEIGHTS
        assert sum(found.values()) == 100
    for kind in ("research", "proposal"):
        assert sum(year.round.criteria.filter(kind=kind).values_list("weight", flat=True)) == 100


def test_the_next_year_begins_with_the_weights_of_this(year: Year) -> None:
    weights = {**FIRST_WEIGHTS, "quota": 10, "outcome": 20}
    weights_set(round_id=year.round.pk, version=None, subject="cadre", weights=weights, actor=year.scope("staff"))
    days = {
        name: getattr(year.round, name) for name in ("nominate_from", "nominate_until", "review_until", "publish_on")
    }
    EvaluationRound.objects.filter(pk=year.round.pk).update(year=2022)
    found = evaluation_create(year=2024, actor=year.scope("staff"), **days)
    assert dict(found.weights.filter(subject="cadre").values_list("indicator", "weight")) == weights


def test_a_year_is_evaluated_once_and_never_ahead(year: Year) -> None:
    days = {
        name: getattr(year.round, name) for name in ("nominate_from", "nominate_until", "review_until", "publish_on")
    }
    for number in (2024, 2025):
        with pytest.raises(FieldErrors) as refused:
            evaluation_create(year=number, actor=year.scope("staff"), **days)
        assert "year" in refused.value.fields


def test_days_stand_in_order(year: Year) -> None:
    days = {name: getattr(year.round, name) for name in ("nominate_from", "nominate_until", "review_until")}
    with pytest.raises(FieldErrors) as refused:
        evaluation_dates(
            round_id=year.round.pk,
            version=year.round.version,
            publish_on=days["nominate_from"],
            actor=year.scope("staff"),
            **days,
        )
    assert "不能早于评审截止" in refused.value.fields["publish_on"]


def test_weights_are_a_hundred_together_and_the_trail_keeps_the_old_ones(year: Year) -> None:
    def change(**weights: int) -> None:
        weights_set(
            round_id=year.round.pk,
            version=None,
            subject="cadre",
            weights={**FIRST_WEIGHTS, **weights},
            actor=year.scope("staff"),
        )

    with pytest.raises(FieldErrors) as refused:
        change(quota=25)
    assert refused.value.fields == {"outcome": "权重合计应为 100，现在是 105。"}
    with pytest.raises(FieldErrors) as refused:
        change(quota=-5, coverage=40)
    assert "quota" in refused.value.fields
    change(quota=25, coverage=10)
    assert AuditEntry.objects.get(action="evaluation.weights").data["weights"] == {
        "quota": "20→25",
        "coverage": "15→10",
    }


def test_weights_stand_still_once_nominations_begin(year: Year) -> None:
    year.move("open")
    with pytest.raises(InvalidTransition, match="准备阶段"):
        weights_set(
            round_id=year.round.pk, version=None, subject="cadre", weights=FIRST_WEIGHTS, actor=year.scope("staff")
        )


def test_criteria_are_a_hundred_together_and_stand_still_once_reviewing_begins(year: Year) -> None:
    def change(*criteria: CriterionInput) -> None:
        criteria_set(
            round_id=year.round.pk, version=None, kind="research", criteria=criteria, actor=year.scope("staff")
        )

    with pytest.raises(FieldErrors) as refused:
        change(CriterionInput("选题", 50, 10), CriterionInput("深度", 60, 10))
    assert refused.value.fields == {"weight_1": "权重合计应为 100，现在是 110。"}
    with pytest.raises(FieldErrors):
        change(CriterionInput("选题", 50, 10), CriterionInput("选题", 50, 10))
    change(CriterionInput("选题", 40, 10), CriterionInput("深度", 60, 20))
    assert list(year.round.criteria.filter(kind="research").values_list("name", "most")) == [("选题", 10), ("深度", 20)]
    year.under_review()
    with pytest.raises(InvalidTransition, match="评审标准不能再改"):
        change(CriterionInput("选题", 100, 10))


def test_every_move_from_another_phase_is_refused(year: Year) -> None:
    for move in MOVES[1:]:
        with pytest.raises(InvalidTransition, match="准备"):
            year.move(move.name)
    year.move("open")
    with pytest.raises(InvalidTransition):
        year.move("open")


@pytest.mark.parametrize("who", ["cadre", "clerk", "review1", "auditor", "sysadmin", "leader"])
def test_only_staff_move_it_on(year: Year, who: str) -> None:
    with pytest.raises(Forbidden):
        year.move("open", who)


def test_a_leader_publishes_and_a_cadre_does_not(year: Year) -> None:
    (paper,) = year.under_review()
    year.scored(paper, 9, 9, 9)
    year.move("lock")
    with pytest.raises(Forbidden):
        year.move("publish", "cadre")
    with pytest.raises(InvalidTransition, match="等次"):
        year.move("publish", "leader")


def test_reviewing_waits_for_every_nomination_and_enough_reviewers(year: Year) -> None:
    year.move("open")
    paper = year.nominate()
    with pytest.raises(InvalidTransition, match="还有 1 件提名没有受理"):
        year.move("review")
    year.admit(paper)
    with pytest.raises(InvalidTransition, match="评审人至少 3 名"):
        year.move("review")


def test_a_lock_knows_what_is_missing(year: Year) -> None:
    (paper,) = year.under_review()
    year.score(paper, "review1", 8)
    with pytest.raises(FieldErrors) as refused:
        year.move("lock")
    assert "还有 2 份评分没有提交" in refused.value.fields["without_missing"]
    assert year.move("lock", without_missing=True).is_settled


def test_two_who_move_at_once_do_not_both(year: Year) -> None:
    from unionportal.reporting.evaluations.working import kept_figures
    from visits.services.evaluations import evaluation_move

    before = year.round.version
    year.move("open")
    with pytest.raises(StaleVersion):
        evaluation_move(
            round_id=year.round.pk, move="review", version=before, actor=year.scope("staff"), figures=kept_figures
        )
