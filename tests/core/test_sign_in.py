"""Signing in and out: lockout, forced password change, sessions that end."""

from datetime import timedelta
from importlib import import_module

import pytest
import redis
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.people import PASSWORD, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.accounts.services import account_disable, account_enable, password_reset, token_create
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.scope import SYSTEM

WRONG = "Wrong-pass-1"
NEW = "Jiahe-Qiutian-88"


def attempt(client: Client, username: str, password: str, *, next: str = ""):
    return client.post("/login/", {"username": username, "password": password, "next": next})


def test_signing_in_goes_where_the_person_was_going(district):
    user = district.sysadmin()
    client = Client()
    bounced = client.get("/accounts/?role=cadre")
    assert bounced["Location"] == "/login/?next=/accounts/%3Frole%3Dcadre"
    assert attempt(client, user.username, PASSWORD, next="/accounts/?role=cadre")["Location"] == "/accounts/?role=cadre"
    assert client.get("/accounts/").status_code == 200
    assert AuditEntry.objects.get(action="session.sign_in").actor_id == user.pk


def test_signing_in_never_leads_outside(district):
    answer = attempt(Client(), district.staff().username, PASSWORD, next="https://example.com/")
    assert answer["Location"] == "/"


def test_capitals_and_spaces_around_the_user_name_do_not_matter(district):
    assert attempt(Client(), f" {district.staff().username.upper()} ", PASSWORD).status_code == 302


