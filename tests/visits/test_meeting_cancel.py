"""A planned meeting is cancelled: with a reason, told to whoever is asked, kept in the list."""

from datetime import time
from uuid import uuid4

import pytest

from tests.visits.meeting_cast import SEPTEMBER, Circle
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, StaleVersion
from unionportal.core.notify.models import Notification
from visits.models import Meeting
from visits.services.cancelling import meeting_cancel
from visits.services.meetings import meeting_plan, meeting_start


def planned(circle: Circle) -> Meeting:
    return meeting_plan(
        uuid=uuid4(),
        group=circle.group,
        held_on=SEPTEMBER,
        starts_at=time(14, 30),
        place="区总三楼会议室",
        actor=circle.scope("staff"),
    )


def test_it_stays_in_the_list_and_whoever_is_asked_is_told(circle: Circle) -> None:
    meeting = planned(circle)
    address = f"/meetings/{meeting.pk}/"
    staff = circle.client("staff")
    refused = staff.post(f"{address}cancel/", {"version": meeting.version, "reason": " "})
    assert (refused.status_code, "请写明取消的原因" in refused.content.decode()) == (422, True)
    answer = staff.post(f"{address}cancel/", {"version": meeting.version, "reason": "与区里会议冲突"})
    assert answer.url == address
    told = {name: Notification.objects.filter(user=circle.people[name], url=address).count() for name in circle.people}
    assert told == {
        "staff": 0,
        "leader": 1,
        "cadre": 1,
        "clerk": 1,
        "outsider": 0,
        "neighbour": 0,
        "handler": 0,
    }
    assert not any("冲突" in note.text for note in Notification.objects.all())
    page = circle.client("cadre").get(address).content.decode()
    assert "与区里会议冲突" in page
    assert "已取消" in circle.client("cadre").get("/meetings/").content.decode()
    assert circle.client("outsider").get(address).status_code == 404


def test_the_month_is_free_again_and_the_cancelled_one_does_nothing_more(circle: Circle) -> None:
    meeting = planned(circle)
    staff = circle.scope("staff")
    with pytest.raises(StaleVersion):
        meeting_cancel(meeting_id=meeting.pk, version=meeting.version + 1, reason="改期", actor=staff)
    with pytest.raises(FieldErrors):
        meeting_cancel(meeting_id=meeting.pk, version=None, reason="长" * 101, actor=staff)
    with pytest.raises(Forbidden):
        meeting_cancel(meeting_id=meeting.pk, version=None, reason="改期", actor=circle.scope("cadre"))
    meeting_cancel(meeting_id=meeting.pk, version=None, reason="改期", actor=staff)
    with pytest.raises(InvalidTransition):
        meeting_start(meeting_id=meeting.pk, version=None, actor=staff)
    again = planned(circle)
    assert again.pk != meeting.pk
    assert Meeting.objects.filter(group=circle.group).count() == 2


def test_a_running_meeting_is_not_cancelled(circle: Circle) -> None:
    meeting = planned(circle)
    with pytest.raises(InvalidTransition):
        meeting_start(meeting_id=meeting.pk, version=None, actor=circle.scope("staff"))
    Meeting.objects.filter(pk=meeting.pk).update(state="running", started_at=meeting.planned_at)
    with pytest.raises(InvalidTransition):
        meeting_cancel(meeting_id=meeting.pk, version=None, reason="改期", actor=circle.scope("staff"))
