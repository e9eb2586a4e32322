"""Sending on: by mail and by chat robots, not in quiet hours, tried again, given up with a reason, never lost."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from tests.notify.servers import Chat, Postbox, chat_server, mail_server
from tests.people import District, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import FieldErrors
from unionportal.core.notify.deliver import deliver_due, deliver_one
from unionportal.core.notify.models import Channel, Delivery, Kind, Notification
from unionportal.core.notify.services import Told, channel_set, quiet_set, silence, tell
from unionportal.core.notify.targets import target_of
from unionportal.core.notify.timing import BACKOFF_MINUTES, after_quiet
from unionportal.embedded.process import wait_until

UUID = "12345678-abcd-1234-abcd-1234567890ab"
ROBOTS = {
    "dingtalk": (
        "https://oapi.dingtalk.com/robot/send?access_token=" + "a1" * 20,
        "/robot/send?access_token=" + "a1" * 20,
    ),
    "wecom": (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={UUID}", f"/cgi-bin/webhook/send?key={UUID}"),
    "feishu": (f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}", f"/open-apis/bot/v2/hook/{UUID}"),
}


@pytest.fixture
def mail(settings: Any) -> Iterator[Postbox]:
    with mail_server(settings) as box:
        yield box


@pytest.fixture
def chat(settings: Any) -> Iterator[Chat]:
    with chat_server(settings) as server:
        yield server


def hears(user: User, way: str, target: str, kinds: tuple[str, ...] = ("todo", "urge")) -> Channel:
    """The person wants to hear this way, at any hour."""
    quiet_set(begin=0, end=0, actor=scope_of(user))
    channel = channel_set(way=way, target=target, kinds=list(kinds), is_active=True, actor=scope_of(user))
    assert channel is not None
    return channel


def say(*users: User, kind: str = "todo", source: str = "issue:YC-2024-000001:2") -> None:
    tell(
        [Told(u.pk, kind) for u in users], text="诉求 YC-2024-000001 交办", url="/issues/YC-2024-000001/", source=source
    )


def test_a_line_is_mailed_to_whoever_wants_that_kind(district: District, mail: Postbox) -> None:
    keen, calm, plain = district.handler(), district.handler(), district.handler()
    hears(keen, "mail", "keen@example.com")
    hears(calm, "mail", "calm@example.com", kinds=("urge",))
    say(keen, calm, plain)
    assert Notification.objects.count() == 3
    assert deliver_due() == 1
    (letter,) = mail.letters
    assert letter["To"] == "keen@example.com"
    assert "待我办理" in letter["Subject"]
    assert "/issues/YC-2024-000001/" in letter.get_content()
    assert Delivery.objects.get().state == "sent"
    assert deliver_due() == 0


@pytest.mark.parametrize("way", list(ROBOTS))
def test_each_robot_is_told_at_its_own_address(district: District, chat: Chat, way: str) -> None:
    person = district.handler()
    pasted, path = ROBOTS[way]
    channel = hears(person, way, pasted)
    assert pasted not in channel.target  # sealed
    assert target_of(channel) in path
    say(person)
    assert deliver_due() == 1
    ((called, body),) = chat.calls
    assert called == path
    assert "YC-2024-000001" in str(body)
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize(
    ("way", "target"),
    [
        ("mail", "not an address"),
        ("dingtalk", "https://evil.example/robot/send?access_token=" + "a1" * 20),
        ("dingtalk", "http://oapi.dingtalk.com/robot/send?access_token=" + "a1" * 20),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=short"),
        ("feishu", f"https://open.feishu.cn/open-apis/bot/v2/hook/{UUID}/../../x"),
    ],
)
def test_an_address_that_is_none_is_refused(district: District, way: str, target: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        channel_set(way=way, target=target, kinds=["todo"], is_active=True, actor=scope_of(district.handler()))
    assert set(refused.value.fields) == {"target"}
    assert not Channel.objects.exists()


def test_what_fails_is_tried_again_later_and_at_last_given_up(district: District, chat: Chat) -> None:
    person = district.handler()
    hears(person, "feishu", ROBOTS["feishu"][0])
    say(person)
    chat.status = 500
    moment = timezone.now()
    for minutes in BACKOFF_MINUTES:
        assert deliver_due(now=moment) == 1
        row = Delivery.objects.get()
        assert (row.state, row.due_at) == ("waiting", moment + timedelta(minutes=minutes))
        assert deliver_due(now=row.due_at - timedelta(seconds=1)) == 0
        moment = row.due_at
    assert deliver_due(now=moment) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("given_up", len(BACKOFF_MINUTES) + 1)
    assert "没有接收" in row.error
    assert len(chat.calls) == len(BACKOFF_MINUTES) + 1


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        ("dingtalk", b'{"errcode": 310000, "errmsg": "keywords not in content"}'),
        ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}'),
        ("feishu", b'{"code": 19024, "msg": "Key Words Not Found"}'),
        ("feishu", b'{"StatusCode": 1, "StatusMessage": "refused"}'),
        ("wecom", b"<html>sign in to the office network</html>"),
        ("wecom", b"[]"),
    ],
)
def test_a_robot_that_refuses_with_a_200_was_not_told(district: District, chat: Chat, way: str, answer: bytes) -> None:
    person = district.handler()
    hears(person, way, ROBOTS[way][0])
    say(person)
    chat.answer = answer
    deliver_due()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    assert row.error.startswith("对方")
    chat.answer = b'{"StatusCode": 0, "code": 0, "msg": "success"}' if way == "feishu" else b'{"errcode": 0}'
    deliver_due(now=row.due_at)
    row.refresh_from_db()
    assert (row.state, row.error) == ("sent", "")


def test_what_failed_once_arrives_when_the_other_side_is_back(district: District, mail: Postbox) -> None:
    person = district.handler()
    hears(person, "mail", "full@example.com")
    say(person)
    moment = timezone.now()
    deliver_due(now=moment)
    assert "452" in Delivery.objects.get().error
    hears(person, "mail", "empty@example.com")
    deliver_due(now=moment + timedelta(minutes=1))
    assert (Delivery.objects.get().state, len(mail.letters)) == ("sent", 1)


def test_an_unreachable_server_loses_nothing(district: District, settings: Any) -> None:
    person = district.handler()
    with mail_server(settings):
        hears(person, "mail", "me@example.com")
        say(person)
    deliver_due()  # the server is gone
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("waiting", 1)
    with mail_server(settings) as back:
        deliver_due(now=row.due_at)
    assert len(back.letters) == 1


@pytest.mark.parametrize(
    ("at", "hours", "sent_at"),
    [
        ((2024, 9, 4, 20, 59), (21, 7), (2024, 9, 4, 20, 59)),
        ((2024, 9, 4, 21, 0), (21, 7), (2024, 9, 5, 7, 0)),
        ((2024, 9, 5, 6, 59), (21, 7), (2024, 9, 5, 7, 0)),
        ((2024, 9, 5, 7, 0), (21, 7), (2024, 9, 5, 7, 0)),
        ((2024, 9, 5, 12, 30), (12, 14), (2024, 9, 5, 14, 0)),
        ((2024, 9, 5, 3, 0), (0, 0), (2024, 9, 5, 3, 0)),
    ],
)
def test_quiet_hours(at: tuple[int, ...], hours: tuple[int, int], sent_at: tuple[int, ...]) -> None:
    assert after_quiet(datetime(*at, tzinfo=SHANGHAI), hours) == datetime(*sent_at, tzinfo=SHANGHAI)


def test_nothing_is_sent_in_a_persons_quiet_hours(district: District, mail: Postbox) -> None:
    person = district.handler()
    hears(person, "mail", "me@example.com")
    say(person)
    quiet_set(begin=21, end=7, actor=scope_of(person))
    night = datetime(2027, 1, 5, 23, 0, tzinfo=SHANGHAI)
    deliver_due(now=night)
    assert mail.letters == []
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.due_at) == ("waiting", 0, datetime(2027, 1, 6, 7, 0, tzinfo=SHANGHAI))
    deliver_due(now=row.due_at)
    assert len(mail.letters) == 1


def test_once_a_person_and_source_and_the_gravest_kind(district: District) -> None:
    person = district.handler()
    tell([Told(person.pk, Kind.PROGRESS), Told(person.pk, Kind.TODO)], text="一条", url="/", source="x:1")
    say(person, source="x:1")
    assert Notification.objects.get().kind == "todo"


def test_what_is_rolled_back_was_never_told(district: District) -> None:
    person = district.handler()
    hears(person, "mail", "me@example.com")
    with transaction.atomic():
        say(person)
        transaction.set_rollback(True)
    with silence():
        say(person)
    assert (Notification.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_channel_that_was_switched_off_or_removed_sends_nothing(district: District, mail: Postbox) -> None:
    person = district.handler()
    hears(person, "mail", "me@example.com")
    say(person)
    channel_set(way="mail", target="me@example.com", kinds=["todo"], is_active=False, actor=scope_of(person))
    deliver_due()
    assert (mail.letters, Delivery.objects.get().state) == ([], "given_up")
    channel_set(way="mail", target="", kinds=[], is_active=False, actor=scope_of(person))
    say(person, source="x:2")
    assert not Delivery.objects.exists()


def test_two_workers_send_each_line_once(committed_db: None, district: District, settings: Any) -> None:
    """The second finds the first one's row locked and takes the next."""
    person = district.handler()
    with mail_server(settings) as mail:
        hears(person, "mail", "me@example.com")
        say(person, source="x:1")
        say(person, source="x:2")
        first = Delivery.objects.order_by("due_at").first()
        with connections["owner"].cursor() as cursor, transaction.atomic(using="owner"):
            cursor.execute("SELECT 1 FROM notify_delivery WHERE id = %s FOR UPDATE", [first.pk])
            assert deliver_one() is True
            assert deliver_one() is False
        assert deliver_one() is True
    assert len(mail.letters) == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_real_worker_sends_what_a_lost_broker_left(
    committed_db: None, district: District, celery_worker_process: Any, settings: Any
) -> None:
    """The row was written without anybody being nudged; the sweep's task finds it. (The worker has no mail server: it says so and keeps the row.)"""
    from unionportal.core.notify.tasks import deliver

    person = district.handler()
    hears(person, "mail", "me@example.com")
    with transaction.atomic():
        say(person)
        transaction.get_connection().run_on_commit.clear()
    deliver.apply_async(ignore_result=True)
    assert wait_until(lambda: Delivery.objects.get().attempts == 1, seconds=30, interval=0.1)
    row = Delivery.objects.get()
    assert (row.state, row.error) == ("waiting", "没有配置邮件服务器")
