"""What the week plan suggests, in which order, and in which words."""

from datetime import date, timedelta

import pytest

from casework.models import Category, Issue
from tests.people import District, client_for
from tests.visits.builders import TODAY, logged
from tests.visits.test_plans import FRIDAY, MONDAY, NEXT_MONDAY, planned
from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Enterprise
from unionportal.core.params.plan_definitions import VISIT_KINDS
from unionportal.core.params.services import parameter_set
from visits.models import Visit
from visits.planning import Facts, Reason, reasons_for, rules_on, season_on, suggestions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

SUNDAY = date(2024, 9, 15)


def words_of(facts: Facts) -> list[str]:
    return [reason.words for reason in reasons_for(facts, rules_on(TODAY), today=TODAY, sunday=SUNDAY)]


def suggested(cadre: User, monday: date = MONDAY) -> list[Enterprise]:
    return [each.enterprise for each in suggestions(cadre.pk, monday, TODAY)]


def issue_at(enterprise: Enterprise, number: int, **facts: object) -> Issue:
    facts.setdefault("state", "registered")
    return Issue.objects.create(
        code=f"YC-2024-{number:06}",
        title="返还款未到账",
        category=Category.objects.get(code="dues_refund"),
        township=enterprise.township,
        enterprise=enterprise,
        received_on=TODAY,
        **facts,
    )


def answered(enterprise: Enterprise, number: int, due: date, district: District) -> Issue:
    """Answered by the department, waiting for its follow-up by a day."""
    return issue_at(
        enterprise,
        number,
        state="answered",
        holder=district.department,
        due_on=due,
        answered_on=TODAY,
        follow_up_due_on=due,
    )


def test_the_words_of_each_part() -> None:
    quiet = Facts(False, TODAY - timedelta(days=3), 0, None, True)
    assert words_of(quiet) == []
    assert words_of(Facts(True, TODAY - timedelta(days=42), 2, TODAY, False)) == [
        "已 42 天未走访",
        "重点企业",
        "2 件未办结",
        "回访今天到期",
        "高温季，送清凉",
    ]
    assert words_of(Facts(False, None, 0, SUNDAY, True)) == ["还没有走访过", "9月15日前回访"]
    assert words_of(Facts(False, quiet.last_visit_on, 0, date(2024, 9, 10), True)) == ["回访逾期 2 个工作日"]
    assert words_of(Facts(False, quiet.last_visit_on, 0, SUNDAY + timedelta(days=1), True)) == []


def test_the_points_are_parameters_from_their_day_on() -> None:
    facts = Facts(True, TODAY - timedelta(days=400), 3, None, True)
    today = reasons_for(facts, rules_on(TODAY), today=TODAY, sunday=SUNDAY)
    assert [reason.points for reason in today] == [12, 4, 6]
    for key, number in (("points_week", 2), ("weeks_most", 20), ("points_key", 7), ("points_issue", 0)):
        parameter_set(key=f"plan.{key}", value=number, effective_on=NEXT_MONDAY, actor=SYSTEM)
    assert reasons_for(facts, rules_on(TODAY), today=TODAY, sunday=SUNDAY) == today
    later = reasons_for(facts, rules_on(NEXT_MONDAY), today=TODAY, sunday=NEXT_MONDAY)
    assert later == (Reason("已 400 天未走访", 40), Reason("重点企业", 7), Reason("3 件未办结", 0))


@pytest.mark.parametrize(
    ("day", "words", "since"),
    [
        (date(2024, 5, 31), None, None),
        (date(2024, 6, 1), "高温季，送清凉", date(2024, 6, 1)),
        (date(2024, 9, 30), "高温季，送清凉", date(2024, 6, 1)),
        (date(2024, 12, 1), "岁末寒冬，送温暖", date(2024, 12, 1)),
        (date(2025, 2, 28), "岁末寒冬，送温暖", date(2024, 12, 1)),
        (date(2025, 3, 1), None, None),
    ],
)
def test_the_seasons(day: date, words: str | None, since: date | None) -> None:
    season = season_on(day)
    assert (season and season.words, season and season.since) == (words, since)


