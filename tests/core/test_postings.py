"""Postings (分片包干): who answers for what and when; overlaps, hand-over, history."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from tests.locks import until_somebody_waits_for_a_lock
from tests.people import POSTED_SINCE, client_for, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import is_posted, posted_scope
from unionportal.core.accounts.services import posting_create, posting_end, posting_hand_over
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden
from unionportal.core.common.scope import Role

START = date(2024, 1, 1)


@pytest.fixture
def staff_scope(district):
    return scope_of(district.staff())


def test_a_posting_is_in_force_from_its_first_to_its_last_day(district, staff_scope):
    cadre, township = district.cadre([]), district.township()
    posting_create(cadre=cadre, township=township, start_on=START, end_on=date(2024, 6, 30), actor=staff_scope)
    days = {START - timedelta(days=1): False, START: True, date(2024, 6, 30): True, date(2024, 7, 1): False}
    for day, posted in days.items():
        assert is_posted(cadre_id=cadre.pk, on=day, township_id=township.pk) is posted
        assert scope_of(cadre, on=day).posted_township_ids == ({township.pk} if posted else set())


def test_a_township_reaches_its_enterprises_and_an_enterprise_only_itself(district):
    own, other = district.enterprise(1), district.enterprise(2, township=district.township("330602108"))
    cadre = district.cadre([district.township()], [other])
    today = clock.today()
    assert posted_scope(cadre.pk, today) == ({district.township().pk}, {other.pk})
    assert is_posted(cadre_id=cadre.pk, on=today, enterprise_id=own.pk)
    assert is_posted(cadre_id=cadre.pk, on=today, enterprise_id=other.pk)
    assert not is_posted(cadre_id=cadre.pk, on=today, township_id=district.township("330602108").pk)
    stranger = district.enterprise(3, township=district.township("330602108"))
    assert not is_posted(cadre_id=cadre.pk, on=today, enterprise_id=stranger.pk)


def test_an_overlap_on_an_enterprise_names_who_holds_it(district, staff_scope):
    enterprise = district.enterprise(1)
    holder, other = district.cadre([], [], name="钱在先（演示）"), district.cadre([])
    posting_create(cadre=holder, enterprise=enterprise, start_on=START, end_on=date(2024, 6, 30), actor=staff_scope)
    with pytest.raises(FieldErrors) as refused:
        posting_create(cadre=other, enterprise=enterprise, start_on=date(2024, 6, 30), actor=staff_scope)
    message = refused.value.fields["enterprise"]
    assert "2024年1月1日到2024年6月30日已由钱在先（演示）负责" in message
    assert enterprise.name in message
    posting_create(cadre=other, enterprise=enterprise, start_on=date(2024, 7, 1), actor=staff_scope)
    assert Posting.objects.filter(enterprise=enterprise).count() == 2


def test_two_cadres_may_share_a_township_but_one_not_twice(district, staff_scope):
    cadre = district.cadre()
    posting_create(cadre=district.cadre([]), township=district.township(), start_on=START, actor=staff_scope)
    with pytest.raises(FieldErrors) as refused:
        posting_create(cadre=cadre, township=district.township(), start_on=START, actor=staff_scope)
    assert f"已由{cadre.display_name}负责" in refused.value.fields["township"]


def test_the_form_shows_an_overlap_at_the_enterprise_and_keeps_what_was_typed(district):
    enterprise = district.enterprise(1)
    district.cadre([], [enterprise], name="钱在先（演示）")
    other = district.cadre([])
    typed = {
        "cadre": other.username,
        "township": "",
        "enterprise": enterprise.pk,
        "start_on": "2024-05-01",
        "end_on": "",
    }
    answer = client_for(district.staff()).post("/postings/new/", typed)
    assert answer.status_code == 422
    assert "钱在先（演示）" in answer.context["form"].errors["enterprise"][0]
    page = answer.content.decode()
    assert enterprise.name in page
    assert 'value="2024-05-01"' in page


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"cadre": ""}, "cadre", "请填写"),
        ({"cadre": "staff"}, "cadre", "驻联干部"),
        ({"township": ""}, "township", "请选择镇街或企业"),
        ({"start_on": ""}, "start_on", "请填写"),
        ({"start_on": "昨天"}, "start_on", "日期"),
        ({"end_on": "2023-12-31"}, "end_on", "不能早于开始日期"),
    ],
)
def test_a_posting_that_cannot_be_made(district, change, field, words):
    cadre = district.cadre([])
    typed = {"cadre": cadre.username, "township": "330602006", "start_on": "2024-01-01", "end_on": ""} | change
    answer = client_for(district.staff()).post("/postings/new/", typed)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert not Posting.objects.exists()


def test_a_township_and_an_enterprise_at_once_is_refused(district):
    typed = {
        "cadre": district.cadre([]).username,
        "township": "330602006",
        "enterprise": district.enterprise(1).pk,
        "start_on": "2024-01-01",
    }
    answer = client_for(district.staff()).post("/postings/new/", typed)
    assert "只选一项" in answer.context["form"].errors["township"][0]


def test_only_active_cadres_are_posted(district, staff_scope):
    for person, words in ((district.staff(), "没有“驻联干部”角色"), (district.cadre([], is_active=False), "已停用")):
        with pytest.raises(FieldErrors) as refused:
            posting_create(cadre=person, township=district.township(), start_on=START, actor=staff_scope)
        assert words in refused.value.fields["cadre"]


def test_a_hand_over_passes_on_from_a_day_and_keeps_history(district):
    leaving, successor = district.cadre(name="陈离任（演示）"), district.cadre([], name="孙接任（演示）")
    posting = Posting.objects.get(cadre=leaving)
    staff = district.staff()
    with clock.at(clock.now().replace(year=2024, month=8, day=20)):
        answer = client_for(staff).post(
            f"/postings/{posting.pk}/hand-over/", {"successor": successor.username, "on": "2024-09-01"}
        )
    assert answer.status_code == 302
    township = district.township().pk
    for day, who in ((date(2024, 8, 31), leaving), (date(2024, 9, 1), successor)):
        for person in (leaving, successor):
            assert is_posted(cadre_id=person.pk, on=day, township_id=township) is (person is who)
    posting.refresh_from_db()
    assert (posting.start_on, posting.end_on) == (POSTED_SINCE, date(2024, 8, 31))
    assert AuditEntry.objects.get(action="posting.hand_over").actor_id == staff.pk


def test_a_hand_over_keeps_the_agreed_end(district, staff_scope):
    township, until = district.township(), clock.today() + timedelta(days=90)
    posting = posting_create(
        cadre=district.cadre([]), township=township, start_on=START, end_on=until, actor=staff_scope
    )
    following = posting_hand_over(posting=posting, successor=district.cadre([]), on=clock.today(), actor=staff_scope)
    assert following.end_on == until


def test_hand_overs_that_make_no_sense(district, staff_scope):
    cadre = district.cadre()
    posting = Posting.objects.get(cadre=cadre)
    today = clock.today()
    for successor, on, field in (
        (cadre, today, "successor"),
        (district.staff(), today, "successor"),
        (district.cadre(), today, "successor"),  # answers for the township already
        (district.cadre([]), POSTED_SINCE, "on"),
    ):
        with pytest.raises(FieldErrors) as refused:
            posting_hand_over(posting=posting, successor=successor, on=on, actor=staff_scope)
        assert field in refused.value.fields
    posting.refresh_from_db()
    assert posting.end_on is None


def test_an_ended_posting_is_history(district, staff_scope):
    posting = Posting.objects.get(cadre=district.cadre())
    yesterday = clock.today() - timedelta(days=1)
    posting_end(posting=posting, end_on=yesterday, actor=staff_scope)
    with pytest.raises(Conflict, match="不再更改"):
        posting_end(posting=posting, end_on=START, actor=staff_scope)
    with pytest.raises(Conflict, match="不再更改"):
        posting_hand_over(posting=posting, successor=district.cadre([]), on=START, actor=staff_scope)


def test_an_end_is_not_before_the_start_and_not_put_off(district, staff_scope):
    posting = Posting.objects.get(cadre=district.cadre())
    with pytest.raises(FieldErrors) as refused:
        posting_end(posting=posting, end_on=POSTED_SINCE - timedelta(days=1), actor=staff_scope)
    assert "2023年4月1日" in refused.value.fields["end_on"]
    ahead = clock.today() + timedelta(days=30)
    posting_end(posting=posting, end_on=ahead, actor=staff_scope)
    with pytest.raises(Conflict, match="不能改晚"):
        posting_end(posting=posting, end_on=ahead + timedelta(days=1), actor=staff_scope)


def test_cadres_do_not_post_themselves(district):
    cadre = district.cadre()
    with pytest.raises(Forbidden):
        posting_create(cadre=cadre, township=district.township("330602108"), start_on=START, actor=scope_of(cadre))


def test_everybody_sees_the_postings_of_their_scope(district):
    own = district.cadre()
    away = district.cadre([district.township("330602108")], [district.enterprise(1)])
    clerk, staff = district.township_clerk(), district.staff()

    def seen(user) -> set[tuple[int, str]]:
        rows = client_for(user).get("/postings/").context["page"].items
        return {(row.cadre_id, str(row.target)) for row in rows}

    enterprise = district.enterprise(1).name
    assert seen(own) == {(own.pk, "稽山街道")}
    assert seen(clerk) == {(own.pk, "稽山街道"), (away.pk, enterprise)}
    assert seen(staff) == {(own.pk, "稽山街道"), (away.pk, "富盛镇"), (away.pk, enterprise)}


def test_the_list_tells_present_past_and_future_apart(district, staff_scope):
    today = clock.today()
    cadre = district.cadre([])
    for code, start, end in (
        ("330602006", START, today - timedelta(days=1)),
        ("330602007", START, today),
        ("330602108", today + timedelta(days=1), None),
    ):
        posting_create(cadre=cadre, township=district.township(code), start_on=start, end_on=end, actor=staff_scope)
    client = client_for(district.staff())

    def targets(state: str) -> list[str]:
        return sorted(str(p.target) for p in client.get(f"/postings/?state={state}").context["page"].items)

    assert (targets("past"), targets("current"), targets("ahead")) == (["稽山街道"], ["迪荡街道"], ["富盛镇"])
    assert len(targets("all")) == 3
    assert [str(p.target) for p in client.get("/postings/").context["page"].items] == ["迪荡街道"]


def test_the_list_is_filtered_by_cadre_and_township(district):
    district.cadre(name="韩梅（演示）", username="hanmei")
    district.cadre([district.township("330602108")], [district.enterprise(1)], name="李雷（演示）")
    client = client_for(district.staff())

    def names(query: str) -> list[str]:
        return sorted(p.cadre.display_name for p in client.get(f"/postings/?{query}").context["page"].items)

    assert names("q=hanmei") == names("q=韩梅") == ["韩梅（演示）"]
    assert names("township=330602108") == ["李雷（演示）"]
    assert names("township=330602006") == ["李雷（演示）", "韩梅（演示）"]


def test_the_picker_finds_enterprises_by_pinyin(district):
    district.enterprise(1, name="光典芯元微电子有限公司（演示）")
    district.enterprise(2, name="富盛纺织有限公司（演示）")
    answer = client_for(district.staff()).get("/postings/enterprises/?q=gdxy").json()
    assert [row["label"] for row in answer["results"]] == ["光典芯元微电子有限公司（演示）"]
    assert answer["more"] is False


def test_the_list_costs_the_same_at_one_and_at_twenty(district):
    client = client_for(district.staff())
    district.cadre([district.township()], [district.enterprise(1)])
    few = queries_of(client, "/postings/")
    for n in range(2, 12):
        district.cadre([district.township()], [district.enterprise(n)])
    assert queries_of(client, "/postings/") == few


def test_two_people_posting_the_same_enterprise_at_the_same_moment(committed_db, district):
    """One wins; the other waits for the database and is told who won. Two real connections, one inside an open transaction."""
    enterprise = district.enterprise(1)
    first, second = district.cadre([], name="钱在先（演示）"), district.cadre([])
    actor = scope_of(district.staff())
    outcome: list[object] = []

    def compete() -> None:
        try:
            outcome.append(posting_create(cadre=second, enterprise=enterprise, start_on=START, actor=actor))
        except FieldErrors as error:
            outcome.append(error.fields["enterprise"])
        finally:
            connection.close()

    rival = threading.Thread(target=compete)
    with transaction.atomic():
        posting_create(cadre=first, enterprise=enterprise, start_on=START, actor=actor)
        rival.start()
        until_somebody_waits_for_a_lock()
    rival.join(timeout=30)
    assert not rival.is_alive()
    assert len(outcome) == 1
    assert "已由钱在先（演示）负责" in str(outcome[0])
    assert Posting.objects.filter(enterprise=enterprise).get().cadre_id == first.pk


def test_a_person_may_hold_several_roles_and_only_cadres_have_postings_in_scope(district):
    person = district.person(Role.CADRE, Role.STAFF)
    Posting.objects.create(cadre=person, township=district.township(), start_on=POSTED_SINCE)
    scope = scope_of(person)
    assert scope.district
    assert scope.posted_township_ids == {district.township().pk}
    person.grants.filter(role=Role.CADRE).delete()
    assert scope_of(person).posted_township_ids == frozenset()
