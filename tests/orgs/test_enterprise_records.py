"""What is kept of an enterprise beside its facts: history, contacts, risk marks, contracts, mutual aid. Who may, who may not, what is said."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from casework.models import Category
from casework.services import issue_register
from casework.services.trackers import tracker_fill
from tests.people import District, client_for, credit_code, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.orgs.models import (
    CollectiveContract,
    ContactReveal,
    Enterprise,
    EnterpriseContact,
    MutualAid,
    RiskMark,
    UnionFacts,
)
from unionportal.core.orgs.services import contact_save, risk_set

pytestmark = pytest.mark.django_db

PHONE = "13800000007"


def page_of(client: Client, enterprise: Enterprise) -> str:
    return client.get(address(enterprise)).content.decode()


def address(enterprise: Enterprise, rest: str = "") -> str:
    return f"/enterprises/{enterprise.credit_code}/{rest}"


def edited(enterprise: Enterprise, **changes: object) -> dict[str, object]:
    """What the form of the register sends."""
    return {
        "name": enterprise.name,
        "township": enterprise.township_id,
        "union_state": "own",
        "employees": 120,
        "union_members": 110,
        "is_active": "on",
        "version": enterprise.version,
        **changes,
    }


def contact_of(enterprise: Enterprise, actor: Any) -> EnterpriseContact:
    return contact_save(
        credit_code=enterprise.credit_code,
        uuid=uuid4(),
        name="孙示例",
        post="工会主席",
        phone=PHONE,
        actor=scope_of(actor),
    )


# history


def test_a_change_of_union_facts_is_kept_with_its_day_and_what_stood_before(district: District) -> None:
    enterprise, staff = district.enterprise(), district.staff(name="周工作")
    client = client_for(staff)
    day = clock.today() - timedelta(days=10)
    sent = edited(enterprise, yearly_dues="36000", facts_since=day.isoformat())
    assert client.post(address(enterprise, "edit/"), sent).status_code == 302
    before, after = UnionFacts.objects.filter(enterprise=enterprise)
    assert (before.since, before.union_state) == (None, "none")
    assert (after.since, after.union_state, after.union_members) == (day, "own", 110)
    page = page_of(client, enterprise)
    assert "建会情况 未建会 → 单独建会" in page
    assert "年缴经费 未填 → 36,000.00 元" in page

    enterprise.refresh_from_db()
    renamed = edited(enterprise, name="改名机械（演示）", yearly_dues="36000.00")
    assert client.post(address(enterprise, "edit/"), renamed).status_code == 302
    assert UnionFacts.objects.count() == 2, "a new name is no union fact"


@pytest.mark.parametrize(("days", "message"), [(1, "不能晚于今天"), (-20, "这次不能更早")])
def test_a_day_that_cannot_be_is_said_at_the_field(district: District, days: int, message: str) -> None:
    enterprise, client = district.enterprise(), client_for(district.staff())
    first = edited(enterprise, facts_since=(clock.today() - timedelta(days=10)).isoformat())
    assert client.post(address(enterprise, "edit/"), first).status_code == 302
    enterprise.refresh_from_db()
    day = clock.today() + timedelta(days=days)
    answer = client.post(
        address(enterprise, "edit/"), edited(enterprise, union_members=90, facts_since=day.isoformat())
    )
    assert answer.status_code == 422
    assert message in answer.content.decode()
    enterprise.refresh_from_db()
    assert enterprise.union_members == 110


def test_history_begins_with_the_registration_and_cannot_be_changed(district: District) -> None:
    client = client_for(district.staff())
    sent = {
        "credit_code": credit_code(77),
        "name": "越州物流（演示）",
        "township": district.township().pk,
        "union_state": "joint",
        "is_active": "on",
    }
    assert client.post("/enterprises/new/", sent).status_code == 302
    row = UnionFacts.objects.get()
    assert (row.since, row.union_state) == (clock.today(), "joint")
    for change in (lambda: UnionFacts.objects.update(union_state="own"), lambda: UnionFacts.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


# contacts


def test_a_posted_cadre_keeps_contacts_and_the_number_is_sealed_and_masked(district: District) -> None:
    enterprise, cadre = district.enterprise(), client_for(district.cadre())
    sent = {"uuid": str(uuid4()), "name": "孙示例", "post": "人事经理", "phone": "138 0000 0007"}
    assert cadre.post(address(enterprise, "contacts/new/"), sent).status_code == 302
    assert cadre.post(address(enterprise, "contacts/new/"), sent).status_code == 302
    contact = EnterpriseContact.objects.get()
    assert PHONE not in contact.phone_sealed
    assert "138****0007" in page_of(cadre, enterprise)
    leader = page_of(client_for(district.leader()), enterprise)
    assert "孙示例" in leader
    assert "****" in leader
    assert "0007" not in leader.split("企业联系人", 1)[1]
    assert PHONE not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_wrong_number_is_said_at_the_field_and_nothing_is_kept(district: District) -> None:
    client = client_for(district.staff())
    sent = {"uuid": str(uuid4()), "name": "孙示例", "phone": "138"}
    answer = client.post(address(district.enterprise(), "contacts/new/"), sent)
    assert answer.status_code == 422
    assert "电话号码不对" in answer.content.decode()
    assert "孙示例" in answer.content.decode()
    assert not EnterpriseContact.objects.exists()


def test_a_number_is_read_in_clear_for_a_reason_that_is_kept(district: District) -> None:
    enterprise, staff, clerk = district.enterprise(), district.staff(), district.township_clerk()
    contact = contact_of(enterprise, staff)
    client, place = client_for(clerk), address(enterprise, f"contacts/{contact.pk}/phone/")
    refused = client.post(place, {"reason": " "})
    assert refused.status_code == 422
    assert PHONE not in refused.content.decode()
    answer = client.post(place, {"reason": "约走访时间"})
    assert PHONE in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    kept = ContactReveal.objects.get()
    assert (kept.actor_id, kept.reason) == (clerk.pk, "约走访时间")
    entry = AuditEntry.objects.get(action="contact.reveal")
    assert entry.object_id == enterprise.credit_code
    assert "约走访" not in str(entry.data)


def test_changing_a_contact_keeps_the_number_and_removing_wipes_it(district: District) -> None:
    enterprise, staff = district.enterprise(), district.staff()
    contact = contact_of(enterprise, staff)
    client = client_for(staff)
    sent = {"name": "孙示例", "post": "工会副主席", "version": contact.version}
    assert client.post(address(enterprise, f"contacts/{contact.pk}/edit/"), sent).status_code == 302
    stale = client.post(address(enterprise, f"contacts/{contact.pk}/edit/"), sent | {"post": "后存"})
    assert stale.status_code == 409
    assert "后存" in stale.content.decode()
    assert "138****0007" in page_of(client, enterprise)
    assert client.post(address(enterprise, f"contacts/{contact.pk}/remove/")).status_code == 302
    contact.refresh_from_db()
    assert contact.phone_sealed == ""
    assert "孙示例" not in page_of(client, enterprise)
    assert client.get(address(enterprise, f"contacts/{contact.pk}/phone/")).status_code == 404


def test_a_second_role_does_not_lend_its_rows_to_a_cadre(district: District) -> None:
    far = district.enterprise(2, township=district.township("330602108"))
    both = district.cadre()
    client = client_for(both)
    assert client.get(address(far)).status_code == 404
    RoleGrant.objects.create(user=both, role="leader", unit=district.district)
    assert client.get(address(far)).status_code == 200
    assert client.get(address(far, "contacts/new/")).status_code == 403
    assert client.post(address(far, "risks/new/"), {"kind": "safety"}).status_code == 403


# risk marks


def test_a_risk_is_marked_shown_found_and_lifted(district: District) -> None:
    enterprise, other = district.enterprise(1), district.enterprise(2)
    cadre, clerk = client_for(district.cadre(name="陈驻联")), client_for(district.township_clerk(name="钱干事"))
    sent = {"kind": "arrears", "level": "severe", "reason": "连续两个月没有发工资。"}
    assert cadre.post(address(enterprise, "risks/new/"), sent).status_code == 302
    again = cadre.post(address(enterprise, "risks/new/"), sent)
    assert again.status_code == 422
    assert "已有标记" in again.content.decode()
    page = page_of(clerk, enterprise)
    for words in ("欠薪 · 严重", "连续两个月没有发工资。", "陈驻联"):
        assert words in page
    for query, found in (("risk=any", True), ("risk=arrears", True), ("risk=safety", False)):
        listed = clerk.get(f"/enterprises/?{query}").content.decode()
        assert (enterprise.credit_code in listed) == found
        assert other.credit_code not in listed
    mark = RiskMark.objects.get()
    place = address(enterprise, f"risks/{mark.pk}/lift/")
    assert cadre.post(place, {"reason": "已补发。"}).status_code == 403
    assert clerk.post(place, {"reason": ""}).status_code == 422
    assert clerk.post(place, {"reason": "已补发，工资册已核对。"}).status_code == 302
    assert clerk.post(place, {"reason": "再来一次"}).status_code == 409
    page = page_of(cadre, enterprise)
    assert "欠薪 · 严重" not in page
    assert "已补发，工资册已核对。" in page
    assert enterprise.credit_code not in clerk.get("/enterprises/?risk=any").content.decode()
    assert "工资" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_marks_in_the_list_cost_no_query_a_row(district: District) -> None:
    staff = district.staff()
    client = client_for(staff)
    for number in range(1, 12):
        enterprise = district.enterprise(number)
        risk_set(
            credit_code=enterprise.credit_code, kind="safety", level="watch", reason="通道堆物。", actor=scope_of(staff)
        )
        if number == 1:
            one = queries_of(client, "/enterprises/")
    assert queries_of(client, "/enterprises/") == one


def test_outsiders_reach_neither_the_records_nor_their_forms(district: District) -> None:
    enterprise, staff = district.enterprise(), district.staff()
    contact = contact_of(enterprise, staff)
    elsewhere = district.township("330602108")
    for outsider in (district.township_clerk(elsewhere), district.cadre(townships=[elsewhere])):
        client = client_for(outsider)
        assert client.get(address(enterprise, f"contacts/{contact.pk}/phone/")).status_code == 404
        assert client.post(address(enterprise, "risks/new/"), {"kind": "safety"}).status_code == 404
    other = district.enterprise(2)
    assert client_for(staff).get(address(other, f"contacts/{contact.pk}/edit/")).status_code == 404


# contracts and mutual aid


def contract(**changes: object) -> dict[str, object]:
    today = clock.today()
    return {
        "kind": "wages",
        "start_on": (today - timedelta(days=30)).isoformat(),
        "end_on": (today + timedelta(days=335)).isoformat(),
        "people": 200,
        "performance": "kept",
        **changes,
    }


def test_a_clerk_keeps_contracts_and_the_page_adds_up_those_in_force(district: District) -> None:
    enterprise, clerk = district.enterprise(), client_for(district.township_clerk())
    assert clerk.post(address(enterprise, "contracts/new/"), contract()).status_code == 302
    old = contract(start_on="2020-01-01", end_on="2020-12-31", people=150)
    assert clerk.post(address(enterprise, "contracts/new/"), old).status_code == 302
    assert clerk.post(address(enterprise, "contracts/new/"), contract(kind="women", people=80)).status_code == 302
    page = page_of(clerk, enterprise)
    assert "有效 2 份，覆盖 280 人" in page
    assert "已到期" in page
    kept = CollectiveContract.objects.get(people=200)
    place = address(enterprise, f"contracts/{kept.pk}/edit/")
    assert clerk.post(place, contract(people=210, version=1)).status_code == 302
    stale = clerk.post(place, contract(people=220, version=1))
    assert stale.status_code == 409
    assert "220" in stale.content.decode()
    kept.refresh_from_db()
    assert kept.people == 210
    assert client_for(district.cadre()).get(place).status_code == 403


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"end_on": "2001-01-01"}, "到期日期应晚于生效日期"),
        ({"people": 0}, "请填 1 到"),
        ({"people": "许多"}, "请填整数"),
        ({"start_on": "2024-02-30"}, "日期写得不对"),
        ({"kind": "treaty"}, "选择一个有效的选项"),
    ],
)
def test_a_wrong_contract_is_said_at_the_field(district: District, changes: dict[str, Any], message: str) -> None:
    answer = client_for(district.staff()).post(address(district.enterprise(), "contracts/new/"), contract(**changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not CollectiveContract.objects.exists()


def test_the_same_contract_twice_is_refused(district: District) -> None:
    client, place = client_for(district.staff()), address(district.enterprise(), "contracts/new/")
    assert client.post(place, contract()).status_code == 302
    answer = client.post(place, contract())
    assert answer.status_code == 422
    assert "同一天生效的这种合同已经登记" in answer.content.decode()


def test_mutual_aid_is_one_figure_a_year(district: District) -> None:
    enterprise, client = district.enterprise(), client_for(district.staff())
    year = clock.today().year
    for each, people in ((year, 90), (year - 1, 80)):
        sent = {"year": each, "people": people}
        assert client.post(address(enterprise, "mutual-aid/new/"), sent).status_code == 302
    assert "各年合计 170 人次" in page_of(client, enterprise)
    again = client.post(address(enterprise, "mutual-aid/new/"), {"year": year, "people": 5})
    assert f"{year} 年的参保人数已经登记" in again.content.decode()
    assert client.post(address(enterprise, "mutual-aid/new/"), {"year": 1900, "people": 5}).status_code == 422
    kept = MutualAid.objects.get(year=year)
    place = address(enterprise, f"mutual-aid/{kept.pk}/edit/")
    assert client.post(place, {"year": year, "people": 95, "version": 1}).status_code == 302
    assert "各年合计 175 人次" in page_of(client, enterprise)


# what casework adds


def test_the_page_lists_issues_and_adds_up_returned_dues(district: District) -> None:
    enterprise, staff = district.enterprise(), district.staff()
    scope = scope_of(staff)
    for amount in ("120000.00", "8000.50"):
        issue = issue_register(
            uuid=uuid4(),
            title=f"经费返还 {amount}",
            description="",
            category=Category.objects.get(code="dues_refund"),
            township=enterprise.township,
            enterprise=enterprise,
            received_on=date(2024, 9, 2),
            actor=scope,
        )
        tracker_fill(code=issue.code, version=0, values={"amount_paid": amount}, actor=scope)
    page = page_of(client_for(district.cadre()), enterprise)
    assert "到账合计 128,000.50 元" in page
    assert issue.code in page
    lent = client_for(district.cadre(townships=[district.township("330602108")], enterprises=[district.enterprise(2)]))
    assert "经费返还" not in page_of(lent, district.enterprise(2))
