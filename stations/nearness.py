"""Who is near whom: points in a grid of squares, so that looking around costs the same however many there are."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from math import ceil, cos, floor, radians
from typing import Generic, TypeVar

from stations.coordinates import Point, distance

K = TypeVar("K", bound=Hashable)
#: Metres of a degree along a meridian.
DEGREE = 111_195.0
#: Beyond so many rings of squares one looks in wider ones, and beyond those at everything: there is little, or it is far.
MOST_RINGS = 12
WIDER = 8


@dataclass(frozen=True, slots=True)
class Found(Generic[K]):
    """The nearest thing and how many metres away it is."""

    key: K
    metres: float


class Nearness(Generic[K]):
    """Things at WGS-84 points. `side` is the length of a square in metres: about as far as one usually looks."""

    def __init__(self, things: Iterable[tuple[K, Point]], *, side: float = 1000.0, widens: bool = True) -> None:
        self.side = side
        self.widens = widens
        self._squares: dict[tuple[int, int], list[tuple[K, Point]]] = defaultdict(list)
        self._all = list(things)
        for key, point in self._all:
            self._squares[self._square(point)].append((key, point))

    def nearest(self, point: Point, *, besides: K | None = None) -> Found[K] | None:
        """The thing closest to a point, `besides` itself left out; None where there is no other."""
        column, row = self._square(point)
        best: Found[K] | None = None
        for ring in range(MOST_RINGS):
            best = _closer(best, point, self._ring(column, row, ring), besides)
            # Whatever lies further out is at least this far away: a square's width less than the ring.
            if best is not None and best.metres <= ring * self.side * 0.8:
                return best
        if self.widens:
            return self._wider.nearest(point, besides=besides)
        return _closer(best, point, self._all, besides)

    def within(self, point: Point, metres: float) -> list[K]:
        """The things no further from a point than that."""
        column, row = self._square(point)
        rings = ceil(metres / (self.side * 0.8))  # squares are a little off
        near = (thing for ring in range(rings + 1) for thing in self._ring(column, row, ring))
        return [key for key, other in near if distance(point, other) <= metres]

    @cached_property
    def _wider(self) -> "Nearness[K]":
        """For what lies far from all of them: of a whole province, looking at each takes ten milliseconds a question."""
        return Nearness(self._all, side=self.side * WIDER, widens=False)

    def _ring(self, column: int, row: int, ring: int) -> list[tuple[K, Point]]:
        return [
            thing
            for east in range(column - ring, column + ring + 1)
            for north in range(row - ring, row + ring + 1)
            if max(abs(east - column), abs(north - row)) == ring
            for thing in self._squares.get((east, north), ())
        ]

    def _square(self, point: Point) -> tuple[int, int]:
        # One width for the whole grid, that of the first thing's latitude: squares a little off do no harm.
        north = self._all[0][1].latitude if self._all else point.latitude
        width = self.side / (DEGREE * cos(radians(north)))
        return floor(point.longitude / width), floor(point.latitude / (self.side / DEGREE))


def _closer(
    best: Found[K] | None, point: Point, things: Iterable[tuple[K, Point]], besides: K | None
) -> Found[K] | None:
    for key, other in things:
        if key == besides:
            continue
        metres = distance(point, other)
        if best is None or metres < best.metres:
            best = Found(key, metres)
    return best
