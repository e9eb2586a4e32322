"""Forms for people without an account, and those about them."""

from typing import Any

from django import forms
from django.core import signing

from casework.models import Category, ConsentText, PublicCode, Reporter
from casework.services.codes import CONSENT_LENGTH
from casework.services.public import COMMENT_LENGTH, TEXT_LENGTH, Report
from casework.services.reporters import NAME_LENGTH, REASON_LENGTH, ReporterInput, new_link_token
from casework.workflow import SATISFACTION_LABELS
from unionportal.core.common.widgets import DayInput, PhotosField
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import townships

SIGNER = signing.Signer(salt="casework.report")
SECRET_AGAIN = "页面已过期，内容都还在，请核对后再提交一次。"


class ReportForm(forms.Form):
    """扫码反映. The signed secret is made when the form opens, so a repeated submit is the same row and no weak link can be slipped in."""

    secret = forms.CharField(widget=forms.HiddenInput)
    consent_version = forms.IntegerField(widget=forms.HiddenInput)
    category = forms.ModelChoiceField(
        Category.objects.none(),
        label="是哪方面的事",
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选一类；不知道选哪类，就选“其他”。", "invalid_choice": "请在列出的类别中选择。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="发生在哪个镇街",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择事情发生在哪个镇街。", "invalid_choice": "请在列出的镇街中选择。"},
    )
    text = forms.CharField(
        label="发生了什么事",
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "什么时候、在哪里、什么情况，希望怎么解决"}),
        error_messages={"required": "请写明发生了什么事。", "max_length": f"最多 {TEXT_LENGTH} 个字。"},
    )
    photos = PhotosField(label="照片", required=False)
    privacy = forms.ChoiceField(
        label="要不要留下您的身份",
        choices=[
            (Reporter.Privacy.OPEN, "留下，可以告诉承办单位"),
            (Reporter.Privacy.STAFF, "留下，只让区总工会知道"),
            (Reporter.Privacy.ANONYMOUS, "匿名，不留姓名电话"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是否匿名。", "invalid_choice": "请选择是否匿名。"},
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
    consent = forms.BooleanField(
        label="我已阅读并同意以上内容", error_messages={"required": "请先阅读告知内容，并勾选同意。"}
    )
    website = forms.CharField(label="网址（请勿填写）", required=False)  # people do not see it; programs fill it

    def __init__(self, data: Any = None, files: Any = None, *, code: PublicCode, consent: ConsentText) -> None:
        super().__init__(data, files, initial={"secret": self.fresh_secret(), "consent_version": consent.version})
        categories = Category.objects.filter(is_active=True).exclude(public_hint="")
        self.fields["category"].queryset = categories
        self.hints = {category.code: category.public_hint for category in categories}
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if code.township_id is not None:
            del self.fields["township"]
        else:
            self.fields["township"].queryset = townships().active()

    @staticmethod
    def fresh_secret() -> str:
        return SIGNER.sign(new_link_token())

    def clean_secret(self) -> str:
        try:
            return SIGNER.unsign(self.cleaned_data["secret"])
        except signing.BadSignature:
            raise forms.ValidationError(SECRET_AGAIN) from None

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("这次提交像是程序自动填写的，没有保存。请再提交一次。")
        return ""

    @property
    def category_choices(self) -> list[tuple[Any, str]]:
        """Each radio with its hint."""
        return [(radio, self.hints.get(str(radio.data["value"]), "")) for radio in self["category"]]

    def report(self) -> Report:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        return Report(
            secret=data["secret"],
            category=data["category"],
            text=data["text"],
            reporter=ReporterInput(data["privacy"], data["name"], data["phone"]),
            consent_version=data["consent_version"],
            township=data.get("township"),
            photos=data["photos"],
        )


class RatingForm(forms.Form):
    """The reporter's rating of the result."""

    satisfaction = forms.ChoiceField(
        label="您对办理结果满意吗",
        choices=list(SATISFACTION_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请选择满意、基本满意或不满意。"),
    )
    comment = forms.CharField(
        label="还有什么想说的", required=False, max_length=COMMENT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：电话回访"}),
        error_messages={"required": "请写明为什么要看电话，如“回访”。"},
    )


class CodeForm(forms.Form):
    """A new code: for a unit or for an enterprise."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", to_field_name="code", required=False, empty_label="请选择（或选企业）"
    )
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label="企业",
        required=False,
        to_field_name="credit_code",
        error_messages={"invalid_choice": "没有找到这家企业，请重新选择。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.active().order_by("code")
        self.fields["enterprise"].queryset = Enterprise.objects.filter(is_active=True).select_related("township")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("unit")) == bool(data.get("enterprise")):
            raise forms.ValidationError("请选择一个单位，或者一家企业。")
        return data

    @property
    def owner(self) -> Unit | Enterprise:
        return self.cleaned_data["enterprise"] or self.cleaned_data["unit"]


class ConsentForm(forms.Form):
    text = forms.CharField(
        label="告知内容",
        max_length=CONSENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "请写明告知内容。"},
    )
    effective_on = forms.DateField(label="生效日期", widget=DayInput)
