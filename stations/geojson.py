"""Stations as GeoJSON (RFC 7946): WGS-84, longitude first, with the fields the public maps ask for."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from stations.exporting import in_charge
from stations.facts import facility_notes
from stations.models import Station
from stations.opening import hours_words


def station_features(stations: QuerySet[Station], absolute: Callable[[str], str]) -> Iterator[str]:
    """A FeatureCollection, piece by piece; stations without a point are left out. `absolute` makes a full address of a path."""
    rows = (
        stations.filter(longitude__isnull=False)
        .order_by("code")
        .select_related("township", "kind")
        .prefetch_related("hours", "partners", "equipment__facility", "listings", "photos", "keeperships__user")
        .defer("search_tokens")
    )
    yield '{"type":"FeatureCollection","features":['
    for index, station in enumerate(rows.iterator(chunk_size=2000)):
        yield ("," if index else "") + json.dumps(
            _feature(station, absolute), ensure_ascii=False, separators=(",", ":")
        )
    yield "]}"


def _feature(station: Station, absolute: Callable[[str], str]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": station.code,
        "geometry": {
            "type": "Point",
            "coordinates": [float(station.longitude or 0), float(station.latitude or 0)],
        },
        "properties": {
            "编号": station.code,
            "名称": station.name,
            "地址": station.address,
            "怎么找到": station.directions,
            "镇街": station.township.short_name,
            "类型": station.kind.name,
            "状态": station.get_state_display(),
            "等级": station.get_level_display(),
            "星级": station.stars,
            "启用日期": station.opened_on.isoformat() if station.opened_on else None,
            "建设方式": station.get_building_kind_display(),
            "共建单位": [row.name for row in station.partners.all()],
            "面积（平方米）": float(station.area) if station.area is not None else None,
            "图片": [absolute(reverse("station-photo", args=[station.code, row.pk])) for row in station.photos.all()],
            "设施": [row.facility.name for row in station.equipment.all()],
            "设施说明": facility_notes(station),
            "服务内容": station.services,
            "管理人员": in_charge(station),
            "对外电话": station.public_phone,
            "开放时间": hours_words(station),
            "24小时开放": station.open_all_day,
            "地图上线": {
                row.get_platform_display(): row.since.isoformat()
                for row in station.listings.all()
                if row.state == "listed"
            },
        },
    }
