"""Stations out as a table for the maps, and in from a workbook."""

from typing import Any

import pytest

from casework.models import PublicCode
from stations.coordinates import Point, distance
from stations.models import MapListing, Station
from tests.jobs.builders import ask_export, ask_import, content_of, xlsx
from tests.stations.cast import OPENED, StationCast, point
from unionportal.core.audit.models import AuditEntry

pytestmark = pytest.mark.usefixtures("committed_db")
HEADINGS = (
    "名称",
    "镇街",
    "类型",
    "地址",
    "坐标系",
    "经度",
    "纬度",
    "坐标已核对",
    "设施",
    "开放时间",
    "启用日期",
    "对外电话",
)
ROW = (
    "延安路爱心驿站",
    "稽山街道",
    "户外劳动者站点",
    "延安路100号",
    "百度地图（BD-09）",
    "120.613000",
    "30.004000",
    "",
    "饮用水、Wi-Fi",
    "周一至周五 08:00-20:00；6月1日至9月30日 周六、周日 7:00-22:00",
    "2024-03-01",
    "0575-88010001",
)


def row(**changes: Any) -> list[Any]:
    return list({**dict(zip(HEADINGS, ROW, strict=True)), **changes}.values())


def test_taken_out_for_the_maps(cast: StationCast) -> None:
    station = cast.station(name="=延安路驿站", facilities=[])
    cast.kept(station)
    MapListing.objects.create(station=station, platform="baidu", state="listed", since=OPENED)
    cast.station(township=cast.fusheng, point=point("gcj02", "120.7250", "29.9300"))
    client = cast.client("clerk")
    done = ask_export(cast.users["clerk"], "stations", state="open")
    lines = content_of(client.get(done["download"])).decode("utf-8-sig").splitlines()
    assert len(lines) == 2  # the clerk's own township
    headings, cells = (line.split(",") for line in lines)
    found = dict(zip(headings, cells, strict=True))
    assert found["名称"] == "'=延安路驿站"
    assert found["开放时间"] == "每天 08:00–20:00"
    assert found["百度地图"] == "已上线 2024-03-01"
    assert found["管理人员"] == "钱站长"
    points = [Point(float(found[f"经度（{grid}）"]), float(found[f"纬度（{grid}）"])) for grid in ("WGS84", "BD09")]
    assert 500 < distance(*points) < 1500


def test_brought_in_opened_and_once(cast: StationCast) -> None:
    staff = cast.users["staff"]
    sheet = xlsx(HEADINGS, row(), row(名称="通宵驿站", 经度="120.620000", 开放时间="24小时", 启用日期=""))
    done = ask_import(staff, "stations", sheet)
    assert (done["state"], done["counts"].get("created", 0)) == ("done", 2), done
    station = Station.objects.get(name="延安路爱心驿站")
    assert (station.state, station.opened_on, station.coordinate_system) == ("open", OPENED, "bd09")
    assert station.hours.count() == 2
    assert PublicCode.objects.filter(owner_uuid=station.uuid).exists()
    assert Station.objects.get(name="通宵驿站").state == "planned"
    assert AuditEntry.objects.filter(action="station.create", actor=staff).count() == 2

    sheet = xlsx(
        HEADINGS, row(), row(地址="延安路102号", 名称="通宵驿站", 经度="120.620000", 开放时间="24小时", 启用日期="")
    )
    done = ask_import(staff, "stations", sheet)
    assert (done["counts"].get("created", 0), done["counts"].get("changed", 0), done["counts"].get("same", 0)) == (
        0,
        1,
        1,
    ), done
    assert Station.objects.count() == 2


def test_wrong_cells_are_told_and_nothing_is_written(cast: StationCast) -> None:
    sheet = xlsx(
        HEADINGS,
        row(名称="一", 开放时间="随时"),
        row(名称="二", 经度="", 坐标系=""),
        row(名称="三", 坐标系="GPS（WGS-84）"),
        row(名称="四", 经度="120.155070", 纬度="30.274085"),
        row(名称="五", 设施="游泳池"),
        row(名称="六", 镇街="富盛镇"),
        row(名称="七", 类型="", 地址=""),
    )
    done = ask_import(cast.users["clerk"], "stations", sheet)
    told = {(each["row"], each["column"]) for each in done["problems"]}
    assert told >= {
        (2, "开放时间"),
        (3, "经度"),
        (3, "坐标系"),
        (4, "坐标已核对"),
        (5, "经度"),
        (6, "设施"),
        (7, "镇街"),
        (8, "类型"),
        (8, "地址"),
    }
    assert Station.objects.count() == 0


def test_a_question_is_answered_in_the_sheet(cast: StationCast) -> None:
    sheet = xlsx(HEADINGS, row(坐标系="GPS（WGS-84）", 坐标已核对="是"))
    assert ask_import(cast.users["clerk"], "stations", sheet)["counts"]["created"] == 1
    assert Station.objects.get().coordinate_system == "wgs84"
