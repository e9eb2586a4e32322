"""Forms of groups and their members."""

from django import forms

from casework.forms.acts import ActForm, day_field
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.core.orgs.selectors import townships
from visits.forms.meetings import CHOOSE, chairs
from visits.models import GroupMember
from visits.models.groups import GROUP_NAME_LENGTH


class GroupForm(ActForm):
    name = forms.CharField(label="名称", max_length=GROUP_NAME_LENGTH, error_messages={"required": "请写一个名称。"})
    leader = forms.ModelChoiceField(
        User.objects.none(),
        label="分管领导",
        to_field_name="username",
        empty_label="请选择",
        error_messages={"required": "请选择分管领导。", "invalid_choice": CHOOSE},
    )

    def prepare(self) -> None:
        self.fields["leader"].queryset = chairs()


class GroupEditForm(GroupForm):
    is_active = forms.BooleanField(label="启用（停用后不再安排会议）", required=False)

    def prepare(self) -> None:
        super().prepare()
        group = self.subject
        self.initial = {"name": group.name, "leader": group.leader.username, "is_active": group.is_active}


class MemberForm(ActForm):
    cadre = forms.ModelChoiceField(
        User.objects.none(),
        label="驻联干部",
        required=False,
        to_field_name="username",
        empty_label="请选择",
        error_messages={"invalid_choice": "请在在岗的驻联干部中选择。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="或镇街",
        required=False,
        to_field_name="code",
        empty_label="请选择",
        error_messages={"invalid_choice": "请在镇街中选择。"},
    )
    start_on = day_field("开始日期")
    end_on = day_field("结束日期", required=False)

    def prepare(self) -> None:
        self.fields["cadre"].queryset = User.objects.cadres().order_by("pinyin_key", "pk")
        self.fields["township"].queryset = townships()
        self.initial["start_on"] = clock.today()


class MemberEndForm(ActForm):
    member = forms.ModelChoiceField(
        GroupMember.objects.none(),
        label="成员",
        empty_label="请选择",
        error_messages={"required": "请选择成员。", "invalid_choice": "请在现有成员中选择。"},
    )
    end_on = day_field("最后一天")

    def prepare(self) -> None:
        rows = self.subject.members.filter(end_on__isnull=True) | self.subject.members.filter(end_on__gt=clock.today())
        self.fields["member"].queryset = rows.select_related("cadre", "township")
        self.initial["end_on"] = clock.today()

    def clean_member(self) -> int:
        return int(self.cleaned_data["member"].pk)
