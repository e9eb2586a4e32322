"""Reads of visits and journals, with what pages and API need beside them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet

from casework.models import Issue
from unionportal.core.accounts.models import Posting, User
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise
from unionportal.core.params.values import value
from unionportal.core.workcal.days import iso_week, week_range, week_workdays
from visits.models import Journal, Visit, VisitPhoto

LIST_ORDER = ("-visited_on", "-created_at", "-id")


@dataclass(frozen=True, slots=True)
class Quota:
    """One cadre's week: visits done (家次) and owed. A week of few workdays, or outside every posting, owes none."""

    done: int
    owed: int
    year: int
    week: int
    start: date
    end: date
    workdays: int

    @property
    def missing(self) -> int:
        return max(0, self.owed - self.done)

    @property
    def is_met(self) -> bool:
        return self.missing == 0


def visits(scope: Scope) -> QuerySet[Visit]:
    """The visits a person may see, with what a list shows of each."""
    return (
        Visit.objects.visible_to(scope)
        .select_related("cadre", "enterprise", "township", "journal")
        .defer("search_tokens", "enterprise__search_tokens")
    )


def visits_between(scope: Scope, start: date, end: date) -> QuerySet[Visit]:
    """Visits made from `start` to `end` (both included), newest first."""
    return visits(scope).filter(visited_on__range=(start, end)).order_by(*LIST_ORDER)


def visit_with_photos(scope: Scope) -> QuerySet[Visit]:
    """For the page of one visit."""
    return visits(scope).prefetch_related(Prefetch("photos", VisitPhoto.objects.select_related("attachment")))


def issues_of(visits: list[Visit], scope: Scope) -> dict[object, list[Issue]]:
    """Visit id -> the issues raised on it that the reader may see, oldest first. One query for any number of visits."""
    found: dict[object, list[Issue]] = {visit.pk: [] for visit in visits}
    rows = (
        Issue.objects.visible_to(scope)
        .filter(source_kind=Issue.Source.VISIT, source_uuid__in=list(found))
        .select_related("category", "holder", "township")
        .defer("search_tokens", "description")
        .order_by("id")
    )
    for issue in rows:
        found[issue.source_uuid].append(issue)
    return found


def last_visits(enterprise: Enterprise, scope: Scope, limit: int = 5) -> list[Visit]:
    """The latest visits of an enterprise within the reader's scope."""
    return list(visits(scope).filter(enterprise=enterprise).order_by("-visited_on", "-created_at", "-id")[:limit])


def weekly_quota(cadre_id: int, on: date) -> Quota:
    """The quota of the ISO week of a day. source: docs/domain.md, "Visits"; parameters visits.weekly_quota, visits.quota_min_workdays."""
    return quota_of_week(cadre_id, *iso_week(on))


def quota_of_week(cadre_id: int, year: int, week: int) -> Quota:
    """As `weekly_quota`, by ISO week-year and week."""
    monday, sunday = week_range(year, week)
    workdays = week_workdays(year, week)
    owed = 0
    if workdays >= value("visits.quota_min_workdays", on=monday) and _posted_in(cadre_id, monday, sunday):
        owed = int(value("visits.weekly_quota", on=monday))
    done = Visit.objects.filter(cadre_id=cadre_id, visited_on__range=(monday, sunday)).count()
    return Quota(done=done, owed=owed, year=year, week=week, start=monday, end=sunday, workdays=workdays)


def _posted_in(cadre_id: int, start: date, end: date) -> bool:
    return (
        Posting.objects.filter(cadre_id=cadre_id, start_on__lte=end)
        .filter(Q(end_on__isnull=True) | Q(end_on__gte=start))
        .exists()
    )


def journals(scope: Scope) -> QuerySet[Journal]:
    """The journals a person may see, with their number of visits."""
    return Journal.objects.visible_to(scope).select_related("cadre").annotate(visit_count=Count("visits"))


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One cadre's line in the district's week: a journal, or that there is none yet."""

    cadre: User
    journal: Journal | None
    visit_count: int


def district_week(scope: Scope, year: int, week: int) -> list[WeekLine]:
    """Every cadre posted in the week (or with a journal of it) and how far the journal is, by name."""
    monday, sunday = week_range(year, week)
    found = {journal.cadre_id: journal for journal in journals(scope).filter(iso_year=year, iso_week=week)}
    posted = Posting.objects.filter(start_on__lte=sunday).filter(Q(end_on__isnull=True) | Q(end_on__gte=monday))
    cadres = User.objects.filter(Q(pk__in=posted.values("cadre_id")) | Q(pk__in=found)).order_by("pinyin_key", "pk")
    return [
        WeekLine(cadre, found.get(cadre.pk), found[cadre.pk].visit_count if cadre.pk in found else 0)
        for cadre in cadres
    ]


def weeks_to_show(scope: Scope, today: date, number: int = 12) -> list[tuple[int, int, date, date, Journal | None]]:
    """The last weeks of one cadre, newest first, with the journal where there is one."""
    mondays = [today - timedelta(days=today.weekday() + 7 * back) for back in range(number)]
    weeks = [iso_week(monday) for monday in mondays]
    wanted = Q(pk__in=[])
    for year, week in weeks:
        wanted |= Q(iso_year=year, iso_week=week)
    own = journals(scope).filter(wanted, cadre_id=scope.user_id)
    found = {(journal.iso_year, journal.iso_week): journal for journal in own}
    return [
        (year, week, monday, monday + timedelta(days=6), found.get((year, week)))
        for (year, week), monday in zip(weeks, mondays, strict=True)
    ]
