"""Forms of mediation: the application, and one form for every move of the table."""

import re
from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from casework.mediation_workflow import AGREEMENTS, MOVE_OF, OUTCOME_LABELS, SIGNATURES
from casework.models import Mediation, MediationHandover, MediationParty
from casework.models.mediations import LINE_LENGTH, NAME_LENGTH, TEXT_LENGTH
from casework.services.mediation_parties import COMPANY_LENGTH, PartyInput
from casework.services.mediations import mediating_units
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit

#: Numbers of persons are never left behind in a browser.
SECRET = {"autocomplete": "off", "data-never-kept": ""}


def money_field(label: str, **options: Any) -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(
        label=f"{label}（元）",
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0"}),
        error_messages={
            "invalid": "请填写数字。",
            "min_value": "金额不能小于 0。",
            "max_decimal_places": "最多两位小数。",
            "max_digits": "金额太大，请核对。",
            "max_whole_digits": "金额太大，请核对。",
            "required": "请填写金额。",
        },
        **options,
    )


def name_field(label: str, length: int = NAME_LENGTH, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        error_messages={"required": f"请填写{label}。", "max_length": f"最多 {length} 个字。"},
        **options,
    )


def phone_field(**options: Any) -> forms.CharField:
    return forms.CharField(
        label="电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", **SECRET}),
        **options,
    )


def id_field() -> forms.CharField:
    return forms.CharField(label="身份证号", max_length=20, required=False, widget=forms.TextInput(attrs=SECRET))


def people_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="涉及人数",
        min_value=1,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1"}),
        error_messages={
            "required": "请填写人数。",
            "invalid": "请填写整数。",
            "min_value": "人数至少为 1。",
        },
    )


