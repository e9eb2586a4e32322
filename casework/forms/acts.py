"""The form of one act on one object: it knows whose form it is and who fills it in."""

from typing import Any

from django import forms

from unionportal.core.common.scope import Scope
from unionportal.core.common.widgets import DayInput


class ActForm(forms.Form):
    """Fields of an act; `prepare` offers choices that depend on the object and the person. Ids carry the act's name: several stand on one page."""

    def __init__(
        self, data: Any = None, files: Any = None, *, subject: Any, scope: Scope, act: str, **kwargs: Any
    ) -> None:
        kwargs.setdefault("auto_id", f"{act}_%s")
        super().__init__(data, files, **kwargs)
        self.subject, self.scope = subject, scope
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and first values."""


def day_field(label: str, **options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(
        label=label,
        widget=DayInput,
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"},
        **options,
    )


def text_field(label: str, length: int, *, rows: int = 3, missing: str = "", **options: Any) -> forms.CharField:
    """A longer text with a counter."""
    return forms.CharField(
        label=label,
        max_length=length,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing or f"请填写{label}。", "max_length": f"最多 {length} 个字。"},
        **options,
    )


def money_field(label: str, **options: Any) -> forms.DecimalField:
    """A sum in yuan."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": 0, "step": "0.01"}),
        error_messages={
            "invalid": "请填写数字。",
            "min_value": "不能是负数。",
            "max_decimal_places": "最多两位小数。",
            "max_digits": "数字太大。",
            "max_whole_digits": "数字太大。",
        },
        **options,
    )


def number_field(label: str, **options: Any) -> forms.IntegerField:
    """A whole number of people or things."""
    options.setdefault("required", False)
    return forms.IntegerField(
        label=label,
        min_value=0,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写整数。", "min_value": "不能是负数。"},
        **options,
    )
