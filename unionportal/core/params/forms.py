from typing import Any

from django import forms

from unionportal.core.common.widgets import DayInput
from unionportal.core.params.kinds import OneOf

REQUIRED = {"required": "请填写这一项。"}


class ParameterForm(forms.Form):
    """A new value from a day on."""

    value = forms.CharField(
        label="新的值", max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), error_messages=REQUIRED
    )
    effective_on = forms.DateField(
        label="生效日期", widget=DayInput(), help_text="从这一天起按新的值，之前不变。", error_messages=REQUIRED
    )
    reason = forms.CharField(label="依据", max_length=120, required=False, help_text="如文件名称和文号，便于日后查对。")

    def __init__(self, *args: Any, kind: object, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(kind, OneOf):
            self.fields["value"].widget = forms.Select(choices=[(word, word) for word in kind.words])
