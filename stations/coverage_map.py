"""The coverage on a drawing of its own: circles, middles of townships, enterprises. No tiles, no scripts; all of it in the page."""

from dataclasses import dataclass
from math import cos, radians

from stations.coordinates import Point
from stations.coverage import Coverage
from stations.models import TownshipPlace
from stations.nearness import DEGREE

WIDTH = 1000
#: More circles than this are a blot, and a heavy page.
MOST_CIRCLES = 1500
#: Room around the outermost point, as a part of the whole.
MARGIN = 0.05


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn at a place; `title` is read out and shown on hover, `good` whether a circle reaches it."""

    x: float
    y: float
    title: str
    good: bool = True


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws; lengths in its own units. `left_out`: stations beyond MOST_CIRCLES."""

    width: int
    height: int
    radius: float
    circles: list[Mark]
    townships: list[Mark]
    employers: list[Mark]
    scale: float
    left_out: int


class _Projection:
    """Degrees to the drawing's units: true to scale at the middle of what is shown."""

    def __init__(self, points: list[Point]) -> None:
        west, east = min(p.longitude for p in points), max(p.longitude for p in points)
        south, north = min(p.latitude for p in points), max(p.latitude for p in points)
        self.squeeze = cos(radians((south + north) / 2))
        wide = max((east - west) * self.squeeze, (north - south) / 2, 0.01)
        self.unit = WIDTH * (1 - 2 * MARGIN) / wide  # units a degree of latitude
        self.west, self.north = west, north
        self.height = round((north - south) * self.unit + 2 * MARGIN * WIDTH)

    def at(self, point: Point) -> tuple[float, float]:
        x = (point.longitude - self.west) * self.squeeze * self.unit + MARGIN * WIDTH
        return round(x, 1), round((self.north - point.latitude) * self.unit + MARGIN * WIDTH, 1)

    def length(self, metres: float) -> float:
        return round(metres / DEGREE * self.unit, 1)


def drawing_of(coverage: Coverage, *, only: set[int] | None = None) -> Drawing | None:
    """The drawing; `only`: of these townships' stations alone. None where nothing has a place."""
    spots = [spot for spot in coverage.spots if only is None or spot.township_id in only]
    middles = {
        place.township_id: Point(float(place.longitude), float(place.latitude)) for place in TownshipPlace.objects.all()
    }
    rows = [(row, middles[row.township.pk]) for row in coverage.townships if row.township.pk in middles]
    located = [(row, row.point) for row in coverage.employers if row.point is not None]
    points = [spot.point for spot in spots] + [middle for _, middle in rows] + [point for _, point in located]
    if not points:
        return None
    draw = _Projection(points)
    return Drawing(
        width=WIDTH,
        height=max(draw.height, WIDTH // 4),
        radius=draw.length(coverage.radius),
        circles=[Mark(*draw.at(spot.point), spot.name) for spot in spots[:MOST_CIRCLES]],
        townships=[Mark(*draw.at(middle), row.township.short_name, row.within) for row, middle in rows],
        employers=[Mark(*draw.at(point), row.enterprise.name, row.within) for row, point in located],
        scale=draw.length(1000),
        left_out=max(0, len(spots) - MOST_CIRCLES),
    )
