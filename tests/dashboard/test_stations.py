"""The stations' section of the dashboard: every number opens its rows, ways of counting stand apart, a township sees its own."""

import re
from datetime import date
from uuid import uuid4

import pytest

from stations.models import CheckInDay, Station, StationRating
from stations.services.building import build_plan_save
from stations.services.repairs import repair_open
from tests.dashboard.pages import figure_links, rows_behind
from tests.dashboard.test_dashboard import tile
from tests.queries import queries_of
from tests.stations.cast import WEDNESDAY, StationCast
from tests.stations.events import counted, held_event
from tests.stations.test_service_figures import renovated, reported
from unionportal.core.common import clock

pytestmark = pytest.mark.django_db
URL = "/dashboard/stations/"


@pytest.fixture
def cast(district):
    with clock.at(WEDNESDAY):
        yield StationCast(district)


@pytest.fixture
def lively(cast: StationCast) -> Station:
    """A station with something of everything in 2024; a second one in the same township with an event."""
    station, other = cast.station(), cast.station(hours=[])
    renovated(cast, station, date(2024, 5, 1))
    held_event(cast, station, attendance=30)
    held_event(cast, other, on=date(2024, 7, 1), attendance=1200, attendance_way="estimate", kind="lecture")
    counted(cast, station, 1250)
    counted(cast, station, 80, on=date(2024, 8, 1), way="estimate", end_on=date(2024, 8, 31), basis="按电量")
    CheckInDay.objects.create(station=other, day=date(2024, 9, 2), number=9)
    reported(cast, station)
    repair_open(uuid=uuid4(), station=station.code, what="饮水机不出水", actor=cast.scope("staff"))
    for stars in (5, 2):
        StationRating.objects.create(uuid=uuid4(), station=station, stars=stars, rated_on=date(2024, 9, 3))
    return station


def test_the_year_in_tiles(cast: StationCast, lively: Station) -> None:
    content = cast.client("leader").get(f"{URL}?year=2024").content.decode()
    shown = {
        label: tile(content, label)
        for label in (
            "驿站",
            "完成提升改造",
            "驿站活动",
            "服务人次（点数）",
            "服务人次（扫码）",
            "服务人次（估算）",
            "扫码反映",
            "维修",
            "职工评价",
        )
    }
    assert list(shown.values()) == ["2", "1", "2", "1,250", "9", "80", "1", "1", "2"]
    assert "点数1,250＋扫码9＋估算80＝1,339人次（计数方式不同" in content
    for words in (
        "24小时 1",
        "六送 1",
        "参加（点数） 30",
        "参加（估算） 1,200",
        ">经费 400.00 元</a>",
        "本年计划 1",
        "已修好 0",
        "不满意 1",
        ">平均 3.5 星</a>",
    ):
        assert words in content
    summed = cast.client("leader").get(f"{URL}rows/?measure=cost&year=2024").content.decode()
    assert "共 400.00 元</b>，由下面 2 条相加" in summed
    month = cast.client("leader").get(f"{URL}?month=2024-09").content.decode()
    assert tile(month, "驿站活动") == "1"
    assert tile(month, "服务人次（估算）") == "0"


def planned(cast: StationCast, **numbers: int) -> None:
    """The year's plan of the district and of 稽山街道."""
    for unit in (cast.district.district, cast.jishan):
        given = {"new": 0, "renovated": 0, "benchmark": 0, "open_all_day": 0, **numbers}
        build_plan_save(year=2024, unit=unit, numbers=given, note="", version=0, actor=cast.scope("staff"))


