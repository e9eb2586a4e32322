"""Forms of what coverage is judged by: the middle of a township, an enterprise with people outdoors."""

from typing import Any

from django import forms

from stations.coordinates import CoordinateSystem
from stations.facts import plain_degrees
from stations.forms.registry import degrees_field, require_whole_point
from stations.models import OutdoorEmployer, TownshipPlace
from stations.services.inputs import GivenPoint
from stations.services.places import LEAST_REACH, MOST_REACH, MOST_WORKERS


class PointForm(forms.Form):
    """A pair of coordinates with the grid they are on."""

    system = forms.ChoiceField(
        label="坐标系", required=False, choices=[("", "请选择坐标是从哪里取的"), *CoordinateSystem.choices]
    )
    longitude = degrees_field("经度", "120.582112")
    latitude = degrees_field("纬度", "30.003355")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        require_whole_point(self, given)
        return given

    @property
    def point(self) -> GivenPoint | None:
        given = self.cleaned_data
        if given["longitude"] is None or given["latitude"] is None:
            return None
        return GivenPoint(given["system"], given["longitude"], given["latitude"])


class PlaceForm(PointForm):
    reach = forms.IntegerField(
        label="范围",
        min_value=LEAST_REACH,
        max_value=MOST_REACH,
        help_text="从中心到最远的边界，单位米。登记驿站时，超出范围的坐标会提醒。",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "请填范围。",
            "invalid": "请填整数。",
            "min_value": f"最少 {LEAST_REACH} 米。",
            "max_value": f"最多 {MOST_REACH} 米。",
        },
    )

    def __init__(self, data: Any = None, *, place: TownshipPlace | None = None) -> None:
        super().__init__(data)
        if place is not None:
            self.initial = _standing(place) | {"reach": place.reach}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("longitude") is None and "longitude" not in self.errors:
            self.add_error("longitude", "请填中心的经度和纬度。")
        return given


class EmployerForm(PointForm):
    work = forms.ChoiceField(
        label="户外岗位",
        choices=OutdoorEmployer.Work.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择户外岗位。"},
    )
    workers = forms.IntegerField(
        label="户外劳动者",
        min_value=0,
        max_value=MOST_WORKERS,
        help_text="填 0 表示这家企业没有户外劳动者，不再列入。",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}),
        error_messages={
            "required": "请填人数。",
            "invalid": "请填整数。",
            "min_value": "不能是负数。",
            "max_value": "数字太大。",
        },
    )
    field_order = ["work", "workers", "system", "longitude", "latitude"]

    def __init__(self, data: Any = None, *, employer: OutdoorEmployer | None = None) -> None:
        super().__init__(data)
        if employer is not None:
            self.initial = _standing(employer) | {"work": employer.work, "workers": employer.workers}


def _standing(row: TownshipPlace | OutdoorEmployer) -> dict[str, Any]:
    """What is kept is WGS-84, so that is the grid the form opens with."""
    if row.longitude is None:
        return {}
    return {"system": "wgs84", "longitude": plain_degrees(row.longitude), "latitude": plain_degrees(row.latitude)}
