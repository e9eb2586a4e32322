import hashlib
from typing import Any

from django import forms

from casework.models import Category, RoutingRule
from unionportal.core.accounts.models import User
from unionportal.core.common.scope import Role
from unionportal.core.orgs.models import Unit
from unionportal.core.orgs.selectors import townships

PICK = "请在列表中选择。"


class RoutingRuleForm(forms.Form):
    """One rule. Conditions left open hold for everything."""

    category = forms.ModelChoiceField(
        Category.objects.none(),
        label="类别",
        required=False,
        empty_label="不限",
        error_messages={"invalid_choice": PICK},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(), label="镇街", required=False, empty_label="不限", error_messages={"invalid_choice": PICK}
    )
    enterprise_kind = forms.ChoiceField(
        label="企业", choices=RoutingRule.EnterpriseKind.choices, widget=forms.RadioSelect
    )
    after = forms.ModelChoiceField(
        Unit.objects.none(),
        label="由谁退回后",
        required=False,
        empty_label="不限（新登记的诉求）",
        help_text="选了单位，规则只管这个单位刚退回的诉求。",
        error_messages={"invalid_choice": PICK},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="交办给",
        empty_label="请选择",
        error_messages={"required": "请选择交办给哪个单位。", "invalid_choice": "请选择启用中的承办单位。"},
    )
    person = forms.ModelChoiceField(
        User.objects.none(),
        label="经办人",
        required=False,
        empty_label="不指定",
        help_text="须是该单位的承办人员。",
        error_messages={"invalid_choice": PICK},
    )
    position = forms.IntegerField(
        label="优先次序",
        min_value=1,
        max_value=999,
        initial=100,
        help_text="数字小的先用；相同时条件多的先用。",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), "请填写 1 到 999 之间的整数。"),
    )
    automatic = forms.BooleanField(
        label="登记后自动交办", required=False, help_text="不勾选时只在交办时给出建议，由人决定。"
    )
    is_active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, rule: RoutingRule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = Category.objects.all()
        self.fields["township"].queryset = townships()
        units = Unit.objects.handling()
        if rule is not None:  # a unit disabled since stays in sight, so that the rule can be read and mended
            units |= Unit.objects.filter(pk__in=[pk for pk in (rule.unit_id, rule.after_id) if pk])
        units = units.order_by("kind", "code")
        self.fields["unit"].queryset = self.fields["after"].queryset = units
        people = User.objects.filter(is_active=True, grants__role__in=(Role.HANDLER, Role.TOWNSHIP))
        if rule is not None and rule.person_id:
            people |= User.objects.filter(pk=rule.person_id)
        self.fields["person"].queryset = people.distinct().order_by("username")

    def digest(self) -> str:
        """A mark of what was typed, so that what is saved is what was tried out."""
        values = {name: getattr(value, "pk", value) for name, value in sorted(self.cleaned_data.items())}
        return hashlib.sha256(repr(values).encode()).hexdigest()[:24]
