"""A checklist filled in on a visit: by page and API, changed, counted; the day logs of a stay."""

from datetime import date, datetime

import pytest

from casework.models import Issue
from tests.people import client_for, scope_of
from tests.queries import queries_of
from tests.visits.builders import api_data, form_data, issue_input, logged
from tests.visits.checklist_builders import FINE, newest, on_page
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound, StaleVersion
from visits.models import Sheet, Visit
from visits.services import ChecklistInput, day_log_save
from visits.services.journals import journal_submit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
API = "/api/v1/visits/"


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


@pytest.fixture
def factory(district):
    return district.enterprise(1)


def answers(visit):
    return {answer.item.code: answer.value for answer in visit.sheets.get(day=None).answers.all()}


def test_the_form_shows_the_checklist_of_the_kind(cadre):
    client = client_for(cadre)
    assert 'id="sheet"' not in client.get("/visits/new/").content.decode()
    assert "疏散通道、安全出口畅通" in client.get("/visits/new/?kind=inspection").content.decode()
    legal = client.get(f"/visits/checklist/?kind=inspection&checklist={newest('legal_checkup').pk}").content.decode()
    assert "入职一个月内签订书面劳动合同" in legal
    assert "疏散通道" not in legal
    assert "疏散通道" not in client.get("/visits/checklist/?kind=inspection&checklist=none").content.decode()
    other_kind = client.get("/visits/checklist/?kind=stay&sheet_kind=inspection&checklist=none").content.decode()
    assert "主题党日" in other_kind
    stay = client.get("/visits/checklist/?kind=stay").content.decode()
    assert "主题党日" in stay
    assert "ends_on" in stay


def test_a_safety_inspection_is_stored_shown_and_counted(cadre, factory):
    client, safety = client_for(cadre), newest("safety")
    filled = on_page(safety, **FINE, signs="no", order="no", drill="2024-06-20", supervisors="3")
    data = form_data(factory, issues=({"title": "不符合：危险部位"},), kind="inspection", **filled)
    assert client.post("/visits/new/", data).status_code == 302
    visit = Visit.objects.get()
    assert answers(visit) == {**FINE, "signs": "no", "order": "no", "drill": "2024-06-20", "supervisors": "3"}
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "不符合 2 项" in page
    assert "2024年6月20日" in page
    assert "3 人" in page
    assert "不符合 2 项" in client.get("/visits/").content.decode()
    assert Issue.objects.count() == 1


def test_a_visit_of_the_kind_may_go_without(cadre, factory):
    client = client_for(cadre)
    client.post("/visits/new/", form_data(factory, kind="inspection", checklist="none"))
    assert not Sheet.objects.exists()


def test_what_is_wrong_stands_at_the_item_and_nothing_is_stored(cadre, factory):
    safety = newest("safety")
    filled = on_page(safety, exits="no", extinguishers="yes", drill="2024-09-13", supervisors="许多")
    answer = client_for(cadre).post("/visits/new/", form_data(factory, kind="inspection", **filled))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_check-wiring_error"' in page
    assert "日期不能晚于今天" in page
    assert "请填写数字" in page
    assert "许多" in page
    assert not Visit.objects.exists()


def test_answers_change_until_the_week_is_handed_in(cadre, factory):
    safety = newest("safety")
    visit = logged(cadre, factory, kind="inspection", checklist=ChecklistInput(safety.pk, {**FINE, "signs": "no"}))
    client = client_for(cadre)
    data = form_data(factory, id=str(visit.pk), version="1", kind="inspection", **on_page(safety, **FINE, signs="yes"))
    assert client.post(f"/visits/{visit.pk}/edit/", data).status_code == 302
    assert answers(visit)["signs"] == "yes"
    client.post(f"/visits/{visit.pk}/edit/", data | {"version": "2", "checklist": "none"})
    assert not visit.sheets.exists()
    journal_submit(journal_id=visit.journal_id, version=1, actor=scope_of(cadre), reflections="好")
    assert client.post(f"/visits/{visit.pk}/edit/", data | {"version": "3"}).status_code == 409


