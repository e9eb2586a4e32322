"""A meeting from planning to the minutes: who may, what is refused, what is kept."""

import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from casework.models import Consultation
from tests.people import client_for
from tests.visits.meeting_cast import OCTOBER, SEPTEMBER, TODAY, Circle, moment, titles
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition
from visits.meeting_figures import attendance
from visits.models import AgendaItem, GroupMember, Meeting, MeetingTask
from visits.services.attendance import attendance_mark
from visits.services.groups import group_member_add, group_member_end, meeting_group_create
from visits.services.meeting_tasks import meeting_task_give
from visits.services.minutes import item_record

# planning


def plan_data(circle: Circle, **facts: str) -> dict[str, str]:
    return {
        "uuid": str(uuid4()),
        "group": str(circle.group.pk),
        "held_on": SEPTEMBER.isoformat(),
        "starts_at": "14:30",
        "place": "区总三楼会议室",
        "chair": "",
        **facts,
    }


def test_a_planned_meeting_asks_the_members_and_is_chaired_by_the_leader_in_charge(circle: Circle) -> None:
    data = plan_data(circle)
    staff = circle.client("staff")
    answer = staff.post("/meetings/new/", data)
    meeting = Meeting.objects.get()
    assert answer.url == f"/meetings/{meeting.pk}/"
    assert meeting.chair == circle.people["leader"]
    assert {str(p) for p in meeting.participants.all()} == {"陈驻联", "稽山街道"}
    staff.post("/meetings/new/", data)  # the second half of a double tap
    assert Meeting.objects.count() == 1
    page = staff.get("/meetings/").content.decode()
    assert "2024年9月" in page
    assert "第一组" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": "2024-09-11"}, "会议日期不能早于今天"),
        ({"held_on": "2024-09-28"}, "一个月只开一次"),
        ({"place": ""}, "请写明地点"),
        ({"starts_at": "25:00"}, "时间写得不对"),
        ({"group": "0"}, "请在可选的分组中选择"),
    ],
)
def test_what_cannot_be_planned_is_told_at_the_field(circle: Circle, changes: dict[str, str], words: str) -> None:
    circle.planned()
    answer = circle.client("staff").post("/meetings/new/", plan_data(circle, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Meeting.objects.count() == 1


def test_the_day_decides_who_is_a_member(circle: Circle) -> None:
    member = GroupMember.objects.get(cadre=circle.people["cadre"])
    group_member_end(member_id=member.pk, end_on=date(2024, 9, 30), actor=circle.scope("staff"))
    meeting = circle.planned(OCTOBER)
    assert {str(p) for p in meeting.participants.all()} == {"稽山街道"}
    data = {
        "held_on": SEPTEMBER.isoformat(),
        "starts_at": "09:00",
        "place": "二楼",
        "chair": "leader02",
        "version": "1",
    }
    data["chair"] = circle.people["leader"].username
    assert circle.client("staff").post(f"/meetings/{meeting.pk}/edit/", data).status_code == 302
    assert {str(p) for p in meeting.participants.all()} == {"陈驻联", "稽山街道"}


# who sees it


def test_members_see_theirs_and_nobody_else_does(circle: Circle) -> None:
    meeting = circle.planned()
    url = f"/meetings/{meeting.pk}/"
    for name in ("staff", "leader", "cadre", "clerk"):
        assert circle.client(name).get(url).status_code == 200, name
        assert circle.client(name).get(f"{url}word/").status_code == 200, name
    for name in ("outsider", "neighbour"):
        assert circle.client(name).get(url).status_code == 404, name
        assert circle.client(name).get(f"{url}word/").status_code == 404, name
        assert "还没有您参加的月交流" in circle.client(name).get("/meetings/").content.decode()
    assert circle.client("handler").get(url).status_code == 403
    for act in ("start", "close", "assemble", "edit", "invite"):
        assert circle.client("cadre").post(f"{url}{act}/", {"version": 1}).status_code == 403
    assert circle.client("cadre").get(f"{url}run/").status_code == 403
    assert Meeting.objects.get().state == "planned"


# in the meeting


def test_it_does_not_start_before_its_day(circle: Circle) -> None:
    meeting = circle.planned()
    answer = circle.client("staff").post(f"/meetings/{meeting.pk}/start/", {"version": meeting.version})
    assert answer.status_code == 409
    meeting.refresh_from_db()
    assert meeting.is_planned


def test_items_are_stepped_through_recorded_and_mended(circle: Circle) -> None:
    circle.issue("甲")
    circle.issue("乙")
    meeting = circle.started(circle.planned(TODAY))
    first, second = meeting.items.filter(kind="open").order_by("position")
    staff = circle.client("staff")
    start = staff.get(f"/meetings/{meeting.pk}/run/")
    url = f"/meetings/{meeting.pk}/run/{first.pk}/"
    assert start.url == url
    said = {"decision": "三天内划拨。", "minute": "财务部已核。", "version": "1"}
    answer = staff.post(f"{url}record/", said)
    assert answer.url == f"/meetings/{meeting.pk}/run/{second.pk}/"
    stale = staff.post(f"{url}record/", {**said, "decision": "晚到的"})
    assert stale.status_code == 409
    assert "三天内划拨。" in stale.content.decode()
    assert staff.post(f"{url}record/", {**said, "decision": "五天内划拨。", "version": "2"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.decision, first.recorded_by) == ("dealt", "五天内划拨。", circle.people["staff"])
    too_long = staff.post(f"{url}record/", {"decision": "长" * 2001, "version": "3"})
    assert too_long.status_code == 422
    assert "最多 2000 个字" in too_long.content.decode()
    assert not AuditEntry.objects.filter(data__icontains="划拨").exists()


def test_a_consultation_is_the_issues_own_move(circle: Circle) -> None:
    issue = circle.issue("怎么补办")
    meeting = circle.started(circle.planned(TODAY))
    item = meeting.items.get(issue=issue)
    url = f"/meetings/{meeting.pk}/run/{item.pk}/consult/"
    form = {"units": circle.district.workroom.code, "note": "如何补办？", "issue_version": issue.version}
    assert circle.client("staff").post(url, {**form, "note": ""}).status_code == 422
    assert circle.client("leader").post(url, form).status_code == 403  # only staff or the holder convene
    assert circle.client("staff").post(url, form).status_code == 302
    consultation = Consultation.objects.get()
    assert (consultation.issue, consultation.purpose) == (issue, "如何补办？")
    issue.refresh_from_db()
    assert issue.events.last().action == "consult"
    again = circle.client("staff").post(url, form)
    assert again.status_code in (403, 409)
    assert Consultation.objects.count() == 1


def test_the_rest_of_a_kind_is_noted_in_one_go(circle: Circle) -> None:
    for title in ("成果一", "成果二", "成果三"):
        circle.resolved(title)
    circle.issue("在办")
    meeting = circle.started(circle.planned(TODAY))
    result = meeting.items.filter(kind="result").first()
    answer = circle.client("staff").post(f"/meetings/{meeting.pk}/run/{result.pk}/note/")
    assert answer.status_code == 302
    assert set(meeting.items.filter(kind="result").values_list("state", flat=True)) == {"dealt"}
    assert meeting.items.get(kind="open").state == "open"


# attendance


def test_attendance_is_ticked_and_counted_by_cadre_and_year(circle: Circle) -> None:
    meeting = circle.started(circle.planned(TODAY))
    rows = {str(p): p.pk for p in meeting.participants.all()}
    cadre, township = rows["陈驻联"], rows["稽山街道"]
    url, staff = f"/meetings/{meeting.pk}/attendance/", circle.client("staff")
    data = {f"presence_{cadre}": "present", f"reason_{cadre}": "", f"reason_{township}": ""}
    missing = staff.post(url, {**data, f"presence_{township}": "excused"})
    assert missing.status_code == 422
    assert "请写明请假事由" in missing.content.decode()
    assert not meeting.participants.exclude(presence="expected").exists()
    sent = staff.post(url, {**data, f"presence_{township}": "excused", f"reason_{township}": "参加培训"})
    assert sent.status_code == 302
    mine = circle.people["cadre"].pk
    assert attendance(2024) == {}, "a meeting counts once it is over"
    circle.closed(meeting)
    with clock.at(moment(OCTOBER)):
        circle.closed(circle.started(circle.planned(OCTOBER)))
    found = attendance(2024, [mine, circle.people["outsider"].pk])
    assert (found[mine].present, found[mine].absent, found[mine].meetings) == (1, 1, 2)
    assert found[mine].rate == {"numerator": 1, "denominator": 2}
    assert found[circle.people["outsider"].pk].meetings == 0
    assert attendance(2023, [mine])[mine].meetings == 0


def test_nobody_is_marked_who_was_not_asked_nor_before_the_start(circle: Circle) -> None:
    meeting, other = circle.planned(), circle.planned(OCTOBER)
    stranger = other.participants.first()
    staff = circle.scope("staff")
    with pytest.raises(FieldErrors) as error:
        attendance_mark(meeting_id=meeting.pk, marks={stranger.pk: ("excused", "出差")}, actor=staff)
    assert "不在本次会议的参会名单里" in error.value.fields[f"presence_{stranger.pk}"]
    with pytest.raises(FieldErrors):
        circle.mark(meeting, cadre="present")
    circle.mark(meeting, cadre="excused")
    assert meeting.participants.get(person=circle.people["cadre"]).reason == "出差"


def test_guests_are_asked_and_taken_off(circle: Circle) -> None:
    meeting, staff = circle.planned(), circle.client("staff")
    url = f"/meetings/{meeting.pk}/"
    assert staff.post(f"{url}invite/", {"unit": "rights"}).status_code == 302
    assert staff.post(f"{url}invite/", {"body": "区人社局（演示）"}).status_code == 302
    both = staff.post(f"{url}invite/", {"unit": "bazi01", "body": "某人"})
    assert both.status_code == 422
    assert "请选择一个单位，或者写一个外部人员" in both.content.decode()
    twice = staff.post(f"{url}invite/", {"body": "区人社局（演示）"})
    assert "已经在参会名单里" in twice.content.decode()
    guest = meeting.participants.get(body="区人社局（演示）")
    assert staff.post(f"{url}uninvite/", {"participant": guest.pk}).status_code == 302
    member = meeting.participants.get(person=circle.people["cadre"])
    assert staff.post(f"{url}uninvite/", {"participant": member.pk}).status_code == 422
    assert {str(p) for p in meeting.participants.all()} == {"陈驻联", "稽山街道", "权益部"}


# the end


def test_it_closes_only_when_everything_was_dealt_with_or_is_carried_over_knowingly(circle: Circle) -> None:
    issue = circle.issue("甲")
    meeting = circle.started(circle.planned(TODAY))
    url, staff = f"/meetings/{meeting.pk}/close/", circle.client("staff")
    refused = staff.post(url, {"version": meeting.version, "summary": "开得好。"})
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "还有 2 项没有议" in words
    assert "还有 2 名没有签到" in words
    assert "开得好。" in words
    meeting.refresh_from_db()
    assert meeting.is_running
    stale = staff.post(url, {"version": 1, "carry_rest": "on", "absent_rest": "on"})
    assert stale.status_code == 409
    done = {"version": meeting.version, "carry_rest": "on", "absent_rest": "on", "summary": "开得好。"}
    assert staff.post(url, done).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.summary) == ("closed", "开得好。")
    assert set(meeting.items.values_list("state", flat=True)) == {"carried"}
    assert set(meeting.participants.values_list("presence", flat=True)) == {"absent"}
    item = meeting.items.get(issue=issue)
    with pytest.raises(InvalidTransition):
        item_record(meeting_id=meeting.pk, item_id=item.pk, version=None, decision="晚了", actor=circle.scope("staff"))
    late = staff.post(f"/meetings/{meeting.pk}/run/{item.pk}/record/", {"decision": "晚了", "version": item.version})
    assert late.status_code == 409
    item.refresh_from_db()
    assert item.decision == ""


def test_what_was_carried_over_comes_up_at_the_next_meeting(circle: Circle) -> None:
    meeting = circle.planned(TODAY)
    circle.client("cadre").post(f"/meetings/{meeting.pk}/propose/", {"topic": "年底慰问"})
    circle.closed(circle.started(meeting))
    following = circle.planned(OCTOBER)
    item = following.items.get(kind="topic")
    assert (item.topic, item.facts) == ("年底慰问", "上次会议留到这次再议")


def test_the_minutes_say_who_came_what_was_decided_and_who_does_what(circle: Circle) -> None:
    issue = circle.issue("返还款未到账")
    meeting = circle.started(circle.planned(TODAY))
    item = meeting.items.get(issue=issue)
    circle.record(meeting, item, decision="三天内划拨。", minute="财务部已核。")
    circle.task(meeting, item, what="核对账户后划拨")
    circle.mark(meeting, cadre="present", jishan="excused")
    circle.closed(meeting)
    staff = circle.client("staff")
    file = staff.get(f"/meetings/{meeting.pk}/word/")
    assert "attachment" in file["Content-Disposition"]
    document = Document(io.BytesIO(file.content))
    text = "\n".join(p.text for p in document.paragraphs)
    for words in (
        "第一组2024年9月月交流会议纪要",
        "主持：周主席",
        "到会：陈驻联",
        "请假：稽山街道（出差）",
        "1．返还款未到账",
        "议定：三天内划拨。",
        "财务部已核。",
        "留到下次会议再议。",
    ):
        assert words in text
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert cells[3:] == ["核对账户后划拨", "陈驻联", "2024年9月26日"]
    page = staff.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "三天内划拨。" in page
    assert "三天内划拨。" in staff.get(f"/issues/{issue.code}/").content.decode()
    assert "三天内划拨。" not in circle.client("handler").get(f"/issues/{issue.code}/").content.decode()
    assert AuditEntry.objects.filter(action="meeting.download").count() == 1


# tasks


def test_a_task_is_told_reported_and_heard_at_the_next_meeting(circle: Circle) -> None:
    issue = circle.issue()
    meeting = circle.started(circle.planned(TODAY))
    item = meeting.items.get(issue=issue)
    mine = circle.task(meeting, item, what="核对账户")
    later = TODAY + timedelta(days=20)
    theirs = circle.task(meeting, item, what="整理台账", unit=circle.district.department, due_on=later)
    left = circle.task(meeting, item, what="走访三家", due_on=TODAY)
    circle.closed(meeting)
    cadre, handler = circle.client("cadre"), circle.client("handler")
    assert circle.people["cadre"].notifications.get(source=f"meeting_task:{mine.pk}").kind == "todo"
    assert circle.people["handler"].notifications.filter(source=f"meeting_task:{theirs.pk}").exists()
    page = cadre.get("/meetings/tasks/").content.decode()
    assert "核对账户" in page
    assert "整理台账" not in page
    assert "整理台账" in handler.get("/").content.decode()
    assert "整理台账" in handler.get("/todo/meeting_tasks/").content.decode()
    url = f"/meetings/tasks/{mine.pk}/report/"
    for name in ("outsider", "neighbour", "handler"):
        assert circle.client(name).post(url, {"state": "done", "report": "好了"}).status_code == 404, name
    wordless = cadre.post(url, {"state": "done", "report": " "})
    assert wordless.status_code == 422
    assert "请写明完成情况" in wordless.content.decode()
    assert cadre.post(url, {"state": "not_done", "report": "企业没有提供账户。"}).status_code == 302
    assert cadre.post(url, {"state": "done", "report": "已核对。"}).status_code == 302

    with clock.at(moment(OCTOBER)):
        following = circle.planned(OCTOBER)
        assert titles(following, "task") == ["走访三家", "核对账户", "整理台账"]
        circle.started(following)
        heard = following.items.get(task=theirs)
        answer = circle.client("staff").post(
            f"/meetings/{following.pk}/run/{heard.pk}/report/", {"state": "not_done", "report": "等凭证。"}
        )
        assert answer.status_code == 302
        circle.closed(following)
    for task in (mine, theirs, left):
        task.refresh_from_db()
    assert (mine.state, mine.heard_in) == ("done", following)
    assert (theirs.state, theirs.heard_in) == ("not_done", following)
    assert (left.state, left.heard_in) == ("open", None)
    assert cadre.post(url, {"state": "not_done", "report": "改口"}).status_code == 409
    with clock.at(moment(date(2024, 11, 21))):
        assert titles(circle.planned(date(2024, 11, 21)), "task") == ["走访三家"]


def test_a_task_needs_words_one_owner_and_a_day_ahead(circle: Circle) -> None:
    issue = circle.issue()
    meeting = circle.started(circle.planned(TODAY))
    item = meeting.items.get(issue=issue)
    url, staff = f"/meetings/{meeting.pk}/run/{item.pk}/task/", circle.client("staff")
    good = {"uuid": str(uuid4()), "what": "核对", "unit": "rights", "due_on": TODAY.isoformat()}
    for changes, words in (
        ({"what": ""}, "请写明任务"),
        ({"due_on": (TODAY - timedelta(days=1)).isoformat()}, "完成期限不能早于今天"),
        ({"person": circle.people["cadre"].username}, "二者选一项"),
        ({"unit": ""}, "二者选一项"),
        ({"unit": "", "person": circle.people["outsider"].username}, "请在可选的人员中选择"),
    ):
        answer = staff.post(url, {**good, **changes})
        assert answer.status_code == 422, changes
        assert words in answer.content.decode()
    assert not MeetingTask.objects.exists()
    assert staff.post(url, good).status_code == 302
    assert staff.post(url, good).status_code == 302
    assert MeetingTask.objects.count() == 1
    with pytest.raises(Conflict):
        meeting_task_give(
            uuid=MeetingTask.objects.get().pk,
            meeting_id=meeting.pk,
            item_id=item.pk,
            what="另一件",
            due_on=TODAY,
            unit=circle.district.department,
            actor=circle.scope("staff"),
        )


# groups


def test_nobody_is_in_two_groups_at_once(circle: Circle) -> None:
    staff = circle.client("staff")
    created = staff.post("/meetings/groups/new/", {"name": "第二组", "leader": circle.people["leader"].username})
    url = created.url
    taken = staff.post(f"{url}join/", {"cadre": circle.people["cadre"].username, "start_on": "2024-10-01"})
    assert taken.status_code == 422
    assert "在“第一组”，同一时间只能在一个分组" in taken.content.decode()
    town = staff.post(f"{url}join/", {"township": circle.jishan.code, "start_on": "2024-10-01"})
    assert "稽山街道" in town.content.decode()
    member = GroupMember.objects.get(cadre=circle.people["cadre"])
    first = f"/meetings/groups/{circle.group.pk}/leave/"
    assert staff.post(first, {"member": member.pk, "end_on": "2023-12-31"}).status_code == 422
    assert staff.post(first, {"member": member.pk, "end_on": "2024-09-30"}).status_code == 302
    moved = staff.post(f"{url}join/", {"cadre": circle.people["cadre"].username, "start_on": "2024-10-01"})
    assert moved.status_code == 302
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(group=circle.group, cadre=circle.people["cadre"], start_on=date(2024, 11, 1))


def test_groups_are_kept_by_staff(circle: Circle) -> None:
    for name in ("leader", "cadre", "clerk", "handler"):
        assert circle.client(name).get("/meetings/groups/").status_code == 403
    staff = circle.client("staff")
    url = f"/meetings/groups/{circle.group.pk}/edit/"
    same = {"leader": circle.people["leader"].username, "is_active": "on", "version": "1"}
    meeting_group_create(name="第二组", leader=circle.people["staff"], actor=circle.scope("staff"))
    taken = staff.post(url, {**same, "name": "第二组"})
    assert taken.status_code == 422
    assert "同名的分组" in taken.content.decode()
    wrong = staff.post(url, {**same, "name": "第一组", "leader": circle.people["cadre"].username})
    assert wrong.status_code == 422
    assert staff.post(url, {**same, "name": "城区组"}).status_code == 302
    stale = staff.post(url, {**same, "name": "城郊组"})
    assert stale.status_code == 409
    circle.group.refresh_from_db()
    assert circle.group.name == "城区组"
    with pytest.raises(FieldErrors):
        group_member_add(
            group_id=circle.group.pk,
            township=circle.district.department,
            start_on=TODAY,
            actor=circle.scope("staff"),
        )


def test_a_district_without_groups_is_taught_what_to_do(circle: Circle) -> None:
    GroupMember.objects.all().delete()
    circle.group.delete()
    staff = client_for(circle.people["staff"])
    assert "还没有月交流" in staff.get("/meetings/").content.decode()
    assert "去建分组" in staff.get("/meetings/new/").content.decode()
    assert "还没有分组" in staff.get("/meetings/groups/").content.decode()
    assert AgendaItem.objects.count() == 0
