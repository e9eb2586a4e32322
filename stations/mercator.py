"""The plane the map of `/find/` is drawn on and the index of stations is made on: web Mercator, the world as a square from 0 to 1.

It keeps angles, so that near a place what is nearest on the plane is nearest on the ground. `static/js/map/mercator.js` is the same in a browser, and
the SQL function `stations_spot` the same in the database.
"""

from math import atan, degrees, log, pi, radians, sin, sinh
from typing import NamedTuple

from django.db.models import Expression, F, FloatField, Func, Value

from stations.coordinates import Point


class Spot(NamedTuple):
    """A place on the plane; y grows to the south."""

    x: float
    y: float


class Tile(NamedTuple):
    """One square of the plane: `zoom` says how often each side was halved."""

    zoom: int
    column: int
    row: int

    @property
    def side(self) -> float:
        return 0.5**self.zoom

    @property
    def corner(self) -> Spot:
        """North-west."""
        return Spot(self.column * self.side, self.row * self.side)

    def holds(self, spot: Spot) -> bool:
        """Whether the place is on this tile and on no other of its zoom."""
        west, north = self.corner
        return west <= spot.x < west + self.side and north <= spot.y < north + self.side


def project(point: Point) -> Spot:
    """Where a place is on the plane."""
    sine = sin(radians(point.latitude))
    return Spot(point.longitude / 360 + 0.5, 0.5 - log((1 + sine) / (1 - sine)) / (4 * pi))


def unproject(spot: Spot) -> Point:
    """The place of a spot on the plane."""
    return Point((spot.x - 0.5) * 360, degrees(atan(sinh(pi * (1 - 2 * spot.y)))))


#: A station's place on the plane, as the index has it.
SPOT = Func(F("longitude"), F("latitude"), function="stations_spot", output_field=FloatField())


def along(axis: int) -> Expression:
    """One coordinate of a station's place: 0 is x, 1 is y."""
    return Func(SPOT, template=f"(%(expressions)s)[{axis}]", output_field=FloatField())


def away_from(point: Point) -> Expression:
    """How far a station is on the plane; what the index sorts by."""
    return Func(
        SPOT, _spot(project(point)), template="(%(expressions)s)", arg_joiner=" <-> ", output_field=FloatField()
    )


def box_of(tile: Tile) -> Expression:
    """The tile as the database writes a box, for `inside`."""
    west, north = tile.corner
    corners = _spot(Spot(west, north)), _spot(Spot(west + tile.side, north + tile.side))
    return Func(*corners, function="box", output_field=FloatField())


def _spot(spot: Spot) -> Expression:
    return Func(Value(spot.x), Value(spot.y), function="point", output_field=FloatField())
