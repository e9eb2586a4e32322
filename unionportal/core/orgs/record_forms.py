"""Forms of what is kept of an enterprise beside its facts."""

from typing import Any
from uuid import uuid4

from django import forms

from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.models import CollectiveContract, EnterpriseContact, RiskMark
from unionportal.core.orgs.models.records import NAME_LENGTH, WORDS_LENGTH

DAY_ERRORS = {"required": "请填写日期。", "invalid": "日期写得不对。"}
NUMBER_ERRORS = {"required": "请填写。", "invalid": "请填整数。"}


def _name(label: str, missing: str = "", **options: Any) -> forms.CharField:
    errors = {"required": missing, "max_length": f"最多 {NAME_LENGTH} 个字。"}
    return forms.CharField(label=label, max_length=NAME_LENGTH, error_messages=errors, **options)


def _reason(label: str, missing: str, *, kept: bool = True, **options: Any) -> forms.CharField:
    """A reason in a few lines; `kept` False: not as a draft in the browser either."""
    return forms.CharField(
        label=label,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3} if kept else {"rows": 3, "data-never-kept": ""}),
        error_messages={"required": missing, "max_length": f"最多 {WORDS_LENGTH} 个字。"},
        **options,
    )


class ContactForm(forms.Form):
    """A contact; an existing one keeps its number where none is typed."""

    uuid = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-client-id": ""}))
    name = _name("姓名", "请填写姓名。")
    post = _name("职务", required=False, help_text="如工会主席、人事经理。")
    phone = forms.CharField(
        label="电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-never-kept": ""}),
        help_text="加密保存，页面上只显示头尾几位。",
    )

    def __init__(self, *args: Any, contact: EnterpriseContact | None = None, **kwargs: Any) -> None:
        if contact is None:
            kwargs.setdefault("initial", {"uuid": uuid4()})
        else:
            kwargs["initial"] = {"uuid": contact.uuid, "name": contact.name, "post": contact.post}
        super().__init__(*args, **kwargs)
        if contact is not None:
            self.fields["phone"].help_text = "不填就保持原来的号码。"
            self.fields["uuid"].disabled = True


class MergeForm(forms.Form):
    """The entry that stays, and why both are one enterprise."""

    main = forms.CharField(
        label="保留企业的统一社会信用代码",
        max_length=18,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
        error_messages={"required": "请填写保留的那一家的代码。", "max_length": "统一社会信用代码是 18 位。"},
    )
    reason = _reason("理由", "请写明为什么是同一家企业。")

    def clean_main(self) -> str:
        return self.cleaned_data["main"].strip().upper()


class RevealForm(forms.Form):
    reason = _reason(
        "查看理由",
        "请写明为什么要看号码，如“约走访时间”。",
        kept=False,
        help_text="查看人、时间和理由都会留下记录。",
    )


class RiskForm(forms.Form):
    kind = forms.ChoiceField(
        label="风险",
        choices=RiskMark.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择风险。"},
    )
    level = forms.ChoiceField(
        label="程度",
        choices=RiskMark.Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择程度。"},
    )
    reason = _reason("理由", "请写明为什么标记。", help_text="写明看到或查到的情况和来源，不写职工姓名。")


class LiftForm(forms.Form):
    reason = _reason("解除理由", "请写明为什么解除。")


class ContractForm(forms.Form):
    kind = forms.ChoiceField(
        label="种类",
        choices=CollectiveContract.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择种类。"},
    )
    start_on = forms.DateField(label="生效日期", widget=DayInput, error_messages=DAY_ERRORS)
    end_on = forms.DateField(label="到期日期", widget=DayInput, error_messages=DAY_ERRORS)
    people = forms.IntegerField(label="覆盖职工人数", error_messages=NUMBER_ERRORS)
    performance = forms.ChoiceField(
        label="履约情况",
        choices=CollectiveContract.Performance.choices,
        initial=CollectiveContract.Performance.UNCHECKED,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择履约情况。"},
    )


class MutualAidForm(forms.Form):
    year = forms.IntegerField(label="年度", error_messages=NUMBER_ERRORS)
    people = forms.IntegerField(label="参保人数", error_messages=NUMBER_ERRORS)
