from typing import Any

from django import forms

from unionportal.core.notify.models import Channel, Kind


class ChannelForm(forms.Form):
    """One way of hearing. The stored address is never shown again; leaving the field empty keeps it."""

    target = forms.CharField(label="地址", max_length=300, required=False)
    kinds = forms.MultipleChoiceField(
        label="接收内容", choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label="启用", required=False)

    def __init__(self, data: Any = None, *, way: str, kept: str = "", **kwargs: Any) -> None:
        super().__init__(data, prefix=way, **kwargs)
        self.way = way
        self.name = Channel.Way(way).label
        field = self.fields["target"]
        mail = way == Channel.Way.MAIL
        field.label = "邮箱" if mail else "Webhook 地址"
        field.widget.attrs |= {
            "autocomplete": "off",
            "placeholder": kept or ("name@example.com" if mail else "https://…"),
        }
        field.help_text = f"现用 {kept}；不改就空着。" if kept else ""


class QuietForm(forms.Form):
    begin = forms.IntegerField(label="免打扰从（点）", required=False, min_value=0, max_value=23)
    end = forms.IntegerField(label="到（点）", required=False, min_value=0, max_value=23)
