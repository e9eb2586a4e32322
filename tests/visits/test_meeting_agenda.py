"""The agenda assembles itself from rows, and keeps what people did to it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.queries import queries_of
from tests.visits.builders import logged
from tests.visits.meeting_cast import OCTOBER, SEPTEMBER, TODAY, Circle, moment, titles
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.services import parameter_set
from visits.models import AgendaItem, Meeting
from visits.services.agenda import agenda_add, agenda_assemble, agenda_order
from visits.services.groups import group_member_add


def reassembled(circle: Circle, meeting: Meeting) -> Meeting:
    return agenda_assemble(meeting_id=meeting.pk, version=None, actor=circle.scope("staff"))


def test_it_holds_what_the_groups_members_owe_and_achieved(circle: Circle) -> None:
    with clock.at(moment(TODAY - timedelta(days=60))):
        circle.issue("早就逾期")
    circle.issue("刚交办")
    circle.issue("等着交办", assigned=False)
    circle.move(circle.issue("正在会诊"), "consult", "staff", units=[circle.district.workroom], note="怎么办")
    circle.resolved("已经化解")
    circle.issue("别的镇街", township=circle.fusheng)
    circle.district.enterprise(1, is_key=True, name="很久没去（演示）")
    seen = circle.district.enterprise(2, is_key=True, name="上周去过（演示）")
    circle.district.enterprise(3, name="不是重点（演示）")
    circle.district.enterprise(4, is_key=True, name="别处的重点（演示）", township=circle.fusheng)
    logged(circle.people["cadre"], seen, TODAY - timedelta(days=9))

    meeting = circle.planned()

    assert titles(meeting, "overdue") == ["早就逾期"]
    assert titles(meeting, "consultation") == ["正在会诊"]
    assert sorted(titles(meeting, "open")) == ["刚交办", "等着交办"]
    assert titles(meeting, "coverage") == ["很久没去（演示）", "陈驻联"]
    assert titles(meeting, "result") == ["已经化解"]
    assert len(titles(meeting)) == 7
    missed = meeting.items.get(cadre=circle.people["cadre"]).facts
    assert missed == "3 周没有完成走访任务（第 33、34、35 周）"
    assert "逾期" in meeting.items.get(kind="overdue").facts


def test_how_long_a_key_enterprise_may_wait_is_a_parameter(circle: Circle) -> None:
    firm = circle.district.enterprise(1, is_key=True, name="五周前去过（演示）")
    logged(circle.people["cadre"], firm, TODAY - timedelta(weeks=5))
    meeting = circle.planned()
    assert "五周前去过（演示）" not in titles(meeting)
    parameter_set(key="meetings.key_gap_weeks", value="4", effective_on=TODAY, reason="", actor=SYSTEM)
    assert "五周前去过（演示）" in titles(reassembled(circle, meeting))


def test_assembling_anew_brings_it_up_to_date_and_keeps_what_people_did(circle: Circle) -> None:
    first, second, third = (circle.issue(title) for title in ("甲", "乙", "丙"))
    meeting = circle.planned()
    ids = {item.issue.title: item.pk for item in meeting.items.select_related("issue") if item.issue}
    staff = circle.client("staff")

    def press(title: str, step: str) -> int:
        version = Meeting.objects.get().version
        url = f"/meetings/{meeting.pk}/agenda/{ids[title]}/{step}/"
        return staff.post(url, {"version": version}).status_code

    assert press("丙", "up") == 302
    assert press("甲", "drop") == 302
    circle.move(second, "accept", "handler")
    circle.move(second, "report", "handler", note="已划拨。")
    circle.move(second, "follow_up", "staff", satisfaction="satisfied")
    circle.move(second, "close", "staff", outcome="explained")
    circle.issue("丁")

    reassembled(circle, meeting)

    assert titles(meeting, "open") == ["丙", "丁"]
    assert meeting.items.get(issue=first).dropped
    assert not meeting.items.filter(issue=second).exists()
    assert press("甲", "restore") == 302
    assert titles(meeting, "open") == ["甲", "丙", "丁"]
    assert third.is_open


def test_members_propose_an_issue_for_consultation_and_topics(circle: Circle) -> None:
    issue, foreign = circle.issue("工资拖欠"), circle.issue("别处", township=circle.fusheng)
    meeting = circle.planned()
    url = f"/meetings/{meeting.pk}/propose/"
    cadre = circle.client("cadre")

    answer = cadre.post(url, {"issue": issue.code.lower(), "version": meeting.version})
    assert answer.status_code == 302
    item = meeting.items.get(issue=issue)
    assert (item.kind, item.by_hand) == ("consultation", True)
    again = cadre.post(url, {"issue": issue.code})
    assert again.status_code == 422
    assert "已经在议程里了" in again.content.decode()
    refused = cadre.post(url, {"issue": foreign.code})
    assert "不在您的查看范围内" in refused.content.decode()
    neither = cadre.post(url, {})
    assert "二者填一项" in neither.content.decode()
    assert circle.client("clerk").post(url, {"topic": "年底慰问怎么安排"}).status_code == 302
    assert titles(meeting, "topic") == ["年底慰问怎么安排"]
    reassembled(circle, meeting)
    assert titles(meeting, "consultation") == ["工资拖欠"]
    assert titles(meeting, "topic") == ["年底慰问怎么安排"]
    assert circle.client("outsider").post(url, {"topic": "旁人"}).status_code == 404


def test_a_meeting_under_way_is_not_rearranged(circle: Circle) -> None:
    issue = circle.issue()
    meeting = circle.planned(TODAY)
    circle.started(meeting)
    item = meeting.items.get(issue=issue)
    staff = circle.scope("staff")
    for refused in (
        lambda: agenda_assemble(meeting_id=meeting.pk, version=None, actor=staff),
        lambda: agenda_order(meeting_id=meeting.pk, item_id=item.pk, step="drop", version=None, actor=staff),
        lambda: agenda_add(meeting_id=meeting.pk, version=None, topic="晚到的", actor=circle.scope("cadre")),
    ):
        with pytest.raises(DomainError) as error:
            refused()
        assert error.value.status == 409
    agenda_add(meeting_id=meeting.pk, version=None, topic="会上提出", actor=staff)
    assert titles(meeting) == ["返还款未到账", "陈驻联", "会上提出"]


def test_a_stale_page_changes_nothing(circle: Circle) -> None:
    meeting = circle.planned()
    agenda_add(meeting_id=meeting.pk, version=meeting.version, topic="先到", actor=circle.scope("staff"))
    answer = circle.client("leader").post(
        f"/meetings/{meeting.pk}/propose/", {"topic": "后到", "version": meeting.version}
    )
    assert answer.status_code == 409
    assert "刚被别人修改过" in answer.content.decode()
    assert titles(meeting, "topic") == ["先到"]


def test_an_item_without_a_subject_or_with_two_is_refused_by_the_database(circle: Circle) -> None:
    issue, meeting = circle.issue(), circle.planned()
    for facts in ({"kind": "topic"}, {"kind": "open"}, {"kind": "topic", "topic": "甲", "issue": issue}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AgendaItem.objects.create(meeting=meeting, position=9, **facts)


def test_of_what_lies_out_of_their_reach_people_read_only_the_place(circle: Circle) -> None:
    circle.district.enterprise(7, is_key=True, name="富盛重点（演示）", township=circle.fusheng)
    circle.issue("富盛的欠薪", township=circle.fusheng)
    group_member_add(
        group_id=circle.group.pk, township=circle.fusheng, start_on=date(2024, 1, 1), actor=circle.scope("staff")
    )
    meeting = circle.planned()
    page = circle.client("cadre").get(f"/meetings/{meeting.pk}/").content.decode()
    assert "富盛的欠薪" not in page
    assert "富盛镇的一条诉求" in page
    assert "富盛重点（演示）" not in page
    assert "富盛的欠薪" in circle.client("neighbour").get(f"/meetings/{meeting.pk}/").content.decode()


def test_pages_cost_the_same_with_many_items(circle: Circle) -> None:
    circle.issue("一")
    meeting = circle.planned()
    staff, url = circle.client("cadre"), f"/meetings/{meeting.pk}/"
    few, few_listed = queries_of(staff, url), queries_of(staff, "/meetings/")
    for number in range(12):
        circle.issue(f"诉求{number}")
        circle.district.enterprise(number + 1, is_key=True)
    reassembled(circle, meeting)
    circle.planned(OCTOBER)
    assert meeting.items.count() > 20
    assert queries_of(staff, url) <= few + 1  # the enterprises the reader may open are asked for once there are some
    assert queries_of(staff, "/meetings/") == few_listed


def test_no_second_meeting_of_a_group_in_one_month(circle: Circle) -> None:
    circle.planned()
    with pytest.raises(FieldErrors) as error:
        circle.planned(SEPTEMBER + timedelta(days=2))
    assert "已经有一次月交流" in error.value.fields["held_on"]
    assert Meeting.objects.count() == 1
