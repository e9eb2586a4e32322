"""Coverage: who is near a station, where the gap is, distances, the year by township, and what is taken out."""

import json
import random
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from stations.coordinates import Point, distance
from stations.coverage import coverage_of, neighbours_of, spots_of
from stations.gaps import sites_for, township_gaps
from stations.models import MapListing, OutdoorEmployer, Station, TownshipPlace
from stations.nearness import Nearness
from stations.services import (
    hours_set,
    station_level_set,
    station_suspend,
    station_withdraw,
)
from stations.services.stars import stars_decide, station_downgrade
from stations.summary import year_summary
from tests.queries import queries_of
from tests.stations.cast import StationCast, period, point
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.orgs.models import Enterprise

pytestmark = pytest.mark.django_db


def test_the_nearest_is_the_one_a_look_at_all_finds() -> None:
    source = random.Random(20240904)
    points = {n: Point(120.4 + source.random() * 0.5, 29.8 + source.random() * 0.4) for n in range(300)}
    around = Nearness(points.items(), side=500.0)
    near = [Point(120.4 + source.random() * 0.6, 29.7 + source.random() * 0.6) for _ in range(100)]
    far = [Point(119 + source.random() * 3, 28.5 + source.random() * 3) for _ in range(50)]
    for wanted in near + far:
        found = around.nearest(wanted)
        assert found is not None
        assert found.metres == pytest.approx(min(distance(wanted, each) for each in points.values()))
        near = {number for number, each in points.items() if distance(wanted, each) <= 1300}
        assert set(around.within(wanted, 1300)) == near
    own = around.nearest(points[7], besides=7)
    assert own is not None
    assert own.key != 7


def test_far_away_and_alone() -> None:
    around = Nearness([("one", Point(120.0, 30.0))])
    found = around.nearest(Point(121.0, 31.0))
    assert found is not None
    assert found.metres > 140_000
    assert around.nearest(Point(120.0, 30.0), besides="one") is None
    assert Nearness[str]([]).nearest(Point(120.0, 30.0)) is None


def employer(cast: StationCast, number: int, east: str | None, north: str = "29.998", **facts: Any) -> Enterprise:
    """An enterprise of 稽山街道 with 30 people outdoors at a WGS-84 point."""
    enterprise = cast.district.enterprise(number, **facts)
    OutdoorEmployer.objects.create(
        enterprise=enterprise,
        work="courier",
        workers=30 + number,
        longitude=Decimal(east) if east else None,
        latitude=Decimal(north) if east else None,
        recorded_at=cast.now,
    )
    return enterprise


def test_townships_and_enterprises_within_and_without(cast: StationCast) -> None:
    station = cast.station(point=point("wgs84", "120.600000", "30.001000"))
    near, far = employer(cast, 1, "120.604"), employer(cast, 2, "120.630")
    somewhere = cast.district.enterprise(3, industry="G", name="顺达物流（演示）")
    cast.district.enterprise(4, industry="C")
    none_outdoors = employer(cast, 5, "120.604", industry="N")
    OutdoorEmployer.objects.filter(enterprise=none_outdoors).update(workers=0)

    found = coverage_of(cast.scope("staff"), radius=1000)

    assert [spot.code for spot in found.spots] == [station.code]
    assert {row.township.code: (row.stations, row.within) for row in found.townships} == {
        "330602006": (1, True),
        "330602007": (0, False),
        "330602108": (0, False),
    }
    assert {row.enterprise: row.within for row in found.located} == {near: True, far: False}
    assert [row.enterprise for row in found.employer_gaps] == [far]
    assert [row.enterprise for row in found.unlocated] == [somewhere]
    assert coverage_of(cast.scope("staff"), radius=5000).employer_gaps == []


def test_a_gap_says_what_would_close_it(cast: StationCast) -> None:
    cast.station(point=point("wgs84", "120.600000", "30.001000"))
    east = [employer(cast, number, f"120.6{30 + number}", "30.0200") for number in (1, 2)]  # 96 m apart
    alone = employer(cast, 3, "120.670", "30.0200")
    OutdoorEmployer.objects.filter(enterprise=alone).update(workers=50)
    found = coverage_of(cast.scope("staff"), radius=1000)
    gaps = township_gaps(found)
    assert [gap.cover.township.code for gap in gaps] == ["330602007", "330602108"]  # 稽山街道 has one near its middle
    assert [(gap.employers, gap.workers) for gap in gaps] == [(0, 0), (0, 0)]  # the enterprises are 稽山街道's
    assert [(site.beside.enterprise, site.employers, site.workers) for site in sites_for(found)] == [
        (east[0], 2, 63),
        (alone, 1, 50),
    ]
    page = cast.client("staff").get("/stations/coverage/").content.decode()
    assert "新覆盖 2 家 63 人" in page
    assert "至少新建 1 个，建在镇街中心 1,000 米内" in page
    form = cast.client("staff").get("/stations/building/projects/new/?township=330602108").content.decode()
    assert '<option value="330602108" selected>' in form


