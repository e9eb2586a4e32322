"""What the facts of a station are called, and how a value reads in its history."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from stations.coordinates import CoordinateSystem
from stations.models import Station

#: Field of a change -> what a person calls it.
LABELS: dict[str, str] = {
    "registered": "登记",
    "name": "名称",
    "township": "镇街",
    "kind": "类型",
    "building_kind": "建设方式",
    "partnership": "合作形式",
    "address": "地址",
    "directions": "怎么找到",
    "point": "坐标",
    "area": "面积",
    "services": "服务内容",
    "contact_name": "对外联系人",
    "public_phone": "对外电话",
    "facilities": "设施",
    "hours": "开放时间",
    "closure": "临时关闭",
    "level": "等级",
    "stars": "星级",
    "state": "状态",
    "keeper": "站点管理员",
    "partners": "共建单位",
    "listing": "地图上线",
    "photos": "照片",
}
#: Facts of the row itself that a correction compares, in the order of the page.
PLAIN = (
    "name",
    "township",
    "kind",
    "building_kind",
    "partnership",
    "address",
    "directions",
    "area",
    "services",
    "contact_name",
    "public_phone",
)


def words(station: Station, name: str) -> str:
    """The present value of a plain fact as people read it."""
    shown = getattr(station, f"get_{name}_display", None)
    value: Any = shown() if shown is not None else getattr(station, name)
    if isinstance(value, Decimal):
        return f"{value:.1f} 平方米"
    return "" if value is None else str(value)


def point_words(station: Station) -> str:
    """百度地图（BD-09） 120.59, 30.01: as it was given."""
    if station.given_longitude is None or station.given_latitude is None:
        return ""
    system = CoordinateSystem(station.coordinate_system).label
    return f"{system} {plain_degrees(station.given_longitude)}, {plain_degrees(station.given_latitude)}"


def plain_degrees(value: Decimal | None) -> str:
    """120.582112, without the zeros a column adds."""
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".")


def stars_words(stars: int | None) -> str:
    return f"{stars} 星" if stars else "未评"


def facility_notes(station: Station) -> dict[str, str]:
    """Facility -> what is said of it, where something is."""
    return {row.facility.name: row.note for row in station.equipment.all() if row.note}


def equipped(rows: Iterable[tuple[str, str]]) -> str:
    """Facilities with what is said of them: 饮用水（2 台）、桌椅."""
    return listed(f"{name}（{note}）" if note else name for name, note in rows)


def listed(names: Iterable[str]) -> str:
    """Names in one line; none is 无."""
    return "、".join(names) or "无"
