"""Forms of trackers: the fields of a category, and filling them in for an issue."""

from typing import Any

from django import forms

from casework.models import Tracker, TrackerField, TrackerValues
from casework.services.trackers import FIELDS_MOST, TEXT_MOST, FieldInput
from unionportal.core.common.widgets import DayInput

Kind = TrackerField.Kind
EMPTY_ROWS = 3
STEP = "__step"


class TrackerNameForm(forms.Form):
    name = forms.CharField(label="台账名称", max_length=30, error_messages={"required": "请起一个名称。"})


class FieldRowForm(forms.Form):
    """One field; a row without code and name is left out."""

    label = forms.CharField(label="名称", max_length=20, required=False)
    code = forms.CharField(
        label="代码", max_length=30, required=False, widget=forms.TextInput(attrs={"autocapitalize": "off"})
    )
    kind = forms.ChoiceField(label="类型", choices=Kind.choices, required=False)
    unit = forms.CharField(label="单位", max_length=6, required=False)
    options = forms.CharField(
        label="选项或步骤",
        max_length=300,
        required=False,
        help_text="用顿号或逗号分开",
    )

    def clean_options(self) -> tuple[str, ...]:
        text = self.cleaned_data["options"]
        for mark in "，,；;\n":
            text = text.replace(mark, "、")
        return tuple(part.strip() for part in text.split("、") if part.strip())


FieldRows = forms.formset_factory(FieldRowForm, extra=EMPTY_ROWS, max_num=FIELDS_MOST)


def rows_of(tracker: Tracker | None) -> list[dict[str, Any]]:
    """What the rows open with."""
    if tracker is None:
        return []
    return [
        {"label": f.label, "code": f.code, "kind": f.kind, "unit": f.unit, "options": "、".join(f.options)}
        for f in tracker.fields.all()
    ]


def inputs(rows: Any) -> list[FieldInput]:
    """The fields behind valid rows."""
    return [
        FieldInput(row["code"].strip(), row["label"].strip(), row["kind"], row["unit"].strip(), row["options"])
        for row in rows.cleaned_data
        if row and (row.get("code") or row.get("label"))
    ]


class TrackerForm(forms.Form):
    """An issue's tracker. Steps are one day field each. Texts are read by the service, so that page and API agree."""

    def __init__(self, data: Any = None, *, tracker: Tracker, kept: TrackerValues | None, **kwargs: Any) -> None:
        super().__init__(data, prefix="tracker", **kwargs)
        self.tracker = tracker
        present = kept.values if kept is not None else {}
        for field in tracker.fields.all():
            self._add(field, present.get(field.code))

    def _add(self, field: TrackerField, present: Any) -> None:
        if field.kind == Kind.STEPS:
            for number, step in enumerate(field.options):
                self.fields[f"{field.code}{STEP}{number}"] = forms.CharField(
                    label=f"{field.label}：{step}", required=False, widget=DayInput, initial=(present or {}).get(step)
                )
            return
        self.fields[field.code] = self._control(field, present)

    @staticmethod
    def _control(field: TrackerField, present: Any) -> forms.Field:
        label = f"{field.label}（{field.unit}）" if field.unit else field.label
        common: dict[str, Any] = {"label": label, "required": False, "initial": present}
        if field.kind == Kind.CHOICE:
            return forms.CharField(
                widget=forms.Select(choices=[("", "未填"), *((option, option) for option in field.options)]), **common
            )
        if field.kind == Kind.DAY:
            return forms.CharField(widget=DayInput, **common)
        mode = {Kind.MONEY: "decimal", Kind.WHOLE: "numeric"}.get(Kind(field.kind), "text")
        return forms.CharField(max_length=TEXT_MOST + 1, widget=forms.TextInput(attrs={"inputmode": mode}), **common)

    def given(self) -> dict[str, Any]:
        """What was typed, as `tracker_fill` takes it."""
        values: dict[str, Any] = {}
        for field in self.tracker.fields.all():
            if field.kind == Kind.STEPS:
                days = {step: self.cleaned_data.get(f"{field.code}{STEP}{n}") for n, step in enumerate(field.options)}
                values[field.code] = {step: day for step, day in days.items() if day}
            else:
                values[field.code] = self.cleaned_data.get(field.code)
        return values

    def place(self, name: str) -> str:
        """The control at which an error of a field stands."""
        return name if name in self.fields else f"{name}{STEP}0"
