"""Stations as the finder lists them, read as plain rows: an instance and two prefetches a station cost more than the rest of the page together.

docs/decisions/0007-hot-markup-in-python.md, 0019-map-without-tiles.md.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from stations.coordinates import Point
from stations.models import OpeningHours, Station, StationClosure, StationFacility

T = TypeVar("T")


class Rows(list[T]):
    """Rows that were read already, asked for as those of a station are."""

    def all(self) -> "Rows[T]":
        return self


@dataclass(slots=True)
class StationLine:
    """What a list shows of a station and `opening.is_open` reads of it."""

    pk: int
    code: str
    name: str
    address: str
    kind_id: int
    longitude: Decimal
    latitude: Decimal
    state: str
    opened_on: date | None
    open_all_day: bool
    hours: Rows[Any] = field(default_factory=Rows)
    closures: Rows[Any] = field(default_factory=Rows)

    @property
    def point(self) -> Point:
        return Point(float(self.longitude), float(self.latitude))


COLUMNS = (
    "pk", "code", "name", "address", "kind_id", "longitude", "latitude", "state", "opened_on", "open_all_day",
)  # fmt: skip
HOURS = ("station_id", "weekdays", "opens", "closes", "season_from", "season_until")


def station_lines(stations: QuerySet[Station], day: date) -> list[StationLine]:
    """The stations in their order, with their hours and what closes them on a day or the day before: three statements however many."""
    lines = [StationLine(*row) for row in stations.values_list(*COLUMNS)]
    found = {line.pk: line for line in lines}
    for row in OpeningHours.objects.filter(station__in=found).order_by("id").values_list(*HOURS, named=True):
        found[row.station_id].hours.append(row)
    not_over = Q(end_on__isnull=True) | Q(end_on__gte=day - timedelta(days=1))
    closures = StationClosure.objects.filter(not_over, station__in=found, start_on__lte=day).order_by()
    for row in closures.values_list("station_id", "start_on", "end_on", named=True):
        found[row.station_id].closures.append(row)
    return lines


def facilities_of(stations: Iterable[int], names: dict[int, str]) -> dict[int, list[str]]:
    """Names of what each station has, in the order of `names`."""
    held: dict[int, set[int]] = defaultdict(set)
    equipment = StationFacility.objects.filter(station__in=list(stations)).order_by()
    for pk, facility in equipment.values_list("station_id", "facility_id"):
        held[pk].add(facility)
    return {pk: [name for facility, name in names.items() if facility in those] for pk, those in held.items()}
