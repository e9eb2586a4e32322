"""The register as a file: everything the public maps ask for, with the point on each of the three grids."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from stations.coordinates import CoordinateSystem, from_wgs84
from stations.facts import facility_notes
from stations.filters import StationFilter
from stations.models import MapListing, Station
from stations.opening import hours_words
from unionportal.core.common import clock
from unionportal.core.common.exchange.kinds import CHUNK, ExportKind, Selection
from unionportal.core.common.filtering import selection
from unionportal.core.common.scope import Scope

Cell = Callable[[Station], Any]


def _on(system: str, axis: int) -> Cell:
    def cell(station: Station) -> Any:
        if station.longitude is None or station.latitude is None:
            return None
        return from_wgs84(system, station.longitude, station.latitude).rounded()[axis]

    return cell


def _listing(platform: str) -> Cell:
    def cell(station: Station) -> str:
        row = next((each for each in station.listings.all() if each.platform == platform), None)
        return "" if row is None else f"{row.get_state_display()} {row.since:%Y-%m-%d}"

    return cell


def in_charge(station: Station) -> str:
    """Whom the maps name: the public contact, else the keepers of today."""
    today = clock.today()
    rows = [
        row for row in station.keeperships.all() if row.start_on <= today and not (row.end_on and row.end_on < today)
    ]
    return station.contact_name or "、".join(row.user.display_name for row in rows)


#: Heading -> cell.
COLUMNS: dict[str, Cell] = {
    "编号": lambda s: s.code,
    "名称": lambda s: s.name,
    "镇街": lambda s: s.township.short_name,
    "类型": lambda s: s.kind.name,
    "状态": lambda s: s.get_state_display(),
    "启用日期": lambda s: s.opened_on,
    "建设方式": lambda s: s.get_building_kind_display(),
    "合作形式": lambda s: s.get_partnership_display(),
    "共建单位": lambda s: "、".join(row.name for row in s.partners.all()),
    "地址": lambda s: s.address,
    "怎么找到": lambda s: s.directions,
    **{
        f"{axis}（{system.value.upper()}）": _on(system, place)
        for system in CoordinateSystem
        for place, axis in enumerate(("经度", "纬度"))
    },
    "面积（平方米）": lambda s: s.area,
    "设施": lambda s: "、".join(row.facility.name for row in s.equipment.all()),
    "设施说明": lambda s: "；".join(f"{name}：{note}" for name, note in facility_notes(s).items()),
    "服务内容": lambda s: s.services,
    "管理人员": in_charge,
    "对外电话": lambda s: s.public_phone,
    "开放时间": lambda s: "；".join(hours_words(s)),
    "24小时开放": lambda s: "是" if s.open_all_day else "否",
    "等级": lambda s: s.get_level_display(),
    "星级": lambda s: s.stars,
    "照片（张）": lambda s: len(s.photos.all()),
    **{label: _listing(code) for code, label in MapListing.Platform.choices},
}


def select_stations(params: Mapping[str, str], scope: Scope) -> Selection:
    """The stations a person may see, by the filters of their list."""
    return selection(StationFilter, Station.objects.visible_to(scope), params, scope)


def station_cells(stations: QuerySet[Station]) -> Iterator[list[Any]]:
    """Rows under COLUMNS, read in chunks."""
    rows = (
        stations.order_by("code")
        .select_related("township", "kind")
        .prefetch_related("hours", "partners", "equipment__facility", "listings", "photos", "keeperships__user")
        .defer("search_tokens")
    )
    for station in rows.iterator(chunk_size=CHUNK):
        yield [cell(station) for cell in COLUMNS.values()]


EXPORT = ExportKind(
    code="stations",
    label="驿站",
    action="station.export",
    headings=tuple(COLUMNS),
    select=select_stations,
    cells=station_cells,
)
