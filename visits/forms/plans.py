"""The shape of a planned visit as it is typed."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import day_field
from visits.models import PlannedVisit, Visit
from visits.models.plans import PLAN_NOTE_LENGTH


class PlannedVisitForm(forms.Form):
    """When, what kind, and a few words."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    planned_on = day_field("计划日期")
    kind = forms.ChoiceField(
        label="走访类型",
        choices=Visit.Kind.choices,
        error_messages={"required": "请选择走访类型。", "invalid_choice": "没有这种走访类型。"},
    )
    note = forms.CharField(
        label="备注",
        max_length=PLAN_NOTE_LENGTH,
        required=False,
        help_text="如要带的材料、约好的时间；不写个人号码。",
        error_messages={"max_length": f"最多 {PLAN_NOTE_LENGTH} 个字。"},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_on"].widget.attrs["min"] = today.isoformat()


class PlanAddForm(PlannedVisitForm):
    """As above, of any enterprise of the cadre's; the id is the page's."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "页面编号有误，请刷新页面。"})
    enterprise = forms.CharField(label="企业", max_length=40, error_messages={"required": "请从列表里选一家企业。"})


def initial_of_plan(day: date, enterprise: str = "") -> dict[str, Any]:
    """What a fresh form starts with."""
    return {"id": uuid4(), "planned_on": day, "enterprise": enterprise, "kind": Visit.Kind.ROUTINE}


def initial_of_planned(row: PlannedVisit) -> dict[str, Any]:
    """What the form shows of a planned visit."""
    return {"version": row.version, "planned_on": row.planned_on, "kind": row.kind, "note": row.note}
