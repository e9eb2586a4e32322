"""What `/find/` asks of every visitor and what seldom changes, kept in each process for some seconds: names, choices, how far the stations reach."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min

from stations.coordinates import Box, Point
from stations.mercator import Spot, project
from stations.models import Facility, Station, StationKind, TownshipPlace
from unionportal.core.common.kept import Kept
from unionportal.core.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """A township's name and where the map writes it."""

    name: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Directory:
    """Choices of the filters, names by id, and where the open stations lie (None while there are none)."""

    townships: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    facilities: tuple[Choice, ...]
    facility_names: dict[int, str]
    kind_names: dict[int, str]
    labels: tuple[Label, ...]
    count: int
    extent: Box | None


def _load() -> Directory:
    serving = Station.objects.serving()
    edges = serving.aggregate(
        count=Count("id"),
        west=Min("longitude"),
        south=Min("latitude"),
        east=Max("longitude"),
        north=Max("latitude"),
    )
    count = edges.pop("count")
    kinds = [Choice(*row) for row in StationKind.objects.values_list("pk", "code", "name")]
    facilities = [Choice(*row) for row in Facility.objects.filter(is_active=True).values_list("pk", "code", "name")]
    townships = Unit.objects.filter(pk__in=serving.values("township")).order_by("code")
    return Directory(
        townships=tuple(Choice(*row) for row in townships.values_list("pk", "code", "short_name")),
        kinds=tuple(kinds),
        facilities=tuple(facilities),
        facility_names=dict(Facility.objects.values_list("pk", "name")),
        kind_names={kind.pk: kind.name for kind in kinds},
        labels=tuple(
            Label(place.township.short_name, project(Point(float(place.longitude), float(place.latitude))))
            for place in TownshipPlace.objects.select_related("township")
        ),
        count=count,
        extent=Box(**{edge: float(degrees) for edge, degrees in edges.items()}) if count else None,
    )


directory: Kept[Directory] = Kept(_load)
