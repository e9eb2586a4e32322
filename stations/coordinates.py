"""Points on the three grids in use: GPS gives WGS-84, 高德 and 腾讯 GCJ-02, 百度 BD-09. Read on the wrong one a station stands hundreds of metres away.

GCJ-02 bends WGS-84 by a published formula, BD-09 turns GCJ-02 a little further. Neither has an inverse in closed form; both bend so slowly that taking
the error off again and again finds it to the millimetre. Pure functions, floats in and out; `Point.rounded` gives what a column of six places keeps.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt
from typing import NamedTuple

from django.db import models

#: The ellipsoid of the published formula (Krasovsky 1940).
SEMI_MAJOR = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
#: Outside this rectangle around the country GCJ-02 is WGS-84.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
#: What BD-09 adds and how often its ripple repeats.
BD_EAST, BD_NORTH, BD_RIPPLE = 0.0065, 0.006, pi * 3000 / 180
#: Mean radius of the earth in metres.
EARTH = 6371008.8
#: Rounds of the inverse: each leaves about a hundredth of the error, so these reach what a float can tell apart.
ROUNDS = 12
#: Metres: nearer than this two points are one place; further than that a point is somewhere else.
SAME_PLACE, ELSEWHERE = 60.0, 150.0


class CoordinateSystem(models.TextChoices):
    """The grid a pair of coordinates was read from."""

    WGS84 = "wgs84", "GPS（WGS-84）"
    GCJ02 = "gcj02", "高德、腾讯地图（GCJ-02）"
    BD09 = "bd09", "百度地图（BD-09）"


class Point(NamedTuple):
    """Degrees, east and north."""

    longitude: float
    latitude: float

    def rounded(self) -> tuple[Decimal, Decimal]:
        """Both with six places, a tenth of a metre."""
        return Decimal(f"{self.longitude:.6f}"), Decimal(f"{self.latitude:.6f}")


class Box(NamedTuple):
    """What lies between two meridians and two parallels."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Whether the point is inside or on the edge."""
        return self.west <= point.longitude <= self.east and self.south <= point.latitude <= self.north


def to_wgs84(system: str, longitude: float | Decimal, latitude: float | Decimal) -> Point:
    """What a receiver would show at the place that has these coordinates on the grid `system`."""
    point = Point(float(longitude), float(latitude))
    match CoordinateSystem(system):
        case CoordinateSystem.WGS84:
            return point
        case CoordinateSystem.GCJ02:
            return _undone(_wgs84_to_gcj02, point)
        case CoordinateSystem.BD09:
            return _undone(_wgs84_to_gcj02, _undone(_gcj02_to_bd09, point))


def from_wgs84(system: str, longitude: float | Decimal, latitude: float | Decimal) -> Point:
    """The coordinates a map on the grid `system` wants for this place."""
    point = Point(float(longitude), float(latitude))
    match CoordinateSystem(system):
        case CoordinateSystem.WGS84:
            return point
        case CoordinateSystem.GCJ02:
            return _wgs84_to_gcj02(point)
        case CoordinateSystem.BD09:
            return _gcj02_to_bd09(_wgs84_to_gcj02(point))


def distance(one: Point, other: Point) -> float:
    """Metres along the earth's surface between two WGS-84 points."""
    south, north = radians(one.latitude), radians(other.latitude)
    rise = sin((north - south) / 2) ** 2
    run = sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(rise + cos(south) * cos(north) * run)))


def box_around(centre: Point, metres: float) -> Box:
    """The smallest box that holds everything within `metres` of a point (away from the poles)."""
    rise = degrees(metres / EARTH)
    run = degrees(metres / (EARTH * cos(radians(min(abs(centre.latitude) + rise, 89.0)))))
    return Box(centre.longitude - run, centre.latitude - rise, centre.longitude + run, centre.latitude + rise)


def suspicious_shift(
    system: str, longitude: float | Decimal, latitude: float | Decimal, *, known: Iterable[Point]
) -> CoordinateSystem | None:
    """The grid these coordinates were more likely read from, if they are said to be on another.

    `known` are WGS-84 points the place should be at: where a phone was, the same address from another source. As claimed the place is away from
    all of them, read on the grid returned it falls upon one. None where nothing is suspicious.
    """
    places = list(known)

    def nearest(read_as: str) -> float:
        found = to_wgs84(read_as, longitude, latitude)
        return min((distance(found, place) for place in places), default=0.0)

    if nearest(system) < ELSEWHERE:
        return None
    best = min((other for other in CoordinateSystem if other != system), key=nearest)
    return best if nearest(best) < SAME_PLACE else None


def _wgs84_to_gcj02(point: Point) -> Point:
    longitude, latitude = point
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return point
    x, y = longitude - 105.0, latitude - 35.0
    ripple = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    # Metres on the ellipsoid become degrees: along the meridian, and along the parallel.
    flat = 1 - ECCENTRICITY_SQUARED * sin(radians(latitude)) ** 2
    north /= SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (flat * sqrt(flat)) * pi / 180.0
    east /= SEMI_MAJOR / sqrt(flat) * cos(radians(latitude)) * pi / 180.0
    return Point(longitude + east, latitude + north)


def _gcj02_to_bd09(point: Point) -> Point:
    x, y = point
    radius = hypot(x, y) + 0.00002 * sin(y * BD_RIPPLE)
    angle = atan2(y, x) + 0.000003 * cos(x * BD_RIPPLE)
    return Point(radius * cos(angle) + BD_EAST, radius * sin(angle) + BD_NORTH)


def _undone(bend: Callable[[Point], Point], bent: Point) -> Point:
    """The point that `bend` takes to `bent`."""
    guess = bent
    for _ in range(ROUNDS):
        there = bend(guess)
        guess = Point(
            guess.longitude + bent.longitude - there.longitude, guess.latitude + bent.latitude - there.latitude
        )
    return guess
