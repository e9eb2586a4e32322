"""From an empty database to a district at work: the first two administrators come from the shell, everybody else by the pages.

And where the only system administrator forgot the password, the shell helps again."""

import io
import re
import threading
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from tests.locks import until_somebody_waits_for_a_lock
from tests.people import scope_of
from unionportal.core.accounts.models import ApiToken, RoleGrant, User
from unionportal.core.accounts.services import token_create
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Unit

NEW = "Jiahe-Qiutian-88"
UNITS = ("--city", "3306", "绍兴市总工会", "--district", "330602", "绍兴市越城区总工会")

pytestmark = pytest.mark.django_db


def create_administrator(username: str, role: str, *units: str, name: str = "王管理（演示）") -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("create_administrator", username, "--name", name, "--role", role, *units, stdout=said)
    return said.getvalue()


def passwords_in(said: str) -> list[str]:
    """One-time passwords on the terminal or on a page."""
    return re.findall(r"([A-Z]\w\w\d(?:-[A-Z]\w\w\d){2})", said)


def signed_in(username: str, said: str) -> Client:
    """Somebody who came in with the one-time password on the terminal or on a page, and has changed it."""
    password = passwords_in(said)
    assert len(password) == 1, "the password stands there once"
    client = Client()
    assert client.post("/login/", {"username": username, "password": password[0]}).status_code == 302
    assert client.get("/")["Location"].startswith("/me/password/")
    client.post("/me/password/", {"old_password": password[0], "password": NEW, "password_again": NEW})
    assert client.get("/").status_code == 200
    return client


def test_from_nothing_to_a_township_officer_at_work(caplog: pytest.LogCaptureFixture):
    said = create_administrator("wang", "sysadmin", *UNITS)
    assert "安全管理员" in said, "it says who is still missing"
    known = [NEW, *passwords_in(said)]
    sysadmin = signed_in("wang", said)
    said = create_administrator("shen", "security", name="沈安全（演示）")
    assert "还缺" not in said
    known += passwords_in(said)
    security = signed_in("shen", said)

    above = Unit.objects.get(code="330602").pk
    unit = {
        "code": "330602006",
        "kind": "township",
        "name": "稽山街道总工会",
        "short_name": "稽山街道",
        "parent": above,
    }
    assert sysadmin.post("/units/new/", unit).status_code == 302
    person = {"username": "zhao", "display_name": "赵镇街（演示）", "phone": ""}
    shown = sysadmin.post("/accounts/new/", person).content.decode()
    user = User.objects.get(username="zhao")
    grant = {"role": "township", "unit": "330602006"}
    assert sysadmin.post(f"/accounts/{user.pk}/roles/grant/", grant).status_code == 403, "the two stay separate"
    assert security.post(f"/accounts/{user.pk}/roles/grant/", grant).status_code == 302

    known += passwords_in(shown)
    assert signed_in("zhao", shown).get("/issues/").status_code == 200
    assert scope_of(user).township_ids == {Unit.objects.get(code="330602006").pk}
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"unit.create", "account.create", "role.grant"} <= actions
    kept = str(list(AuditEntry.objects.values_list("data", flat=True))) + caplog.text
    assert len(known) == 4
    assert not [password for password in known if password in kept]


def refused(*arguments: Any, words: str) -> None:
    before = (User.objects.count(), Unit.objects.count(), RoleGrant.objects.count())
    with pytest.raises(CommandError, match=words):
        create_administrator(*arguments)
    assert (User.objects.count(), Unit.objects.count(), RoleGrant.objects.count()) == before


@pytest.mark.parametrize("role", ["sysadmin", "security"])
def test_a_role_somebody_holds_is_not_given_again(role):
    create_administrator("wang", role, *UNITS)
    refused("liqi", role, words="已有启用中的")
    User.objects.update(is_active=False)
    assert "一次性密码" in create_administrator("liqi", role), "nobody who can sign in holds it any more"


