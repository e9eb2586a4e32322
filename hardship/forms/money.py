"""Forms of funds, caps, batches, grants and campaigns."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from hardship import codes
from hardship.models import Campaign, Fund, Grant, GrantReceipt
from hardship.money_workflow import AID_KIND_LABELS, CAMPAIGN_LABELS, choices
from hardship.services.bank import SHORTEST_PASSWORD
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit


def money_field(label: str, **options: Any) -> forms.DecimalField:
    """Yuan to the cent."""
    return forms.DecimalField(
        label=label,
        max_digits=14,
        decimal_places=2,
        error_messages={
            "required": "请填写金额。",
            "invalid": "请填金额，如 12000.00。",
            "max_decimal_places": "金额最多两位小数。",
            "max_digits": "金额太大。",
            "max_whole_digits": "金额太大。",
        },
        **options,
    )


class NewForm(ActForm):
    """An act that makes a row: its id comes from the page, so that a retry is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.initial["uuid"] = uuid4()


class PlainForm(ActForm):
    """An act that asks nothing."""


class FundForm(NewForm):
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    source = forms.ChoiceField(
        label="来源",
        choices=Fund.Source.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择来源。"},
    )
    purpose = forms.ChoiceField(label="用途", choices=Fund.Purpose.choices, widget=forms.RadioSelect, initial="aid")
    budget = money_field("预算（元）", help_text="拨入的总数不能超过预算。")
    start_on = day_field("起始日期")
    end_on = day_field("截止日期")

    def prepare(self) -> None:
        super().prepare()
        year = clock.today().year
        self.initial.update({"start_on": f"{year}-01-01", "end_on": f"{year}-12-31"})


class BudgetForm(ActForm):
    budget = money_field("预算（元）")

    def prepare(self) -> None:
        self.initial["budget"] = self.subject.budget


class MoveMoneyForm(NewForm):
    amount = money_field("金额（元）")
    happened_on = day_field("日期")

    def prepare(self) -> None:
        super().prepare()
        self.initial["happened_on"] = clock.today()


class ReverseForm(NewForm):
    reason = text_field("冲正原因", 200)


class CapForm(ActForm):
    kind = forms.ChoiceField(label="帮扶项目", choices=choices(AID_KIND_LABELS))
    category = forms.ChoiceField(label="困难类别", choices=[("", "全部类别"), *codes.CATEGORIES], required=False)
    yearly = money_field("年度上限（元）", required=False, help_text="不填即不设上限。")
    once = money_field("单次上限（元）", required=False, help_text="不填即不设上限。")
    effective_on = day_field("生效日期")
    basis = forms.CharField(label="依据", max_length=120, required=False)

    def prepare(self) -> None:
        self.initial["effective_on"] = clock.today()


class BatchForm(NewForm):
    title = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    kind = forms.ChoiceField(label="帮扶项目", choices=choices(AID_KIND_LABELS))
    fund = forms.ModelChoiceField(
        Fund.objects.none(), label="资金", empty_label=None, error_messages={"required": "请先登记并拨入资金。"}
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="四季帮扶", required=False, empty_label="不属于四季帮扶活动"
    )

    def prepare(self) -> None:
        super().prepare()
        funds = Fund.objects.visible_to(self.scope)
        self.fields["fund"].queryset = funds.filter(state=Fund.State.OPEN, purpose=Fund.Purpose.AID)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(self.scope)


class ReasonForm(ActForm):
    reason = text_field("退回原因", 200)


class AmountForm(ActForm):
    amount = money_field("金额（元）")

    def prepare(self) -> None:
        if isinstance(self.subject, Grant):
            self.initial["amount"] = self.subject.amount


class ResultForm(ActForm):
    file = forms.FileField(
        label="回盘文件",
        help_text="银行返回的 .xlsx 或 .csv，须有流水号、金额、结果三列；失败的写明原因。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择回盘文件。", "empty": "这份文件是空的。"},
    )


class SheetForm(forms.Form):
    """The password of a bank sheet; kept nowhere."""

    password = forms.CharField(
        label="打开密码",
        max_length=60,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=f"至少 {SHORTEST_PASSWORD} 位，既有字母又有数字。系统不保存密码，请另行告诉银行经办人。",
        error_messages={"required": "请设置打开密码。"},
    )


class ReceiptForm(ActForm):
    received_on = day_field("签收日期")
    way = forms.ChoiceField(
        label="签收方式",
        choices=GrantReceipt.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择签收方式。"},
    )
    upload = forms.FileField(
        label="签收单",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.pdf"}),
        error_messages={"empty": "这份文件是空的。"},
    )

    def prepare(self) -> None:
        self.initial["received_on"] = clock.today()


class RepayForm(NewForm):
    amount = money_field("退回金额（元）")
    received_on = day_field("到账日期")
    reason = text_field("原因", 200)

    def prepare(self) -> None:
        super().prepare()
        self.initial["received_on"] = clock.today()
        self.initial["amount"] = self.subject.amount - self.subject.repaid


class CampaignForm(NewForm):
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    kind = forms.ChoiceField(
        label="活动",
        choices=choices(CAMPAIGN_LABELS),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择活动。"},
    )
    start_on = day_field("起始日期")
    end_on = day_field("截止日期")

    def prepare(self) -> None:
        super().prepare()
        self.initial.update({"start_on": clock.today(), "end_on": clock.today()})


class PickFilter(forms.Form):
    """Whom to offer; kept in the address."""

    category = forms.ChoiceField(label="困难类别", choices=[("", "全部"), *codes.CATEGORIES], required=False)
    township = forms.ModelChoiceField(
        Unit.objects.townships(), label="镇街", to_field_name="code", required=False, empty_label="全部"
    )


class PickForm(forms.Form):
    """One amount for everybody ticked."""

    amount = money_field("每人金额（元）")
