"""The monthly meetings of the demo: three groups, a meeting each in every month of 2024, and one planned for January 2025."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import is_workday
from unionportal.reporting.demo.people import clerk_of
from unionportal.reporting.demo.places import DISTRICT
from unionportal.reporting.demo.visiting import random_uuid
from visits.models import AgendaItem, Meeting, MeetingGroup, MeetingTask, Participant
from visits.services.attendance import attendance_mark
from visits.services.groups import group_member_add, meeting_group_create
from visits.services.meeting_tasks import meeting_task_give, meeting_task_report
from visits.services.meetings import meeting_close, meeting_plan, meeting_start
from visits.services.minutes import item_record, items_note

GROUPED_SINCE = date(2024, 1, 2)
MONTHS = [(2024, month) for month in range(1, 13)] + [(2025, 1)]

#: Group -> townships (last three digits) and cadres (numbers of their accounts).
GROUPS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "城区组": (("001", "002", "004", "006", "007", "008"), (1, 2, 3, 5, 6, 8, 21)),
    "镜湖组": (("005", "009", "010", "011", "013"), (4, 9, 10, 11, 13, 18, 22)),
    "滨海组": (("012", "014", "015", "016", "017", "108"), (7, 12, 14, 15, 16, 17, 19, 20, 23)),
}

Kind = AgendaItem.Kind
DECISIONS: dict[str, tuple[str, ...]] = {
    Kind.OVERDUE: ("请承办单位三天内书面说明原因并反馈。", "由区总权益保障部跟进，下周通报进展。"),
    Kind.CONSULTATION: ("请有关部门一周内提出意见，由分管领导协调。",),
    Kind.OPEN: ("按期办理，注意与企业工会对接。", "请镇街工会上门核实后反馈。", "同意现有办理意见。"),
    Kind.COVERAGE: ("请驻联干部本月内补上走访。", "列入下月走访计划。"),
    Kind.RESULT: ("做法可以推广，请整理成案例。",),
}
TASKS: tuple[str, ...] = (
    "上门核实诉求办理情况，向组内通报",
    "补走访名单内的重点企业",
    "整理本片区欠薪隐患企业清单",
    "与企业工会商定职工座谈会时间",
    "汇总片区内建会进度",
)
DONE = ("已按会议要求完成。", "已上门核实，企业配合，职工表示满意。", "清单已报区总。")
NOT_DONE = "企业负责人外出，未能见面。"
EXCUSES = ("参加市总培训", "在外出差", "因病请假")

Key = tuple[str, int, int]  # group, year, month


@dataclass
class MeetingPlayer:
    """Lets the meetings happen through the services; `actor` gives a person's reach on a moment."""

    units: dict[str, Unit]
    users: dict[str, User]
    actor: Callable[[str, datetime], Scope]

    def __post_init__(self) -> None:
        self.rng = Random("demo:meetings")
        self.groups: dict[str, MeetingGroup] = {}
        self.planned: dict[Key, Meeting] = {}

    def happenings(self) -> Iterator[tuple[datetime, Callable[[Any, datetime], None], Any]]:
        """Every moment of the meetings, as the loader plays them."""
        yield datetime.combine(GROUPED_SINCE, time(8, 5), SHANGHAI), self.form_groups, None
        for year, month in MONTHS:
            for number, name in enumerate(GROUPS):
                key, notice = (name, year, month), _workday(date(year, month, 17), 0)
                yield datetime.combine(notice, time(17, 45 + number), SHANGHAI), self.plan, (key, number)
                if (year, month) != MONTHS[-1]:
                    held_on = _workday(date(year, month, 24), number)
                    yield datetime.combine(held_on, time(14, 30), SHANGHAI), self.hold, key

    def form_groups(self, _: None, at: datetime) -> None:
        staff = self.actor("staff", at)
        for name, (townships, cadres) in GROUPS.items():
            group = meeting_group_create(name=name, leader=self.users["leader"], actor=staff)
            self.groups[name] = group
            for digits in townships:
                township = self.units[f"{DISTRICT[0]}{digits}"]
                group_member_add(group_id=group.pk, township=township, start_on=GROUPED_SINCE, actor=staff)
            for number in cadres:
                cadre = self.users[f"cadre{number:02}"]
                group_member_add(group_id=group.pk, cadre=cadre, start_on=GROUPED_SINCE, actor=staff)

    def plan(self, what: tuple[Key, int], at: datetime) -> None:
        key, number = what
        name, year, month = key
        self.planned[key] = meeting_plan(
            uuid=random_uuid(self.rng),
            group=self.groups[name],
            held_on=_workday(date(year, month, 24), number),
            starts_at=time(14, 30),
            place="区总工会三楼会议室",
            actor=self.actor("staff", at),
            now=at,
        )

    def hold(self, key: Key, at: datetime) -> None:
        """The whole meeting, from the first signature to the end."""
        meeting = self.planned.pop(key)
        staff = self.actor("staff", at)
        self._report_tasks(meeting, at)
        meeting = meeting_start(meeting_id=meeting.pk, version=None, actor=staff, now=at)
        attendance_mark(meeting_id=meeting.pk, marks=self._marks(meeting), actor=staff, now=at)
        items = list(meeting.items.order_by("position"))
        self._hear_tasks(meeting, items, staff, at)
        self._decide(meeting, items, staff, at)
        for kind in dict.fromkeys(item.kind for item in items):
            items_note(meeting_id=meeting.pk, kind=kind, actor=staff, now=at + timedelta(minutes=70))
        meeting_close(
            meeting_id=meeting.pk,
            version=None,
            actor=staff,
            summary="各组员对照会议议定事项抓好落实，下次会议逐项通报。",
            now=at + timedelta(minutes=90),
        )

    def _report_tasks(self, meeting: Meeting, at: datetime) -> None:
        """Most people report before the meeting."""
        for task in MeetingTask.objects.filter(heard_items__meeting=meeting).order_by("due_on", "id"):
            draw = self.rng.random()
            if draw < 0.9:
                meeting_task_report(
                    task_id=task.pk,
                    state="done" if draw < 0.75 else "not_done",
                    report=self.rng.choice(DONE) if draw < 0.75 else NOT_DONE,
                    actor=self.actor(self._owner(task), at),
                    now=at - timedelta(hours=4),
                )

    def _owner(self, task: MeetingTask) -> str:
        return task.person.username if task.person else clerk_of(task.unit.code) if task.unit else "staff"

    def _marks(self, meeting: Meeting) -> dict[int, tuple[str, str]]:
        marks = {}
        for row in meeting.participants.order_by("id"):
            draw = self.rng.random()
            word = "present" if draw < 0.9 else "excused" if draw < 0.97 else "absent"
            marks[row.pk] = (word, self.rng.choice(EXCUSES) if word == Participant.Presence.EXCUSED else "")
        return marks

    def _hear_tasks(self, meeting: Meeting, items: list[AgendaItem], staff: Scope, at: datetime) -> None:
        """What nobody reported yet stays for the next meeting."""
        for item in items:
            if item.task is not None and item.task.is_open:
                item_record(meeting_id=meeting.pk, item_id=item.pk, version=None, carry=True, actor=staff, now=at)

    def _decide(self, meeting: Meeting, items: list[AgendaItem], staff: Scope, at: datetime) -> None:
        """The first item of each kind gets a decision, two of them a task."""
        firsts = {item.kind: item for item in reversed(items) if item.kind in DECISIONS}
        for number, (kind, item) in enumerate(sorted(firsts.items(), key=lambda pair: pair[1].position)):
            now = at + timedelta(minutes=10 * (number + 1))
            decision = self.rng.choice(DECISIONS[kind])
            item_record(meeting_id=meeting.pk, item_id=item.pk, version=None, decision=decision, actor=staff, now=now)
            if number < 2:
                self._give(meeting, item, staff, now)

    def _give(self, meeting: Meeting, item: AgendaItem, staff: Scope, now: datetime) -> None:
        rows = meeting.participants.select_related("person", "unit").order_by("id")
        owner = self.rng.choice([row for row in rows if row.presence == Participant.Presence.PRESENT])
        meeting_task_give(
            uuid=random_uuid(self.rng),
            meeting_id=meeting.pk,
            item_id=item.pk,
            what=self.rng.choice(TASKS),
            person=owner.person,
            unit=owner.unit,
            due_on=_workday(meeting.held_on + timedelta(days=14), 0),
            actor=staff,
            now=now,
        )


def _workday(day: date, number: int) -> date:
    """The workday `number` workdays after the first on or after a day."""
    while True:
        if is_workday(day):
            if number == 0:
                return day
            number -= 1
        day += timedelta(days=1)
