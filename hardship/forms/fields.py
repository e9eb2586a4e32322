"""Fields that the forms of hardship files share. What names or reaches a person is never left behind in a browser."""

from typing import Any

from django import forms

from hardship.codes import Codes
from unionportal.core.common.widgets import DayInput

#: Numbers and names of persons are never kept by a browser: no completion, no draft.
SECRET = {"autocomplete": "off", "data-never-kept": ""}
KEPT = "已登记的不会显示；留空则不变。"


def pick(label: str, codes: Codes, **options: Any) -> forms.ChoiceField:
    """One of a code list, in a select."""
    options.setdefault("required", False)
    return forms.ChoiceField(
        label=label,
        choices=[("", "请选择"), *codes],
        error_messages={"required": f"请选择{label}。", "invalid_choice": "请从列表中选择。"},
        **options,
    )


def words(label: str, length: int, *, secret: bool = False, **options: Any) -> forms.CharField:
    """A line of text."""
    attrs = {**(SECRET if secret else {"autocomplete": "off"}), **options.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.TextInput(attrs=attrs),
        error_messages={"required": f"请填写{label}。", "max_length": f"最多 {length} 个字。"},
        **{"required": False, **options},
    )


def day(label: str, *, secret: bool = False, **options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(
        label=label,
        widget=DayInput(SECRET if secret else {}),
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"},
        **{"required": False, **options},
    )


def year(label: str, **options: Any) -> forms.IntegerField:
    """A year, or a number of years."""
    return forms.IntegerField(
        label=label,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "请填写整数。", "required": f"请填写{label}。"},
        **{"required": False, **options},
    )


def amount(label: str, **options: Any) -> forms.DecimalField:
    """Yuan to the cent. Whether it may be negative, the service says."""
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", **SECRET}),
        error_messages={
            "invalid": "请填写数字。",
            "required": "请填写金额。",
            "max_decimal_places": "最多两位小数。",
            "max_digits": "金额太大，请核对。",
            "max_whole_digits": "金额太大，请核对。",
        },
        **{"required": False, **options},
    )
