"""The stations of a whole province, for the finder: 12 000 around a hundred towns, each with hours and five facilities."""

import random
from collections.abc import Iterator
from datetime import date, time
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from tests.bench.portal import Client, in_turns
from unionportal.core.common.search import bigrams

if TYPE_CHECKING:
    from tests.bench.run import Report

STATIONS = 12_000
TOWNS = 100
#: 浙江 from west to east and from south to north.
PROVINCE = (118.3, 122.2, 27.3, 31.0)
FACILITIES = 5
#: The finder may cost this many times the floor; with all conditions, or searched, more, and so a tile of the map, which is fetched in the background.
FIND_BAR, MORE_BAR, TILE_BAR = 1.5, 3.0, 3.0
HERE = "120.580,30.000"
#: Name, address, bar. The first is what a poster or a search engine opens, the second what a located phone asks for.
CASES = (
    ("finder", "/find/", FIND_BAR),
    ("finder, nearest", f"/find/?at={HERE}", FIND_BAR),
    ("finder, nearest open now with a facility", f"/find/?at={HERE}&open=1&facility=microwave", MORE_BAR),
    ("finder, searched", "/find/?q=%E7%AC%AC77%E5%8F%B7", MORE_BAR),
    ("map tile, the province", "/find/tiles/7/106/52/", TILE_BAR),
    ("map tile, a district", "/find/tiles/11/1709/844/", TILE_BAR),
)
COLUMNS = (
    "uuid", "code", "name", "township_id", "kind_id", "building_kind", "partnership", "address", "directions", "longitude", "latitude",
    "coordinate_system", "given_longitude", "given_latitude", "services", "contact_name", "public_phone", "open_all_day", "level", "state",
    "opened_on", "created_at", "payload_hash", "version", "search_tokens",
)  # fmt: skip


def seed_stations(url: str) -> None:
    """Write them straight into the tables, through the owner: the same every time."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        townships = ids(cursor, "SELECT id FROM orgs_unit WHERE kind = 'township' ORDER BY code")
        kinds = ids(cursor, "SELECT id FROM stations_stationkind ORDER BY id")
        facilities = ids(cursor, "SELECT id FROM stations_facility ORDER BY id")
        with cursor.copy(f"COPY stations_station ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in stations(townships, kinds):
                copy.write_row(row)
        cursor.execute(
            "INSERT INTO stations_openinghours (station_id, weekdays, opens, closes) "
            "SELECT id, '{1,2,3,4,5,6,7}', %s, %s FROM stations_station WHERE NOT open_all_day",
            [time(7), time(22)],
        )
        cursor.execute(
            "INSERT INTO stations_stationfacility (station_id, facility_id, note) SELECT DISTINCT s.id, "
            "(%s::bigint[])[1 + (s.id + n * 3) %% %s], '' FROM stations_station s, generate_series(1, %s) n",
            [facilities, len(facilities), FACILITIES],
        )
        connection.commit()
        cursor.execute("ANALYZE")


def ids(cursor: psycopg.Cursor, query: Any) -> list[int]:
    return [pk for (pk,) in cursor.execute(query).fetchall()]


def stations(townships: list[int], kinds: list[int]) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS."""
    chance = random.Random(20240904)
    west, east, south, north = PROVINCE
    towns = [(chance.uniform(west, east), chance.uniform(south, north)) for _ in range(TOWNS)]
    towns[0] = (120.58, 30.0)
    for number in range(1, STATIONS + 1):
        town = towns[number % TOWNS]
        longitude, latitude = (round(chance.gauss(middle, 0.04), 6) for middle in town)
        name, address = f"压测第{number}号驿站", f"解放路{number}号"
        code = f"YZ-{number:05d}"
        yield (
            UUID(int=number), code, name, townships[number % len(townships)], kinds[number % len(kinds)], "own", "", address, "", longitude,
            latitude, "wgs84", longitude, latitude, "", "", "", number % 7 == 0, "basic", "open", date(2024, 3, 1), "2024-03-01 08:00+08", "", 1,
            bigrams(f"{code} {name} {address}"),
        )  # fmt: skip


def measure_stations(port: int, floor: Client, times: int, report: "Report") -> None:
    """Every case beside the floor; whoever asks has no account."""
    worker = Client(port)
    for name, path, bar in CASES:
        worker.hang_up()
        floor.hang_up()
        found = in_turns(partial(worker.page, path), partial(floor.page, "/floor/"), times)
        report.pair(f"{name}, {STATIONS}", found, bar)
