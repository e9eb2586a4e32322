"""Stations by API, within the reader's scope."""

import pytest

from stations.models import MapListing
from tests.queries import queries_of
from tests.stations.cast import OPENED, StationCast, period, point

pytestmark = pytest.mark.django_db


def test_a_reader_gets_what_the_maps_need(cast: StationCast) -> None:
    station = cast.station(point=point("bd09", "120.613000", "30.004000"), hours=[period("22:00", "06:00")])
    hidden = cast.station(township=cast.fusheng, point=point("gcj02", "120.7250", "29.9300"))
    MapListing.objects.create(station=station, platform="amap", state="listed", since=OPENED)
    client = cast.client("clerk")
    found = client.get("/api/v1/stations/?state=standing").json()["results"]
    assert [each["code"] for each in found] == [station.code]
    detail = client.get(f"/api/v1/stations/{station.code}/").json()
    assert detail["coordinate_system"] == "bd09"
    assert detail["given_longitude"] == "120.61300000"
    assert detail["facilities"] == ["water", "seating"]
    assert detail["open_now"] is False
    assert detail["hours"][0]["closes"] == "06:00:00"
    assert detail["listings"] == [{"platform": "amap", "state": "listed", "since": "2024-03-01"}]
    assert client.get(f"/api/v1/stations/{hidden.code}/").status_code == 404
    assert cast.client("handler").get("/api/v1/stations/").status_code == 403


def test_twenty_cost_what_one_does(cast: StationCast) -> None:
    cast.station()
    client = cast.client("staff")
    one = queries_of(client, "/api/v1/stations/")
    for _ in range(19):
        cast.station()
    assert queries_of(client, "/api/v1/stations/") == one
