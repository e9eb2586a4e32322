"""Gaps of coverage: key enterprises nobody called on, weeks that fell short of the quota. A few queries for any number of either."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from unionportal.core.accounts.models import Posting
from unionportal.core.orgs.models import Enterprise
from unionportal.core.workcal.days import iso_week, week_workdays
from visits.models import Visit
from visits.selectors import owed_in_week


def unvisited_key_enterprises(*, townships: Collection[int], before: date) -> QuerySet[Enterprise]:
    """Active key enterprises of the townships without a visit since `before` (or ever), the longest wait first; `last_visit_on` says when the last was."""
    latest = (
        Visit.objects.filter(enterprise=OuterRef("pk")).values("enterprise").annotate(on=Max("visited_on")).values("on")
    )
    return (
        Enterprise.objects.filter(township_id__in=townships, is_key=True, is_active=True)
        .annotate(last_visit_on=Subquery(latest))
        .filter(Q(last_visit_on__isnull=True) | Q(last_visit_on__lt=before))
        .order_by("last_visit_on", "pinyin_key", "id")
    )


def short_weeks(cadres: Collection[int], since: date, until: date) -> dict[int, list[date]]:
    """Cadre id -> Mondays of the whole weeks from `since` to `until` (both included) in which they made fewer visits than they owed."""
    mondays = _whole_weeks(since, until)
    found: dict[int, list[date]] = {cadre: [] for cadre in cadres}
    if not mondays or not found:
        return found
    made = {
        (cadre, week): number
        for cadre, week, number in Visit.objects.filter(
            cadre_id__in=cadres, visited_on__range=(mondays[0], mondays[-1] + timedelta(days=6))
        )
        .annotate(week=TruncWeek("visited_on"))
        .order_by()
        .values("cadre_id", "week")
        .annotate(number=Count("pk"))
        .values_list("cadre_id", "week", "number")
    }
    postings = list(Posting.objects.filter(cadre_id__in=cadres).values_list("cadre_id", "start_on", "end_on"))
    for monday in mondays:
        owed = owed_in_week(monday, week_workdays(*iso_week(monday)))
        for cadre in _posted(postings, monday):
            if made.get((cadre, monday), 0) < owed:
                found[cadre].append(monday)
    return found


def _whole_weeks(since: date, until: date) -> list[date]:
    first = since + timedelta(days=-since.weekday() % 7)
    return [first + timedelta(weeks=n) for n in range(max(0, (until - first).days + 1) // 7)]


def _posted(postings: list[tuple[int, date, date | None]], monday: date) -> set[int]:
    sunday = monday + timedelta(days=6)
    return {cadre for cadre, start, end in postings if start <= sunday and (end is None or end >= monday)}
