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
