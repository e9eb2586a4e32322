"""Forms of the hotline: orders, their steps, the catalogue."""

from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field
from hardship.forms.money import money_field
from hardship.models import Provider, ServiceKind, ServiceOrder
from hardship.services.orders import DETAIL_LENGTH
from unionportal.core.common import clock


class OrderForm(forms.Form):
    """An order as it is taken on the telephone."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.CharField(
        label="档案编号", max_length=16, error_messages={"required": "请填写档案编号。"}, help_text="如 KN-2024-0001"
    )
    service = forms.ModelChoiceField(
        ServiceKind.objects.filter(is_offered=True),
        label="服务",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择服务。"},
    )
    provider = forms.ModelChoiceField(
        Provider.objects.filter(is_active=True),
        label="服务单位",
        required=False,
        empty_label="今天价格最低的一家",
    )
    wanted_on = day_field("希望日期")
    detail = forms.CharField(
        label="需求",
        required=False,
        max_length=DETAIL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "data-never-kept": ""}),
        help_text="加密保存，如“厨房水龙头漏水，下午在家”。",
    )

    @classmethod
    def opening(cls, file_code: str) -> dict[str, object]:
        """First values of the page."""
        return {"uuid": uuid4(), "file": file_code, "wanted_on": clock.today()}


class DispatchForm(ActForm):
    provider = forms.ModelChoiceField(Provider.objects.none(), label="服务单位", empty_label=None)

    def prepare(self) -> None:
        prices = self.subject.service.prices.filter(effective_on__lte=clock.today())
        self.fields["provider"].queryset = Provider.objects.filter(is_active=True, pk__in=prices.values("provider"))
        self.initial["provider"] = self.subject.provider_id


class ConfirmForm(ActForm):
    done_on = day_field("服务日期")
    cost = money_field("实际费用（元）")
    satisfaction = forms.ChoiceField(
        label="职工评价",
        choices=ServiceOrder.Satisfaction.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择职工评价。"},
    )

    def prepare(self) -> None:
        self.initial.update({"done_on": clock.today(), "cost": self.subject.held})


class ServiceForm(ActForm):
    code = forms.SlugField(
        label="代码",
        max_length=20,
        error_messages={"required": "请填写代码。", "invalid": "代码只能用英文字母、数字、下划线和短横。"},
        help_text="已有的代码即修改那一项。",
    )
    name = forms.CharField(label="名称", max_length=20, error_messages={"required": "请填写名称。"})
    is_offered = forms.BooleanField(label="可预订", required=False, initial=True)


class ProviderForm(ActForm):
    provider = forms.ModelChoiceField(Provider.objects.all(), label="已有单位", required=False, empty_label="新增一家")
    name = forms.CharField(label="名称", max_length=40, error_messages={"required": "请填写名称。"})
    is_active = forms.BooleanField(label="合作中", required=False, initial=True)


class PriceForm(ActForm):
    service = forms.ModelChoiceField(ServiceKind.objects.all(), label="服务", empty_label=None)
    provider = forms.ModelChoiceField(Provider.objects.all(), label="服务单位", empty_label=None)
    price = money_field("单价（元）")
    effective_on = day_field("生效日期")

    def prepare(self) -> None:
        self.initial["effective_on"] = clock.today()
