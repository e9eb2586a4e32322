"""Figures of service activities: 场次, 人次, 经费, 资料份数, added up by the database. Source: docs/domain.md, "Service activities"."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Count, DecimalField, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Trunc

from casework.models import ActivitySession, ServiceActivity
from unionportal.core.common.scope import Scope

Period = Literal["month", "quarter", "year"]
_MONEY = DecimalField(max_digits=14, decimal_places=2)
_SUMS: dict[str, Any] = {
    "sessions": Count("pk"),
    "attendance": Coalesce(Sum("attendance"), 0),
    "cost": Coalesce(Sum("cost"), Decimal(0), output_field=_MONEY),
    "leaflets": Coalesce(Sum("leaflets"), 0),
}


@dataclass(frozen=True, slots=True)
class ActivityFigures:
    """What took place: activities with a session, sessions, visitors summed, money, leaflets."""

    activities: int
    sessions: int
    attendance: int
    cost: Decimal
    leaflets: int


@dataclass(frozen=True, slots=True)
class ActivityFiguresRow:
    """The figures of a period (its first day), township (None: for the whole district) and kind."""

    start: date
    township: str | None
    kind: str
    figures: ActivityFigures


def totals(
    activities: QuerySet[ServiceActivity], today: date, *, since: date | None = None, until: date | None = None
) -> ActivityFigures:
    """The figures of these activities, of their sessions between two days where given. One query."""
    sessions = _between(ActivitySession.objects.counted(today), since, until)
    sessions = sessions.filter(activity__in=activities.order_by().values("pk"))
    found = sessions.order_by().aggregate(activities=Count("activity_id", distinct=True), **_SUMS)
    return ActivityFigures(**found)


def activity_figures(
    scope: Scope, today: date, *, period: Period = "month", since: date | None = None, until: date | None = None
) -> list[ActivityFiguresRow]:
    """Per period x township x kind, by the day of the session, within the reader's scope; only groups with a session. One query."""
    sessions = _between(ActivitySession.objects.counted(today), since, until)
    sessions = sessions.filter(activity__in=ServiceActivity.objects.visible_to(scope).order_by().values("pk"))
    groups = (
        sessions.order_by()
        .values(start=Trunc("held_on", period), township=F("activity__township__code"), kind=F("activity__kind"))
        .annotate(activities=Count("activity_id", distinct=True))
    )
    # A sum is written under the name of the column it adds up, so the columns come by other names.
    groups = groups.annotate(**{f"{name}_sum": expression for name, expression in _SUMS.items()})
    return [
        ActivityFiguresRow(
            start=row["start"],
            township=row["township"],
            kind=row["kind"],
            figures=ActivityFigures(row["activities"], *(row[f"{name}_sum"] for name in _SUMS)),
        )
        for row in groups.order_by("start", "township", "kind")
    ]


def with_figures(activities: QuerySet[ServiceActivity], today: date) -> QuerySet[ServiceActivity]:
    """Each activity with its own `sessions_held`, `attendance`, `cost`, `leaflets` and the number of issues linked, in the list's query."""
    sessions = ActivitySession.objects.counted(today).filter(activity=OuterRef("pk")).order_by().values("activity")
    links = ServiceActivity.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count("links"))
    return activities.annotate(
        sessions_held=_sum(sessions, Count("pk"), IntegerField()),
        attendance=_sum(sessions, Sum("attendance"), IntegerField()),
        cost=_sum(sessions, Sum("cost"), _MONEY),
        leaflets=_sum(sessions, Sum("leaflets"), IntegerField()),
        issues_linked=Subquery(links.values("n"), output_field=IntegerField()),
    )


def _sum(sessions: QuerySet[ActivitySession, Any], what: Any, kind: Any) -> Any:
    return Coalesce(Subquery(sessions.annotate(n=what).values("n"), output_field=kind), 0, output_field=kind)


def _between(sessions: Any, since: date | None, until: date | None) -> Any:
    if since is not None:
        sessions = sessions.filter(held_on__gte=since)
    return sessions.filter(held_on__lte=until) if until is not None else sessions
