"""Three grids: published points, there and back, and the mistake people make."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stations.coordinates import (
    EARTH,
    CoordinateSystem,
    Point,
    box_around,
    distance,
    from_wgs84,
    suspicious_shift,
    to_wgs84,
)

WGS84, GCJ02, BD09 = CoordinateSystem
#: Points published with the open implementations: eviltransform's, and coordtransform's for Tian'anmen.
WGS84_AND_GCJ02 = [
    (Point(121.5272106, 31.1774276), Point(121.531541859215, 31.17530398364597)),  # 上海
    (Point(113.912316, 22.543847), Point(113.9171764808363, 22.540796131694766)),  # 深圳
    (Point(116.377817, 39.911954), Point(116.38404722455657, 39.91334545536069)),  # 北京
    (Point(116.404, 39.915), Point(116.41024449916938, 39.91640428150164)),
]
GCJ02_AND_BD09 = [
    (Point(116.404, 39.915), Point(116.41036949371029, 39.92133699351021)),
    (Point(116.39762729119315, 39.90865673957631), Point(116.404, 39.915)),
]
#: Square of the country's densely built part, ours included; the same formula serves all of it.
LONGITUDES = st.floats(100, 125)
LATITUDES = st.floats(20, 45)
#: A crossing in 柯桥.
CROSSING = Point(120.4926, 30.0813)


@pytest.mark.parametrize(("wgs84", "gcj02"), WGS84_AND_GCJ02)
def test_published_points_of_gcj02(wgs84, gcj02):
    assert from_wgs84(GCJ02, *wgs84) == pytest.approx(gcj02, abs=1e-6)
    assert to_wgs84(GCJ02, *gcj02) == pytest.approx(wgs84, abs=1e-6)


@pytest.mark.parametrize(("gcj02", "bd09"), GCJ02_AND_BD09)
def test_published_points_of_bd09(gcj02, bd09):
    # The published pairs are of the one-step inverse, good to a metre.
    assert distance(to_wgs84(BD09, *bd09), to_wgs84(GCJ02, *gcj02)) < 1.5
    forwards = from_wgs84(BD09, *to_wgs84(GCJ02, *gcj02))
    assert distance(forwards, bd09) < 1.5


def test_the_formula_of_bd09_to_the_last_place():
    assert from_wgs84(BD09, *to_wgs84(GCJ02, 116.404, 39.915)) == pytest.approx(GCJ02_AND_BD09[0][1], abs=1e-9)


@pytest.mark.parametrize("system", CoordinateSystem)
@given(longitude=LONGITUDES, latitude=LATITUDES)
@example(longitude=105.0, latitude=35.0)  # where the formula's roots bend
@example(longitude=120.5, latitude=30.1)
def test_there_and_back_is_the_same_place(system, longitude, latitude):
    back = to_wgs84(system, *from_wgs84(system, longitude, latitude))
    assert distance(back, Point(longitude, latitude)) < 0.01


@given(longitude=LONGITUDES, latitude=LATITUDES)
def test_a_wrong_grid_is_off_by_hundreds_of_metres(longitude, latitude):
    claimed = to_wgs84(WGS84, *from_wgs84(BD09, longitude, latitude))
    assert 200 < distance(claimed, Point(longitude, latitude)) < 2500


def test_outside_the_country_nothing_is_bent():
    tokyo = Point(139.767125, 35.681236)
    assert from_wgs84(GCJ02, *tokyo) == tokyo
    assert to_wgs84(GCJ02, *tokyo) == tokyo


def test_columns_keep_six_places_and_decimals_are_taken():
    longitude, latitude = to_wgs84(GCJ02, Decimal("120.497300"), Decimal("30.078900")).rounded()
    assert (longitude.as_tuple().exponent, latitude.as_tuple().exponent) == (-6, -6)


def test_an_unknown_grid_is_refused():
    with pytest.raises(ValueError, match="mercator"):
        to_wgs84("mercator", 120, 30)


def test_distance_along_meridian_and_parallel():
    # A minute of arc is a nautical mile.
    assert distance(Point(120, 30), Point(120, 30 + 1 / 60)) == pytest.approx(1852, abs=3)
    assert distance(Point(120, 60), Point(120 + 1 / 60, 60)) == pytest.approx(926, abs=2)
    # eviltransform's own, 上海 to 北京: 1 078 164 m on the equator's radius, ours is the mean one.
    expected = 1_078_164 * EARTH / 6378137
    assert distance(WGS84_AND_GCJ02[0][1], WGS84_AND_GCJ02[2][1]) == pytest.approx(expected, abs=10)


@given(longitude=LONGITUDES, latitude=LATITUDES, east=st.floats(-0.02, 0.02), north=st.floats(-0.02, 0.02))
def test_a_box_holds_everything_within_its_distance(longitude, latitude, east, north):
    centre, other = Point(longitude, latitude), Point(longitude + east, latitude + north)
    if distance(centre, other) <= 1000:
        assert box_around(centre, 1000).holds(other)


def test_a_box_is_hardly_larger_than_its_distance():
    box = box_around(CROSSING, 1000)
    assert distance(CROSSING, Point(box.east, CROSSING.latitude)) == pytest.approx(1000, rel=0.001)
    assert distance(CROSSING, Point(CROSSING.longitude, box.north)) == pytest.approx(1000, rel=0.001)


@pytest.mark.parametrize("claimed", CoordinateSystem)
@pytest.mark.parametrize("true", CoordinateSystem)
def test_coordinates_of_one_grid_given_as_another_are_noticed(claimed, true):
    given_ = from_wgs84(true, *CROSSING)
    assert suspicious_shift(claimed, *given_, known=[CROSSING]) == (true if true != claimed else None)


def test_a_point_that_is_merely_somewhere_else_is_not_suspicious():
    assert suspicious_shift(WGS84, 120.51, 30.10, known=[CROSSING]) is None


def test_without_anything_known_nothing_is_suspicious():
    assert suspicious_shift(WGS84, *from_wgs84(BD09, *CROSSING), known=[]) is None
