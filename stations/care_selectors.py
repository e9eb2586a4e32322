"""Reads of the care of stations: this month's self-checks, a check as it was answered, what warns, a station's year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum

from stations.models import CheckAnswer, Repair, RepairPhoto, RepairStep, Station, StationCheck, Supply
from stations.querysets import StationQuerySet
from stations.ratings import rating_figures
from stations.star_proposal import Year
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value
from visits.models import ChecklistVersion


def checks(scope: Scope) -> QuerySet[StationCheck]:
    """Checks of stations (not acceptances) with what a list shows."""
    rows = StationCheck.objects.visible_to(scope).exclude(use=StationCheck.Use.ACCEPTANCE)
    return rows.select_related("station__township", "checked_by", "reviewed_by", "checklist_version__checklist")


def check_whole(scope: Scope) -> QuerySet[StationCheck]:
    """A check with its answers, photos and the repairs it opened."""
    answers = CheckAnswer.objects.select_related("item").order_by("item__position", "id")
    return (
        StationCheck.objects.visible_to(scope)
        .select_related("station__township", "project", "checked_by", "reviewed_by", "checklist_version__checklist")
        .prefetch_related(Prefetch("answers", answers), "photos", "repairs")
    )


def grouped(check: StationCheck) -> list[tuple[str, list[CheckAnswer]]]:
    """The answers under the names of their groups."""
    return [(name, list(rows)) for name, rows in groupby(check.answers.all(), key=lambda answer: answer.item.group)]


def newer_version(check: StationCheck, today: date) -> ChecklistVersion | None:
    """The version that holds now, where it is another than the one the check was judged by."""
    checklist = check.checklist_version.checklist_id
    now = ChecklistVersion.objects.in_force(today).filter(checklist=checklist).first()
    return now if now is not None and now.pk != check.checklist_version_id else None


def month_of(scope: Scope, month: date, *, only_missing: bool = False) -> QuerySet[Any]:
    """The standing stations one sees, or those of them without one, with their last self-check of a month: `checked_on` and `check_findings`, else None."""
    checks_of = StationCheck.objects.filter(
        use=StationCheck.Use.SELF,
        station=OuterRef("pk"),
        checked_on__gte=month,
        checked_on__lt=next_month(month),
    ).order_by("-checked_on", "-filed_at")
    rows = Station.objects.visible_to(scope).standing().select_related("township")
    if only_missing:
        rows = rows.filter(~Exists(checks_of))
    return rows.annotate(
        checked_on=Subquery(checks_of.values("checked_on")[:1]),
        check_findings=Subquery(checks_of.values("findings")[:1]),
    )


def unchecked(scope: Scope, today: date) -> StationQuerySet:
    """Standing stations one sees that have no self-check of this month."""
    first = today.replace(day=1)
    done = StationCheck.objects.filter(use=StationCheck.Use.SELF, checked_on__range=(first, today)).values("station")
    return Station.objects.visible_to(scope).standing().exclude(pk__in=done)


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def warned_by(today: date) -> date:
    """The day up to which an expiry is warned of."""
    return today + timedelta(days=int(value("stations.expiry_days", on=today)))


@dataclass(frozen=True, slots=True)
class Warned:
    """A supply with what is wrong with it, as a chip."""

    supply: Supply
    words: str
    tone: str


def warning_of(supply: Supply, today: date) -> Warned:
    """已过期 12 天, 还有 20 天到期, 不足 5 盒, or nothing."""
    if supply.expires_on is not None and supply.quantity:
        left = (supply.expires_on - today).days
        if left < 0:
            return Warned(supply, f"已过期 {-left} 天", "late")
        if supply.expires_on <= warned_by(today):
            return Warned(supply, f"还有 {left} 天到期" if left else "今天到期", "warn")
    if supply.quantity < supply.least:
        return Warned(supply, f"不足 {supply.least} {supply.unit}", "warn")
    return Warned(supply, "", "ok")


def supplies_wanting(scope: Scope, today: date) -> QuerySet[Supply]:
    """What must be seen to, the most pressing first."""
    rows = Supply.objects.visible_to(scope).wanting(warned_by(today)).filter(station__state__in=["open", "suspended"])
    return rows.select_related("station__township").order_by(F("expires_on").asc(nulls_last=True), "pk")


def repair_whole(scope: Scope) -> QuerySet[Repair]:
    """A repair with its log and photos."""
    return (
        Repair.objects.visible_to(scope)
        .select_related("station__township", "assignee", "opened_by", "mended_by", "found_by")
        .prefetch_related(
            Prefetch("steps", RepairStep.objects.select_related("actor", "found_by")),
            Prefetch("photos", RepairPhoto.objects.select_related("attachment")),
        )
    )


def years_of(stations: Iterable[Station], year: int, today: date) -> dict[int, Year]:
    """What the year brought each station, up to today. As many queries for any number of stations."""
    found = list(stations)
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    checks_of: dict[int, Any] = {}
    rows = StationCheck.objects.filter(station__in=found, checked_on__range=(first, last)).order_by()
    counted = rows.values("station_id").annotate(
        checked=Count("checked_on__month", filter=Q(use="self"), distinct=True),
        items=Sum("items_judged", filter=Q(use="spot"), default=0),
        findings=Sum("findings", filter=Q(use="spot"), default=0),
    )
    for row in counted:
        checks_of[row["station_id"]] = row
    late = Q(mended_on__gt=F("due_on")) | Q(mended_on__isnull=True, ended_on__isnull=True, due_on__lt=last)
    mended = Repair.objects.filter(station__in=found, opened_on__range=(first, last)).exclude(state="dropped")
    repairs = {
        station: (number, number_late)
        for station, number, number_late in mended.order_by()
        .values("station_id")
        .annotate(number=Count("pk"), late=Count("pk", filter=late))
        .values_list("station_id", "number", "late")
    }
    rated = rating_figures((station.pk for station in found), start=first, end=last)
    return {
        station.pk: Year(
            months=months_open(station, first, last),
            checked=checks_of.get(station.pk, {}).get("checked", 0),
            spot_items=checks_of.get(station.pk, {}).get("items", 0),
            spot_findings=checks_of.get(station.pk, {}).get("findings", 0),
            repairs=repairs.get(station.pk, (0, 0))[0],
            repairs_late=repairs.get(station.pk, (0, 0))[1],
            ratings=rated[station.pk].count,
            ratings_sum=rated[station.pk].stars,
        )
        for station in found
    }


def months_open(station: Station, first: date, last: date) -> int:
    """The months between two days of a year in which the station was there on any day."""
    if station.opened_on is None:
        return 0
    begin, end = max(first, station.opened_on), min(last, station.withdrawn_on or last)
    return max(0, end.month - begin.month + 1) if begin <= end else 0
