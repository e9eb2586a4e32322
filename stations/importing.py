"""Stations from a workbook: a new name in a township is registered, given its hours and opened; a known one gets the columns that are filled in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from stations.coordinates import CoordinateSystem
from stations.facts import PLAIN
from stations.hours_text import BadHours, read_hours
from stations.models import Facility, Station, StationKind
from stations.models.registry import ADDRESS_LENGTH, CONTACT_LENGTH, NAME_LENGTH, PHONE_LENGTH, TEXT_LENGTH
from stations.services import GivenPoint, StationFacts, hours_set, station_correct, station_create, station_open
from stations.services.inputs import QUESTIONS, PeriodInput
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell, Column, ImportKind, Outcome, Row, Write
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.importing import township_names, township_reader

REASON = "表格导入"
#: The questions that the column "sure" answers.
ASKED = QUESTIONS | {"sure_night"}


def columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of the workbook, with the kinds, facilities and townships of today."""
    kinds = list(StationKind.objects.filter(is_active=True))
    kind = cells.known(
        [(name, each) for each in kinds for name in (each.code, each.name)],
        missing="没有“{}”这个类型，请从下拉列表里选。",
    )
    systems = list(CoordinateSystem.choices)
    yes_no = ("是", "否")
    return (
        Column("name", "名称", cells.text(NAME_LENGTH), required=True, example="延安路爱心驿站", width=24),
        Column(
            "township",
            "镇街",
            township_reader(),
            required=True,
            note="名称和镇街相同的，是同一个驿站。",
            example="稽山街道",
            choices=township_names(),
        ),
        Column(
            "kind",
            "类型",
            kind,
            note="新登记的必填。",
            example="户外劳动者站点",
            choices=tuple(each.name for each in kinds),
        ),
        Column("address", "地址", cells.text(ADDRESS_LENGTH), note="新登记的必填。", example="延安路100号", width=30),
        Column(
            "system",
            "坐标系",
            cells.one_of(systems),
            note="坐标从哪里取的就选哪个，选错会偏几百米。",
            example="高德、腾讯地图（GCJ-02）",
            choices=tuple(label for _, label in systems),
            width=26,
        ),
        Column("longitude", "经度", _degrees, example="120.604512"),
        Column("latitude", "纬度", _degrees, example="29.998834"),
        Column(
            "sure",
            "坐标已核对",
            cells.yes_no,
            note="检查时提示坐标可疑、确实无误的，填“是”。",
            choices=yes_no,
        ),
        Column(
            "building_kind", "建设方式", cells.one_of(Station.Building.choices), choices=tuple(Station.Building.labels)
        ),
        Column(
            "partnership",
            "合作形式",
            cells.one_of(Station.Partnership.choices),
            choices=tuple(Station.Partnership.labels),
        ),
        Column("directions", "怎么找到", cells.text(TEXT_LENGTH), width=24),
        Column("area", "面积（平方米）", _area, example="20.5"),
        Column(
            "facilities", "设施", _facility_reader(), note="几样之间用顿号。", example="饮用水、桌椅、Wi-Fi", width=30
        ),
        Column("services", "服务内容", cells.text(TEXT_LENGTH), width=30),
        Column("contact_name", "对外联系人", cells.text(CONTACT_LENGTH)),
        Column("public_phone", "对外电话", cells.text(PHONE_LENGTH), note="会公开，不要填私人号码。"),
        Column(
            "hours",
            "开放时间",
            _hours,
            note="如“周一至周五 08:00-20:00；周六、周日 09:00-17:00”，全天的写“24小时”。",
            example="每天 08:00-20:00",
            width=30,
        ),
        Column("opened_on", "启用日期", cells.day, note="填了就启用：要有坐标和开放时间。", example="2024-03-01"),
    )


def _degrees(value: object) -> Decimal:
    typed = cells.plain_text(value).rstrip("°度")
    try:
        found = Decimal(typed)
    except InvalidOperation:
        raise BadCell("请用小数填写，如 120.604512。") from None
    if not found.is_finite() or not -180 <= found <= 180:
        raise BadCell("请用小数填写，如 120.604512。")
    return round(found, 8)


def _area(value: object) -> Decimal:
    typed = cells.plain_text(value).removesuffix("平方米")
    try:
        found = Decimal(typed)
    except InvalidOperation:
        raise BadCell("请填数字，单位平方米。") from None
    if not found.is_finite() or not 0 < found < 100_000:
        raise BadCell("面积要大于 0，最多 99999.9 平方米。")
    return round(found, 1)


def _facility_reader() -> cells.Read:
    known = {name: each for each in Facility.objects.filter(is_active=True) for name in (each.code, each.name)}

    def read(value: object) -> tuple[Facility, ...]:
        found = []
        for name in cells.plain_text(value).replace(",", "、").replace("，", "、").split("、"):
            if name.strip() not in known:
                raise BadCell(
                    f"没有“{name.strip()}”这种设施，可填：{'、'.join(each.name for each in dict.fromkeys(known.values()))}。"
                )
            found.append(known[name.strip()])
        return tuple(sorted(set(found), key=lambda each: each.position))

    return read