def test_two_people_at_once_see_both_checklists(cadre, factory):
    safety = newest("safety")
    visit = logged(cadre, factory, kind="inspection", checklist=ChecklistInput(safety.pk, {**FINE, "signs": "no"}))
    data = form_data(factory, id=str(visit.pk), version="0", kind="inspection", **on_page(safety, **FINE, signs="na"))
    answer = client_for(cadre).post(f"/visits/{visit.pk}/edit/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<span class="changed">否</span>' in page
    assert '<span class="changed">不涉及</span>' in page
    assert answers(visit)["signs"] == "no"


def test_over_the_api(cadre, factory):
    client, safety = client_for(cadre), newest("safety")
    offered = client.get("/api/v1/checklists/").json()["results"]
    row = next(each for each in offered if each["code"] == "safety")
    assert (row["version"], row["kind"], row["items"][0]["choices"]) == (safety.pk, "inspection", ["yes", "no", "na"])
    sheet = {"version": row["version"], "answers": {**FINE, "signs": "no"}}
    data = api_data(factory, kind="inspection", checklist=sheet)

    def post(payload):
        return client.post(API, payload, content_type="application/json")

    first = post(data)
    assert first.status_code == 201
    assert first.json()["checklist"] == {
        "code": "safety",
        "version": safety.pk,
        "number": 1,
        "answers": {**FINE, "signs": "no"},
        "findings": 1,
    }
    again = post(data)
    assert (again.status_code, again.json()) == (200, first.json())
    assert post(data | {"checklist": {**sheet, "answers": FINE}}).status_code == 409
    assert Sheet.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"checklist": {"version": 999_999}}, {"checklist.version"}),
        ({"kind": "condolence"}, {"checklist.version"}),
        ({"answers": {"exits": "maybe"}}, {"checklist.answers.exits"}),
        ({"answers": {"weather": "yes"}}, {"checklist.answers.weather"}),
        ({"answers": {"exits": ""}}, {"checklist.answers.exits"}),
    ],
)
def test_refusals_over_the_api_name_the_field(cadre, factory, change, fields):
    sheet = {"version": newest("safety").pk, "answers": {**FINE, **change.pop("answers", {})}}
    data = api_data(factory, kind="inspection", checklist=sheet) | change
    answer = client_for(cadre).post(API, data, content_type="application/json")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert not Visit.objects.exists()


def test_payloads_of_before_are_still_recognised(cadre, factory):
    """The fingerprint of a visit without anything new is the one stored before there were checklists."""
    data = api_data(factory, id="7a0f8f0e-7a53-4f0e-9c7d-0d7c5f1c2b11")
    client_for(cadre).post(API, data, content_type="application/json")
    stored = Visit.objects.get().payload_hash
    again = client_for(cadre).post(API, data | {"checklist": None, "ends_on": None}, content_type="application/json")
    assert (again.status_code, Visit.objects.get().payload_hash) == (200, stored)


def test_a_list_costs_the_same_with_more_checklists(cadre, district):
    safety = newest("safety")

    def inspect(numbers):
        for number in numbers:
            sheet = ChecklistInput(safety.pk, {**FINE, "signs": "no"})
            logged(cadre, district.enterprise(number), kind="inspection", checklist=sheet)

    client = client_for(cadre)
    inspect([1])
    few = {url: queries_of(client, url) for url in ("/visits/", API)}
    inspect(range(2, 21))
    assert {url: queries_of(client, url) for url in few} == few


# 蹲点


def stay(cadre, factory, start=date(2024, 9, 10), end=date(2024, 9, 18), **facts):
    return logged(cadre, factory, on=start, kind="stay", ends_on=end, **facts)


def write(cadre, visit, day, version=0, **said):
    return day_log_save(
        visit_id=visit.pk, day=day, answers={"work": "跟班", **said}, version=version, actor=scope_of(cadre)
    )