class ApplicationForm(ActForm):
    """An application, made for one that is told across a desk: everything on one page, in the order it is told."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    manner = forms.ChoiceField(
        label="申请方式", choices=Mediation.Manner.choices, widget=forms.RadioSelect, initial=Mediation.Manner.ORAL
    )
    applied_on = day_field("申请日期")
    organisation = forms.ModelChoiceField(
        Unit.objects.none(),
        label="调解组织",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择调解组织。", "invalid_choice": "请在可选的单位中选择。"},
    )
    applicant_name = name_field("申请人姓名")
    applicant_phone = phone_field()
    applicant_id_number = id_field()
    people = people_field()
    respondent_name = name_field("用人单位名称", COMPANY_LENGTH)
    respondent_contact = name_field("单位联系人", required=False)
    respondent_phone = phone_field()
    kind = forms.ChoiceField(
        label="争议类型",
        choices=Mediation.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择争议类型。"},
    )
    matter = text_field("争议事项", TEXT_LENGTH, missing="请写明争议事项。")
    reason = text_field("理由", TEXT_LENGTH, rows=4, missing="请写明理由。")
    amount_claimed = money_field("请求金额", required=False)

    def prepare(self) -> None:
        self.fields["organisation"].queryset = mediating_units()
        today = clock.today()
        self.fields["applied_on"].widget.attrs["max"] = today.isoformat()
        enterprise = self.subject.enterprise
        self.initial.update(
            {"uuid": uuid4(), "applied_on": today, "respondent_name": enterprise.name if enterprise else ""}
        )
        own = mediating_units().filter(pk__in=self.scope.unit_ids, kind=Unit.Kind.WORKROOM).first()
        if own is not None:
            self.initial["organisation"] = own.code

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        given = dict(self.cleaned_data)
        sides = {
            side: PartyInput(
                role=side,
                **{name: given.pop(f"{side}_{name}", "") or "" for name in ("name", "contact", "phone", "id_number")},
            )
            for side in ("applicant", "respondent")
        }
        return {**given, **sides}


class MoveForm(ActForm):
    """The form of one move: of all fields there are, those its line of the table names."""

    day = day_field("日期")
    kind = forms.ChoiceField(label="争议类型", choices=Mediation.Kind.choices, widget=forms.RadioSelect)
    matter = text_field("争议事项", TEXT_LENGTH)
    reason = text_field("理由", TEXT_LENGTH, rows=4)
    people = people_field()
    amount_claimed = money_field("请求金额")
    role = forms.ChoiceField(
        label="身份",
        choices=MediationParty.Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择身份。"},
    )
    party = forms.ModelChoiceField(
        MediationParty.objects.none(),
        label="哪位当事人",
        empty_label="请选择",
        error_messages={"required": "请选择当事人。", "invalid_choice": "请选择这件调解的当事人。"},
    )
    name = name_field("姓名或名称", COMPANY_LENGTH)
    contact = name_field("单位联系人", help_text="只有用人单位填写。")
    phone = phone_field()
    id_number = id_field()
    mediators = forms.CharField(
        label="调解员",
        max_length=180,
        help_text="两名以上用顿号分开。",
        error_messages={"required": "请填写调解员。"},
    )
    refused_by = forms.ChoiceField(
        label="哪一方不同意",
        choices=Mediation.Side.choices,
        widget=forms.RadioSelect,
        initial=Mediation.Side.RESPONDENT,
        error_messages={"required": "请选择哪一方不同意。"},
    )
    days = forms.IntegerField(
        label="延长几天",
        min_value=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "1"}),
        error_messages={"required": "请填写天数。", "invalid": "请填写整数。", "min_value": "至少 1 天。"},
    )
    applicant_agrees = forms.BooleanField(label="申请人同意延期")
    respondent_agrees = forms.BooleanField(label="被申请人同意延期")
    begins_at = forms.TimeField(
        label="开始时间",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "时间写得不对。"},
    )
    place = name_field("地点", 60)
    present = name_field("参加人", LINE_LENGTH, help_text="到场的双方、代表和其他人。")
    record = text_field("调解记录", TEXT_LENGTH, rows=6)
    outcome = forms.ChoiceField(
        label="结果",
        choices=[(str(code), OUTCOME_LABELS[code]) for code in AGREEMENTS],
        widget=forms.RadioSelect,
        initial=str(AGREEMENTS[0]),
    )
    terms = text_field("协议内容", TEXT_LENGTH, rows=6, missing="请写明协议内容。")
    amount_agreed = money_field("协议金额", help_text="不涉及金额的不填。")
    amount_recovered = money_field("累计已履行金额")
    recovered_reason = name_field("超出协议金额的说明", LINE_LENGTH)
    route = forms.ChoiceField(
        label="途径",
        choices=MediationHandover.Route.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择途径。"},
    )
    body = name_field("受理机关", 60)
    applicant_signed_on = day_field(SIGNATURES["applicant_signed_on"])
    respondent_signed_on = day_field(SIGNATURES["respondent_signed_on"])
    mediator_signed_on = day_field(SIGNATURES["mediator_signed_on"])
    sealed_on = day_field(SIGNATURES["sealed_on"])
    note = text_field("说明", TEXT_LENGTH)

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        self.move = MOVE_OF[act]
        super().__init__(*args, act=act, **kwargs)

    def prepare(self) -> None:
        for name in [name for name in self.fields if name not in self.move.fields]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in self.move.required
        self.order_fields(self.move.fields)
        today = clock.today()
        if "day" in self.fields:
            self.fields["day"].label = DAY_LABELS[self.move.action]
            self.fields["day"].widget.attrs["max"] = today.isoformat()
            self.initial["day"] = today
        if "party" in self.fields:
            self.fields["party"].queryset = MediationParty.objects.filter(mediation=self.subject)
        if self.move.action in ("edit", "sign"):
            self.initial.update({name: getattr(self.subject, name) for name in self.move.fields})
        if self.move.action == "edit":
            self._mediators()

    def _mediators(self) -> None:
        """Named when the application is accepted, changed from then on."""
        if not self.subject.mediators:
            del self.fields["mediators"]
            return
        self.initial["mediators"] = "、".join(self.subject.mediators)
        self.fields["mediators"].required = True

    def clean_mediators(self) -> list[str]:
        return [name for name in re.split(r"[、，,；;\s]+", self.cleaned_data["mediators"]) if name]


DAY_LABELS = {
    "withdraw": "撤回日期",
    "not_accept": "决定日期",
    "accept": "受理日期",
    "refuse": "表示不同意的日期",
    "consent": "对方同意的日期",
    "extend": "商定日期",
    "fail": "结束日期",
    "session": "调解日期",
    "agree": "达成协议的日期",
    "recover": "履行日期",
    "hand_over": "移交日期",
    "deny": "结果日期",
    "confirm": "确认日期",
}


class RevealPartyForm(forms.Form):
    reason = forms.CharField(
        label="查看理由", max_length=LINE_LENGTH, error_messages={"required": "请写明为什么要看，如“通知开调解会”。"}
    )
