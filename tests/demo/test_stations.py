"""The stations of the demo district: invented and marked, in every township, kept, and on the map."""

from tests.databases import Database
from tests.demo.conftest import Visitor
from tests.processes import Portal


def test_thirty_stations_stand_in_seventeen_townships(demo: Database) -> None:
    states = dict(demo.rows("SELECT state, count(*) FROM stations_station GROUP BY state"))
    assert states == {"open": 29, "suspended": 1, "planned": 1}
    assert demo.one("SELECT count(DISTINCT township_id) FROM stations_station WHERE state <> 'planned'") == 17
    assert demo.one("SELECT count(*) FROM stations_station WHERE name NOT LIKE '%%（演示）'") == 0
    assert demo.one("SELECT count(*) FROM casework_publiccode WHERE owner_kind = 'station' AND closed_at IS NULL") == 30
    rated = """
        SELECT count(*) FROM stations_station s JOIN stations_starrating r ON r.station_id = s.id AND r.stars = s.stars"""
    assert (demo.one("SELECT count(*) FROM stations_station WHERE stars IS NOT NULL"), demo.one(rated)) == (19, 19)
    assert demo.one("SELECT count(*) FROM stations_outdooremployer") == 12


def test_every_station_lies_near_its_township_and_has_a_keeper(demo: Database) -> None:
    far = """
        SELECT count(*) FROM stations_station s JOIN stations_townshipplace p ON p.township_id = s.township_id
        WHERE abs(s.longitude - p.longitude) > 0.013 OR abs(s.latitude - p.latitude) > 0.013"""
    assert demo.one(far) == 0
    unkept = """
        SELECT count(*) FROM stations_station s WHERE state <> 'planned'
        AND NOT EXISTS (SELECT 1 FROM stations_keepership k WHERE k.station_id = s.id)"""
    assert demo.one(unkept) == 0
    assert demo.one("SELECT count(DISTINCT user_id) FROM stations_keepership") == 10


def test_a_keeper_finds_the_own_three(demo_portal: Portal) -> None:
    page = Visitor(demo_portal.url, "keeper01").page("/stations/")
    assert page.count('data-label="镇街"') == 3
