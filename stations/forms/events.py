"""Forms of events at stations: the plan, the record of what took place, cancelling."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, money_field, number_field, text_field
from stations.event_flow import EVENT_KIND_LABELS
from stations.models import Station, StationEvent
from stations.models.events import ATTENDANCE_WAYS, TEXT_LENGTH, TITLE_LENGTH
from stations.service_querysets import serving_stations
from stations.services.events import MOST_PARTNERS, EventPlan, EventRecord
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope


def partners_field() -> forms.CharField:
    """Names of units, one a line."""
    return forms.CharField(
        label="合作单位",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "如：县人民医院"}),
        help_text=f"一行一个，最多 {MOST_PARTNERS} 个；没有可不填。",
    )


class EventForm(forms.Form):
    """The plan. The uuid is made when the form opens, so a repeated submit is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label="驿站",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择驿站。", "invalid_choice": "请在您的范围内选择驿站。"},
    )
    kind = forms.ChoiceField(
        label="类型",
        choices=list(EVENT_KIND_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择活动类型。"},
    )
    title = forms.CharField(
        label="名称",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：高温天送清凉"}),
        error_messages={"required": "请写活动名称。"},
    )
    planned_on = day_field("计划日期")
    partners = partners_field()
    plan = text_field("活动安排", TEXT_LENGTH, rows=4, required=False)

    def __init__(self, data: Any = None, *, scope: Scope, event: StationEvent | None = None, station: str = "") -> None:
        super().__init__(data)
        if event is not None:
            del self.fields["uuid"], self.fields["station"]
            self.initial = {name: getattr(event, name) for name in ("kind", "title", "planned_on", "plan")}
            self.initial["partners"] = partner_lines(event)
            return
        stations = serving_stations(scope).standing().select_related("township").order_by("township__code", "code")
        self.fields["station"].queryset = stations
        self.fields["station"].label_from_instance = lambda one: f"{one.township.short_name} · {one.name}"
        self.initial = {"uuid": uuid4(), "station": station, "planned_on": clock.today()}

    @property
    def wanted(self) -> EventPlan:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        return EventPlan(
            data["kind"], data["title"], data["planned_on"], data["plan"], tuple(data["partners"].splitlines())
        )


class RecordForm(ActForm):
    """What took place; `subject` is the event, new to the record or with one to put right."""

    held_on = day_field("举办日期")
    attendance = number_field("参加人次", required=True)
    attendance_way = forms.ChoiceField(
        label="人次怎么来的",
        choices=ATTENDANCE_WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择人次是点数还是估算的。"},
    )
    cost = money_field("经费（元）")
    partners = partners_field()
    summary = text_field("活动情况", TEXT_LENGTH, rows=3, required=False)

    def prepare(self) -> None:
        event = self.subject
        self.initial = {
            "held_on": event.held_on or min(event.planned_on, clock.today()),
            "attendance": event.attendance,
            "attendance_way": event.attendance_way or ATTENDANCE_WAYS[0][0],
            "cost": event.cost,
            "partners": partner_lines(event),
            "summary": event.summary,
        }

    @staticmethod
    def record(given: dict[str, Any]) -> EventRecord:
        """What the service takes, from the cleaned fields."""
        return EventRecord(
            given["held_on"],
            given["attendance"],
            given["attendance_way"],
            given["cost"] or Decimal(0),
            given["summary"],
            tuple(given["partners"].splitlines()),
        )


class CancelForm(ActForm):
    reason = text_field("取消原因", TEXT_LENGTH)


def partner_lines(event: StationEvent) -> str:
    """The partners as a person types them."""
    return "\n".join(partner.name for partner in event.partners.all())
