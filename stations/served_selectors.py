"""Reads around people served: stations with their numbers of a year, a station's latest rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from stations.counting import Served, Way
from stations.models import CheckInDay, ServedCount, Station
from unionportal.core.common.scope import Scope

#: Rows of a station shown on its page, of entered numbers and of check-ins each.
LATEST = 31


def year_span(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def with_served(stations: QuerySet[Station], first: date, last: date) -> QuerySet[Station]:
    """Each station with its `tally`, `check_in` and `estimate` of these days, in the list's query."""
    entered = ServedCount.objects.filter(station=OuterRef("pk"), start_on__range=(first, last))
    checked = CheckInDay.objects.filter(station=OuterRef("pk"), day__range=(first, last))
    return stations.annotate(
        tally=_sum(entered.filter(way=Way.TALLY)),
        check_in=_sum(checked),
        estimate=_sum(entered.filter(way=Way.ESTIMATE)),
    )


def served_of(station: Station) -> Served:
    """The numbers `with_served` put on a station."""
    return Served(*(getattr(station, way.value) for way in Way))


@dataclass(frozen=True, slots=True)
class StationNumbers:
    """A station's latest entered rows and days with check-ins, newest first."""

    entered: list[ServedCount]
    checked: list[CheckInDay]


def latest_numbers(station: Station, first: date, last: date) -> StationNumbers:
    """Of these days. Two queries."""
    entered = ServedCount.objects.filter(station=station, start_on__range=(first, last)).select_related("entered_by")
    checked = CheckInDay.objects.filter(station=station, day__range=(first, last))
    return StationNumbers(list(entered.order_by("-start_on", "-id")[:LATEST]), list(checked.order_by("-day")[:LATEST]))


def stations_with_history(scope: Scope) -> QuerySet[Station]:
    """The stations a person sees that were ever open: only those can have served anybody."""
    return Station.objects.visible_to(scope).filter(opened_on__isnull=False)


def _sum(rows: QuerySet[Any, Any]) -> Any:
    summed = rows.order_by().values("station").annotate(n=Sum("number")).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)
