"""Points that cannot be, and points a person is asked about."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from stations.coordinates import Point, from_wgs84
from stations.models import Station, TownshipPlace
from stations.services import GivenPoint, station_correct, station_create
from tests.stations.cast import StationCast
from unionportal.core.common.errors import FieldErrors

pytestmark = pytest.mark.django_db
#: A place in 稽山街道 of the tests.
SQUARE = Point(120.605, 30.001)


def read(system: str, place: Point = SQUARE) -> tuple[Decimal, Decimal]:
    """The coordinates a map on that grid shows for the place."""
    longitude, latitude = from_wgs84(system, *place)
    return Decimal(f"{longitude:.6f}"), Decimal(f"{latitude:.6f}")


def created(cast: StationCast, given: GivenPoint | None, sure: tuple[str, ...] = (), **facts: Any) -> Station:
    return station_create(
        uuid=uuid4(), facts=cast.facts(point=given, **facts), actor=cast.scope("staff"), sure=sure, now=cast.now
    )


def refused(cast: StationCast, given: GivenPoint, sure: tuple[str, ...] = (), **facts: Any) -> dict[str, str]:
    before = Station.objects.count()
    with pytest.raises(FieldErrors) as error:
        created(cast, given, sure, **facts)
    assert Station.objects.count() == before
    return error.value.fields


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_a_point_read_from_a_map_is_taken_without_a_question(cast: StationCast, system: str) -> None:
    station = created(cast, GivenPoint(system, *read(system)))
    assert abs(float(station.longitude or 0) - SQUARE.longitude) < 0.00001
    assert abs(float(station.latitude or 0) - SQUARE.latitude) < 0.00001


def test_outside_the_district_is_refused(cast: StationCast) -> None:
    hangzhou = GivenPoint("gcj02", Decimal("120.155070"), Decimal("30.274085"))
    fields = refused(cast, hangzhou, ("sure_system", "sure_place", "sure_near"))
    assert list(fields) == ["longitude"]
    assert "不在本区范围内" in fields["longitude"]


def test_outside_the_country_and_swapped(cast: StationCast) -> None:
    assert "填反了" in refused(cast, GivenPoint("gcj02", Decimal("30.0"), Decimal("120.6")))["longitude"]
    assert "用小数填写" in refused(cast, GivenPoint("gcj02", Decimal(12060), Decimal(3000)))["longitude"]
    assert list(refused(cast, GivenPoint("", *read("gcj02")))) == ["system"]


def test_far_from_its_township_is_asked_about(cast: StationCast) -> None:
    there = GivenPoint("gcj02", *read("gcj02", Point(120.72, 29.93)))  # in 富盛镇
    fields = refused(cast, there)
    assert list(fields) == ["sure_place"]
    assert "更靠近富盛镇" in fields["sure_place"]
    assert created(cast, there, ("sure_place",)).township == cast.jishan


def test_without_places_only_the_country_bounds(cast: StationCast) -> None:
    TownshipPlace.objects.all().delete()
    assert created(cast, GivenPoint("gcj02", Decimal("120.155070"), Decimal("30.274085"))).has_point


def test_baidu_given_as_gps_is_asked_about(cast: StationCast) -> None:
    wrong = GivenPoint("wgs84", *read("bd09"))
    fields = refused(cast, wrong)
    assert list(fields) == ["sure_system"]
    assert "如果是百度坐标" in fields["sure_system"]


def test_what_the_phone_measured_is_believed_and_tells_a_wrong_grid(cast: StationCast) -> None:
    assert created(cast, GivenPoint("wgs84", *read("wgs84"), phone=SQUARE)).has_point
    shifted = refused(cast, GivenPoint("wgs84", *read("bd09"), phone=SQUARE), ("sure_near",))
    assert "按百度地图（BD-09）读" in shifted["sure_system"]
    assert created(cast, GivenPoint("wgs84", *read("bd09"), phone=SQUARE), ("sure_system",)).has_point


def test_a_known_station_moved_by_just_the_shift_is_asked_about(cast: StationCast) -> None:
    station = created(cast, GivenPoint("gcj02", *read("gcj02")))

    def moved(given: GivenPoint, *sure: str) -> Station:
        return station_correct(
            code=station.code,
            version=None,
            facts=cast.facts(name=station.name, address=station.address, point=given),
            actor=cast.scope("staff"),
            sure=sure,
            now=cast.now,
        )

    with pytest.raises(FieldErrors) as asked:
        moved(GivenPoint("gcj02", *read("bd09")))
    assert "百度" in asked.value.fields["sure_system"]
    moved(GivenPoint("bd09", *read("bd09")))
    moved(GivenPoint("gcj02", *read("gcj02", Point(120.61, 30.002))))  # really elsewhere
    assert station.changes.filter(field="point").count() == 2


def test_two_stations_at_one_place_are_asked_about(cast: StationCast) -> None:
    first = created(cast, GivenPoint("gcj02", *read("gcj02")), name="广场驿站")
    beside = GivenPoint("bd09", *read("bd09", Point(SQUARE.longitude + 0.0002, SQUARE.latitude)))
    fields = refused(cast, beside)
    assert list(fields) == ["sure_near"]
    assert f"广场驿站（{first.code}）" in fields["sure_near"]
    assert created(cast, beside, ("sure_near",)).has_point


def test_a_point_once_given_is_not_taken_away(cast: StationCast) -> None:
    station = created(cast, GivenPoint("gcj02", *read("gcj02")))
    with pytest.raises(FieldErrors) as refused_:
        station_correct(
            code=station.code, version=None, facts=cast.facts(point=None), actor=cast.scope("staff"), now=cast.now
        )
    assert list(refused_.value.fields) == ["longitude"]
