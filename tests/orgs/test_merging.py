"""One enterprise entered twice: staff merges the entries, everything goes along, and nothing of before is lost."""

import re
from datetime import date, datetime

import pytest
from django.apps import apps

from casework.models import Issue
from casework.services import issue_move
from tests.people import client_for, scope_of
from tests.visits.builders import issue_input, logged
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.orgs.merging import followers
from unionportal.core.orgs.models import Enterprise, EnterpriseMove, MutualAid, UnionFacts
from unionportal.core.orgs.services import contact_save, enterprise_merge, mutual_aid_save
from unionportal.reporting.models import FrozenVisit
from visits.models import Visit

pytestmark = pytest.mark.django_db
REASON = "分公司误登记成两家。"


@pytest.fixture(autouse=True)
def thursday():
    with clock.at(datetime(2024, 9, 12, 15, 30, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def staff(district):
    return district.staff()


@pytest.fixture
def pair(district):
    """The entry that goes, and the one that stays."""
    return district.enterprise(1, name="光典旧（演示）", is_key=True), district.enterprise(2, name="光典新（演示）")


def send(person, duplicate, main_code, **more):
    data = {"main": main_code, "reason": REASON, **more}
    return client_for(person).post(f"/enterprises/{duplicate.credit_code}/merge/", data)


def merge(staff, duplicate, main, **more):
    return send(staff, duplicate, main.credit_code, shown=main.credit_code, **more)


def aid(staff, enterprise, year):
    mutual_aid_save(credit_code=enterprise.credit_code, year=year, people=20, actor=scope_of(staff))


def test_it_says_what_goes_along_and_merges_when_told_again(district, staff, pair):
    old, main = pair
    cadre = district.cadre()
    visit = logged(cadre, old, on=date(2024, 9, 10), issues=(issue_input(),))
    first = send(staff, old, main.credit_code.lower())
    assert first.status_code == 200
    page = first.content.decode()
    assert re.search(r"走访\s*1 条", page)
    assert re.search(r"问题诉求\s*1 条", page)
    old.refresh_from_db()
    assert (old.merged_into, Visit.objects.get().enterprise) == (None, old)

    done = merge(staff, old, main)
    assert (done.status_code, done["Location"]) == (302, f"/enterprises/{main.credit_code}/")
    old.refresh_from_db()
    main.refresh_from_db()
    assert (old.merged_into, old.is_active, main.is_key) == (main, False, True)
    visit.refresh_from_db()
    issue = Issue.objects.get()
    assert (visit.enterprise, issue.enterprise) == (main, main)
    assert (visit.township, issue.township) == (old.township, old.township)
    client = client_for(staff)
    assert "光典新" in client.get("/visits/", {"q": "光典新"}).content.decode()
    assert issue.code in client.get("/issues/", {"q": "光典新"}).content.decode()
    told = client.get(f"/issues/{issue.code}/").content.decode()
    assert REASON in told
    gone = client.get(f"/enterprises/{old.credit_code}/").content.decode()
    assert "这一条已并入" in gone
    assert "/edit/" not in gone
    entry = AuditEntry.objects.get(action="enterprise.merge")
    assert (entry.object_id, entry.data["main"], entry.data["rows"]) == (old.credit_code, main.credit_code, 2)


def test_a_step_made_beside_the_merger_meets_another_version(district, staff, pair):
    """Somebody had the issue's page open: the merger is a change like any other."""
    old, main = pair
    cadre = district.cadre()
    logged(cadre, old, on=date(2024, 9, 10), issues=(issue_input(),))
    issue = Issue.objects.get()
    merge(staff, old, main)
    stale = client_for(staff).post(
        f"/issues/{issue.code}/assign/", {"version": issue.version, "unit": district.department.code}
    )
    assert stale.status_code == 409
    issue.refresh_from_db()
    issue_move(code=issue.code, action="assign", version=issue.version, actor=scope_of(staff), unit=district.department)


def test_two_of_a_kind_are_settled_first_and_nothing_goes_before(district, staff, pair):
    old, main = pair
    for enterprise in pair:
        aid(staff, enterprise, 2024)
    contact_save(
        credit_code=old.credit_code,
        uuid="7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0009",
        name="王联系",
        post="",
        phone="",
        version=None,
        actor=scope_of(staff),
    )
    answer = merge(staff, old, main)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "两家都有：医疗互助。" in page
    assert (REASON in page, main.credit_code in page) == (True, True)
    old.refresh_from_db()
    assert (old.merged_into, old.contacts.count(), main.contacts.count()) == (None, 1, 0)
    MutualAid.objects.filter(enterprise=main).delete()
    assert merge(staff, old, main).status_code == 302
    assert (main.contacts.get().name, main.mutual_aid.get().year) == ("王联系", 2024)


def test_what_cannot_be_merged(district, staff, pair):
    old, main = pair
    third = district.enterprise(3)
    for code, words in (("91330602MA00000000", "没有这家企业"), (old.credit_code, "不能并入自己")):
        answer = send(staff, old, code)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert send(staff, old, main.credit_code, reason=" ").status_code == 422
    merge(staff, old, main)
    assert send(staff, old, third.credit_code).status_code == 404
    into_gone = send(staff, third, old.credit_code)
    assert (into_gone.status_code, "已经并入另一家企业" in into_gone.content.decode()) == (422, True)
    old.refresh_from_db()
    facts = {
        "version": old.version,
        "credit_code": old.credit_code,
        "name": "改名（演示）",
        "township": old.township_id,
    }
    edited = client_for(staff).post(f"/enterprises/{old.credit_code}/edit/", {**facts, "union_state": "none"})
    assert edited.status_code in (409, 422)
    old.refresh_from_db()
    assert old.name == "光典旧（演示）"


def test_only_staff_merges(district, pair):
    old, main = pair
    for person in (district.cadre(), district.leader(), district.township_clerk()):
        assert merge(person, old, main).status_code == 403
    old.refresh_from_db()
    assert old.merged_into is None


def test_the_same_name_is_pointed_out_to_staff_alone(district, staff):
    twins = [district.enterprise(number, name="同名纺织（演示）") for number in (1, 2)]
    here = f"/enterprises/{twins[0].credit_code}/"
    assert twins[1].credit_code in client_for(staff).get(here).content.decode()
    assert twins[1].credit_code not in client_for(district.cadre()).get(here).content.decode()
    enterprise_merge(
        credit_code=twins[1].credit_code, main_code=twins[0].credit_code, reason=REASON, actor=scope_of(staff)
    )
    assert "有同名的企业" not in client_for(staff).get(here).content.decode()


def test_every_row_that_names_an_enterprise_follows_or_is_history():
    history = {UnionFacts, EnterpriseMove, Enterprise, FrozenVisit}
    named = {
        model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Enterprise
    }
    assert named == {follower.model for follower in followers()} | history
