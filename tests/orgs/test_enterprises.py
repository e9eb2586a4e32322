"""The enterprise register: who sees which, what a wrong code says, two people saving at once."""

import pytest

from tests.people import District, client_for, credit_code
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.orgs.models import Enterprise

pytestmark = pytest.mark.django_db


def facts(**changes: object) -> dict[str, object]:
    """What the form sends for a proper enterprise."""
    return {
        "credit_code": credit_code(77),
        "name": "光典芯元微电子（演示）",
        "township": "",
        "industry": "C",
        "union_state": "own",
        "employees": 120,
        "union_members": 110,
        "is_key": "on",
        "is_active": "on",
        **changes,
    }


def test_staff_registers_an_enterprise(district: District) -> None:
    staff = client_for(district.staff())
    answer = staff.post("/enterprises/new/", facts(township=district.township().pk))
    assert answer.status_code == 302
    enterprise = Enterprise.objects.get(credit_code=credit_code(77))
    assert enterprise.pinyin_initials.startswith("gdxywdz")
    assert AuditEntry.objects.filter(action="enterprise.create", object_id=enterprise.credit_code).count() == 1
    assert "光典芯元微电子（演示）" in staff.get(answer.url).content.decode()


@pytest.mark.parametrize(("body", "check"), [("91350100M000100Y4", "3"), ("11320000MB151840X", "J")])
def test_the_check_character_is_that_of_the_standard(district: District, body: str, check: str) -> None:
    """Two codes whose check character is known from elsewhere, so that ours is not held against itself."""
    staff = client_for(district.staff())
    for last in "3JX":
        answer = staff.post("/enterprises/new/", facts(credit_code=body + last, township=district.township().pk))
        assert answer.status_code == (302 if last == check else 422)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("91330602MA000007", "应为 18 位"),
        (credit_code(77)[:-1] + ("A" if credit_code(77)[-1] != "A" else "B"), "校验位不对"),
        ("9133060!MA0000771X", "只能包含数字和大写字母"),
    ],
)
def test_a_wrong_credit_code_is_said_at_the_field(district: District, code: str, message: str) -> None:
    staff = client_for(district.staff())
    answer = staff.post("/enterprises/new/", facts(credit_code=code, township=district.township().pk))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "光典芯元微电子（演示）" in page, "what was typed is kept"
    assert not Enterprise.objects.exists()


def test_a_code_in_use_names_its_holder(district: District) -> None:
    holder = district.enterprise(5)
    staff = client_for(district.staff())
    answer = staff.post("/enterprises/new/", facts(credit_code=holder.credit_code, township=district.township().pk))
    assert answer.status_code == 422
    assert f"已登记为“{holder.name}”" in answer.content.decode()


def test_members_cannot_outnumber_employees(district: District) -> None:
    staff = client_for(district.staff())
    answer = staff.post("/enterprises/new/", facts(township=district.township().pk, employees=10, union_members=11))
    assert "会员人数不能多于职工人数" in answer.content.decode()


def test_the_second_to_save_is_told_and_keeps_what_was_typed(district: District) -> None:
    enterprise = district.enterprise()
    first, second = client_for(district.staff()), client_for(district.staff())
    sent = facts(township=enterprise.township_id, version=1)
    assert first.post(f"/enterprises/{enterprise.credit_code}/edit/", sent | {"name": "先存的名称"}).status_code == 302
    answer = second.post(f"/enterprises/{enterprise.credit_code}/edit/", sent | {"name": "后存的名称"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚被别人修改过" in page
    assert "后存的名称" in page
    enterprise.refresh_from_db()
    assert enterprise.name == "先存的名称"


def test_who_sees_which_enterprise(district: District) -> None:
    here = district.enterprise(1)
    there = district.enterprise(2, township=district.township("330602108"))
    cadre = client_for(district.cadre())
    clerk = client_for(district.township_clerk(district.township("330602108")))
    lent = client_for(district.cadre(enterprises=[there]))
    for person, visible, hidden in ((cadre, here, there), (clerk, there, here), (lent, there, here)):
        assert person.get(f"/enterprises/{visible.credit_code}/").status_code == 200
        assert person.get(f"/enterprises/{hidden.credit_code}/").status_code == 404
        assert person.get(f"/api/v1/enterprises/{hidden.credit_code}/").status_code == 404
    for outsider in (district.handler(), district.sysadmin(), district.auditor()):
        assert client_for(outsider).get("/enterprises/").status_code == 403


def test_a_cadre_may_not_change_the_register(district: District) -> None:
    enterprise = district.enterprise()
    cadre = client_for(district.cadre())
    assert cadre.get(f"/enterprises/{enterprise.credit_code}/edit/").status_code == 403
    assert cadre.post("/enterprises/new/", facts()).status_code == 403


@pytest.mark.parametrize("typed", ["光典", "gdxy", "guangdian", "芯元", "GuangDianXin"])
def test_an_enterprise_is_found_by_characters_pinyin_and_initials(district: District, typed: str) -> None:
    wanted = district.enterprise(1, name="光典芯元微电子（演示）")
    district.enterprise(2, name="越州物流（演示）")
    found = client_for(district.staff()).get("/api/v1/enterprises/", {"q": typed}).json()["results"]
    assert [row["credit_code"] for row in found] == [wanted.credit_code]


def test_chinese_names_sort_by_pinyin(district: District) -> None:
    for number, name in enumerate(("正泰（演示）", "安达（演示）", "柯桥布业（演示）"), start=1):
        district.enterprise(number, name=name)
    rows = client_for(district.staff()).get("/api/v1/enterprises/").json()["results"]
    assert [row["name"][:2] for row in rows] == ["安达", "柯桥", "正泰"]


def test_the_list_costs_the_same_for_one_and_for_twenty(district: District) -> None:
    staff = client_for(district.staff())
    district.enterprise(1)
    one = queries_of(staff, "/enterprises/")
    for number in range(2, 22):
        district.enterprise(number)
    assert queries_of(staff, "/enterprises/") == one


def test_pages_of_a_long_list_join_without_gap_or_repeat(district: District) -> None:
    for number in range(1, 121):
        district.enterprise(number)
    staff = client_for(district.staff())
    seen: list[str] = []
    url: str | None = "/enterprises/"
    while url:
        page = staff.get(url).context["page"]
        seen += [enterprise.credit_code for enterprise in page.items]
        url = f"/enterprises/{page.next_url}" if page.next_url else None
    assert len(seen) == len(set(seen)) == 120
    back = staff.get(f"/enterprises/{page.previous_url}").context["page"]
    assert [enterprise.credit_code for enterprise in back.items] == seen[50:100]