def test_a_wrong_password_and_an_unknown_name_read_the_same(district):
    user = district.staff()
    disabled = district.cadre(is_active=False)
    answers = [
        attempt(Client(), user.username, WRONG),
        attempt(Client(), "nobody99", WRONG),
        attempt(Client(), disabled.username, PASSWORD),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert {str(answer.context["form"].non_field_errors()) for answer in answers} == {
        '<ul class="errorlist nonfield"><li>用户名或密码不对，请重新输入。</li></ul>'
    }
    assert user.username in answers[0].content.decode()
    assert WRONG not in answers[0].content.decode()


def test_what_was_typed_as_an_unknown_name_is_not_kept(district):
    attempt(Client(), "my-secret-password", WRONG)
    entry = AuditEntry.objects.get(action="session.sign_in_failed")
    assert (entry.object_id, entry.actor_id) == ("unknown", None)


def test_five_wrong_passwords_lock_for_thirty_minutes(district):
    user = district.staff()
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert attempt(client, user.username, WRONG).status_code == 200
    locked = attempt(client, user.username, WRONG)
    assert locked.status_code == 429
    assert "账号暂时锁定" in locked.content.decode()
    assert attempt(client, user.username, PASSWORD).status_code == 429
    assert attempt(client, district.leader().username, PASSWORD).status_code == 302
    half_an_hour_ago = timezone.now() - timedelta(minutes=31)
    AccessAttempt.objects.filter(username=user.username).update(attempt_time=half_an_hour_ago)
    assert attempt(Client(), user.username, PASSWORD).status_code == 302


def test_an_unknown_name_is_locked_just_the_same(district):
    client = Client()
    answers = [attempt(client, "nobody99", WRONG).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_a_flushed_valkey_unlocks_nobody(district, redis_url):
    user = district.staff()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(Client(), user.username, WRONG)
    redis.Redis.from_url(redis_url).flushall()
    assert attempt(Client(), user.username, PASSWORD).status_code == 429


def test_the_administrator_sees_and_lifts_a_lockout(district):
    user, administrator = district.staff(), client_for(district.sysadmin())
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(Client(), user.username, WRONG)
    assert "已锁定" in administrator.get("/accounts/").content.decode()
    assert "现在解除" in administrator.get(f"/accounts/{user.pk}/").content.decode()
    assert administrator.post(f"/accounts/{user.pk}/unlock/").status_code == 302
    assert "已锁定" not in administrator.get("/accounts/").content.decode()
    assert attempt(Client(), user.username, PASSWORD).status_code == 302


def test_signing_out_takes_a_post_and_ends_the_session(district):
    client = client_for(district.staff())
    assert client.get("/logout/").status_code == 405
    assert client.get("/me/").status_code == 200
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/me/").status_code == 302
    assert AuditEntry.objects.filter(action="session.sign_out").count() == 1


def test_a_password_given_out_must_be_changed_first(district):
    user = district.staff(must_change_password=True)
    client = Client()
    attempt(client, user.username, PASSWORD)
    bounced = client.get("/enterprises/?q=x")
    assert bounced["Location"] == "/me/password/?next=%2Fenterprises%2F%3Fq%3Dx"
    assert client.post("/postings/new/", {}).status_code == 302
    assert "一次性密码" in client.get(bounced["Location"]).content.decode()
    form = {"old_password": PASSWORD, "password": NEW, "password_again": NEW, "next": "/enterprises/?q=x"}
    assert client.post("/me/password/", form)["Location"] == "/enterprises/?q=x"
    assert client.get("/enterprises/").status_code == 200
    assert attempt(Client(), user.username, NEW).status_code == 302


@pytest.mark.parametrize("address", ["/api/v1/me/", "/api/v1/issues/"])
@pytest.mark.parametrize("by", ["session", "token"])
def test_the_api_says_in_json_that_the_password_must_be_changed_first(district, by, address):
    user = district.staff(must_change_password=True)
    client = client_for(user) if by == "session" else Client()
    headers = {"Authorization": f"Token {token_create(user=user, actor=SYSTEM)}"} if by == "token" else {}
    answer = client.get(address, headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/json")
    assert answer.json() == {
        "code": "password_change_required",
        "detail": "正在使用管理员给的一次性密码，请先登录网页修改密码。",
    }
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    assert client.get(address, headers=headers).status_code == 200


def test_the_api_changes_nothing_for_a_password_given_out(district):
    client = client_for(district.cadre(must_change_password=True))
    answer = client.post("/api/v1/visits/", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_change_required")


def test_a_fragment_is_sent_to_the_password_page_whole(district):
    client = client_for(district.staff(must_change_password=True))
    answer = client.get("/enterprises/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"][:13]) == (401, "/me/password/")


@pytest.mark.parametrize(
    ("old", "new", "again", "field", "words"),
    [
        (WRONG, NEW, NEW, "old_password", "当前密码不对"),
        (PASSWORD, PASSWORD, PASSWORD, "password", "不能与当前密码相同"),
        (PASSWORD, NEW, NEW + "x", "password_again", "两次输入的新密码不一样"),
        (PASSWORD, "Ab1-", "Ab1-", "password", "8"),
        (PASSWORD, "onlylowercaseletters", "onlylowercaseletters", "password", "至少三类"),
        (PASSWORD, "", "", "password", "请填写"),
    ],
)
def test_a_new_password_that_cannot_be_taken(district, old, new, again, field, words):
    user = district.staff()
    client = client_for(user)
    answer = client.post("/me/password/", {"old_password": old, "password": new, "password_again": again})
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions_and_tokens_but_not_this_one(district):
    user = district.staff()
    here, elsewhere = client_for(user), client_for(user)
    token = token_create(user=user, actor=scope_of(district.sysadmin()))
    here.post("/me/password/", {"old_password": PASSWORD, "password": NEW, "password_again": NEW})
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    assert _by_token(token) == 401


def test_disabling_an_account_ends_sessions_and_tokens_and_enabling_revives_none(district):
    user, administrator = district.staff(), scope_of(district.sysadmin())
    client = client_for(user)
    token = token_create(user=user, actor=administrator)
    assert (client.get("/me/").status_code, _by_token(token)) == (200, 200)
    account_disable(user=user, actor=administrator)
    assert (client.get("/me/").status_code, _by_token(token)) == (302, 401)
    account_enable(user=user, actor=administrator)
    assert (client.get("/me/").status_code, _by_token(token)) == (302, 401)
    assert attempt(Client(), user.username, PASSWORD).status_code == 302


def test_a_reset_ends_sessions_and_tokens(district):
    user, administrator = district.staff(), scope_of(district.sysadmin())
    client = client_for(user)
    token = token_create(user=user, actor=administrator)
    password_reset(user=user, password=NEW, actor=administrator)
    assert (client.get("/me/").status_code, _by_token(token)) == (302, 401)
    assert User.objects.get(pk=user.pk).must_change_password


def test_a_session_in_use_lives_on_and_an_idle_one_ends(district, settings):
    settings.SESSION_COOKIE_AGE = 1800
    client = client_for(district.staff())
    client.get("/me/")
    session = _session(client)
    session["kept_at"] -= 120
    session.save()
    before = _session(client)["kept_at"]
    client.get("/me/")
    assert _session(client)["kept_at"] > before
    client.session.model.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/me/").status_code == 302


def test_me_shows_my_roles_postings_and_tokens(district):
    user = district.cadre([district.township(), district.township("330602108")], phone="13800000000")
    token_create(user=user, actor=scope_of(district.sysadmin()))
    page = client_for(user).get("/me/").content.decode()
    for words in ("驻联干部", "稽山街道", "富盛镇", "13800000000", "有效"):
        assert words in page


def test_somebody_without_a_role_sees_their_own_page_and_nothing_else(district):
    client = client_for(district.person())
    assert client.get("/me/").status_code == 200
    assert client.get("/me/password/").status_code == 200
    assert client.get("/accounts/").status_code == 403
    assert client.get("/postings/").status_code == 403


def test_the_api_says_who_i_am(district):
    enterprise = district.enterprise(1)
    user = district.cadre([district.township()], [enterprise])
    body = client_for(user).get("/api/v1/me/").json()
    assert body["username"] == user.username
    assert body["display_name"] == user.display_name
    assert body["roles"] == ["cadre"]
    assert body["units"] == [{"role": "cadre", "code": "330602", "name": "绍兴市越城区总工会"}]
    assert {(p["township"], p["enterprise"]) for p in body["postings"]} == {
        ("330602006", None),
        (None, enterprise.credit_code),
    }


def test_the_command_prints_a_token_that_works_and_nothing_else(district, capsys):
    from django.core.management import CommandError, call_command

    user = district.staff()
    call_command("create_api_token", user.username)
    token = capsys.readouterr().out
    assert token.count("\n") == 1
    assert _by_token(token.strip()) == 200
    with pytest.raises(CommandError, match="nobody99"):
        call_command("create_api_token", "nobody99")
    disabled = district.staff(is_active=False)
    with pytest.raises(CommandError, match="停用"):
        call_command("create_api_token", disabled.username)


def _by_token(token: str) -> int:
    return Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code


def _session(client: Client):
    engine = import_module(settings.SESSION_ENGINE)
    return engine.SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
