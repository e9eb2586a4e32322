"""Forms of one item while the meeting goes on. Their subject is a `visits.meeting_selectors.Running`."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from casework.forms.issues import MoveForm
from casework.workflow import find_move
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from visits.models.agenda import DECISION_LENGTH, MINUTE_LENGTH, REPORT_LENGTH, TASK_LENGTH, MeetingTask
from visits.services.meeting_tasks import ENDS, task_people, task_units


class RecordForm(ActForm):
    decision = text_field("议定事项", DECISION_LENGTH, rows=3, required=False)
    minute = text_field("会议记录", MINUTE_LENGTH, rows=2, required=False)

    def prepare(self) -> None:
        item = self.subject.item
        self.initial = {"decision": item.decision, "minute": item.minute}


class CarryForm(ActForm):
    minute = text_field("为什么留到下次", MINUTE_LENGTH, required=False)


class GiveForm(ActForm):
    """A task for a person or a unit; the id is made when the form opens."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    what = text_field("任务", TASK_LENGTH, rows=2, missing="请写明任务。")
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="责任人",
        required=False,
        to_field_name="username",
        empty_label="请选择",
        error_messages={"invalid_choice": "请在可选的人员中选择。"},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="或责任单位",
        required=False,
        to_field_name="code",
        empty_label="请选择",
        error_messages={"invalid_choice": "请在可选的单位中选择。"},
    )
    due_on = day_field("完成期限")

    def prepare(self) -> None:
        self.fields["person"].queryset = task_people(self.subject.meeting).order_by("pinyin_key", "pk")
        self.fields["unit"].queryset = task_units()
        self.fields["due_on"].widget.attrs["min"] = clock.today().isoformat()
        self.initial["uuid"] = uuid4()


class ReportForm(ActForm):
    state = forms.ChoiceField(
        label="完成没有",
        choices=[(end.value, end.label) for end in ENDS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择。", "invalid_choice": "请选择已完成，或没有完成。"},
    )
    report = text_field("完成情况", REPORT_LENGTH, missing="请写明完成情况。")

    def prepare(self) -> None:
        task: MeetingTask = self.subject.task
        if not task.is_open:
            self.initial = {"state": task.state, "report": task.report}


class ConsultForm(MoveForm):
    """The issue's own form of the move 会诊, sent from the meeting; it carries the version of the issue the page shows."""

    def __init__(self, data: Any = None, files: Any = None, *, subject: Any, scope: Scope, act: str) -> None:
        issue = subject.item.issue
        move = find_move("consult", issue.state) if issue else None
        if issue is None or move is None:  # the issue went on meanwhile; the page says so
            forms.Form.__init__(self, data)
            self.fields = {}
            return
        super().__init__(data, issue=issue, move=move, scope=scope)
        self.fields["issue_version"] = forms.IntegerField(widget=forms.HiddenInput, initial=issue.version)
