"""Handing over in two steps: what is open is shown first, nothing happens before the confirmation, the successor is told."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.people import client_for, scope_of
from tests.visits.builders import TODAY, logged
from unionportal.core.accounts.models import Posting
from unionportal.core.audit.models import AuditEntry
from unionportal.core.notify.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def place(district):
    """陈离任 answers for 稽山街道: one issue answered, one just registered, two key enterprises, one of them visited; 王接任 has nothing yet."""
    leaver, successor, staff = district.cadre(name="陈离任"), district.cadre([], name="王接任"), district.staff()
    visited, gap = district.enterprise(1, is_key=True), district.enterprise(2, is_key=True, name="富盛纺织（演示）")
    logged(leaver, visited, TODAY - timedelta(days=2))
    answered = issue(district, leaver, "返还款未到账")
    for user, action, given in (
        (staff, "assign", {"unit": district.department}),
        (handler := district.handler(), "accept", {}),
        (handler, "report", {"note": "已返还。"}),
    ):
        version = Issue.objects.get(pk=answered.pk).version
        issue_move(code=answered.code, action=action, version=version, actor=scope_of(user), **given)
    issue(district, leaver, "食堂油烟大")
    posting = Posting.objects.get(cadre=leaver)
    return {"posting": posting, "leaver": leaver, "successor": successor, "staff": staff, "gap": gap, "issue": answered}


def issue(district, cadre, title: str) -> Issue:
    return issue_register(
        uuid=uuid4(),
        title=title,
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=district.township(),
        received_on=TODAY,
        actor=scope_of(cadre),
    )


def url(place) -> str:
    return f"/postings/{place['posting'].pk}/hand-over/"


def test_the_preview_names_what_is_open_and_changes_nothing(place):
    client = client_for(place["staff"])
    assert client.get(url(place)).status_code == 200
    answer = client.get(url(place), {"successor": place["successor"].username, "on": "2024-09-20"})
    page = answer.content.decode()
    work = answer.context["work"]
    assert (work.open_issues, work.to_follow_up, work.key_enterprises, work.unvisited) == (2, 1, 2, 1)
    assert [each.pk for each in work.follow_ups] == [place["issue"].pk]
    assert [each.pk for each in work.gaps] == [place["gap"].pk]
    assert "由王接任回访" in page
    assert "确认交接" in page
    assert Posting.objects.get(cadre=place["leaver"]).end_on is None
    assert not Posting.objects.filter(cadre=place["successor"]).exists()
    assert not AuditEntry.objects.filter(action="posting.hand_over").exists()
    assert not Notification.objects.filter(user=place["successor"]).exists()


def test_the_confirmation_hands_over_and_tells_the_successor_without_names(place):
    typed = {"successor": place["successor"].username, "on": "2024-09-20"}
    assert client_for(place["staff"]).post(url(place), typed).status_code == 302
    following = Posting.objects.get(cadre=place["successor"])
    told = Notification.objects.get(user=place["successor"])
    assert told.text == "9月20日起由您负责稽山街道：未办结诉求 2 件，其中待回访 1 件；久未走访的重点企业 1 家"
    assert told.url == f"/postings/{following.pk}/open/"
    page = client_for(place["successor"]).get(told.url)
    assert page.status_code == 200
    assert page.context["work"].open_issues == 2
    assert "返还款未到账" not in page.content.decode()  # theirs to read from the day on


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"successor": "leaver"}, "successor", "不能是原来的人"),
        ({"successor": ""}, "successor", "请填写"),
        ({"on": "2023-04-01"}, "on", "须晚于"),
        ({"on": "moon"}, "on", "日期"),
    ],
)
def test_the_preview_refuses_what_the_hand_over_would(place, change, field, words):
    if change.get("successor") == "leaver":
        change = {"successor": place["leaver"].username}
    typed = {"successor": place["successor"].username, "on": "2024-09-20"} | change
    client = client_for(place["staff"])
    preview, sent = client.get(url(place), typed), client.post(url(place), typed)
    assert sent.status_code == 422
    for answer in (preview, sent):
        assert words in answer.context["form"].errors[field][0]
        assert "确认交接" not in answer.content.decode()
    assert not Posting.objects.filter(cadre=place["successor"]).exists()


def test_a_posting_to_one_enterprise_speaks_of_it_alone(district, place):
    cadre = district.cadre([], [place["gap"]])
    work = client_for(cadre).get(f"/postings/{Posting.objects.get(cadre=cadre).pk}/open/").context["work"]
    assert (work.open_issues, work.to_follow_up, work.key_enterprises, work.unvisited) == (0, 0, 1, 1)


def test_who_may_look_and_who_may_hand_over(district, place):
    open_url = f"/postings/{place['posting'].pk}/open/"
    away = district.township("330602108")
    for user, looks, hands in (
        (place["leaver"], 200, 403),
        (district.leader(), 200, 403),
        (district.township_clerk(), 200, 403),
        (district.township_clerk(away), 404, 403),
        (district.cadre([away]), 404, 403),
        (district.handler(), 403, 403),
        (district.sysadmin(), 200, 200),
    ):
        client = client_for(user)
        assert (client.get(open_url).status_code, client.get(url(place)).status_code) == (looks, hands)


def test_the_system_administrator_reads_no_casework(district, place):
    page = client_for(district.sysadmin()).get(url(place)).content.decode()
    assert "2 件" in page
    assert "返还款未到账" not in page
    assert "富盛纺织" not in page
