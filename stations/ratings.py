"""What the ratings of stations in a period come to. Star ratings of a year, the yearly figures and the station's own page read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from stations.models import StationRating

#: From this many stars down a rating is a complaint.
BAD_STARS = 2


@dataclass(frozen=True, slots=True)
class RatingFigures:
    """How many phones rated, all their stars together, and how many were dissatisfied."""

    count: int = 0
    stars: int = 0
    bad: int = 0

    @property
    def average(self) -> float | None:
        """Stars a rating; None where nobody rated."""
        return self.stars / self.count if self.count else None


def rating_figures(stations: Iterable[int], *, start: date, end: date) -> dict[int, RatingFigures]:
    """By station id, of ratings from `start` to `end`, both included. A station nobody rated has figures of nought."""
    ids = list(stations)
    rows = (
        StationRating.objects.filter(station__in=ids, rated_on__range=(start, end))
        .values("station")
        .annotate(count=Count("id"), total=Sum("stars"), bad=Count("id", filter=Q(stars__lte=BAD_STARS)))
        .order_by()
    )
    found = {row["station"]: RatingFigures(row["count"], row["total"], row["bad"]) for row in rows}
    return {pk: found.get(pk, RatingFigures()) for pk in ids}
