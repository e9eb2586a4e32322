"""Administering accounts and roles: three separated administrators, and never without one."""

import re

import pytest

from tests.people import PASSWORD, client_for, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.accounts.passwords import one_time_password
from unionportal.core.accounts.services import (
    account_create,
    account_disable,
    account_update,
    password_reset,
    role_grant,
    role_revoke,
)
from unionportal.core.accounts.services.accounts import password_errors
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, StaleVersion
from unionportal.core.common.scope import SYSTEM, Role


def shown_password(page: str) -> str:
    match = re.search(r"data-one-time-password>([^<]+)<", page)
    assert match
    return match[1]


def test_a_new_account_gets_a_password_shown_once(district):
    client = client_for(district.sysadmin())
    typed = {"username": "chenxin", "display_name": "陈新（演示）", "phone": "13800000000"}
    answer = client.post("/accounts/new/", typed)
    password = shown_password(answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    user = User.objects.get(username="chenxin")
    assert user.check_password(password)
    assert user.must_change_password
    assert password not in client.get(f"/accounts/{user.pk}/").content.decode()
    assert "还没有角色" in client.get("/accounts/").content.decode()
    entry = AuditEntry.objects.get(action="account.create")
    assert password not in str(entry.data)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("username", "Chen", "小写字母"),
        ("username", "1chen", "小写字母"),
        ("username", "陈新", "小写字母"),
        ("username", "taken", "已经有人使用"),
        ("username", "", "请填写"),
        ("display_name", "", "请填写"),
        ("phone", "打不通", "手机号"),
    ],
)
def test_an_account_that_cannot_be_made(district, field, typed, words):
    district.person(username="taken")
    client = client_for(district.sysadmin())
    form = {"username": "chenxin", "display_name": "陈新", "phone": "13800000000", field: typed}
    before = User.objects.count()
    answer = client.post("/accounts/new/", form)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    assert [answer.context["form"][name].value() for name in form] == list(form.values())
    assert User.objects.count() == before


def test_one_time_passwords_keep_the_rule():
    passwords = {one_time_password() for _ in range(200)}
    assert len(passwords) == 200
    assert not [p for p in passwords if password_errors(p, User(username="a", display_name="b"))]


def test_only_the_system_administrator_makes_accounts(district):
    for outsider in (district.security(), district.staff(), district.auditor()):
        with pytest.raises(Forbidden):
            account_create(username="chenxin", display_name="陈新", password=PASSWORD, actor=scope_of(outsider))
    assert account_create(username="chenxin", display_name="陈新", password=PASSWORD, actor=SYSTEM).pk


def test_two_administrators_saving_the_same_account(district):
    user = district.staff()
    actor = scope_of(district.sysadmin())
    account_update(user=user, display_name="甲", phone="", version=1, actor=actor)
    with pytest.raises(StaleVersion):
        account_update(user=user, display_name="乙", phone="", version=1, actor=actor)
    answer = client_for(district.sysadmin()).post(
        f"/accounts/{user.pk}/edit/", {"display_name": "丙", "phone": "", "version": "1"}
    )
    assert answer.status_code == 409
    assert "丙" in answer.content.decode()
    assert User.objects.get(pk=user.pk).display_name == "甲"


def test_a_reset_password_is_shown_once_and_works_once(district):
    user = district.staff()
    client = client_for(district.sysadmin())
    password = shown_password(client.post(f"/accounts/{user.pk}/reset/").content.decode())
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password


def test_nobody_disables_or_resets_themselves(district):
    administrator = district.sysadmin()
    district.sysadmin()
    actor = scope_of(administrator)
    with pytest.raises(Forbidden):
        account_disable(user=administrator, actor=actor)
    with pytest.raises(Forbidden):
        password_reset(user=administrator, password="Another-One-1", actor=actor)


def test_the_last_administrator_of_a_kind_cannot_be_lost(district):
    sysadmin, security, second = district.sysadmin(), district.security(), district.security()
    client = client_for(sysadmin)
    assert client.post(f"/accounts/{second.pk}/disable/").status_code == 302
    answer = client.post(f"/accounts/{security.pk}/disable/")
    assert answer.status_code == 409
    assert "最后一名启用中的安全管理员" in answer.content.decode()
    with pytest.raises(Conflict, match="最后一名启用中的系统管理员"):
        role_revoke(user=sysadmin, role=Role.SYSADMIN, unit=district.district, actor=scope_of(security))
    with pytest.raises(Conflict):
        role_revoke(user=security, role=Role.SECURITY, unit=district.district, actor=SYSTEM)
    assert User.objects.get(pk=security.pk).is_active