def test_targets_and_the_yearly_plan_stand_beside_what_was_reached(cast: StationCast, lively: Station) -> None:
    planned(cast, renovated=3, new=1)
    leader = cast.client("leader")
    content = leader.get(f"{URL}?year=2024").content.decode()
    plan = content[content.index('id="plan-h"') : content.index('id="towns-h"')]
    row = re.search(r">改造</td>(.*?)</tr>", plan)
    assert row
    assert re.findall(r">(\d+)<", row[1]) == ["3", "1", "2"], "planned, accepted, still to be accepted"
    assert "还有 2 个没有申报" in row[1]
    assert re.findall(r">(\d+/\d+)</a>", plan) == ["0/1", "1/3", "0/0", "0/0"]
    targets = content[content.index('id="targets-h"') : content.index('id="plan-h"')]
    assert re.findall(r'data-figure="(\d+)"', targets) == ["1", "0", "0", "0"]
    assert "没有的：" in targets
    building = leader.get("/stations/building/?year=2024").content.decode()
    for words in ("还差 1", "每个镇街至少 1 个站点"):
        assert words in targets
        assert words in building
    clerk = cast.client("clerk").get(f"{URL}?year=2024").content.decode()
    assert "2024年建设计划，稽山街道" in clerk
    assert "没有制定2024年建设计划" in cast.client("neighbour").get(f"{URL}?year=2024").content.decode()


def test_the_rows_of_a_figure_are_a_file_too(cast: StationCast, lively: Station) -> None:
    leader = cast.client("leader")
    for measure in (
        "stations",
        "renovated",
        "events",
        "tally",
        "check_in",
        "reports",
        "repairs",
        "ratings",
        "townships_covered",
    ):
        address = f"{URL}rows/?measure={measure}&year=2024"
        listed = rows_behind(leader, address)[1]
        assert leader.get(f"{address}&format=csv").getvalue().decode().count("\r\n") == listed + 1, measure


#: Figures that add a column up: the page states the sum, not how many rows there are (the sums: stations/test_service_figures.py).
ADDED = re.compile(r"measure=(cost|tally|check_in|estimate|attendance)")


def test_every_number_opens_its_rows(cast: StationCast, lively: Station) -> None:
    planned(cast, renovated=3)
    for who, query in (
        ("leader", "?year=2024"),
        ("leader", "?month=2024-09&unit=330602006"),
        ("clerk", "?quarter=2024-3"),
    ):
        client = cast.client(who)
        links = [link for link in figure_links(client.get(f"{URL}{query}").content.decode()) if URL in link.url]
        assert len(links) >= 20
        for link in links:
            stated, listed = rows_behind(client, link.url)
            assert stated == link.figure, link
            assert ADDED.search(link.url) or str(listed) == stated, link
            assert bool(listed) == bool(float(stated)), link


def test_a_township_sees_its_own_and_nobody_elses(cast: StationCast, lively: Station) -> None:
    neighbour = cast.client("neighbour")
    content = neighbour.get(f"{URL}?year=2024").content.decode()
    assert tile(content, "驿站") == "0"
    assert "稽山街道" not in content
    assert neighbour.get(f"{URL}rows/?measure=events&year=2024&unit=330602006").status_code == 404
    for outsider in ("cadre", "keeper", "handler"):
        assert cast.client(outsider).get(URL).status_code == 403
        assert cast.client(outsider).get(f"{URL}rows/?measure=events&year=2024").status_code == 403
    assert cast.client("leader").get(f"{URL}rows/?measure=happiness&year=2024").status_code == 404


def test_a_district_without_stations_is_told_what_belongs_here(cast: StationCast) -> None:
    content = cast.client("leader").get(f"{URL}?year=2024").content.decode()
    assert "还没有启用的驿站" in content
    assert "没有登记服务人次" in content


def test_the_section_costs_the_same_however_many_stations(cast: StationCast, lively: Station) -> None:
    leader = cast.client("leader")
    few = queries_of(leader, f"{URL}?year=2024")
    for _ in range(10):
        counted(cast, cast.station(), 5)
    assert queries_of(leader, f"{URL}?year=2024") == few


def test_the_overview_pays_nothing_for_it(cast: StationCast) -> None:
    leader = cast.client("leader")
    before = queries_of(leader, "/dashboard/?year=2024")
    counted(cast, cast.station(), 5)
    assert queries_of(leader, "/dashboard/?year=2024") == before
