from typing import Any

from django import forms

from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.credit_code import credit_code_problem
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import townships

INDUSTRIES = (
    ("A", "农、林、牧、渔业"),
    ("B", "采矿业"),
    ("C", "制造业"),
    ("D", "电力、热力、燃气及水生产和供应业"),
    ("E", "建筑业"),
    ("F", "批发和零售业"),
    ("G", "交通运输、仓储和邮政业"),
    ("H", "住宿和餐饮业"),
    ("I", "信息传输、软件和信息技术服务业"),
    ("J", "金融业"),
    ("K", "房地产业"),
    ("L", "租赁和商务服务业"),
    ("M", "科学研究和技术服务业"),
    ("N", "水利、环境和公共设施管理业"),
    ("O", "居民服务、修理和其他服务业"),
    ("P", "教育"),
    ("Q", "卫生和社会工作"),
    ("R", "文化、体育和娱乐业"),
    ("S", "公共管理、社会保障和社会组织"),
    ("T", "国际组织"),
)

#: Columns of the form, in its order.
ENTERPRISE_COLUMNS = (
    "credit_code",
    "name",
    "township",
    "is_key",
    "industry",
    "address",
    "contact_name",
    "contact_phone",
    "employees",
    "union_state",
    "union_members",
    "union_term_ends_on",
    "yearly_dues",
    "is_active",
)


class EnterpriseForm(forms.ModelForm):
    """An enterprise of the register. `facts_since` is no column: it dates what changes of its union facts."""

    field_order = (*ENTERPRISE_COLUMNS[:-1], "facts_since", ENTERPRISE_COLUMNS[-1])

    industry = forms.ChoiceField(label="行业门类", choices=[("", "未填"), *INDUSTRIES], required=False)
    facts_since = forms.DateField(
        label="变更日期",
        widget=DayInput,
        required=False,
        help_text="镇街、建会情况、人数、届期或经费从哪天起是这样；不填按今天。",
        error_messages={"invalid": "日期写得不对。"},
    )

    class Meta:
        model = Enterprise
        fields = ENTERPRISE_COLUMNS
        widgets = {"union_term_ends_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships()
        self.fields["township"].empty_label = "请选择镇街"
        if self.instance.pk:
            del self.fields["credit_code"]

    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"].strip().upper()
        if problem := credit_code_problem(code):
            raise forms.ValidationError(problem)
        return code

    def validate_unique(self) -> None:
        """Left to the service, which can say who holds the code."""


class MoveForm(forms.Form):
    """Many enterprises into another township at once."""

    township = forms.ModelChoiceField(Unit.objects.none(), label="迁到", to_field_name="code", empty_label="请选择镇街")
    moved_on = forms.DateField(
        label="迁移日期",
        widget=DayInput,
        help_text="从这一天起归新的镇街；以前的走访和诉求仍算在原镇街。",
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"},
    )
    enterprises = forms.CharField(
        label="企业",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="一行一家，写企业全称或统一社会信用代码，可以从表格里整列粘贴。",
        error_messages={"required": "请写企业。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships().active()


class UnitForm(forms.Form):
    code = forms.CharField(
        label="代码", max_length=20, help_text="镇街用 9 位统计用区划代码，其他单位用自定的简短代码。"
    )
    kind = forms.ChoiceField(label="类型", choices=Unit.Kind.choices)
    name = forms.CharField(label="名称", max_length=60)
    short_name = forms.CharField(label="简称", max_length=30, required=False)
    parent = forms.ModelChoiceField(Unit.objects.none(), label="上级单位", required=False, empty_label="无")
    replaces = forms.ModelChoiceField(
        Unit.objects.none(),
        label="析出自",
        required=False,
        empty_label="无",
        help_text="镇街拆分时填原来的镇街；建好后请区总工作人员把企业迁过来。",
    )
    since = forms.DateField(label="设立日期", required=False, widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Unit.objects.filter(is_active=True).order_by("code")
        self.fields["replaces"].queryset = townships()


class UnitEditForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60)
    short_name = forms.CharField(label="简称", max_length=30, required=False)
    is_active = forms.BooleanField(label="启用", required=False, help_text="停用后不能再向它交办诉求，已有记录不变。")
