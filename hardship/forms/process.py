"""Forms of the process: one for every move of the table, and the home survey."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from hardship.models import HomeSurvey
from hardship.models.process import OPINION_LENGTH, process_of
from hardship.process import Move, find_move, moves_of
from hardship.process_words import CHECK_RESULTS, CLEARING, GROUND_LABELS, REJECTING, RENEWAL_KINDS
from hardship.services.moves import Given, states_before
from hardship.services.surveys import FINDINGS_LENGTH, NAME_LENGTH, Seen
from unionportal.core.common import clock
from unionportal.core.common.widgets import DayInput, PhotosField

#: What the opinion of a step is called on its form.
OPINION_LABELS = {
    "apply": "申请理由",
    "appraise": "评议意见",
    "review": "镇街工会意见",
    "check": "核查说明",
    "approve": "区总工会意见",
    "send_back": "退回原因",
    "reject": "理由",
    "change": "发生了什么变化",
    "renew": "复核意见",
    "lift": "脱困的依据",
    "clear": "清档的依据",
    "relapse": "返困的情况",
    "reapply": "重新申请的理由",
}
CHOOSE = dict.fromkeys(("required", "invalid_choice"), "请选择一项。")


def people_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": "0"}),
        error_messages={
            "required": "请填写人数。",
            "invalid": "请填写整数。",
            "min_value": "人数不能小于 0。",
            "max_value": "人数太多，请核对。",
        },
    )


class MoveForm(ActForm):
    """The form of one move: of all fields there are, those its line of the table names."""

    day = day_field("日期")
    present = people_field("参加评议的人数")
    agreed = people_field("同意的人数")
    check_result = forms.ChoiceField(
        label="核查结果", choices=list(CHECK_RESULTS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    renewal = forms.ChoiceField(
        label="复核种类", choices=list(RENEWAL_KINDS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    ground = forms.ChoiceField(label="原因", widget=forms.RadioSelect, error_messages=CHOOSE)
    to = forms.ChoiceField(label="退回到哪一步", widget=forms.RadioSelect, error_messages=CHOOSE)
    opinion = text_field(
        "意见",
        OPINION_LENGTH,
        missing="请写明意见或理由。",
        help_text="三级经办人和区总领导都会看到，请不要写病情、证件号、电话等个人信息。",
    )

    def __init__(self, *args: Any, subject: Any, act: str, **kwargs: Any) -> None:
        self.move = _line(subject, act)
        super().__init__(*args, subject=subject, act=act, **kwargs)

    def prepare(self) -> None:
        for name in [name for name in self.fields if name not in self.move.fields]:
            del self.fields[name]
        for name, field in self.fields.items():
            field.required = name in self.move.required
        self.order_fields(self.move.fields)
        if "day" in self.fields:
            today = clock.today()
            self.fields["day"].widget.attrs["max"] = today.isoformat()
            self.initial["day"] = today
        if "ground" in self.fields:
            grounds = CLEARING if self.move.action == "clear" else REJECTING
            self.fields["ground"].choices = [(str(code), GROUND_LABELS[code]) for code in grounds]
        if "to" in self.fields:
            self.fields["to"].choices = states_before(self.subject)
        if "opinion" in self.fields:
            self.fields["opinion"].label = OPINION_LABELS[self.move.action]


def given_of(cleaned: dict[str, Any]) -> Given:
    """What the service takes."""
    return Given(**{name: value for name, value in cleaned.items() if value is not None})


def _line(subject: Any, act: str) -> Move:
    """The move from the file's present state; where there is none any more, the one somebody too late meant."""
    order = process_of(subject).order
    return find_move(order, act, subject.state) or next(m for m in moves_of(order) if m.action == act)


class SurveyForm(forms.Form):
    """入户调查, filled in on a phone at the household."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    surveyed_on = forms.DateField(
        label="调查日期",
        widget=DayInput,
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"},
    )
    second_surveyor = forms.CharField(
        label="另一名调查人",
        max_length=NAME_LENGTH,
        error_messages={"required": "入户调查须由两人进行，请填写另一名调查人。"},
    )
    living = forms.ChoiceField(
        label="居住情况", choices=HomeSurvey.Living.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    people_home = people_field("实际居住人数")
    income_match = forms.ChoiceField(
        label="收入情况", choices=HomeSurvey.Match.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    housing_match = forms.ChoiceField(
        label="住房情况", choices=HomeSurvey.Match.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    has_car = forms.BooleanField(label="有经常使用的机动车", required=False)
    findings = text_field(
        "调查情况",
        FINDINGS_LENGTH,
        rows=6,
        missing="请写明看到的情况。",
        help_text="家庭成员、收入来源、主要开支、困难原因。",
    )
    photos = PhotosField(label="照片", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, version: int) -> None:
        initial = {"uuid": uuid4(), "version": version, "surveyed_on": clock.today()}
        super().__init__(data, files, initial=initial)
        self.fields["surveyed_on"].widget.attrs["max"] = clock.today().isoformat()

    def seen(self) -> Seen:
        """What the service takes; call after `is_valid`."""
        return Seen(**{name: value for name, value in self.cleaned_data.items() if name not in ("uuid", "version")})