def _hours(value: object) -> tuple[PeriodInput, ...]:
    try:
        return tuple(read_hours(cells.plain_text(value)))
    except BadHours as bad:
        raise BadCell(str(bad)) from None


def writer(scope: Scope, rows: Sequence[Row], now: datetime) -> Write:
    """Registers or puts right one station; what is there already as the row says is left alone."""
    standing = Station.objects.visible_to(scope).exclude(state="withdrawn").select_related("township", "kind")
    names = {row.values["name"] for row in rows}
    found = standing.filter(name__in=names).prefetch_related("equipment__facility", "hours").defer("search_tokens")
    known = {(station.township_id, station.name): station for station in found}
    # Of a withdrawn station that had this name: the row is another one.
    taken = set(Station.objects.filter(uuid__in=[row.uuid for row in rows]).values_list("uuid", flat=True))

    def write(row: Row) -> Outcome:
        given = {name: value for name, value in row.values.items() if value is not None}
        station = known.get((given["township"].pk, given["name"]))
        try:
            if station is not None:
                return _change(station, given, scope, now)
            return _register(uuid4() if row.uuid in taken else row.uuid, given, scope, now)
        except FieldErrors as error:
            raise _at_the_columns(error) from None

    return write


def _register(uuid: UUID, given: Mapping[str, Any], scope: Scope, now: datetime) -> Outcome:
    words = {"kind": "这是新驿站，请填写类型。", "address": "这是新驿站，请填写地址。"}
    if missing := {name: text for name, text in words.items() if name not in given}:
        raise FieldErrors(missing)
    facts = StationFacts(
        **{name: given[name] for name in PLAIN if name in given},
        point=_point(given),
        facilities=given.get("facilities", ()),
    )
    sure = ASKED if given.get("sure") else ()
    station = station_create(uuid=uuid, facts=facts, actor=scope, sure=sure, now=now)
    _open(station, given, scope, now)
    return Outcome.CREATED


def _change(station: Station, given: Mapping[str, Any], scope: Scope, now: datetime) -> Outcome:
    before = station.version
    had = {name: getattr(station, name) for name in PLAIN}
    facts = StationFacts(
        **had | {name: given[name] for name in PLAIN if name in given},
        point=_point(given) or _standing_point(station),
        facilities=given.get("facilities", tuple(row.facility for row in station.equipment.all())),
    )
    changed = station_correct(
        code=station.code,
        version=None,
        facts=facts,
        actor=scope,
        sure=ASKED if given.get("sure") else (),
        reason=REASON,
        now=now,
    )
    changed = _open(changed, given, scope, now)
    return Outcome.SAME if changed.version == before else Outcome.CHANGED


def _open(station: Station, given: Mapping[str, Any], scope: Scope, now: datetime) -> Station:
    """The hours of the row, and the first opening if it says since when."""
    if "hours" in given:
        periods = given["hours"]
        sure = ASKED if given.get("sure") else ()
        station = hours_set(
            code=station.code,
            version=None,
            open_all_day=not periods,
            periods=periods,
            actor=scope,
            sure=sure,
            now=now,
        )
    if "opened_on" in given and station.state == Station.State.PLANNED:
        station = station_open(code=station.code, version=None, opened_on=given["opened_on"], actor=scope, now=now)
    return station


def _point(given: Mapping[str, Any]) -> GivenPoint | None:
    parts = {"system": "请选择坐标系。", "longitude": "请填经度。", "latitude": "请填纬度。"}
    missing = {name: words for name, words in parts.items() if name not in given}
    if len(missing) == len(parts):
        return None
    if missing:
        raise FieldErrors(missing)
    return GivenPoint(given["system"], given["longitude"], given["latitude"])


def _standing_point(station: Station) -> GivenPoint | None:
    if station.given_longitude is None or station.given_latitude is None:
        return None
    return GivenPoint(station.coordinate_system, station.given_longitude, station.given_latitude)


def _at_the_columns(error: FieldErrors) -> FieldErrors:
    """Questions are answered in one column, and hours stand in one cell."""
    found: dict[str, str] = {}
    for name, words in error.fields.items():
        column = "sure" if name in ASKED else "hours" if name.startswith("periods") else name
        found[column] = f"{found.get(column, '')}{words}"
    return FieldErrors(found)


IMPORT = ImportKind(
    code="stations",
    label="驿站",
    action="station.import",
    columns=columns,
    writer=writer,
    key=("township", "name"),
    # The transaction holds the counter of station numbers: nobody else registers until it ends.
    most_rows=2000,
    notes=(
        "每行一个驿站。台账里没有的新登记；同一镇街同名的按填写的列更新，空着的列不变。",
        "坐标一定要选坐标系；提示可疑的请先在地图上核对，确实无误再填“坐标已核对”。",
    ),
)
