"""What the map of `/find/` is made of: the plane, the condition "open now", the tiles."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stations.coordinates import Point, distance
from stations.directory import directory
from stations.mercator import Tile, away_from, project, unproject
from stations.models import OpeningHours, Station, StationClosure
from stations.open_now import open_at
from stations.opening import is_open
from tests.stations.cast import StationCast, kind, period
from tests.stations.test_find import at
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI


@pytest.fixture
def worker() -> Client:
    """Somebody with a phone and no account."""
    return Client()


class TestPlane:
    @given(longitude=st.floats(118, 123), latitude=st.floats(27, 32))
    def test_there_and_back(self, longitude: float, latitude: float) -> None:
        assert distance(unproject(project(Point(longitude, latitude))), Point(longitude, latitude)) < 0.01

    def test_the_database_draws_the_same_plane(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT (p)[0], (p)[1] FROM (SELECT stations_spot(120.5, 30.1) AS p) AS drawn")
            assert cursor.fetchone() == pytest.approx(project(Point(120.5, 30.1)), abs=1e-12)

    def test_a_tile_is_where_maps_have_it(self) -> None:
        # 越城 on the tiles of web maps: zoom 10.
        assert Tile(10, 855, 422).holds(project(Point(120.6, 30.0)))
        assert not Tile(10, 854, 422).holds(project(Point(120.6, 30.0)))

    def test_the_order_comes_from_the_index(self, cast: StationCast) -> None:
        cast.station()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        assert "station_spot" in Station.objects.serving().order_by(away_from(Point(120.6, 29.996)))[:20].explain()


class TestOpenNow:
    """The condition of the database and the rule in Python say the same at any moment."""

    MOMENTS = st.integers(0, 29 * 24 * 4).map(
        lambda quarters: datetime(2024, 2, 20, tzinfo=SHANGHAI) + timedelta(minutes=15 * quarters)
    )
    HOURS = st.times().map(lambda time: time.replace(minute=time.minute // 30 * 30, second=0, microsecond=0))
    SEASONS = st.sampled_from([(None, None), (220, 301), (1201, 229), (301, 1130)])
    ROWS = st.lists(st.tuples(st.sets(st.integers(1, 7), min_size=1), HOURS, HOURS, SEASONS), max_size=3)
    CLOSED = st.none() | st.tuples(st.integers(0, 28), st.none() | st.integers(0, 3))

    @given(moment=MOMENTS, rows=ROWS, closed=CLOSED, all_day=st.booleans())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_both_agree(self, cast: StationCast, moment: datetime, rows: Any, closed: Any, all_day: bool) -> None:
        station = Station.objects.first() or cast.station(opened_on=date(2024, 2, 25))
        OpeningHours.objects.filter(station=station).delete()
        StationClosure.objects.filter(station=station).delete()
        for weekdays, opens, closes, (season_from, season_until) in rows:
            if opens != closes:
                OpeningHours.objects.create(
                    station=station,
                    weekdays=sorted(weekdays),
                    opens=opens,
                    closes=closes,
                    season_from=season_from,
                    season_until=season_until,
                )
        if closed is not None:
            start = date(2024, 2, 20) + timedelta(days=closed[0])
            end = None if closed[1] is None else start + timedelta(days=closed[1])
            StationClosure.objects.create(station=station, start_on=start, end_on=end, reason="装修")
        Station.objects.update(open_all_day=all_day)
        fresh = Station.objects.with_hours().get()
        assert Station.objects.filter(open_at(moment)).exists() == is_open(fresh, moment)


class TestTiles:
    def tile(self, worker: Client, zoom: int, query: str = "") -> Any:
        spot = project(Point(120.600, 29.996))
        answer = worker.get(f"/find/tiles/{zoom}/{int(spot.x * 2**zoom)}/{int(spot.y * 2**zoom)}/?{query}")
        assert answer.status_code == 200
        return json.loads(answer.content)

    def test_far_away_many_are_one_circle_and_near_each_is_itself(self, cast: StationCast, worker: Client) -> None:
        one = cast.station(point=at("120.600,29.996"))
        two = cast.station(point=at("120.6002,29.996"), hours=[period("20:00", "23:00")])
        far = self.tile(worker, 8)
        assert [count for *_, count in far["clusters"]] == [2]
        assert far["stations"] == []
        near = self.tile(worker, 17)
        assert {tuple(rest) for *_, rest in [(x, y, rest) for x, y, *rest in near["stations"]]} == {
            (one.code, one.name, 1),
            (two.code, two.name, 0),
        }
        assert near["clusters"] == []

    def test_conditions_hold_on_the_map_too(self, cast: StationCast, worker: Client) -> None:
        cast.station(point=at("120.600,29.996"))
        drivers = cast.station(point=at("120.6002,29.996"), kind=kind("driver"))
        found = self.tile(worker, 17, "kind=driver")
        assert [code for _, _, code, *_ in found["stations"]] == [drivers.code]
        assert len(self.tile(worker, 17, "open=1")["stations"]) == 2
        with clock.at(datetime(2024, 9, 4, 23, 0, tzinfo=SHANGHAI)):
            assert self.tile(worker, 17, "open=1")["stations"] == []

    def test_no_station_is_on_two_tiles_or_none(self, cast: StationCast, worker: Client) -> None:
        for each in range(12):
            cast.station(point=at(f"120.{600 + each * 7},29.{960 + each * 3}"))
        corner = Tile(11, 1709, 842)
        total = 0
        for column in range(1708, 1713):
            for row in range(840, 846):
                found = json.loads(worker.get(f"/find/tiles/{corner.zoom}/{column}/{row}/").content)
                total += sum(count for *_, count in found["clusters"]) + len(found["stations"])
        assert total == 12

    def test_townships_are_named(self, cast: StationCast, worker: Client) -> None:
        cast.station()
        directory.forget()
        assert cast.jishan.short_name in [name for _, _, name in self.tile(worker, 9)["labels"]]
        assert self.tile(worker, 5)["labels"] == []

    @pytest.mark.parametrize("place", ["4/1/1", "18/1/1", "10/1024/1", "10/1/1024"])
    def test_tiles_there_are_none_of(self, db: None, worker: Client, place: str) -> None:
        assert worker.get(f"/find/tiles/{place}/").status_code == 404

    def test_a_cache_may_keep_it_for_a_minute(self, db: None, worker: Client) -> None:
        assert worker.get("/find/tiles/8/1/1/")["Cache-Control"] == "public, max-age=60"
