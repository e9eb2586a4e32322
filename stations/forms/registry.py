"""The form of a station's facts. What is asked about comes back as a box to tick, under the field it is about."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q, QuerySet

from casework.forms.acts import text_field
from stations.coordinates import CoordinateSystem, Point
from stations.facts import plain_degrees
from stations.models import Facility, Station, StationKind
from stations.models.around import NOTE_LENGTH
from stations.models.history import REASON_LENGTH
from stations.models.registry import ADDRESS_LENGTH, CONTACT_LENGTH, NAME_LENGTH, PHONE_LENGTH, TEXT_LENGTH
from stations.services.inputs import QUESTIONS, GivenPoint, StationFacts
from stations.services.register import townships_for
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit

QUESTION_LABELS = {
    "sure_system": "坐标系没有选错",
    "sure_place": "确实属于所选镇街",
    "sure_near": "确实是另一个驿站",
}


def require_whole_point(form: forms.Form, given: dict[str, Any]) -> None:
    """Both numbers and their grid, or none of the three."""
    parts = [given.get("longitude"), given.get("latitude")]
    if all(part is None for part in parts):
        return
    for name, label, part in zip(("longitude", "latitude"), ("经度", "纬度"), parts, strict=True):
        if part is None and name not in form.errors:
            form.add_error(name, f"经度和纬度要一起填，还缺{label}。")
    if not given.get("system"):
        form.add_error("system", "请选择坐标系：坐标是从哪个地图或设备上取的。")


def degrees_field(label: str, example: str) -> forms.DecimalField:
    """A longitude or latitude as it is typed or pasted."""
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=11,
        decimal_places=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "placeholder": f"如 {example}", "autocomplete": "off"}),
        error_messages={
            "invalid": "请用小数填写，如 120.582112。",
            "max_digits": "数字太长，最多 8 位小数。",
            "max_decimal_places": "最多 8 位小数。",
            "max_whole_digits": "经度最大 180，纬度最大 90。",
        },
    )


class StationForm(forms.Form):
    """Facts of a new station (`station` None) or of one that is put right. The uuid is made when the form opens: a repeated submit is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label="名称",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：延安路爱心驿站"}),
        error_messages={"required": "请写驿站名称。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择镇街。", "invalid_choice": "请在您的范围内选择镇街。"},
    )
    kind = forms.ModelChoiceField(
        StationKind.objects.filter(is_active=True),
        label="类型",
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择类型。", "invalid_choice": "请选择类型。"},
    )
    building_kind = forms.ChoiceField(
        label="建设方式",
        choices=Station.Building.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择建设方式。"},
    )
    partnership = forms.ChoiceField(
        label="合作形式", required=False, choices=[("", "没有"), *Station.Partnership.choices]
    )
    address = forms.CharField(
        label="地址",
        max_length=ADDRESS_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "路名和门牌号"}),
        error_messages={"required": "请写地址。"},
    )
    directions = forms.CharField(
        label="怎么找到",
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如：加油站东侧，公厕对面"}),
    )
    system = forms.ChoiceField(
        label="坐标系",
        required=False,
        choices=[("", "请选择坐标是从哪里取的"), *CoordinateSystem.choices],
        help_text="高德、腾讯、百度各用各的坐标系，选错会偏几百米。",
    )
    longitude = degrees_field("经度", "120.582112")
    latitude = degrees_field("纬度", "30.003355")
    phone_longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    phone_latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    area = forms.DecimalField(
        label="面积",
        required=False,
        max_digits=7,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "min": "0", "step": "0.1"}),
        error_messages={
            "invalid": "请填写数字。",
            "max_digits": "数字太大。",
            "max_whole_digits": "数字太大。",
            "max_decimal_places": "最多一位小数。",
        },
    )
    facilities = forms.ModelMultipleChoiceField(
        Facility.objects.filter(is_active=True),
        label="设施",
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在所列设施中选择。"},
    )
    services = text_field("服务内容", TEXT_LENGTH, rows=2, required=False)
    contact_name = forms.CharField(label="对外联系人", max_length=CONTACT_LENGTH, required=False)
    public_phone = forms.CharField(
        label="对外电话",
        max_length=PHONE_LENGTH,
        required=False,
        help_text="会印在门牌上、报给公共地图，请填值班电话，不要填没有同意公开的私人号码。",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    reason = forms.CharField(
        label="修改原因",
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "如：搬迁、更名、普查更正"}),
    )

    def __init__(self, data: Any = None, *, scope: Scope, station: Station | None = None) -> None:
        super().__init__(data)
        for name, label in QUESTION_LABELS.items():
            self.fields[name] = forms.BooleanField(label=label, required=False)
        townships = townships_for(scope)
        codes = {unit.pk for unit in townships} | ({station.township_id} if station is not None else set())
        self.fields["township"].queryset = Unit.objects.filter(pk__in=codes).order_by("code")
        for facility in self._facilities(station):
            self.fields[f"note-{facility.code}"] = forms.CharField(
                label=facility.name, max_length=NOTE_LENGTH, required=False
            )
        if station is None:
            del self.fields["reason"]
            self.initial = {"uuid": uuid4(), "building_kind": "own", "kind": "worker"}
            if len(townships) == 1:
                self.initial["township"] = townships[0].code
        else:
            del self.fields["uuid"]
            self._fill(station)

    def _fill(self, station: Station) -> None:
        plain = ("name", "building_kind", "partnership", "address", "directions", "area", "services")
        self.initial = {name: getattr(station, name) for name in (*plain, "contact_name", "public_phone")}
        self.initial |= {
            "township": station.township.code,
            "kind": station.kind.code,
            "facilities": [row.facility.code for row in station.equipment.all()],
            "system": station.coordinate_system,
            "longitude": plain_degrees(station.given_longitude),
            "latitude": plain_degrees(station.given_latitude),
        }
        if not station.kind.is_active:
            self.fields["kind"].queryset = StationKind.objects.filter(is_active=True) | StationKind.objects.filter(
                pk=station.kind_id
            )
        self.initial |= {f"note-{row.facility.code}": row.note for row in station.equipment.all()}

    def _facilities(self, station: Station | None) -> QuerySet[Facility]:
        """Those that are offered; a station keeps what it has when it is offered no longer."""
        if station is not None:
            had = Q(pk__in=[row.facility_id for row in station.equipment.all()])
            self.fields["facilities"].queryset = Facility.objects.filter(Q(is_active=True) | had)
        return self.fields["facilities"].queryset

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        require_whole_point(self, given)
        self._require_ticked(given)
        return given

    def _require_ticked(self, given: dict[str, Any]) -> None:
        """What is newly said of a facility that is not ticked would be lost; the words of one just unticked go with it."""
        ticked = {f"note-{each.code}" for each in given.get("facilities") or ()}
        for field in self.notes:
            if given.get(field.name) and field.name not in ticked and given[field.name] != field.initial:
                self.add_error(field.name, "没有勾选这项设施；请勾选，或清空说明。")

    @property
    def questions(self) -> list[forms.BoundField]:
        """Those that are asked, or were ticked before and stay so that the answer is not lost."""
        return [self[name] for name in QUESTION_LABELS if self[name].errors or self[name].value()]

    @property
    def notes(self) -> list[forms.BoundField]:
        """What is said of each facility."""
        return [self[name] for name in self.fields if name.startswith("note-")]

    @property
    def has_notes(self) -> bool:
        return any(field.value() for field in self.notes)

    @property
    def sure(self) -> frozenset[str]:
        return frozenset(name for name in QUESTIONS if self.cleaned_data.get(name))

    @property
    def facts(self) -> StationFacts:
        """What the services take."""
        given = self.cleaned_data
        names = ("name", "township", "kind", "address", "building_kind", "partnership", "directions", "area")
        return StationFacts(
            **{name: given[name] for name in (*names, "services", "contact_name", "public_phone")},
            point=self._point(),
            facilities=tuple(given["facilities"]),
            facility_notes={each.code: given.get(f"note-{each.code}", "") for each in given["facilities"]},
        )

    def _point(self) -> GivenPoint | None:
        given = self.cleaned_data
        longitude, latitude = given["longitude"], given["latitude"]
        if longitude is None or latitude is None:
            return None
        east, north = given.get("phone_longitude"), given.get("phone_latitude")
        phone = Point(east, north) if east is not None and north is not None else None
        return GivenPoint(given["system"], longitude, latitude, phone)