def test_one_log_a_day_within_the_stay(cadre, factory):
    visit = stay(cadre, factory)
    write(cadre, visit, date(2024, 9, 10), heard="夜班补贴太少")
    write(cadre, visit, date(2024, 9, 12))
    with pytest.raises(StaleVersion):
        write(cadre, visit, date(2024, 9, 10))
    write(cadre, visit, date(2024, 9, 10), version=1, heard="夜班补贴涨了")
    assert visit.sheets.filter(day=date(2024, 9, 10)).count() == 1
    for day in (date(2024, 9, 9), date(2024, 9, 13), date(2024, 9, 19)):
        with pytest.raises(FieldErrors) as refused:
            write(cadre, visit, day)
        assert set(refused.value.fields) == {"day"}
    with pytest.raises(FieldErrors) as empty:
        day_log_save(visit_id=visit.pk, day=date(2024, 9, 11), answers={}, version=0, actor=scope_of(cadre))
    assert {"work", "day"} == set(empty.value.fields)
    page = client_for(cadre).get(f"/visits/{visit.pk}/").content.decode()
    assert "夜班补贴涨了" in page
    assert f"/visits/{visit.pk}/days/2024-09-11/" in page
    assert f"/visits/{visit.pk}/days/2024-09-13/" not in page


def test_only_the_own_stay_and_only_until_that_days_journal_is_handed_in(cadre, factory, district):
    visit = stay(cadre, factory)
    ordinary = logged(cadre, district.enterprise(2))
    write(cadre, visit, date(2024, 9, 11))
    with pytest.raises(Forbidden):
        day_log_save(visit_id=visit.pk, day=date(2024, 9, 11), answers={}, version=0, actor=scope_of(district.staff()))
    with pytest.raises(NotFound):
        write(district.cadre(), visit, date(2024, 9, 11))
    journal_submit(journal_id=visit.journal_id, version=1, actor=scope_of(cadre), reflections="好")
    with pytest.raises(Conflict):
        write(cadre, visit, date(2024, 9, 12))
    with clock.at(datetime(2024, 9, 16, 17, 0, tzinfo=SHANGHAI)):
        write(cadre, visit, date(2024, 9, 16))  # the next week has a journal of its own
        assert client_for(cadre).get(f"/visits/{visit.pk}/days/2024-09-12/").status_code == 409
    assert client_for(cadre).get(f"/visits/{ordinary.pk}/days/2024-09-12/").status_code == 404


def test_the_page_of_a_day(cadre, factory):
    visit = stay(cadre, factory)
    client, address = client_for(cadre), f"/visits/{visit.pk}/days/2024-09-12/"
    assert "今天跟班的岗位" in client.get(address).content.decode()
    refused = client.post(address, {"version": "0", "check-heard": "食堂的菜凉"})
    assert (refused.status_code, "食堂的菜凉" in refused.content.decode()) == (422, True)
    assert client.post(address, {"version": "0", "check-work": "跟装配线"}).status_code == 302
    assert "跟装配线" in client.get(address).content.decode()
    assert client.post(address, {"version": "0", "check-work": "别的"}).status_code == 409
    assert client.get(f"/visits/{visit.pk}/days/2024-02-31/").status_code == 404


def test_the_days_of_a_stay(cadre, factory):
    client = client_for(cadre)
    client.post("/visits/new/", form_data(factory, kind="stay", checklist="none"))
    visit = Visit.objects.get()
    assert visit.ends_on == visit.visited_on
    for facts in ({"ends_on": "2024-09-11"}, {"ends_on": "2025-09-11"}):
        answer = client.post("/visits/new/", form_data(factory, kind="stay", checklist="none", **facts))
        assert (answer.status_code, 'id="id_ends_on_error"' in answer.content.decode()) == (422, True)
    assert Visit.objects.count() == 1


def test_days_with_a_log_stay_within_the_stay(cadre, factory):
    visit = stay(cadre, factory)
    write(cadre, visit, date(2024, 9, 11))
    client = client_for(cadre)
    data = form_data(factory, id=str(visit.pk), version="1", kind="stay", checklist="none", visited_on="2024-09-12")
    assert "起止日期之内" in client.post(f"/visits/{visit.pk}/edit/", data).content.decode()
    assert "不能改成别的类型" in client.post(f"/visits/{visit.pk}/edit/", data | {"kind": "routine"}).content.decode()


# twice, and in two places


