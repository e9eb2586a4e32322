"""Gaps of coverage: key enterprises nobody answers for or called on, weeks that fell short of the quota. A few queries for any number of either."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import stand_ins
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise
from unionportal.core.workcal.days import iso_week, week_workdays
from visits.models import Visit
from visits.selectors import owed_in_week


def unvisited_key_enterprises(*, townships: Collection[int], before: date) -> QuerySet[Enterprise]:
    """Active key enterprises of the townships without a visit since `before` (or ever), the longest wait first; `last_visit_on` says when the last was."""
    return (
        Enterprise.objects.filter(township_id__in=townships, is_key=True, is_active=True)
        .annotate(last_visit_on=last_visit())
        .filter(unvisited_since(before))
        .order_by("last_visit_on", "pinyin_key", "id")
    )


def unvisited_since(before: date) -> Q:
    """Of enterprises with `last_visit_on`: nobody called on them since the day, or ever."""
    return Q(last_visit_on__isnull=True) | Q(last_visit_on__lt=before)


def key_enterprises(scope: Scope, on: date) -> QuerySet[Enterprise]:
    """The reader's active key enterprises with `has_cadre` (an active one in a posting to it or its township on the day) and `last_visit_on`."""
    there = Q(enterprise=OuterRef("pk")) | Q(township=OuterRef("township"))
    posted = Posting.objects.in_force(on).filter(there, cadre__is_active=True)
    rows: QuerySet[Enterprise] = Enterprise.objects.visible_to(scope).filter(is_key=True, is_active=True)
    return rows.annotate(last_visit_on=last_visit(), has_cadre=Exists(posted)).select_related("township")


def cadres_at(enterprises: Iterable[Enterprise], on: date) -> dict[int, list[str]]:
    """Enterprise id -> names of the active cadres who answer for it on the day, its own before those of the township, with who stands in.
    Two queries for any number."""
    rows = list(enterprises)
    postings = (
        Posting.objects.in_force(on)
        .filter(Q(enterprise__in=rows) | Q(township_id__in={row.township_id for row in rows}), cadre__is_active=True)
        .order_by("enterprise_id", "start_on", "id")
        .values_list("enterprise_id", "township_id", "cadre_id", "cadre__display_name")
    )
    known = list(postings)
    away = stand_ins((cadre for _, _, cadre, _ in known), on)
    found: dict[int, list[str]] = {}
    for row in rows:
        here = {cadre: name for at, town, cadre, name in known if row.pk == at or row.township_id == town}
        found[row.pk] = [
            f"{name}（{away[cadre].substitute.display_name}代岗）" if cadre in away else name
            for cadre, name in here.items()
        ]
    return found


def by_township(enterprises: QuerySet[Enterprise], before: date) -> list[dict[str, object]]:
    """Of `key_enterprises`, for each township: how many, without a cadre, not visited since the day, and how many of those never."""
    rows = (
        enterprises.order_by()
        .values("township__code", "township__short_name")
        .annotate(
            total=Count("pk"),
            unposted=Count("pk", filter=Q(has_cadre=False)),
            unvisited=Count("pk", filter=unvisited_since(before)),
            never=Count("pk", filter=Q(last_visit_on__isnull=True)),
        )
        .order_by("township__code")
    )
    return [dict(row) for row in rows]


def last_visit() -> Subquery:
    """Of enterprises: the day of the last visit, whoever made it."""
    latest = (
        Visit.objects.filter(enterprise=OuterRef("pk")).values("enterprise").annotate(on=Max("visited_on")).values("on")
    )
    return Subquery(latest)


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
