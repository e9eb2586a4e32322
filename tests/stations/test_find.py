"""`/find/`: workers look for a station, without account; nearest first, open now, by facility, kind, township, name."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from stations.finding import distance_words
from stations.models import Station
from stations.services import closure_add, station_correct, station_suspend, station_withdraw
from tests.queries import queries_of
from tests.stations.cast import StationCast, facilities, kind, period, point
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI

#: A crossing near the stations of 稽山, on the grid of GPS.
HERE = "120.600,29.996"


@pytest.fixture
def worker() -> Client:
    """Somebody with a phone and no account."""
    return Client()


def at(text: str) -> Any:
    """A point on the grid of GPS."""
    longitude, latitude = text.split(",")
    return point("wgs84", longitude, latitude)


def names(answer: Any) -> list[str]:
    """Stations in the order of the list."""
    assert answer.status_code == 200
    return re.findall(r'class="station-name">([^<]+)<', answer.content.decode())


class TestList:
    def test_nearest_first_with_distance_and_hours(self, cast: StationCast, worker: Client) -> None:
        cast.station(name="远处驿站", point=at("120.640,29.996"))
        cast.station(name="近处驿站", point=at("120.601,29.996"))
        cast.station(name="中间驿站", point=at("120.600,30.010"))
        answer = worker.get("/find/", {"at": HERE})
        assert names(answer) == ["近处驿站", "中间驿站", "远处驿站"]
        page = answer.content.decode()
        for words in ("约100米", "1.6公里", "3.9公里", "现在开放", "今天 08:00–20:00", "饮用水"):
            assert words in page

    def test_it_needs_neither_place_nor_scripts_nor_account(self, cast: StationCast, worker: Client) -> None:
        first, second = cast.station(), cast.station()
        answer = worker.get("/find/")
        assert names(answer) == [first.name, second.name]
        assert not answer.cookies
        assert "米</span>" not in answer.content.decode()

    def test_only_stations_that_serve(self, cast: StationCast, worker: Client) -> None:
        cast.planned()
        paused, gone, there = cast.station(), cast.station(), cast.station()
        station_suspend(code=paused.code, version=None, reason="装修", actor=cast.scope("staff"))
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        assert names(worker.get("/find/")) == [there.name]
        assert names(worker.get("/find/", {"at": HERE})) == [there.name]

    def test_each_condition_alone_and_all_together(self, cast: StationCast, worker: Client) -> None:
        plain = cast.station()
        heated = cast.station(name="暖心点", facilities=facilities("water", "microwave"))
        drivers = cast.station(name="司机之家", kind=kind("driver"), facilities=facilities("microwave"))
        other = cast.station(
            name="富盛驿站", township=cast.fusheng, point=at("120.720,29.930"), address="富盛镇大街1号"
        )
        late = cast.station(name="夜班驿站", hours=[period("22:00", "06:00")])
        asked = {
            "facility=microwave": [heated, drivers],
            "facility=microwave&facility=water": [heated],
            "kind=driver": [drivers],
            f"township={cast.fusheng.code}": [other],
            "q=富盛镇大街": [other],
            f"q={plain.code}": [plain],
            "open=1": [plain, heated, drivers, other],
            f"open=1&facility=microwave&township={cast.jishan.code}&q=暖心": [heated],
        }
        for query, expected in asked.items():
            assert names(worker.get(f"/find/?{query}")) == [each.name for each in expected], query
        with clock.at(datetime(2024, 9, 4, 23, 0, tzinfo=SHANGHAI)):
            assert names(worker.get("/find/?open=1")) == [late.name]

    @pytest.mark.parametrize("given_", ["1,2,3", "柯桥", "0,0", "120.6", "999,99", "120.6,30.0; DROP", "nan,nan"])
    def test_a_place_that_cannot_be_read_is_told_and_the_list_stays(
        self, cast: StationCast, worker: Client, given_: str
    ) -> None:
        station = cast.station()
        answer = worker.get("/find/", {"at": given_, "q": "稽山"})
        assert names(answer) == [station.name]
        page = answer.content.decode()
        assert "没有认出这个位置" in page
        assert 'value="稽山"' in page

    @pytest.mark.parametrize(
        "query", ["page=0", "page=-1", "page=x", "page=9999", "kind=none", "facility=none", "q=%00"]
    )
    def test_odd_addresses_are_taken_for_what_they_can_mean(
        self, cast: StationCast, worker: Client, query: str
    ) -> None:
        cast.station()
        assert worker.get(f"/find/?{query}").status_code == 200

    def test_pages_keep_conditions_and_place(self, cast: StationCast, worker: Client) -> None:
        made = [cast.station(point=at(f"120.{600 + each},29.996")) for each in range(13)]
        first = worker.get("/find/", {"at": HERE, "facility": "water"})
        following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
        assert following is not None
        second = worker.get("/find/" + following[1].replace("&amp;", "&"))
        assert names(first) + names(second) == [each.name for each in made]
        assert 'rel="next"' not in second.content.decode()

    def test_nothing_found_says_what_to_do(self, cast: StationCast, worker: Client) -> None:
        cast.station(hours=[period("22:00", "23:00")])
        assert "没有符合条件的驿站" in worker.get("/find/?q=火星").content.decode()
        assert "去掉“只看现在开放的”" in worker.get("/find/?open=1").content.decode()

    def test_twenty_cost_what_one_does(self, cast: StationCast, worker: Client) -> None:
        cast.station()
        few = queries_of(worker, f"/find/?at={HERE}")
        for _ in range(19):
            cast.station()
        assert queries_of(worker, f"/find/?at={HERE}") == few

    def test_a_page_with_a_place_is_kept_by_that_phone_only(self, cast: StationCast, worker: Client) -> None:
        cast.station()
        assert "private" in worker.get("/find/", {"at": HERE})["Cache-Control"]
        assert worker.get("/find/")["Cache-Control"] == "public, max-age=30"

    @pytest.mark.parametrize(
        ("metres", "words"),
        [(None, ""), (20, "就在附近"), (120, "约100米"), (980, "约1000米"), (1240, "1.2公里"), (250_000, "250公里")],
    )
    def test_distances_in_words(self, metres: float | None, words: str) -> None:
        assert distance_words(metres) == words


class TestStationPage:
    def test_what_is_there_and_when(self, cast: StationCast, worker: Client) -> None:
        station = cast.station(
            directions="银行大门左侧",
            services="代缴话费",
            facilities=facilities("water", "microwave"),
            hours=[period("08:00", "12:00"), period("13:00", "02:00")],
        )
        page = worker.get(f"/find/{station.code}/").content.decode()
        for words in (
            station.name, station.address, "银行大门左侧", "代缴话费", "微波炉", "现在开放",
            "今天 08:00–12:00、13:00–次日02:00", "tel:0575-88010001",
        ):  # fmt: skip
            assert words in page

    def test_every_map_gets_the_coordinates_of_its_own_grid(self, cast: StationCast, worker: Client) -> None:
        # Published for one point on all three grids (coordtransform).
        station = cast.station()
        Station.objects.filter(pk=station.pk).update(longitude="116.404000", latitude="39.915000")
        page = worker.get(f"/find/{station.code}/").content.decode().replace("&amp;", "&")
        found = {
            urlsplit(url).netloc: parse_qs(urlsplit(url).query) for url in re.findall(r'href="(https://[^"]+)"', page)
        }
        assert found["uri.amap.com"]["position"] == ["116.410244,39.916404"]
        assert found["apis.map.qq.com"]["marker"][0].startswith("coord:39.916404,116.410244;")
        assert found["api.map.baidu.com"]["location"] == ["39.922700,116.416627"]
        assert found["api.map.baidu.com"]["coord_type"] == ["bd09ll"]
        assert "geo:39.915000,116.404000?q=39.915000,116.404000(" in page

    def test_shut_for_a_while_it_says_why(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        closure_add(
            code=station.code,
            start_on=cast.now.date(),
            end_on=date(2024, 9, 8),
            reason="空调检修",
            actor=cast.scope("staff"),
            now=cast.now,
        )
        page = worker.get(f"/find/{station.code}/").content.decode()
        for words in ("现在不开放", "今天不开放", "9月4日起至9月8日临时关闭：空调检修"):
            assert words in page

    def test_withdrawn_it_says_so_and_where_to_go(self, cast: StationCast, worker: Client) -> None:
        gone = cast.station(point=at("120.600,29.996"))
        far, near = cast.station(point=at("120.660,29.996")), cast.station(point=at("120.603,29.996"))
        station_withdraw(code=gone.code, version=None, reason="拆迁", actor=cast.scope("staff"))
        answer = worker.get(f"/find/{gone.code}/")
        page = answer.content.decode()
        assert "已经撤销" in page
        assert names(answer) == [near.name, far.name]
        assert "约300米" in page
        assert "怎么去" not in page
        assert 'name="stars"' not in page

    def test_a_station_that_is_only_planned_is_not_there(self, cast: StationCast, worker: Client) -> None:
        planned = cast.planned()
        for code in (planned.code, "YZ-99999"):
            answer = worker.get(f"/find/{code}/")
            assert answer.status_code == 404
            assert "没有这个驿站" in answer.content.decode()
        assert worker.get("/find/YZ-1/").status_code == 404

    def test_nothing_of_its_keepers_is_shown(self, cast: StationCast, worker: Client) -> None:
        station = cast.station()
        cast.kept(station)
        page = worker.get(f"/find/{station.code}/").content.decode()
        assert cast.users["keeper"].display_name not in page


def test_a_renamed_station_is_found_by_its_new_name(cast: StationCast, worker: Client) -> None:
    station = cast.station(name="旧名驿站")
    station_correct(
        code=station.code,
        version=station.version,
        facts=cast.facts(name="新名驿站"),
        actor=cast.scope("staff"),
        reason="更名",
        sure=frozenset({"sure_system", "sure_place", "sure_near", "sure_night"}),
    )
    assert names(worker.get("/find/?q=新名")) == ["新名驿站"]
    assert names(worker.get("/find/?q=旧名")) == []
