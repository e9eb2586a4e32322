"""Forms of a consultation and of sub-issues."""

from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from casework.models import Category, ConsultationParty, ConsultationTask
from casework.models.consultations import PURPOSE_LENGTH, TASK_LENGTH
from casework.selectors import active_categories
from casework.services.consultation_tasks import may_finish, task_people, task_units
from casework.services.consultations import consultable_units, may_give
from casework.services.intake import DESCRIPTION_LENGTH, TITLE_LENGTH
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit


class JoinForm(ActForm):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        label="单位",
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在可选的单位中选择。"},
    )
    bodies = forms.CharField(
        label="外部单位",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不在本系统里的单位，一行写一个，意见由您代录。",
    )

    def prepare(self) -> None:
        there = self.subject.parties.filter(unit__isnull=False).values("unit_id")
        self.fields["units"].queryset = consultable_units(self.subject.issue).exclude(pk__in=there)
        self.fields["units"].label_from_instance = lambda unit: unit.short_name or unit.name

    def clean_bodies(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["bodies"].splitlines() if line.strip()]


class LeaveForm(ActForm):
    party = forms.ModelChoiceField(
        ConsultationParty.objects.none(),
        label="移出哪个单位",
        empty_label="请选择",
        error_messages={"required": "请选择单位。", "invalid_choice": "请选择还没有提意见的单位。"},
    )

    def prepare(self) -> None:
        self.fields["party"].queryset = self.subject.parties.filter(opinion="").select_related("unit")


class OpinionForm(ActForm):
    party = forms.ChoiceField(
        label="哪个单位的意见",
        error_messages={"required": "请选择单位。", "invalid_choice": "只能填写本单位的意见。"},
    )
    opinion = text_field("意见", PURPOSE_LENGTH, rows=5, missing="请写明意见。")

    def prepare(self) -> None:
        parties = [
            party
            for party in self.subject.parties.select_related("unit")
            if may_give(party, self.subject.issue, self.scope)
        ]
        self.fields["party"].choices = [(str(party.pk), str(party)) for party in parties]
        if len(parties) == 1:
            self.initial["opinion"] = parties[0].opinion

    def clean_party(self) -> int:
        return int(self.cleaned_data["party"])


class TaskForm(ActForm):
    what = text_field("任务", TASK_LENGTH, rows=2, missing="请写明任务。")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="责任单位",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择责任单位。", "invalid_choice": "请在可选的单位中选择。"},
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="责任人",
        required=False,
        to_field_name="username",
        empty_label="由单位安排",
        error_messages={"invalid_choice": "请在可选的人员中选择。"},
    )
    due_on = day_field("完成期限")

    def prepare(self) -> None:
        units = task_units(self.subject, self.subject.issue)
        self.fields["unit"].queryset = units
        self.fields["person"].queryset = task_people(units)
        self.fields["due_on"].widget.attrs["min"] = clock.today().isoformat()


class _TaskEndForm(ActForm):
    task = forms.ModelChoiceField(
        ConsultationTask.objects.none(),
        label="任务",
        empty_label=None,
        error_messages={"required": "请选择任务。", "invalid_choice": "请在未完成的任务中选择。"},
    )

    def tasks(self) -> list[int]:
        return [task.pk for task in self.subject.tasks.filter(state="open")]

    def prepare(self) -> None:
        self.fields["task"].queryset = ConsultationTask.objects.filter(pk__in=self.tasks()).select_related("unit")
        self.fields["task"].label_from_instance = lambda task: f"{task.unit}：{task}"

    def clean_task(self) -> int:
        return int(self.cleaned_data["task"].pk)


class TaskDoneForm(_TaskEndForm):
    result = text_field("完成情况", PURPOSE_LENGTH, missing="请写明完成情况。")

    def tasks(self) -> list[int]:
        return [task.pk for task in self.subject.tasks.filter(state="open") if may_finish(task, self.scope)]


class TaskDroppedForm(_TaskEndForm):
    result = text_field("取消理由", PURPOSE_LENGTH, missing="请写明取消的理由。")


class ConcludeForm(ActForm):
    decision = text_field("会诊决定", PURPOSE_LENGTH, rows=5, missing="请写明会诊决定。")
    anyway = forms.BooleanField(label="还有单位没有提意见，不再等待", required=False)

    def prepare(self) -> None:
        if not self.subject.parties.filter(opinion="").exists():
            del self.fields["anyway"]


class SubIssueForm(ActForm):
    """A part of the issue as an issue of its own; the id is made when the form opens."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label="标题", max_length=TITLE_LENGTH, error_messages={"required": "请写一个标题。"})
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label="类别",
        to_field_name="code",
        empty_label=None,
        error_messages={"required": "请选择类别。", "invalid_choice": "请选择类别。"},
    )
    description = text_field("要办的事", DESCRIPTION_LENGTH, rows=4, required=False)

    def prepare(self) -> None:
        self.fields["category"].queryset = active_categories()
        self.initial.update({"uuid": uuid4(), "category": self.subject.category.code})


class TieForm(ActForm):
    child = forms.CharField(
        label="子诉求的编号",
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "如 YC-2024-000123"}),
        error_messages={"required": "请填写编号。"},
    )


class UntieForm(ActForm):
    child = forms.ChoiceField(
        label="子诉求", error_messages={"required": "请选择子诉求。", "invalid_choice": "请选择子诉求。"}
    )
    note = text_field("解除理由", 1000, missing="请写明解除的理由。")

    def prepare(self) -> None:
        ties = self.subject.child_ties.select_related("child")
        self.fields["child"].choices = [(tie.child.code, f"{tie.child.code} {tie.child.title}") for tie in ties]
