"""What stands on one tile of the map: circles with numbers, single stations, townships' names. Counted in the database, so that 12 000 cost what 12 do."""

from datetime import datetime
from typing import Any

from django.db.models import Avg, BooleanField, Count, Expression, FloatField, Func, Min

from stations.directory import Directory
from stations.finding import Wanted, stations_for
from stations.lines import station_lines
from stations.mercator import SPOT, Spot, Tile, along, box_of
from stations.models import Station
from stations.opening import is_open
from unionportal.core.common import clock

#: Zooms there are tiles of. At 512 px a tile the first shows half the country, the last a street.
FAR, NEAR = 5, 17
#: A tile is cut into so many cells a side; stations of one cell are one circle.
CELLS = 8
#: Steps a tile's own coordinates have.
GRAIN = 4096
#: Below this zoom names of townships would cover each other.
NAMED_FROM = 9


def tile_content(tile: Tile, wanted: Wanted, choices: Directory, moment: datetime) -> dict[str, list[list[Any]]]:
    """`clusters` (x, y, how many), `stations` (x, y, code, name, open now) and `labels` (x, y, name)."""
    clusters, alone = _cells(tile, wanted, moment)
    lines = station_lines(Station.objects.filter(code__in=alone).order_by("code"), clock.local_date(moment))
    labels = [label for label in choices.labels if tile.zoom >= NAMED_FROM and tile.holds(label.spot)]
    return {
        "clusters": [[*_own(tile, spot), count] for spot, count in clusters],
        "stations": [
            [*_own(tile, alone[line.code]), line.code, line.name, int(is_open(line, moment))] for line in lines
        ],
        "labels": [[*_own(tile, label.spot), label.name] for label in labels],
    }


def _cells(tile: Tile, wanted: Wanted, moment: datetime) -> tuple[list[tuple[Spot, int]], dict[str, Spot]]:
    """Cells with several stations, at the middle of them, and those with one: its code and place."""
    cells = (
        stations_for(wanted, moment)
        .filter(Func(SPOT, box_of(tile), template="%(expressions)s", arg_joiner=" <@ ", output_field=BooleanField()))
        .annotate(column=_cell(tile, 0), row=_cell(tile, 1))
        .values("column", "row")
        .annotate(count=Count("id"), x=Avg(along(0)), y=Avg(along(1)), code=Min("code"))
        .order_by()
    )
    clusters: list[tuple[Spot, int]] = []
    alone: dict[str, Spot] = {}
    for cell in cells:
        spot = Spot(cell["x"], cell["y"])
        if cell["count"] == 1:
            alone[cell["code"]] = spot
        else:
            clusters.append((spot, cell["count"]))
    return clusters, alone


def _cell(tile: Tile, axis: int) -> Expression:
    return Func(along(axis), template=f"floor(%(expressions)s * {CELLS * 2**tile.zoom})", output_field=FloatField())


def _own(tile: Tile, spot: Spot) -> tuple[int, int]:
    """A place in the tile's own steps from its north-western corner."""
    west, north = tile.corner
    return int((spot.x - west) / tile.side * GRAIN), int((spot.y - north) / tile.side * GRAIN)
