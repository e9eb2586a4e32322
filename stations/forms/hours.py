"""The form of opening hours: a row for each period, with the season in months and days."""

import re
from typing import Any

from django import forms

from casework.forms.acts import day_field
from stations.models import OpeningHours, Station
from stations.opening import DAY_NAMES
from stations.services.hours import MOST_ROWS
from stations.services.inputs import PeriodInput
from unionportal.core.common.widgets import HourInput

_SEASON = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
WEEKDAYS = [(str(number), f"周{name}") for number, name in enumerate(DAY_NAMES, start=1)]
PREFIX = "periods"


class SeasonField(forms.CharField):
    """A month and a day (6月1日, 6-1) as one number: 601."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"placeholder": "如 6月1日", "autocomplete": "off"}))
        super().__init__(required=False, max_length=12, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).strip()
        if not typed:
            return None
        match = _SEASON.fullmatch(typed)
        if match is None:
            raise forms.ValidationError("请填几月几日，如 6月1日。")
        return int(match[1]) * 100 + int(match[2])

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}月{value % 100}日" if isinstance(value, int) else value


class PeriodForm(forms.Form):
    """One period of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label="星期",
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择星期几开放。", "invalid_choice": "请选择星期几开放。"},
    )
    opens = forms.TimeField(
        label="开门", widget=HourInput, error_messages={"required": "请填开门时间。", "invalid": "时间写得不对。"}
    )
    closes = forms.TimeField(
        label="关门", widget=HourInput, error_messages={"required": "请填关门时间。", "invalid": "时间写得不对。"}
    )
    season_from = SeasonField(label="季节起")
    season_until = SeasonField(label="季节止")

    @property
    def is_taken_out(self) -> bool:
        return bool(self["DELETE"].value())

    @property
    def period(self) -> PeriodInput:
        return PeriodInput(**{name: self.cleaned_data[name] for name in PeriodInput.__slots__})


PeriodFormSet = forms.formset_factory(
    PeriodForm, extra=0, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS + 1, can_delete=True
)


class HoursForm(forms.Form):
    """Whether it never shuts, and the answer to a long night that was asked about."""

    open_all_day = forms.BooleanField(label="24小时开放", required=False)
    sure_night = forms.BooleanField(label="确实过夜开放", required=False)

    @property
    def asks(self) -> bool:
        return bool(self["sure_night"].errors or self["sure_night"].value())


class ClosureEndForm(forms.Form):
    """The last day of a closure."""

    end_on = day_field("最后一天")


def hours_forms(station: Station, data: Any = None) -> tuple[HoursForm, Any]:
    """The form and its rows: as sent, or as they stand; a station without hours starts with a row to fill in."""
    if data is not None:
        return HoursForm(data), PeriodFormSet(data, prefix=PREFIX, form_kwargs={"use_required_attribute": False})
    rows = [_initial(row) for row in station.hours.all()]
    every_day = {"weekdays": [value for value, _ in WEEKDAYS], "opens": "08:00", "closes": "20:00"}
    formset = PeriodFormSet(prefix=PREFIX, initial=rows or [every_day], form_kwargs={"use_required_attribute": False})
    return HoursForm(initial={"open_all_day": station.open_all_day}), formset


def _initial(row: OpeningHours) -> dict[str, Any]:
    return {
        "weekdays": [str(day) for day in row.weekdays],
        "opens": row.opens,
        "closes": row.closes,
        "season_from": row.season_from,
        "season_until": row.season_until,
    }
