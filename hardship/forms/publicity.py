"""Forms of the publicity: the list, the objection of whoever reads it, and what is decided on one."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core import signing

from casework.forms.acts import ActForm, text_field
from hardship.models import HardshipFile, ProposedAid, PublicityList
from hardship.models.publicity import WORDS_LENGTH
from hardship.services.objections import NAME_LENGTH, OBJECTION_LENGTH, Objected
from hardship.services.publicity import REASON_LENGTH
from unionportal.core.common import clock
from unionportal.core.common.widgets import DayInput
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays

SIGNER = signing.Signer(salt="hardship.objection")
#: Chosen for a household that waits for another list.
OFF = "off"
AID_CHOICES = [*ProposedAid.choices, (OFF, "不列入这份名单")]


class ListForm(forms.Form):
    """A new list of one township: its days, and for each file that waits the aid proposed, or that it stays off."""

    starts_on = forms.DateField(
        label="开始日期", widget=DayInput, error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"}
    )
    ends_on = forms.DateField(
        label="结束日期",
        widget=DayInput,
        help_text="当天结束后名单自动撤下。",
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"},
    )

    def __init__(self, data: Any = None, *, files: list[HardshipFile]) -> None:
        today = clock.today()
        ends = add_workdays(today, int(value("hardship.public_workdays", on=today))).day
        super().__init__(data, initial={"starts_on": today, "ends_on": ends})
        self.waiting = files
        for file in files:
            self.fields[self._name(file)] = forms.ChoiceField(
                label=f"{file.code}　{file.unit_name or '无单位'}",
                choices=AID_CHOICES,
                initial=ProposedAid.LIVING,
                error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择拟帮扶的种类。"),
            )

    @staticmethod
    def _name(file: HardshipFile) -> str:
        return f"aid_{file.pk}"

    @property
    def file_fields(self) -> list[tuple[HardshipFile, Any]]:
        """Each file with its select."""
        return [(file, self[self._name(file)]) for file in self.waiting]

    def proposed(self) -> dict[str, str]:
        """What the service takes: the aid by the code of each file chosen."""
        chosen = {file.code: self.cleaned_data[self._name(file)] for file in self.waiting}
        return {code: aid for code, aid in chosen.items() if aid != OFF}


class StopForm(ActForm):
    reason = text_field("提前撤下的原因", REASON_LENGTH, missing="请写明为什么提前撤下。")


class DecideForm(forms.Form):
    """What looking into an objection found."""

    upheld = forms.TypedChoiceField(
        label="核实结果",
        choices=[("no", "异议不成立，继续公示"), ("yes", "异议成立，撤下这一户")],
        coerce=lambda chosen: chosen == "yes",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择核实结果。"),
    )
    decision = text_field("核实结论", WORDS_LENGTH, missing="请写明核实结论。")


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "如：回复异议人"}),
        error_messages={"required": "请写明为什么要看。"},
    )


class ObjectionForm(forms.Form):
    """For anybody with the link. The signed id is made when the form opens, so a repeated send is the same row."""

    secret = forms.CharField(widget=forms.HiddenInput)
    number = forms.TypedChoiceField(
        label="对哪一户有异议",
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择名单上的一户。"),
    )
    words = text_field("有什么异议", OBJECTION_LENGTH, rows=5, missing="请写明有什么异议。")
    manner = forms.ChoiceField(
        label="要不要留下您的身份",
        choices=[("named", "实名，方便核实后答复您"), ("anonymous", "匿名，不留姓名电话")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择是否匿名。"),
    )
    name = forms.CharField(
        label="姓名", required=False, max_length=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label="电话",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    website = forms.CharField(label="网址（请勿填写）", required=False)  # people do not see it; programs fill it

    def __init__(self, data: Any = None, *, listed: PublicityList) -> None:
        super().__init__(data, initial={"secret": SIGNER.sign(str(uuid4()))})
        entries = listed.entries.filter(outcome="")
        self.fields["number"].choices = [
            ("", "请选择"),
            *((entry.number, f"{entry.number}. {entry.masked_name}（{entry.unit_name}）") for entry in entries),
        ]
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}

    def clean_secret(self) -> UUID:
        try:
            return UUID(SIGNER.unsign(self.cleaned_data["secret"]))
        except (signing.BadSignature, ValueError):
            raise forms.ValidationError("页面已过期，请刷新后再提交一次。") from None

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("这次提交像是程序自动填写的，没有保存。请再提交一次。")
        return ""

    def objected(self) -> Objected:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        return Objected(
            uuid=data["secret"],
            number=data["number"],
            words=data["words"],
            is_anonymous=data["manner"] == "anonymous",
            name=data["name"],
            phone=data["phone"],
        )
