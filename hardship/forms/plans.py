"""Forms of the measures for a household or one of its members, and of the district's list of them."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from hardship.models import FileMember, HardshipFile, Measure, MeasureKind
from hardship.models.plans import RESULT_LENGTH, WHAT_LENGTH
from hardship.personal import whom
from hardship.services.plans import PARTNER_LENGTH, MeasureInput, owners
from unionportal.core.accounts.models import User
from unionportal.core.common import clock


class MemberField(forms.ModelChoiceField):
    """People of the household by relation and name: these forms are for those who work with it."""

    def label_from_instance(self, member: FileMember) -> str:
        return f"{whom(member, personal=True)}（一人一策）"


class MeasureForm(ActForm):
    """A measure that is there already; `NewMeasureForm` makes one."""

    kind = forms.ModelChoiceField(
        MeasureKind.objects.none(),
        label="举措",
        to_field_name="code",
        empty_label="请选择",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择一项举措。"),
    )
    member = MemberField(
        FileMember.objects.none(),
        label="帮扶对象",
        required=False,
        empty_label="全家（一户一策）",
        error_messages={"invalid_choice": "请选择这户家庭现在的成员。"},
    )
    what = forms.CharField(label="具体做法", required=False, max_length=WHAT_LENGTH)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label="责任人",
        to_field_name="username",
        empty_label="请选择",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择责任人。"),
    )
    partner = forms.CharField(label="协助单位", required=False, max_length=PARTNER_LENGTH)
    due_on = day_field("完成期限")

    @property
    def file(self) -> HardshipFile:
        return self.subject.file

    def prepare(self) -> None:
        self.fields["owner"].queryset = User.objects.filter(pk__in=[user.pk for user in owners(self.file)])
        self.fields["kind"].queryset = MeasureKind.objects.filter(is_active=True)
        self.fields["member"].queryset = self.file.members.present()
        if isinstance(self.subject, Measure):
            self.fields["kind"].queryset |= MeasureKind.objects.filter(pk=self.subject.kind_id)
            if self.subject.member_id is not None:  # somebody who left since keeps the measure
                self.fields["member"].queryset |= FileMember.objects.filter(pk=self.subject.member_id)
            self.initial.update({name: getattr(self.subject, name) for name in ("what", "partner", "due_on", "member")})
            self.initial.update({"kind": self.subject.kind.code, "owner": self.subject.owner.username})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            names = ("kind", "owner", "due_on", "what", "partner", "member")
            data["measure"] = MeasureInput(**{name: data.pop(name) for name in names})
        return data


class NewMeasureForm(MeasureForm):
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def file(self) -> HardshipFile:
        return self.subject

    def prepare(self) -> None:
        super().prepare()
        self.initial["uuid"] = uuid4()
        if any(user.pk == self.scope.user_id for user in self.fields["owner"].queryset):
            self.initial["owner"] = self.fields["owner"].queryset.get(pk=self.scope.user_id).username


class FinishForm(ActForm):
    outcome = forms.ChoiceField(
        label="成效",
        choices=Measure.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择成效。"),
    )
    result = text_field("结果", RESULT_LENGTH)
    ended_on = day_field("完成日期")

    def prepare(self) -> None:
        self.initial["ended_on"] = clock.today()


class DropForm(ActForm):
    result = text_field("取消的原因", RESULT_LENGTH)


class KindForm(forms.Form):
    """One line of the district's list; the code of one that is there stays."""

    code = forms.SlugField(
        label="代码",
        max_length=20,
        help_text="英文字母、数字，定了不能改。",
        error_messages={"required": "请填写代码。", "invalid": "代码只能用英文字母、数字、下划线和连字符。"},
    )
    name = forms.CharField(label="名称", max_length=30, error_messages={"required": "请填写名称。"})
    hint = forms.CharField(label="说明", required=False, max_length=100)
    position = forms.IntegerField(
        label="顺序",
        min_value=1,
        max_value=999,
        initial=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写顺序。", "invalid": "请填写整数。"},
    )
    is_active = forms.BooleanField(label="继续使用", required=False, initial=True)

    def __init__(self, data: Any = None, *, kind: MeasureKind | None = None) -> None:
        names = ("name", "hint", "position", "is_active")
        super().__init__(data, initial={name: getattr(kind, name) for name in names} if kind else None)
        del self.fields["code" if kind else "is_active"]
