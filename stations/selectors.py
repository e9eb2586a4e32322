"""Reads of the register, with what their pages show."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from stations.models import Keepership, Station, StationChange
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope

HISTORY_SHOWN = 50


def stations_listed(ids: list[int]) -> QuerySet[Station]:
    """The stations of these ids as a row of the list shows them, in any order: the same number of queries whatever the number of rows."""
    keepers = Keepership.objects.in_force(clock.today()).select_related("user").order_by("start_on", "id")
    return (
        Station.objects.filter(pk__in=ids)
        .select_related("township", "kind")
        .with_hours()
        .prefetch_related("listings", Prefetch("keeperships", keepers, to_attr="keeping"))
        .defer("search_tokens")
    )


def stations_whole(scope: Scope) -> QuerySet[Station]:
    """The stations a person may see, as the page of one shows it."""
    keepers = Keepership.objects.select_related("user").order_by("-start_on", "-id")
    return (
        Station.objects.visible_to(scope)
        .select_related("township", "kind", "created_by")
        .with_hours()
        .prefetch_related(
            "equipment__facility",
            "partners",
            "listings",
            "photos__attachment",
            Prefetch("keeperships", keepers),
        )
        .defer("search_tokens")
    )


def history_of(station: Station) -> list[StationChange]:
    """The newest changes."""
    return list(station.changes.select_related("actor").order_by("-id")[:HISTORY_SHOWN])


def grades_of(station: Station) -> list[StationChange]:
    """Every change of level and stars."""
    rows = station.changes.filter(field__in=["level", "stars"]).select_related("actor")
    return list(rows.order_by("-on", "-id"))


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over stations that stand (open, suspended)."""

    standing: int
    serving: int
    all_day: int
    benchmark: int
    smart: int


def totals(stations: QuerySet[Station]) -> Totals:
    """How many there are, in one query."""
    standing = Q(state__in=["open", "suspended"])
    return Totals(
        **stations.order_by().aggregate(
            standing=Count("pk", filter=standing),
            serving=Count("pk", filter=Q(state="open")),
            all_day=Count("pk", filter=standing & Q(open_all_day=True)),
            benchmark=Count("pk", filter=standing & Q(level="benchmark")),
            smart=Count("pk", filter=standing & Q(level="smart")),
        )
    )
