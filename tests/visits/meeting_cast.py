"""A group with its people, for the tests of monthly meetings: 稽山街道 and its cadre, under a leader; neighbours outside it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.people import District, client_for, scope_of
from tests.visits.builders import THURSDAY
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from visits.models import AgendaItem, Meeting, MeetingGroup, MeetingTask
from visits.services.attendance import attendance_mark
from visits.services.groups import group_member_add, meeting_group_create
from visits.services.meeting_tasks import meeting_task_give
from visits.services.meetings import meeting_close, meeting_plan, meeting_start
from visits.services.minutes import item_record

TODAY = THURSDAY.date()
#: The meetings of September and October, two weeks and six weeks after THURSDAY.
SEPTEMBER, OCTOBER = date(2024, 9, 26), date(2024, 10, 24)


def moment(day: date, hour: int = 14) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


@dataclass
class Circle:
    """The group 第一组, who belongs to it and who does not."""

    district: District
    people: dict[str, User] = field(default_factory=dict)

    def __post_init__(self) -> None:
        there = self.district
        self.jishan, self.fusheng = there.township(), there.township("330602108")
        self.people = {
            "staff": there.staff(name="王调度"),
            "leader": there.leader(name="周主席"),
            "cadre": there.cadre(name="陈驻联"),
            "outsider": there.cadre([self.fusheng], name="赵外组"),
            "clerk": there.township_clerk(name="钱稽山"),
            "neighbour": there.township_clerk(self.fusheng, name="孙富盛"),
            "handler": there.handler(name="李权益"),
        }
        staff = self.scope("staff")
        self.group: MeetingGroup = meeting_group_create(name="第一组", leader=self.people["leader"], actor=staff)
        since = date(2024, 1, 1)
        group_member_add(group_id=self.group.pk, township=self.jishan, start_on=since, actor=staff)
        group_member_add(group_id=self.group.pk, cadre=self.people["cadre"], start_on=since, actor=staff)

    def scope(self, name: str) -> Any:
        return scope_of(self.people[name])

    def client(self, name: str) -> Client:
        return client_for(self.people[name])

    def issue(self, title: str = "返还款未到账", *, township: Any = None, assigned: bool = True) -> Issue:
        """An issue registered by staff today, in hand at the department unless told."""
        issue = issue_register(
            uuid=uuid4(),
            title=title,
            description="",
            category=Category.objects.get(code="dues_refund"),
            township=township or self.jishan,
            received_on=clock.today(),
            actor=self.scope("staff"),
        )
        if assigned:
            issue = self.move(issue, "assign", "staff", unit=self.district.department)
        return issue

    def move(self, issue: Issue, action: str, who: str, **given: Any) -> Issue:
        issue.refresh_from_db(fields=["version"])
        return issue_move(code=issue.code, action=action, version=issue.version, actor=self.scope(who), **given)

    def resolved(self, title: str) -> Issue:
        """An issue closed as resolved today."""
        issue = self.issue(title)
        for action, who, given in (
            ("accept", "handler", {}),
            ("report", "handler", {"note": "已划拨。"}),
            ("follow_up", "staff", {"satisfaction": "satisfied"}),
            ("close", "staff", {"outcome": "resolved"}),
        ):
            issue = self.move(issue, action, who, **given)
        return issue

    def planned(self, held_on: date = SEPTEMBER, **facts: Any) -> Meeting:
        facts = {
            "uuid": uuid4(),
            "group": self.group,
            "starts_at": time(14, 30),
            "place": "区总三楼会议室",
            "actor": self.scope("staff"),
            **facts,
        }
        return meeting_plan(held_on=held_on, **facts)

    def started(self, meeting: Meeting) -> Meeting:
        return meeting_start(
            meeting_id=meeting.pk, version=None, actor=self.scope("staff"), now=moment(meeting.held_on)
        )

    def record(self, meeting: Meeting, item: AgendaItem, **said: Any) -> AgendaItem:
        return item_record(meeting_id=meeting.pk, item_id=item.pk, version=None, actor=self.scope("staff"), **said)

    def task(self, meeting: Meeting, item: AgendaItem, **facts: Any) -> MeetingTask:
        facts = {
            "uuid": uuid4(),
            "what": "核对账户",
            "due_on": meeting.held_on + timedelta(days=14),
            "now": moment(meeting.held_on),
            **({} if {"person", "unit"} & set(facts) else {"person": self.people["cadre"]}),
            **facts,
        }
        return meeting_task_give(meeting_id=meeting.pk, item_id=item.pk, actor=self.scope("staff"), **facts)

    def mark(self, meeting: Meeting, **presence: str) -> None:
        """Attendance by name: cadre="present", clerk's township as jishan="absent"."""
        rows = {str(row): row.pk for row in meeting.participants.all()}
        names = {"cadre": str(self.people["cadre"]), "jishan": str(self.jishan)}
        marks = {rows[names[who]]: (word, "出差" if word == "excused" else "") for who, word in presence.items()}
        attendance_mark(meeting_id=meeting.pk, marks=marks, actor=self.scope("staff"))

    def closed(self, meeting: Meeting) -> Meeting:
        return meeting_close(
            meeting_id=meeting.pk,
            version=None,
            actor=self.scope("staff"),
            carry_rest=True,
            absent_rest=True,
            now=moment(meeting.held_on, 16),
        )


def titles(meeting: Meeting, kind: str = "") -> list[str]:
    """What the agenda holds, in its order, without what was taken off."""
    items = meeting.items.filter(dropped=False).select_related("issue", "enterprise", "cadre", "task")
    return [
        str(i.issue.title if i.issue else i.enterprise or i.cadre or (i.task.what if i.task else i.topic))
        for i in items.order_by("position")
        if not kind or i.kind == kind
    ]