def test_months_and_kinds_of_a_season_are_parameters(district: District) -> None:
    parameter_set(key="plan.heat_until", value="8", effective_on=TODAY, actor=SYSTEM)
    assert season_on(TODAY) is None
    parameter_set(key="plan.heat_until", value="9", effective_on=TODAY, actor=SYSTEM)
    parameter_set(key="plan.heat_kind", value="专项排查", effective_on=TODAY, actor=SYSTEM)
    found = season_on(TODAY)
    assert found is not None
    assert found.kind == "inspection"
    assert set(VISIT_KINDS) == set(Visit.Kind.labels)


def test_the_word_of_a_parameter_is_chosen_from_a_list(district: District) -> None:
    page = client_for(district.sysadmin()).get("/parameters/plan.heat_kind/").content.decode()
    assert '<option value="专项排查">' in page
    answer = client_for(district.sysadmin()).post(
        "/parameters/plan.heat_kind/set/", {"value": "喝茶", "effective_on": TODAY.isoformat()}
    )
    assert answer.status_code == 422


def test_the_order_and_the_kind_follow_from_the_reasons(district: District) -> None:
    cadre = district.cadre()
    due, open_twice, never, fresh = (district.enterprise(n) for n in (1, 2, 3, 4))
    for enterprise in (due, open_twice, fresh):
        logged(cadre, enterprise, TODAY - timedelta(days=10), kind="condolence")
    answered(due, 1, FRIDAY, district)
    issue_at(open_twice, 2)
    issue_at(open_twice, 3)
    found = suggestions(cadre.pk, MONDAY, TODAY)
    assert [each.enterprise for each in found] == [never, due, open_twice, fresh]
    assert [each.score for each in found] == [14, 13, 5, 1]
    assert [each.kind for each in found] == ["condolence", "follow_up", "routine", "routine"]
    assert found[1].words == "已 10 天未走访 · 1 件未办结 · 9月13日前回访"


def test_what_is_planned_or_visited_this_week_is_not_suggested(district: District) -> None:
    cadre, colleague = district.cadre(), district.cadre()
    for number in (1, 2, 3):
        district.enterprise(number)
    planned(cadre, district.enterprise(1))
    logged(cadre, district.enterprise(2), MONDAY)
    assert suggested(cadre) == [district.enterprise(3)]
    assert district.enterprise(1) in suggested(colleague)
    assert district.enterprise(1) in suggested(cadre, NEXT_MONDAY)
    assert suggested(cadre, MONDAY - timedelta(days=7)) == []


def test_only_the_postings_of_that_week_stand_ins_included(district: District) -> None:
    away = district.enterprise(2, township=district.township("330602108"))
    gone = district.enterprise(3, is_active=False)
    cadre, absent = district.cadre(), district.cadre([], [away])
    assert suggested(cadre) == [] != [gone]
    district.enterprise(1)
    assert suggested(cadre) == [district.enterprise(1)]
    Substitution.objects.create(
        cadre=absent,
        substitute=cadre,
        start_on=NEXT_MONDAY,
        end_on=NEXT_MONDAY + timedelta(days=2),
        reason=Substitution.Reason.LEAVE,
    )
    assert suggested(cadre) == [district.enterprise(1)]
    assert set(suggested(cadre, NEXT_MONDAY)) == {district.enterprise(1), away}
    Posting.objects.filter(cadre=absent).update(end_on=TODAY)  # theirs no longer when the stand-in begins
    assert suggested(cadre, NEXT_MONDAY) == [district.enterprise(1)]


def test_no_more_than_the_parameter_says(district: District) -> None:
    cadre = district.cadre()
    for number in range(1, 6):
        district.enterprise(number)
    parameter_set(key="plan.suggestions", value="3", effective_on=TODAY, actor=SYSTEM)
    assert len(suggested(cadre)) == 3
