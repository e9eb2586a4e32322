"""Forms of people served: a number of a day or an estimate of some days."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import day_field, number_field
from stations.counting import ENTERED_WAYS, WAY_LABELS, Way
from stations.models import ServedCount
from stations.models.served import BASIS_LENGTH
from stations.services.served import CountInput
from unionportal.core.common import clock


class ServedForm(forms.Form):
    """A tally needs its day and number; an estimate also its last day and what it rests on."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label="计数方式",
        choices=[(way.value, WAY_LABELS[way]) for way in ENTERED_WAYS],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择点数或估算。", "invalid_choice": "请选择点数或估算。"},
    )
    start_on = day_field("日期")
    number = number_field("服务人次", required=True)
    end_on = day_field("估算到哪一天", required=False)
    basis = forms.CharField(
        label="估算依据",
        required=False,
        max_length=BASIS_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：按领水登记本"}),
        error_messages={"max_length": f"最多 {BASIS_LENGTH} 个字。"},
    )

    def __init__(self, data: Any = None, *, count: ServedCount | None = None) -> None:
        super().__init__(data)
        if count is None:
            self.initial = {"uuid": uuid4(), "way": Way.TALLY.value, "start_on": clock.today()}
            return
        del self.fields["uuid"]
        self.initial = {name: getattr(count, name) for name in ("way", "start_on", "end_on", "number", "basis")}

    def wanted(self) -> CountInput:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        end: date = data["end_on"] or data["start_on"]
        return CountInput(data["way"], data["start_on"], end, data["number"], data["basis"])
