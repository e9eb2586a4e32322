"""Forms of a meeting before it starts, of attendance and of its end."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet

from casework.forms.acts import ActForm, day_field, text_field
from casework.models import Issue
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.widgets import HourInput
from unionportal.core.orgs.models import Unit
from visits.models import AgendaItem, Meeting, MeetingGroup, Participant
from visits.models.agenda import TOPIC_LENGTH
from visits.models.meetings import BODY_LENGTH, PLACE_LENGTH, REASON_LENGTH, SUMMARY_LENGTH

CHOOSE = "请在可选的人员中选择。"


def chairs() -> QuerySet[User]:
    """Who can chair: leaders and staff of the district."""
    return User.objects.filter(is_active=True, grants__role__in=[Role.LEADER, Role.STAFF]).distinct()


def guests() -> QuerySet[User]:
    """Who can be asked in person: leaders, staff and cadres."""
    roles = [Role.LEADER, Role.STAFF, Role.CADRE]
    return User.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("pinyin_key", "pk")


class _WhenAndWhere(forms.Form):
    held_on = day_field("日期")
    starts_at = forms.TimeField(
        label="时间",
        widget=HourInput,
        error_messages={"required": "请填写时间。", "invalid": "时间写得不对，如 14:30。"},
    )
    place = forms.CharField(label="地点", max_length=PLACE_LENGTH, error_messages={"required": "请写明地点。"})
    chair = forms.ModelChoiceField(
        User.objects.none(),
        label="主持人",
        required=False,
        to_field_name="username",
        empty_label="分管领导",
        error_messages={"invalid_choice": CHOOSE},
    )


class PlanForm(_WhenAndWhere):
    """A new meeting; the id is made when the form opens."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    group = forms.ModelChoiceField(
        MeetingGroup.objects.none(),
        label="分组",
        empty_label="请选择",
        error_messages={"required": "请选择分组。", "invalid_choice": "请在可选的分组中选择。"},
    )
    field_order = ("uuid", "group", "held_on", "starts_at", "place", "chair")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["group"].queryset = MeetingGroup.objects.active().select_related("leader")
        self.fields["group"].label_from_instance = lambda group: f"{group}（{group.leader}分管）"
        self.fields["chair"].queryset = chairs()
        self.fields["held_on"].widget.attrs["min"] = clock.today().isoformat()
        self.initial.setdefault("uuid", uuid4())
        self.initial.setdefault("starts_at", "14:30")


class EditForm(ActForm, _WhenAndWhere):
    def prepare(self) -> None:
        self.fields["chair"].queryset = chairs()
        self.fields["chair"].required, self.fields["chair"].empty_label = True, None
        meeting: Meeting = self.subject
        self.initial = {
            "held_on": meeting.held_on,
            "starts_at": meeting.starts_at,
            "place": meeting.place,
            "chair": meeting.chair.username,
        }


class SureForm(ActForm):
    """Nothing to fill in: the words above say what will happen."""


def issue_by_code(code: str, scope: Scope) -> Issue | None:
    """The issue by the number typed, among those the person may see; ValidationError where there is none."""
    typed = code.strip().upper()
    if not typed:
        return None
    found = Issue.objects.visible_to(scope).filter(code=typed).first()
    if found is None:
        raise forms.ValidationError("没有这个编号的诉求，或不在您的查看范围内。")
    return found


class ProposeForm(ActForm):
    issue = forms.CharField(
        label="提请会诊的诉求",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "编号，如 YC-2024-000123"}),
    )
    topic = forms.CharField(
        label="或其他议题",
        required=False,
        max_length=TOPIC_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "一句话"}),
    )

    def clean_issue(self) -> Issue | None:
        return issue_by_code(self.cleaned_data["issue"], self.scope)


class InviteForm(ActForm):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="单位",
        required=False,
        to_field_name="code",
        empty_label="请选择",
        error_messages={"invalid_choice": "请在可选的单位中选择。"},
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="或人员",
        required=False,
        to_field_name="username",
        empty_label="请选择",
        error_messages={"invalid_choice": CHOOSE},
    )
    body = forms.CharField(
        label="或外部人员", required=False, max_length=BODY_LENGTH, help_text="不在本系统里的单位或人，写明名称。"
    )

    def prepare(self) -> None:
        there = self.subject.participants.all()
        self.fields["unit"].queryset = Unit.objects.handling().exclude(pk__in=[p.unit_id for p in there if p.unit_id])
        self.fields["person"].queryset = guests().exclude(pk__in=[p.person_id for p in there if p.person_id])


class UninviteForm(ActForm):
    participant = forms.ModelChoiceField(
        Participant.objects.none(),
        label="不再邀请谁",
        empty_label="请选择",
        error_messages={"required": "请选择。", "invalid_choice": "请在列席人员中选择。"},
    )

    def prepare(self) -> None:
        self.fields["participant"].queryset = self.subject.participants.filter(is_member=False).select_related(
            "person", "unit"
        )

    def clean_participant(self) -> int:
        return int(self.cleaned_data["participant"].pk)


class CancelForm(ActForm):
    reason = text_field("取消原因", REASON_LENGTH, rows=2, missing="请写明取消的原因。")


class CloseForm(ActForm):
    summary = text_field("会议小结", SUMMARY_LENGTH, rows=4, required=False)
    carry_rest = forms.BooleanField(label="没有议的，留到下次再议", required=False)
    absent_rest = forms.BooleanField(label="没有签到的，记为缺席", required=False)

    def prepare(self) -> None:
        meeting: Meeting = self.subject
        if not meeting.items.filter(state=AgendaItem.State.OPEN, dropped=False).exists():
            del self.fields["carry_rest"]
        if not meeting.participants.filter(presence=Participant.Presence.EXPECTED).exists():
            del self.fields["absent_rest"]


class AttendanceForm(forms.Form):
    """One row a participant: came, excused with a reason, or absent."""

    def __init__(self, data: Any = None, *, meeting: Meeting, participants: list[Participant]) -> None:
        super().__init__(data)
        self.participants = participants
        choices = Participant.Presence.choices
        if meeting.is_planned:
            choices = [c for c in choices if c[0] in ("expected", "excused")]
        for row in participants:
            self.fields[f"presence_{row.pk}"] = forms.ChoiceField(
                label=str(row),
                choices=choices,
                widget=forms.RadioSelect,
                initial=row.presence,
                error_messages={"required": "请选择。", "invalid_choice": "请在到会、请假、缺席中选择。"},
            )
            self.fields[f"reason_{row.pk}"] = forms.CharField(
                label=f"{row}的请假事由",
                required=False,
                max_length=REASON_LENGTH,
                initial=row.reason,
                widget=forms.TextInput(attrs={"placeholder": "请假事由"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each participant, for the page."""
        return [
            {"participant": row, "presence": self[f"presence_{row.pk}"], "reason": self[f"reason_{row.pk}"]}
            for row in self.participants
        ]

    def marks(self) -> dict[int, tuple[str, str]]:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        return {row.pk: (data[f"presence_{row.pk}"], data[f"reason_{row.pk}"]) for row in self.participants}
