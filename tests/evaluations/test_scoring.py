"""Scores: blind, by criteria, without conflicts of interest, locked. The lock holds in the database, too."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from tests.evaluations.cast import Year
from tests.people import scope_of
from tests.visits.builders import THURSDAY
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from visits.evaluation_results import results
from visits.models import Recusal, Review, Reviewer, Score
from visits.services.awards import award_revoke, award_set
from visits.services.recusals import recusal_declare, recusal_order, reviewer_add, reviewer_remove
from visits.services.scoring import review_save

pytestmark = pytest.mark.django_db


def refused_by_the_database(sql: str, *params: object) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return str(refused.value)


def test_a_score_after_the_lock_is_refused_by_the_service_and_by_the_database(year: Year) -> None:
    (paper,) = year.under_review()
    year.scored(paper, 8, 9, 7)
    review = Review.objects.get(reviewer__user=year.people["review1"])
    year.move("lock")
    with pytest.raises(InvalidTransition, match="评分已经锁定，不能再改"):
        year.score(paper, "review1", 10)
    assert "locked" in refused_by_the_database("UPDATE visits_score SET points = 10 WHERE review_id = %s", review.pk)
    refused_by_the_database("DELETE FROM visits_score WHERE review_id = %s", review.pk)
    refused_by_the_database("UPDATE visits_review SET comment = 'x' WHERE id = %s", review.pk)
    criterion = year.round.criteria.filter(kind="proposal").first()
    assert criterion is not None
    refused_by_the_database(
        "INSERT INTO visits_score (review_id, criterion_id, points) VALUES (%s, %s, 1)", review.pk, criterion.pk
    )
    assert set(Score.objects.filter(review=review).values_list("points", flat=True)) == {Decimal("8.0")}


def test_points_stay_within_the_criterion(year: Year) -> None:
    (paper,) = year.under_review()
    for wrong in (11, -1, "8.55"):
        with pytest.raises(FieldErrors) as refused:
            year.score(paper, "review1", wrong)
        assert all("0 到 10 分" in words for words in refused.value.fields.values())
    year.score(paper, "review1", 8)
    assert "beyond" in refused_by_the_database("UPDATE visits_score SET points = 10.5")


def test_a_draft_may_have_gaps_but_what_is_handed_in_may_not(year: Year) -> None:
    (paper,) = year.under_review()
    some = {pk: number if at else None for at, (pk, number) in enumerate(year.points(paper, 8).items())}

    def save(**given: object) -> Review:
        return review_save(
            round_id=year.round.pk, number=paper.number, points=some, actor=year.scope("review1"), **given
        )

    review = save()
    assert review.submitted_at is None
    with pytest.raises(FieldErrors, match="检查"):
        save(submit=True)
    with pytest.raises(StaleVersion):
        save(version=7)
    assert results(year.round) == {}, "nothing is known before the lock"


def test_nobody_scores_before_reviewing_or_after_its_last_day(year: Year) -> None:
    year.move("open")
    paper = year.nominate()
    year.admit(paper)
    year.name_reviewers()
    with pytest.raises(InvalidTransition, match="提名"):
        year.score(paper, "review1", 8)
    year.move("review")
    with clock.at(THURSDAY.replace(month=10, day=16)), pytest.raises(InvalidTransition, match="截止"):
        year.score(paper, "review1", 8)


@pytest.mark.parametrize("who", ["cadre", "clerk", "leader", "staff", "auditor", "sysadmin"])
def test_only_reviewers_of_the_round_score(year: Year, who: str) -> None:
    (paper,) = year.under_review()
    with pytest.raises((NotFound, Forbidden)):
        year.score(paper, who, 8)


def test_own_nominations_and_those_of_the_own_township_are_kept_away(year: Year) -> None:
    colleague = year.district.cadre(name="冯同镇")  # posted to 稽山街道 as the author
    year.people["colleague"] = colleague
    year.move("open")
    mine, theirs = year.nominate("我的", who="other"), year.nominate("他们的", who="cadre")
    year.admit(mine, theirs)
    year.name_reviewers("review1", "other", "colleague", "clerk")
    year.move("review")
    with pytest.raises(Forbidden, match="利害关系"):
        year.score(mine, "other", 10)
    for who in ("colleague", "clerk"):
        with pytest.raises(Forbidden, match="利害关系"):
            year.score(theirs, who, 10)
        year.score(mine, who, 6)
    year.score(theirs, "other", 7)
    grounds = {(row.reviewer.user.display_name, row.ground) for row in Recusal.objects.select_related("reviewer__user")}
    assert grounds == {("赵富盛", "author"), ("冯同镇", "unit"), ("钱稽山", "unit")}
    row = Recusal.objects.get(ground="author")
    refused_by_the_database(
        "INSERT INTO visits_review (nomination_id, reviewer_id, comment, version) VALUES (%s, %s, '', 1)",
        row.nomination_id,
        row.reviewer_id,
    )


def test_a_posting_taken_up_since_is_a_conflict_as_well(year: Year) -> None:
    from unionportal.core.accounts.models import Posting

    year.people["colleague"] = year.district.cadre([year.fusheng], name="冯调来")
    year.move("open")
    paper = year.nominate()
    year.admit(paper)
    year.name_reviewers("review1", "review2", "colleague")
    year.move("review")
    year.score(paper, "colleague", 8, submit=False)
    Posting.objects.create(cadre=year.people["colleague"], township=year.jishan, start_on="2024-09-12")
    with pytest.raises(Forbidden, match="利害关系"):
        year.score(paper, "colleague", 9)


def test_a_reviewer_steps_back_and_staff_keep_one_away_with_a_reason(year: Year) -> None:
    (paper,) = year.under_review()
    year.score(paper, "review1", 10)
    with pytest.raises(FieldErrors):
        recusal_declare(round_id=year.round.pk, number=paper.number, reason=" ", actor=year.scope("review1"))
    recusal_declare(round_id=year.round.pk, number=paper.number, reason="认出了作者", actor=year.scope("review1"))
    assert Review.objects.count() == 0
    with pytest.raises(Forbidden):
        year.score(paper, "review1", 10)
    reviewer = Reviewer.objects.get(user=year.people["review2"])
    with pytest.raises(Forbidden):
        recusal_order(nomination_id=paper.pk, reviewer=reviewer, reason="亲属", actor=year.scope("leader"))
    recusal_order(nomination_id=paper.pk, reviewer=reviewer, reason="亲属", actor=year.scope("staff"))
    with pytest.raises(Conflict):
        recusal_order(nomination_id=paper.pk, reviewer=reviewer, reason="再来", actor=year.scope("staff"))
    year.score(paper, "review3", 6)
    year.move("lock")
    (line,) = results(year.round)["research"]
    assert (line.average, line.few, len(line.scored)) == (Decimal("60.00"), True, 1)


@pytest.mark.parametrize("who", ["staff", "auditor", "sysadmin"])
def test_staff_and_administrators_are_no_reviewers(year: Year, who: str) -> None:
    with pytest.raises(FieldErrors):
        reviewer_add(round_id=year.round.pk, user=year.people[who], actor=year.scope("staff"))


def test_a_reviewer_who_has_handed_in_stays(year: Year) -> None:
    (paper,) = year.under_review()
    year.score(paper, "review1", 8)
    year.score(paper, "review2", 8, submit=False)
    with pytest.raises(Conflict):
        reviewer_remove(reviewer_id=Reviewer.objects.get(user=year.people["review1"]).pk, actor=year.scope("staff"))
    reviewer_remove(reviewer_id=Reviewer.objects.get(user=year.people["review2"]).pk, actor=year.scope("staff"))
    assert Review.objects.count() == 1


def test_a_reviewer_named_late_is_checked_as_well(year: Year) -> None:
    (paper,) = year.under_review()
    late = year.district.cadre(name="冯晚到")
    reviewer_add(round_id=year.round.pk, user=late, actor=year.scope("staff"))
    with pytest.raises(Forbidden):
        review_save(round_id=year.round.pk, number=paper.number, points=year.points(paper, 9), actor=scope_of(late))
    assert Recusal.objects.get().ground == "unit"


def test_averages_are_ranked_and_ties_are_shown(year: Year) -> None:
    first, second, third, last = year.under_review("甲", "乙", "丙", "丁")
    for paper, numbers in ((first, (9, 9, 9)), (second, (8, 8, 8)), (third, (7, 8, 9)), (last, (5, 6, 7))):
        year.scored(paper, *numbers)
    year.move("lock")
    found = [(row.nomination.title, row.average, row.rank, row.tied) for row in results(year.round)["research"]]
    assert found == [
        ("甲", Decimal("90.00"), 1, False),
        ("乙", Decimal("80.00"), 2, True),
        ("丙", Decimal("80.00"), 2, True),
        ("丁", Decimal("60.00"), 4, False),
    ]


def test_from_five_scores_on_the_highest_and_the_lowest_do_not_count(year: Year) -> None:
    for name in ("review4", "review5"):
        year.people[name] = year.district.leader(name=f"领导{name[-1]}")
    year.move("open")
    paper = year.nominate()
    year.admit(paper)
    names = ("review1", "review2", "review3", "review4", "review5")
    year.name_reviewers(*names)
    year.move("review")
    for who, number in zip(names, (1, 6, 7, 8, 10), strict=True):
        year.score(paper, who, number)
    year.move("lock")
    (line,) = results(year.round)["research"]
    assert line.average == Decimal("70.00")
    assert [each.total for each in line.scored if not each.counts] == [Decimal("10.00"), Decimal("100.00")]


def test_awards_are_decided_after_the_lock_and_as_many_as_there_are(year: Year) -> None:
    first, second, third = year.under_review("甲", "乙", "丙")
    for paper, numbers in ((first, (9, 9, 9)), (second, (9, 9, 9)), (third, (7, 7, 7))):
        year.scored(paper, *numbers)
    with pytest.raises(InvalidTransition):
        award_set(nomination_id=first.pk, level=1, actor=year.scope("staff"))
    year.move("lock")
    with pytest.raises(Forbidden):
        award_set(nomination_id=first.pk, level=1, actor=year.scope("leader"))
    award_set(nomination_id=first.pk, level=1, actor=year.scope("staff"))
    with pytest.raises(FieldErrors) as refused:
        award_set(nomination_id=third.pk, level=1, actor=year.scope("staff"))
    assert "最多 1 名" in refused.value.fields["level"]
    award_set(nomination_id=second.pk, level=1, actor=year.scope("staff"))  # shares the rank
    award_set(nomination_id=third.pk, level=2, actor=year.scope("staff"))
    year.move("publish")
    assert sorted(year.round.nominations.values_list("award__number", flat=True)) == [1, 2, 3]
    with pytest.raises(InvalidTransition):
        award_set(nomination_id=third.pk, level=None, actor=year.scope("staff"))
    with pytest.raises(FieldErrors):
        award_revoke(nomination_id=first.pk, reason="", actor=year.scope("leader"))
    with pytest.raises(Forbidden):
        award_revoke(nomination_id=first.pk, reason="抄袭", actor=year.scope("cadre"))
    award_revoke(nomination_id=first.pk, reason="抄袭", actor=year.scope("leader"))
    with pytest.raises(InvalidTransition, match="已经撤销"):
        award_revoke(nomination_id=first.pk, reason="抄袭", actor=year.scope("leader"))
