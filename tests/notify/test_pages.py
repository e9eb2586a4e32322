"""The bell, the list, and choosing how to hear."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import District, client_for, sign_in
from unionportal.core.common import clock
from unionportal.core.notify.bell import bell
from unionportal.core.notify.models import Channel, Kind, Notification, QuietHours
from unionportal.core.notify.services import Told, tell


def say(user: Any, number: int, kind: str = Kind.TODO) -> None:
    tell([Told(user.pk, kind)], text=f"诉求 YC-2024-{number:06d} 交办", url="/issues/", source=f"issue:{number}")


def test_the_bell_counts_the_unread_and_only_ones_own(district: District) -> None:
    me, other = district.handler(), district.handler()
    say(me, 1)
    say(me, 2)
    say(other, 3)
    page = client_for(me).get("/").content.decode()
    assert "2 条未读" in page
    listed = client_for(me).get("/notifications/").content.decode()
    assert "YC-2024-000002" in listed
    assert "YC-2024-000003" not in listed


def test_the_bell_costs_one_query_however_many_there_are(district: District) -> None:
    me = district.handler()
    Notification.objects.bulk_create(
        Notification(user=me, kind="todo", text="x", url="/", source=str(n), made_at=clock.now()) for n in range(300)
    )
    with CaptureQueriesContext(connection) as queries:
        found = bell(me.pk)
    assert (len(queries), found["count"]) == (1, "99+")


def test_opening_one_reads_it_and_leads_on(district: District) -> None:
    me, other = district.handler(), district.handler()
    say(me, 1)
    row = Notification.objects.get()
    assert client_for(other).get(f"/notifications/{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None
    answer = client_for(me).get(f"/notifications/{row.pk}/")
    assert (answer.status_code, answer.url) == (302, "/issues/")
    row.refresh_from_db()
    assert row.read_at is not None
    assert "YC-2024-000001" not in client_for(me).get("/notifications/?unread=1").content.decode()


def test_all_can_be_read_at_once(district: District) -> None:
    me, other = district.handler(), district.handler()
    for number in range(3):
        say(me, number)
    say(other, 9)
    client_for(me).post("/notifications/")
    assert list(Notification.objects.filter(read_at=None).values_list("user_id", flat=True)) == [other.pk]


def test_ways_are_set_kept_and_taken_away(district: District, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    me = district.handler()
    client = client_for(me)
    form = {"way": "mail", "mail-target": "wang@example.com", "mail-kinds": ["todo"], "mail-is_active": "on"}
    assert client.post("/me/notifications/", form).status_code == 302
    page = client.get("/me/notifications/").content.decode()
    assert "w***@example.com" in page
    assert "wang@example.com" not in page
    client.post("/me/notifications/", {**form, "mail-target": "", "mail-kinds": ["todo", "urge"]})
    assert Channel.objects.get().kinds == ["todo", "urge"]
    refused = client.post("/me/notifications/", {**form, "mail-target": "不是邮箱"})
    assert refused.status_code == 422
    assert "请填写完整的邮箱地址" in refused.content.decode()
    nothing = client.post("/me/notifications/", {**form, "mail-kinds": []})
    assert nothing.status_code == 422
    client.post("/me/notifications/", {"way": "mail", "remove": "1"})
    assert not Channel.objects.exists()


def test_without_a_mail_server_mail_is_not_offered(district: District, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    page = client_for(district.handler()).get("/me/notifications/").content.decode()
    assert "还没有配置邮件服务器" in page
    assert 'name="mail-target"' not in page


@pytest.mark.parametrize(
    ("begin", "end", "status"), [("22", "6", 302), ("22", "", 422), ("24", "6", 422), ("", "", 302)]
)
def test_own_quiet_hours(district: District, begin: str, end: str, status: int) -> None:
    me = district.handler()
    answer = client_for(me).post("/me/notifications/", {"way": "quiet", "begin": begin, "end": end})
    assert answer.status_code == status
    assert QuietHours.objects.exists() == (begin == "22" and end == "6")


def test_by_bell_to_the_issue_in_the_browser(district: District, page: Any) -> None:
    me = district.handler()
    say(me, 1)
    sign_in(page, me)
    page.get_by_role("link", name="消息，1 条未读").click()
    page.get_by_role("link", name="YC-2024-000001").click()
    page.wait_for_url("**/issues/")
    page.goto("/me/notifications/")
    box = page.locator("section", has=page.get_by_role("heading", name="飞书机器人"))
    box.get_by_label("Webhook 地址").fill(
        "https://open.feishu.cn/open-apis/bot/v2/hook/12345678-abcd-1234-abcd-1234567890ab"
    )
    box.get_by_role("button", name="保存").click()
    page.get_by_text("飞书机器人已保存。").wait_for()
    assert Channel.objects.get().way == "feishu"