def test_the_same_enterprise_twice_a_day_asks_once(cadre, factory):
    client = client_for(cadre)
    client.post("/visits/new/", form_data(factory))
    data = form_data(factory, asks="True")
    assert 'name="asks" value="True"' in client.get("/visits/new/").content.decode()
    asked = client.post("/visits/new/", data)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "已经记过一次" in page
    assert 'name="again"' in page
    assert client.post("/visits/new/", data | {"again": "on"}).status_code == 302
    assert Visit.objects.count() == 2
    second = Visit.objects.get(pk=data["id"])
    edit = data | {"version": "1", "narrative": "补充"}
    assert client.post(f"/visits/{second.pk}/edit/", edit).status_code == 302
    assert client.post("/visits/new/", form_data(factory, asks="True", visited_on="2024-09-11")).status_code == 302


def test_a_colleague_is_not_asked_and_nor_is_a_program(cadre, factory, district):
    client_for(cadre).post("/visits/new/", form_data(factory))
    assert client_for(district.cadre()).post("/visits/new/", form_data(factory, asks="True")).status_code == 302
    program = client_for(cadre)
    assert program.post("/visits/new/", form_data(factory)).status_code == 302  # an older page, which does not ask
    assert program.post(API, api_data(factory), content_type="application/json").status_code == 201
    asked = program.post(API, api_data(factory, again=False), content_type="application/json")
    assert (asked.status_code, set(asked.json()["fields"])) == (400, {"again"})


def test_in_two_places_at_once_is_taken_and_shown(cadre, factory, district):
    client = client_for(cadre)
    morning = {"began_at": "09:00", "ended_at": "10:30"}
    client.post("/visits/new/", form_data(factory, **morning))
    client.post(
        "/visits/new/", form_data(district.enterprise(2, name="同时的企业"), began_at="10:00", ended_at="11:00")
    )
    client.post(
        "/visits/new/", form_data(district.enterprise(3, name="之后的企业"), began_at="11:00", ended_at="12:00")
    )
    first = Visit.objects.get(enterprise=factory)
    client.get("/visits/")  # takes the messages of the saves
    page = client.get(f"/visits/{first.pk}/").content.decode()
    assert "09:00–10:30" in page
    assert "同一时间还记有在别处的走访" in page
    assert "同时的企业" in page
    assert "之后的企业" not in page
    wrong = client.post("/visits/new/", form_data(district.enterprise(4), began_at="10:00", ended_at="09:00"))
    assert 'id="id_ended_at_error"' in wrong.content.decode()


def test_elsewhere_during_a_stay(cadre, factory, district):
    visit = stay(cadre, factory)
    other = logged(cadre, district.enterprise(2, name="别处的企业"), on=date(2024, 9, 11))
    logged(cadre, district.enterprise(3, name="电话里的企业"), on=date(2024, 9, 11), mode="phone")
    client = client_for(cadre)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    assert "别处的企业" in page
    assert "电话里的企业" not in page
    assert "同一时间还记有" in client.get(f"/visits/{other.pk}/").content.decode()


# targets


def test_a_household_is_visited_with_the_record_of_condolence(cadre, district):
    form = newest("condolence")
    data = form_data(kind="condolence", target_kind="household", target_name="装配车间老李家", township="330602006")
    data |= on_page(form, situation="妻子住院", goods="大米一袋、油一桶")
    assert client_for(cadre).post("/visits/new/", data).status_code == 302
    visit = Visit.objects.get()
    assert (visit.target_label, visit.township.code, visit.enterprise) == ("装配车间老李家", "330602006", None)
    page = client_for(cadre).get(f"/visits/{visit.pk}/").content.decode()
    assert "大米一袋、油一桶" in page
    assert "职工家庭" in page


def test_a_household_stores_no_personal_number(cadre):
    for name in ("老李 330602197001011234", "老李家 13800000001"):
        data = form_data(target_kind="household", target_name=name, township="330602006")
        answer = client_for(cadre).post("/visits/new/", data)
        assert 'id="id_target_name_error"' in answer.content.decode()
    assert not Visit.objects.exists()


def test_issue_and_checklist_come_together_or_not_at_all(cadre, factory):
    bad = issue_input(category="weather")
    with pytest.raises(FieldErrors):
        logged(
            cadre,
            factory,
            kind="inspection",
            checklist=ChecklistInput(newest("safety").pk, FINE),
            issues=(bad,),
        )
    assert not Sheet.objects.exists()
