"""Where a 15-minute walk reaches a station, and where it does not. Source: docs/domain.md, "Outdoor-worker stations"."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Q, QuerySet

from stations.coordinates import Point
from stations.models import OutdoorEmployer, Station, TownshipPlace
from stations.nearness import Nearness
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value

#: Sections of GB/T 4754 whose people mostly work outdoors: building, transport and delivery, sanitation and parks.
OUTDOOR_SECTIONS = ("E", "G", "N")
#: So many gaps, lonely stations and close pairs are named.
MOST_NAMED = 50
MOST_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """An open station on the map."""

    code: str
    name: str
    township_id: int
    point: Point


@dataclass(frozen=True, slots=True)
class TownshipCover:
    """How a township stands: its open stations, and how far its middle is from the nearest one, whichever township's. `metres` None: unknown."""

    township: Unit
    stations: int
    metres: float | None
    nearest: str
    within: bool


@dataclass(frozen=True, slots=True)
class EmployerCover:
    """How an enterprise with outdoor workers stands. Without a point of its own `metres` is None and nothing is said."""

    enterprise: Enterprise
    workers: int | None
    work: str
    point: Point | None
    metres: float | None
    nearest: str
    within: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stations that are each other's nearest, or one and its nearest."""

    one: Spot
    other: Spot
    metres: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Distances from each open station to the nearest other one."""

    count: int
    least: float
    middle: float
    most: float
    lonely: list[Pair]
    close: list[Pair]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it, for a reader: townships and enterprises within the reader's reach, judged by all stations that are open."""

    radius: int
    spots: list[Spot]
    townships: list[TownshipCover]
    employers: list[EmployerCover]

    @property
    def townships_with_stations(self) -> int:
        return sum(1 for row in self.townships if row.stations)

    @property
    def middles_within(self) -> int:
        return sum(1 for row in self.townships if row.within)

    @property
    def middles_known(self) -> int:
        return sum(1 for row in self.townships if row.metres is not None)

    @property
    def located(self) -> list[EmployerCover]:
        return [row for row in self.employers if row.point is not None]

    @property
    def employers_within(self) -> int:
        return sum(1 for row in self.employers if row.within)

    @property
    def employer_gaps(self) -> list[EmployerCover]:
        """Enterprises no circle reaches, most workers first."""
        return sorted(
            (row for row in self.located if not row.within), key=lambda row: (-(row.workers or 0), row.enterprise.pk)
        )

    @property
    def unlocated(self) -> list[EmployerCover]:
        return [row for row in self.employers if row.point is None]


def circle_radius() -> int:
    """Metres of a 15-minute walk, as the parameter says today."""
    return int(value("stations.circle_metres"))


def coverage_of(scope: Scope, *, radius: int) -> Coverage:
    """Read and judge: a fixed number of queries, and time by the number of points."""
    spots = spots_of(Station.objects.all())
    around = Nearness(((spot.code, spot.point) for spot in spots), side=float(radius))
    names = {spot.code: spot.name for spot in spots}
    employers = [_employer(enterprise, around, names, radius) for enterprise in outdoor_enterprises(scope)]
    return Coverage(radius, spots, _townships(scope, spots, around, names, radius), employers)


def spots_of(stations: QuerySet[Station]) -> list[Spot]:
    """The open ones among them that are on the map."""
    rows = stations.serving().filter(longitude__isnull=False).order_by("code")
    return [
        Spot(code, name, township, Point(float(east), float(north)))
        for code, name, township, east, north in rows.values_list(
            "code", "name", "township_id", "longitude", "latitude"
        )
    ]


def _townships(
    scope: Scope, spots: list[Spot], around: Nearness[str], names: dict[str, str], radius: int
) -> list[TownshipCover]:
    counts: dict[int, int] = {}
    for spot in spots:
        counts[spot.township_id] = counts.get(spot.township_id, 0) + 1
    middles = {place.township_id: place for place in TownshipPlace.objects.all()}
    rows = []
    for township in townships_seen(scope):
        place = middles.get(township.pk)
        found = around.nearest(Point(float(place.longitude), float(place.latitude))) if place is not None else None
        metres = found.metres if found is not None else None
        nearest = names[found.key] if found is not None else ""
        within = metres is not None and metres <= radius
        rows.append(TownshipCover(township, counts.get(township.pk, 0), metres, nearest, within))
    return rows


def townships_seen(scope: Scope) -> list[Unit]:
    """Townships of the reader: the district's all, a township union's own."""
    townships = Unit.objects.townships().active().order_by("code")
    return list(townships if scope.district else townships.filter(pk__in=scope.township_ids))


def outdoor_enterprises(scope: Scope) -> QuerySet[Enterprise]:
    """Active enterprises with outdoor workers: by their section, or because somebody recorded so; not those recorded as having none."""
    enterprises = (
        Enterprise.objects.visible_to(scope)
        if scope.has(Role.TOWNSHIP) or scope.district
        else Enterprise.objects.none()
    )
    by_section = Q(industry__in=OUTDOOR_SECTIONS, outdoor_employer__isnull=True)
    return (
        enterprises.filter(by_section | Q(outdoor_employer__workers__gt=0), is_active=True)
        .select_related("outdoor_employer", "township")
        .defer("search_tokens")
        .order_by("pinyin_key", "id")
    )


def employers_covered(enterprises: Iterable[Enterprise], spots: list[Spot], radius: int) -> list[EmployerCover]:
    """How each of these enterprises stands, read with `outdoor_employer` (see `outdoor_enterprises`)."""
    around = Nearness(((spot.code, spot.point) for spot in spots), side=float(radius))
    names = {spot.code: spot.name for spot in spots}
    return [_employer(enterprise, around, names, radius) for enterprise in enterprises]


def _employer(enterprise: Enterprise, around: Nearness[str], names: dict[str, str], radius: int) -> EmployerCover:
    known: OutdoorEmployer | None = getattr(enterprise, "outdoor_employer", None)
    if known is None:
        return EmployerCover(enterprise, None, "", None, None, "", within=False)
    point = None
    if known.longitude is not None and known.latitude is not None:
        point = Point(float(known.longitude), float(known.latitude))
    found = around.nearest(point) if point is not None else None
    metres, nearest = (found.metres, names[found.key]) if found is not None else (None, "")
    within = metres is not None and metres <= radius
    return EmployerCover(enterprise, known.workers, known.get_work_display(), point, metres, nearest, within)


def neighbours_of(spots: list[Spot]) -> Neighbours | None:
    """How far each station is from the nearest other one; None where there are not two."""
    if len(spots) < 2:
        return None
    by_code = {spot.code: spot for spot in spots}
    around = Nearness((spot.code, spot.point) for spot in spots)
    pairs = []
    for spot in spots:
        found = around.nearest(spot.point, besides=spot.code)
        if found is not None:
            pairs.append(Pair(spot, by_code[found.key], found.metres))
    pairs.sort(key=lambda pair: (pair.metres, pair.one.code))
    lengths = [pair.metres for pair in pairs]
    lonely = list(reversed(pairs[-MOST_PAIRS:]))
    return Neighbours(len(pairs), lengths[0], median(lengths), lengths[-1], lonely, _once(pairs)[:MOST_PAIRS])


def _once(pairs: list[Pair]) -> list[Pair]:
    """Each two stations but once: most closest pairs are each other's nearest."""
    seen: set[frozenset[str]] = set()
    kept = []
    for pair in pairs:
        two = frozenset((pair.one.code, pair.other.code))
        if two not in seen:
            seen.add(two)
            kept.append(pair)
    return kept
