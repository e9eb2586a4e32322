"""Substitutes (AB 岗): who may name one, when it is refused, what the substitute then reaches, and that it ends by itself."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.locks import until_somebody_waits_for_a_lock
from tests.people import client_for, scope_of
from tests.queries import queries_of
from tests.visits.builders import THURSDAY, TODAY, form_data
from unionportal.core.accounts.models import Substitution
from unionportal.core.accounts.selectors import is_posted
from unionportal.core.accounts.services import substitution_create, substitution_end
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.notify.models import Notification
from visits.models import Visit

NEW = "/postings/substitutions/new/"
MONDAY, FRIDAY = date(2024, 9, 16), date(2024, 9, 20)


@pytest.fixture(autouse=True)
def thursday():
    with clock.at(THURSDAY):
        yield


@pytest.fixture
def pair(district):
    """陈本岗 in 稽山街道 and 王代岗 without a posting."""
    return district.cadre(name="陈本岗"), district.cadre([], name="王代岗")


def typed(substitute, cadre=None, **facts) -> dict[str, str]:
    data = {"substitute": substitute.username, "start_on": "2024-09-16", "end_on": "2024-09-20", "reason": "leave"}
    return data | ({"cadre": cadre.username} if cadre else {}) | facts


def stand_in(cadre, substitute, start_on=MONDAY, end_on=FRIDAY) -> Substitution:
    return substitution_create(
        cadre=cadre, substitute=substitute, start_on=start_on, end_on=end_on, reason="leave", actor=scope_of(cadre)
    )


def at(day: date):
    return clock.at(THURSDAY.replace(month=day.month, day=day.day))


def test_a_cadre_names_a_substitute_who_reaches_the_postings_from_the_first_to_the_last_day(district, pair):
    cadre, substitute = pair
    answer = client_for(cadre).post(NEW, typed(substitute))
    assert (answer.status_code, answer.url) == (302, "/postings/substitutions/")
    township = district.township().pk
    days = {MONDAY - timedelta(days=1): False, MONDAY: True, FRIDAY: True, FRIDAY + timedelta(days=1): False}
    for day, reached in days.items():
        assert scope_of(substitute, on=day).posted_township_ids == ({township} if reached else set())
        assert is_posted(cadre_id=substitute.pk, on=day, township_id=township) is reached
        assert scope_of(cadre, on=day).posted_township_ids == {township}
    entry = AuditEntry.objects.get(action="substitution.create")
    assert (entry.actor_id, entry.data["substitute"]) == (cadre.pk, substitute.pk)


def test_staff_name_one_for_anybody_and_both_are_told_without_names(district, pair):
    cadre, substitute = pair
    assert client_for(district.staff()).post(NEW, typed(substitute, cadre)).status_code == 302
    told = dict(Notification.objects.values_list("user_id", "text"))
    assert told == {
        substitute.pk: "9月16日至9月20日由您代岗：稽山街道",
        cadre.pk: "9月16日至9月20日已为您安排代岗：稽山街道",
    }


def test_a_cadre_names_nobody_else_s_substitute(district, pair):
    cadre, substitute = pair
    other = district.cadre(name="李旁人")
    answer = client_for(other).post(NEW, typed(substitute, cadre))  # whoever is typed: it is the own one
    assert answer.status_code == 302
    assert Substitution.objects.get().cadre == other


@pytest.mark.parametrize("role", ["leader", "township_clerk", "handler"])
def test_nobody_else_names_one(district, pair, role):
    assert client_for(getattr(district, role)()).post(NEW, typed(pair[1], pair[0])).status_code == 403
    assert not Substitution.objects.exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"substitute": ""}, "substitute", "请填写"),
        ({"substitute": "self"}, "substitute", "不能是本人"),
        ({"start_on": "2024-09-11"}, "start_on", "不能早于今天"),
        ({"end_on": "2024-09-15"}, "end_on", "不能早于开始日期"),
        ({"end_on": ""}, "end_on", "请填写"),
        ({"reason": "moon"}, "reason", "选"),
    ],
)
def test_a_substitution_that_cannot_be(pair, change, field, words):
    cadre, substitute = pair
    if change.get("substitute") == "self":
        change = {"substitute": cadre.username}
    answer = client_for(cadre).post(NEW, typed(substitute) | change)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert not Substitution.objects.exists()


def test_one_substitute_at_a_time(district, pair):
    cadre, substitute = pair
    stand_in(cadre, substitute)
    answer = client_for(cadre).post(NEW, typed(district.cadre([]), start_on="2024-09-20", end_on="2024-09-25"))
    assert "已由王代岗代岗" in answer.context["form"].errors["start_on"][0]
    assert client_for(cadre).post(NEW, typed(substitute, start_on="2024-09-21", end_on="2024-09-25")).status_code == 302


def test_no_chains(district, pair):
    cadre, substitute = pair
    third = district.cadre(name="李第三")
    stand_in(cadre, third)
    answer = client_for(third).post(NEW, typed(substitute))
    assert "正代陈本岗的岗" in str(answer.context["form"].errors)
    answer = client_for(district.cadre()).post(NEW, typed(cadre))
    assert "自己有人代岗" in answer.context["form"].errors["substitute"][0]
    assert Substitution.objects.count() == 1


def test_who_answers_for_nothing_needs_no_substitute(district, pair):
    answer = client_for(pair[1]).post(NEW, typed(pair[0]))
    assert "没有驻联分工" in str(answer.context["form"].errors)


def test_the_database_holds_it_too(pair):
    cadre, substitute = pair
    row = {"start_on": MONDAY, "end_on": FRIDAY, "reason": "leave"}
    with pytest.raises(IntegrityError, match="substitution_not_oneself"), transaction.atomic():
        Substitution.objects.create(cadre=cadre, substitute=cadre, **row)
    with pytest.raises(IntegrityError, match="substitution_ends_after_start"), transaction.atomic():
        Substitution.objects.create(cadre=cadre, substitute=substitute, **row | {"end_on": TODAY})


def test_the_substitute_logs_the_visit_and_is_who_made_it(district, pair):
    cadre, substitute = pair
    stand_in(cadre, substitute)
    enterprise = district.enterprise(1)
    client = client_for(substitute)
    assert client.post("/visits/new/", form_data(enterprise)).status_code == 422  # not yet
    with at(MONDAY):
        assert client.post("/visits/new/", form_data(enterprise, visited_on="2024-09-16")).status_code == 302
    visit = Visit.objects.get()
    assert visit.cadre == substitute
    with at(FRIDAY + timedelta(days=1)):
        answer = client.post("/visits/new/", form_data(enterprise, visited_on="2024-09-21"))
        assert answer.status_code == 422
        assert client.get(f"/visits/{visit.pk}/").status_code == 200  # theirs for good


def test_the_substitute_is_told_of_an_answer_and_follows_it_up(district, pair):
    cadre, substitute = pair
    stand_in(cadre, substitute)
    staff, handler = district.staff(), district.handler()
    issue = issue_register(
        uuid=uuid4(),
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=district.township(),
        received_on=TODAY,
        actor=scope_of(staff),
    )

    def move(action, user, **data) -> Issue:
        now = Issue.objects.get(pk=issue.pk)
        return issue_move(code=now.code, action=action, version=now.version, actor=scope_of(user), **data)

    move("assign", staff, unit=district.department)
    client = client_for(substitute)
    assert client.get(f"/issues/{issue.code}/").status_code == 404
    with at(MONDAY):
        move("accept", handler)
        move("report", handler, note="已返还。")
        assert Notification.objects.filter(user=substitute, url__contains=issue.code).exists()
        assert client.get(f"/issues/{issue.code}/").status_code == 200
        move("follow_up", substitute, satisfaction="satisfied")
    assert issue.events.get(action="follow_up").actor_id == substitute.pk
    with at(FRIDAY + timedelta(days=1)):
        assert client.get(f"/issues/{issue.code}/").status_code == 404


def test_back_early(district, pair):
    cadre, substitute = pair
    row = stand_in(cadre, substitute)
    client = client_for(cadre)
    with at(date(2024, 9, 18)):
        assert client.get(f"/postings/substitutions/{row.pk}/end/").status_code == 200
        assert client.post(f"/postings/substitutions/{row.pk}/end/").status_code == 302
        assert client.post(f"/postings/substitutions/{row.pk}/end/").status_code == 409
    row.refresh_from_db()
    assert row.end_on == date(2024, 9, 18)
    assert scope_of(substitute, on=date(2024, 9, 19)).posted_township_ids == set()


def test_one_that_has_not_begun_is_taken_away(pair):
    cadre, substitute = pair
    row = stand_in(cadre, substitute)
    assert client_for(cadre).post(f"/postings/substitutions/{row.pk}/end/").status_code == 302
    assert not Substitution.objects.exists()
    assert AuditEntry.objects.filter(action="substitution.withdraw").exists()


def test_only_the_cadre_and_staff_end_it(district, pair):
    cadre, substitute = pair
    url = f"/postings/substitutions/{stand_in(cadre, substitute).pk}/end/"
    assert client_for(substitute).post(url).status_code == 403
    assert client_for(district.leader()).post(url).status_code == 403
    assert client_for(district.cadre()).post(url).status_code == 404
    assert client_for(district.staff()).post(url).status_code == 302


def test_everybody_sees_those_of_their_scope(district, pair):
    cadre, substitute = pair
    row = stand_in(cadre, substitute)
    away = district.township("330602108")

    def seen(user) -> list[int]:
        return [item.pk for item in client_for(user).get("/postings/substitutions/").context["page"].items]

    for user in (cadre, substitute, district.leader(), district.sysadmin(), district.township_clerk()):
        assert seen(user) == [row.pk]
    assert seen(district.cadre([away])) == seen(district.township_clerk(away)) == []


def test_the_postings_page_names_the_substitute_and_shows_the_posting_to_them(district, pair):
    cadre, substitute = pair
    stand_in(cadre, substitute)
    client = client_for(substitute)
    assert client.get("/postings/").context["page"].items == []
    with at(MONDAY):
        page = client.get("/postings/")
        assert [posting.cadre for posting in page.context["page"].items] == [cadre]
        assert "王代岗代岗至9月20日" in page.content.decode()


def test_the_list_costs_the_same_at_one_and_at_twenty(district):
    client = client_for(district.staff())
    stand_in(district.cadre(), district.cadre([]))
    few = queries_of(client, "/postings/substitutions/")
    for _ in range(19):
        stand_in(district.cadre(), district.cadre([]))
    assert queries_of(client, "/postings/substitutions/") == few


def test_two_who_name_each_other_at_the_same_moment(committed_db, district):
    """A for B and B for A over the same days would be a chain: one wins, the other waits and is told."""
    one, other = district.cadre(), district.cadre()
    refused: list[dict[str, str]] = []

    def compete() -> None:
        try:
            with at(TODAY):
                stand_in(other, one)
        except FieldErrors as error:
            refused.append(error.fields)
        finally:
            connection.close()

    rival = threading.Thread(target=compete)
    with transaction.atomic():
        stand_in(one, other)
        rival.start()
        until_somebody_waits_for_a_lock()
    rival.join(timeout=30)
    assert len(refused) == 1
    assert Substitution.objects.count() == 1


def test_on_its_last_day_there_is_nothing_to_end(district, pair):
    row = stand_in(*pair)
    with at(FRIDAY), pytest.raises(Conflict, match="不再更改"):
        substitution_end(substitution=row, actor=scope_of(district.staff()))