def test_only_open_stations_cover(cast: StationCast) -> None:
    station = cast.station(point=point("wgs84", "120.600000", "30.001000"))
    cast.planned(point=point("wgs84", "120.700000", "29.950000"), township=cast.fusheng)
    station_suspend(code=station.code, version=None, reason="装修", actor=cast.scope("staff"), now=cast.now)
    assert coverage_of(cast.scope("staff"), radius=1000).spots == []


def test_a_township_sees_its_own_rows_judged_by_all_stations(cast: StationCast) -> None:
    cast.station(township=cast.fusheng, point=point("wgs84", "120.605000", "30.000000"))  # across the border
    employer(cast, 1, "120.604")
    employer(cast, 2, "120.604", township=cast.fusheng)
    found = coverage_of(cast.scope("clerk"), radius=1000)
    assert [row.township for row in found.townships] == [cast.jishan]
    assert [(row.enterprise.township, row.within) for row in found.employers] == [(cast.jishan, True)]
    assert found.townships[0].within
    page = cast.client("clerk").get("/stations/coverage/").content.decode()
    assert "富盛镇" not in page.split("镇街缺口")[0]


def test_distances_between_stations(cast: StationCast) -> None:
    for east in ("120.600000", "120.604000", "120.606000", "120.640000"):
        cast.station(point=point("wgs84", east, "30.000000"))
    found = neighbours_of(spots_of(Station.objects.all()))
    assert found is not None
    assert found.count == 4
    assert found.least == pytest.approx(193, abs=1)
    assert found.most == pytest.approx(3274, abs=3)
    assert (found.lonely[0].one.name, found.lonely[0].other.name) == ("稽山第4驿站", "稽山第3驿站")
    assert len(found.close) == 3  # the closest two but once
    assert neighbours_of([found.lonely[0].one]) is None


def test_the_year_is_as_it_was(cast: StationCast) -> None:
    staff = cast.scope("staff")
    first = cast.station(opened_on=date(2023, 5, 1), hours=[])
    second, third = cast.station(opened_on=date(2023, 6, 1)), cast.station(opened_on=date(2024, 2, 1))
    given = {"version": None, "actor": staff}
    early = datetime(2023, 12, 1, 9, tzinfo=SHANGHAI)
    station_level_set(code=first.code, level="benchmark", reason="达标", on=date(2023, 12, 1), now=early, **given)
    january = datetime(2024, 1, 10, 9, tzinfo=SHANGHAI)
    stars_decide(code=first.code, year=2023, stars=4, reason="2023年评星", now=january, **given)
    fall = {"outcome": "level", "grounds": ["broken"], "level": "basic", "reason": "复核降级"}
    station_downgrade(code=first.code, **fall, now=datetime(2024, 8, 1, 9, tzinfo=SHANGHAI), **given)
    station_withdraw(
        code=second.code, reason="到期", withdrawn_on=date(2024, 3, 1), actor=staff, version=None, now=cast.now
    )
    MapListing.objects.create(station=third, platform="amap", state="listed", since=date(2024, 3, 1))

    def line(year: int) -> dict[str, int]:
        found = year_summary([cast.jishan], year, cast.now.date()).lines[0]
        return {
            name: getattr(found, name) for name in ("standing", "opened", "withdrawn", "benchmark", "rated", "listed")
        }

    assert line(2022) == {"standing": 0, "opened": 0, "withdrawn": 0, "benchmark": 0, "rated": 0, "listed": 0}
    assert line(2023) == {"standing": 2, "opened": 2, "withdrawn": 0, "benchmark": 1, "rated": 0, "listed": 0}
    assert line(2024) == {"standing": 2, "opened": 1, "withdrawn": 1, "benchmark": 0, "rated": 1, "listed": 1}


def test_hours_of_an_earlier_year(cast: StationCast) -> None:
    station = cast.station(hours=[])
    later = datetime(2025, 2, 1, 9, tzinfo=SHANGHAI)
    hours_set(
        code=station.code, version=None, open_all_day=False, periods=[period()], actor=cast.scope("staff"), now=later
    )
    assert year_summary([cast.jishan], 2024, later.date()).total.all_day == 1
    assert year_summary([cast.jishan], 2025, later.date()).total.all_day == 0


def test_the_page_shows_gaps_and_takes_a_radius(cast: StationCast) -> None:
    cast.station(point=point("wgs84", "120.600000", "30.001000"))
    cast.station(point=point("wgs84", "120.610000", "30.001000"))
    employer(cast, 1, "120.630")
    staff = cast.client("staff")
    page = staff.get("/stations/coverage/").content.decode()
    for words in ("越城第1机械有限公司", "没有驿站", "快递、外卖 31 人", "中位数", "2024年各镇街"):
        assert words in page
    assert '<circle class="reach"' in page
    wide = staff.get("/stations/coverage/?radius=5000").content.decode()
    assert "有坐标的户外用工企业都在圈内" in wide
    assert staff.get("/stations/coverage/?radius=7&year=x").status_code == 200
    assert cast.client("leader").get("/stations/coverage/").status_code == 200
    for who in ("cadre", "keeper", "handler"):
        assert cast.client(who).get("/stations/coverage/").status_code == 403