def test_nobody_becomes_both_administrators():
    create_administrator("wang", "sysadmin", *UNITS)
    refused("wang", "security", words="已经有人使用")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("wang", "sysadmin"), "--district"),
        (("wang", "sysadmin", *UNITS[:3]), "--district"),
        (("Wang", "sysadmin", *UNITS), "小写字母"),
        (("wang", "sysadmin", *UNITS[:4], "330", "越城区总工会"), "6 位数字"),
        (("wang", "sysadmin", *UNITS[:4], "330702", "婺城区总工会"), "3306 开头"),
        (("wang", "sysadmin", *UNITS[:5], "区" * 31), "30 个字"),
        (("wang", "auditor", *UNITS), "auditor"),
    ],
)
def test_what_cannot_be_made_leaves_nothing_behind(arguments, words):
    refused(*arguments, words=words)


def test_a_second_district_is_not_made():
    create_administrator("wang", "sysadmin", *UNITS)
    other = ("--city", "3307", "金华市总工会", "--district", "330702", "婺城区总工会")
    refused("shen", "security", *other, words="不再建立另一个")


OTHER_UNITS = ("--city", "3307", "金华市总工会", "--district", "330702", "婺城区总工会")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("shen", "security", *UNITS), ""),
        (("shen", "security", *OTHER_UNITS), "不再建立另一个"),
        (("shen", "sysadmin", *UNITS), "已有启用中的"),
    ],
)
def test_two_first_administrators_at_the_same_moment(committed_db, arguments, refusal):
    """Nothing is there yet that one of them could wait for; still there is one district, and one holder of each role."""
    heard: list[str] = []

    def compete() -> None:
        try:
            create_administrator(*arguments)
        except CommandError as error:
            heard.append(str(error))
        finally:
            connection.close()

    rival = threading.Thread(target=compete)
    with transaction.atomic():
        create_administrator("wang", "sysadmin", *UNITS)
        rival.start()
        until_somebody_waits_for_a_lock()
    rival.join(timeout=30)
    assert len(heard) == bool(refusal)
    assert refusal in "".join(heard)
    assert list(Unit.objects.order_by("code").values_list("code", flat=True)) == ["3306", "330602"]
    held = [("sysadmin", "wang")] if refusal else [("security", "shen"), ("sysadmin", "wang")]
    assert list(RoleGrant.objects.order_by("role").values_list("role", "user__username")) == held


def reset_password(username: str) -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("reset_password", username, stdout=said)
    return said.getvalue()


def test_the_only_system_administrator_forgot_the_password(caplog: pytest.LogCaptureFixture):
    session = signed_in("wang", create_administrator("wang", "sysadmin", *UNITS))
    user = User.objects.get(username="wang")
    token_create(user=user, actor=SYSTEM)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        Client().post("/login/", {"username": "wang", "password": "Wangji-2025"})
    locked = Client().post("/login/", {"username": "wang", "password": NEW})
    assert locked.status_code != 302, "even the right one: the account is locked"

    said = reset_password("wang")
    assert session.get("/")["Location"].startswith("/login/"), "whoever had it open is out"
    assert not ApiToken.objects.filter(user=user, revoked_at__isnull=True).exists()
    entry = AuditEntry.objects.get(action="account.password_reset")
    assert (entry.actor_id, entry.object_id) == (None, str(user.pk)), "a step of the portal itself"
    password = passwords_in(said)[0]
    client = Client()
    assert client.post("/login/", {"username": "wang", "password": password}).status_code == 302, "no lockout is left"
    assert client.get("/accounts/")["Location"].startswith("/me/password/")
    chosen = {"old_password": password, "password": "Xinqiu-Dongtian-99", "password_again": "Xinqiu-Dongtian-99"}
    client.post("/me/password/", chosen)
    assert client.get("/accounts/").status_code == 200, "a system administrator as before"
    assert Client().post("/login/", {"username": "wang", "password": password}).status_code != 302, "once only"
    kept = str(list(AuditEntry.objects.values_list("data", flat=True))) + caplog.text
    assert password not in kept


def test_what_cannot_be_reset_from_the_shell():
    create_administrator("wang", "sysadmin", *UNITS)
    before = User.objects.get(username="wang")
    with pytest.raises(CommandError, match="没有用户名"):
        reset_password("wnag")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="已停用"):
        reset_password("wang")
    assert User.objects.get(username="wang").password == before.password
    assert not AuditEntry.objects.filter(action="account.password_reset").exists()