def test_roles_are_given_and_taken_by_the_security_administrator(district):
    user = district.person(name="周多能（演示）")
    client = client_for(district.security())
    for role, unit in (("cadre", "330602"), ("township", "330602006"), ("township", "330602007")):
        assert client.post(f"/accounts/{user.pk}/roles/grant/", {"role": role, "unit": unit}).status_code == 302
    assert scope_of(user).roles == {"cadre", "township"}
    assert len(scope_of(user).township_ids) == 2
    grant = RoleGrant.objects.get(user=user, role="cadre")
    assert client.post(f"/accounts/{user.pk}/roles/revoke/", {"grant": grant.pk}).status_code == 302
    assert scope_of(user).roles == {"township"}
    assert list(AuditEntry.objects.filter(object_id=user.pk).values_list("action", flat=True)) == [
        "role.revoke",
        *["role.grant"] * 3,
    ]


@pytest.mark.parametrize(
    ("role", "unit", "field", "words"),
    [
        ("township", "330602", "unit", "镇街工会"),
        ("cadre", "330602006", "unit", "区总工会"),
        ("handler", "330602006", "unit", "部室"),
        ("cadre", "330602", "role", "已有“驻联干部”角色"),
        ("", "330602", "role", "请填写"),
        ("cadre", "", "unit", "请填写"),
        ("king", "330602", "role", "king"),
    ],
)
def test_a_role_that_cannot_be_given(district, role, unit, field, words):
    user = district.cadre()
    answer = client_for(district.security()).post(f"/accounts/{user.pk}/roles/grant/", {"role": role, "unit": unit})
    assert answer.status_code == 422
    assert words in answer.context["grant_form"].errors[field][0]
    assert user.grants.count() == 1


def test_nobody_holds_two_of_the_three_administrator_roles(district):
    security = scope_of(district.security())
    auditor = district.auditor()
    with pytest.raises(FieldErrors) as refused:
        role_grant(user=auditor, role=Role.SYSADMIN, unit=district.district, actor=security)
    assert "不同的人" in refused.value.fields["role"]


def test_nobody_gives_themselves_a_role(district):
    security = district.security()
    client = client_for(security)
    answer = client.post(f"/accounts/{security.pk}/roles/grant/", {"role": "leader", "unit": "330602"})
    assert answer.status_code == 403
    assert "不能给自己授予角色" in answer.content.decode()
    assert scope_of(security).roles == {"security"}


def test_the_two_administrators_cannot_do_each_others_work(district):
    sysadmin, security, user = district.sysadmin(), district.security(), district.staff()
    assert (
        client_for(sysadmin).post(f"/accounts/{user.pk}/roles/grant/", {"role": "leader", "unit": "330602"}).status_code
        == 403
    )
    for action in ("disable", "reset", "unlock", "edit"):
        assert client_for(security).post(f"/accounts/{user.pk}/{action}/").status_code == 403
    assert scope_of(user).roles == {"staff"}
    assert User.objects.get(pk=user.pk).is_active


def test_an_unknown_account_is_not_found(district):
    client = client_for(district.sysadmin())
    assert client.get("/accounts/999999/").status_code == 404
    assert client.post("/accounts/999999/disable/").status_code == 404


def test_a_lost_session_comes_back_to_the_dialog(district):
    user = district.staff()
    page = client_for(district.sysadmin()).get(f"/accounts/{user.pk}/edit/")
    assert re.search(r'<dialog class="dialog" id="edit"[^>]*data-open', page.content.decode())


def test_the_list_is_filtered_by_name_role_and_state(district):
    district.staff(name="韩梅（演示）", username="hanmei")
    district.cadre(name="李雷（演示）", is_active=False)
    client = client_for(district.sysadmin())

    def names(query: str) -> set[str]:
        return {user.display_name for user in client.get(f"/accounts/?{query}").context["page"].items}

    assert names("q=韩梅") == names("q=hanm") == {"韩梅（演示）"}
    assert names("role=cadre") == names("state=disabled") == {"李雷（演示）"}
    assert "韩梅（演示）" in names("state=never")
    assert names("role=keeper") == set()
    assert "没有符合条件的账号" in client.get("/accounts/?role=keeper").content.decode()


def test_the_list_pages_by_keyset_and_misses_nobody(district, monkeypatch):
    import unionportal.core.accounts.views.accounts as views
    from unionportal.core.common.pagination import keyset_page

    people = {district.staff().pk for _ in range(7)} | {(administrator := district.sysadmin()).pk}
    monkeypatch.setattr(views, "keyset_page", lambda *a, **k: keyset_page(*a, **k, size=3))
    client = client_for(administrator)
    seen: list[int] = []
    url: str | None = ""
    while url is not None:
        page = client.get(f"/accounts/{url}").context["page"]
        seen += [user.pk for user in page.items]
        url = page.next_url
    assert (len(seen), set(seen)) == (len(people), people)


def test_the_list_costs_the_same_at_one_and_at_twenty(district):
    client = client_for(district.sysadmin())
    district.cadre()
    few = queries_of(client, "/accounts/")
    for _ in range(20):
        district.cadre()
    assert queries_of(client, "/accounts/") == few