def test_nothing_there_yet(cast: StationCast) -> None:
    TownshipPlace.objects.all().delete()
    page = cast.client("staff").get("/stations/coverage/").content.decode()
    assert "图上还没有东西" in page


def test_the_page_costs_the_same_with_many(cast: StationCast) -> None:
    cast.station()
    employer(cast, 1, "120.604")
    staff = cast.client("staff")
    one = queries_of(staff, "/stations/coverage/")
    for number in range(2, 12):
        cast.station()
        employer(cast, number, "120.604")
    assert queries_of(staff, "/stations/coverage/") == one


def test_geojson_for_other_maps(cast: StationCast) -> None:
    station = cast.station(name="城南驿站", point=point("bd09", "120.613000", "30.004000"))
    cast.kept(station)
    cast.planned(point=None)
    MapListing.objects.create(station=station, platform="amap", state="listed", since=date(2024, 9, 1))
    answer = cast.client("leader").get("/stations/coverage/stations.geojson")
    assert answer["Content-Type"].startswith("application/geo+json")
    found = json.loads(b"".join(answer.streaming_content))
    assert [feature["id"] for feature in found["features"]] == [station.code]
    feature = found["features"][0]
    asked_by_the_maps = {
        "名称",
        "地址",
        "图片",
        "设施",
        "服务内容",
        "管理人员",
        "对外电话",
        "开放时间",
        "24小时开放",
        "地图上线",
    }
    assert asked_by_the_maps <= set(feature["properties"])
    assert feature["properties"]["管理人员"] == "钱站长"
    assert feature["geometry"]["coordinates"] == [float(station.longitude or 0), float(station.latitude or 0)]
    assert feature["properties"]["开放时间"] == ["每天 08:00–20:00"]
    assert feature["properties"]["地图上线"] == {"高德地图": "2024-09-01"}
    assert AuditEntry.objects.filter(action="station.geojson").count() == 1
    assert cast.client("leader").get("/stations/coverage/stations.geojson?state=nonsense").status_code == 404
    others = cast.client("neighbour").get("/stations/coverage/stations.geojson")
    assert json.loads(b"".join(others.streaming_content))["features"] == []
    assert cast.client("keeper").get("/stations/coverage/stations.geojson").status_code == 403


def test_the_summary_as_a_table(cast: StationCast) -> None:
    cast.station()
    answer = cast.client("clerk").get("/stations/coverage/summary/?year=2024&format=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").split()
    assert lines[1].startswith("稽山街道,1,1,0")
    assert len(lines) == 3
    assert cast.client("clerk").get("/stations/coverage/summary/?format=xlsx").status_code == 200
    assert cast.client("clerk").get("/stations/coverage/summary/?format=pdf").status_code == 404


def test_places_are_kept_by_staff(cast: StationCast) -> None:
    staff, url = cast.client("staff"), "/stations/places/330602006/"
    assert "120.600000" in staff.get("/stations/places/").content.decode()
    assert staff.get(url).status_code == 200
    given = {"system": "bd09", "longitude": "120.613000", "latitude": "30.004000", "reach": "5000"}
    for wrong, words in (
        ({"system": ""}, "请选择坐标系"),
        ({"longitude": "", "latitude": ""}, "请填中心的经度和纬度"),
        ({"reach": "5"}, "最少 100 米"),
        ({"longitude": "10"}, "经度或纬度不对"),
    ):
        answer = staff.post(url, {**given, **wrong})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert staff.post(url, given).status_code == 302
    place = TownshipPlace.objects.get(township=cast.jishan)
    assert place.reach == 5000
    assert 120.600 < place.longitude < 120.604
    assert cast.client("clerk").get(url).status_code == 403


def test_employers_are_kept_by_staff_and_their_township(cast: StationCast) -> None:
    enterprise = cast.district.enterprise(1)
    url = f"/stations/coverage/employers/{enterprise.credit_code}/"
    clerk = cast.client("clerk")
    given = {"work": "sanitation", "workers": "40", "system": "gcj02", "longitude": "120.6050", "latitude": "30.0010"}
    assert clerk.post(url, {**given, "workers": "-1"}).status_code == 422
    assert clerk.post(url, {**given, "system": ""}).status_code == 422
    assert clerk.post(url, given).status_code == 302
    assert "环卫、绿化" in clerk.get("/stations/coverage/employers/").content.decode()
    assert clerk.get(url).status_code == 200
    assert cast.client("neighbour").post(url, given).status_code == 404
    assert cast.client("leader").post(url, given).status_code == 403
    own_page = clerk.get(f"/enterprises/{enterprise.credit_code}/").content.decode()
    assert "环卫、绿化，40 人" in own_page
    assert url in own_page
    assert clerk.post(url, {**given, "workers": "0", "longitude": "", "latitude": ""}).status_code == 302
    assert "没有户外用工企业" in clerk.get("/stations/coverage/employers/").content.decode()
