"""Reads of visits and journals, with what pages and API need beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from casework.models import Category, Issue
from casework.periods import period_end
from unionportal.core.accounts.models import Posting, User
from unionportal.core.common.formats import zh_short
from unionportal.core.common.months import month_end
from unionportal.core.common.scope import Scope
from unionportal.core.common.spelled import Spelled, by_ids, columns, planned_rows
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import iso_week, week_range, week_workdays
from visits.models import Journal, JournalRemark, Visit, VisitPhoto
from visits.querysets import JournalQuerySet
from visits.quotas import owed_in_week

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


class VisitLine(NamedTuple):
    """What a line of the list of visits shows, read as columns (see casework.selectors.IssueLine)."""

    id: UUID
    visited_on: date
    created_at: datetime
    kind: str
    mode: str
    target_kind: str
    target_name: str
    morale: str
    vitality: str
    employment: str
    assistance: str
    rights: str
    township_id: int
    enterprise__name: str | None
    enterprise__is_key: bool | None
    cadre__display_name: str


def visit_lines(ids: list[UUID]) -> list[VisitLine]:
    """The visits of these ids as the page lists them, in any order."""
    return [VisitLine(*row) for row in planned_rows(_LINES, [ids])]


_LINES = f"""SELECT {", ".join(f"v.{name}" for name in VisitLine._fields[:-3])}, e.name, e.is_key, c.display_name
FROM visits_visit v JOIN accounts_user c ON c.id = v.cadre_id LEFT JOIN orgs_enterprise e ON e.id = v.enterprise_id
WHERE v.id = ANY(%s)"""


def issue_titles(visit_ids: list[UUID], scope: Scope) -> dict[UUID, list[tuple[str, str]]]:
    """Visit id -> code and title of the issues raised on it that the reader may see, oldest first. One query for any number of visits."""
    found: dict[UUID, list[tuple[str, str]]] = {visit_id: [] for visit_id in visit_ids}
    rows = Issue.objects.visible_to(scope).filter(source_kind=Issue.Source.VISIT, source_uuid__in=visit_ids)
    for visit_id, code, title in rows.order_by("id").values_list("source_uuid", "code", "title"):
        found[visit_id].append((code, title))
    return found


def visits_between(scope: Scope, start: date, end: date) -> QuerySet[Visit]:
    """Visits made from `start` to `end` (both included), newest first."""
    return visits(scope).filter(visited_on__range=(start, end)).order_by(*LIST_ORDER)


def visit_with_photos(scope: Scope) -> QuerySet[Visit]:
    """For the page of one visit."""
    return visits(scope).prefetch_related(Prefetch("photos", VisitPhoto.objects.select_related("attachment")))


def issues_of(visits: list[Visit], scope: Scope) -> dict[object, list[Issue]]:
    """Visit id -> the issues raised on it that the reader may see, oldest first. Three queries for any number of visits."""
    found: dict[object, list[Issue]] = {visit.pk: [] for visit in visits}
    rows = (
        Issue.objects.visible_to(scope)
        .filter(source_kind=Issue.Source.VISIT, source_uuid__in=list(found))
        .defer("search_tokens", "description")
        .order_by("id")
    )
    categories = by_ids(Category, (issue.category_id for issue in rows))
    units = by_ids(Unit, (unit for issue in rows for unit in (issue.holder_id, issue.township_id)))
    for issue in rows:
        issue.category = categories[issue.category_id]
        issue.township, issue.holder = units[issue.township_id], units.get(issue.holder_id)
        found[issue.source_uuid].append(issue)
    return found


_RAISED = Spelled(
    lambda visit_id: (
        Issue.objects.filter(source_kind=Issue.Source.VISIT, source_uuid=visit_id)
        .order_by("id")
        .values_list(*columns(Issue, but="search_tokens"))
    ),
    visit_id=UUID(int=0),
)


def just_raised(visit: Visit) -> list[Issue]:
    """The issues of a visit, with their category, for who has just logged it: they see what they registered."""
    issues = _RAISED.objects(Issue, but="search_tokens", visit_id=visit.pk)
    categories = by_ids(Category, (issue.category_id for issue in issues))
    for issue in issues:
        issue.category = categories[issue.category_id]
    return issues


def promise_words(categories: Iterable[Category], today: date | None = None) -> dict[str, str]:
    """Category -> what it promises, said as a deadline too if it were assigned today."""
    return {
        category.code: f"办理期限 {category.promise_workdays} 个{category.get_promise_in_display()}"
        + (
            f"（今天交办则 {zh_short(period_end(today, category.promise_workdays, category.promise_in).day)}）"
            if today
            else ""
        )
        for category in categories
    }


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
    posted = _postings_between(monday, sunday).filter(cadre_id=cadre_id).exists()
    owed = owed_in_week(monday, workdays) if posted else 0
    done = Visit.objects.filter(cadre_id=cadre_id, visited_on__range=(monday, sunday)).count()
    return Quota(done=done, owed=owed, year=year, week=week, start=monday, end=sunday, workdays=workdays)


def journals(scope: Scope) -> JournalQuerySet:
    """The journals a person may see, with their number of visits."""
    return Journal.objects.visible_to(scope).select_related("cadre").annotate(visit_count=Count("visits"))


def journals_whole(scope: Scope) -> JournalQuerySet:
    """The journals a person may see, with what their page and their Word file show of remarks."""
    return (
        Journal.objects.visible_to(scope)
        .select_related("cadre")
        .prefetch_related(Prefetch("remarks", JournalRemark.objects.select_related("author")))
    )


def month_journals(scope: Scope, cadre: User, year: int, month: int) -> list[Journal]:
    """A cadre's journals of the weeks whose Thursday lies in a month (so every week belongs to one month), oldest first."""
    weeks = sorted({iso_week(day) for day in _thursdays(year, month)})
    found = journals_whole(scope).filter(cadre=cadre, iso_year__in={week[0] for week in weeks})
    return [j for j in found.order_by("iso_year", "iso_week") if (j.iso_year, j.iso_week) in weeks]


def _thursdays(year: int, month: int) -> list[date]:
    days = (date(year, month, day) for day in range(1, month_end(date(year, month, 1)).day + 1))
    return [day for day in days if day.isoweekday() == 4]


def visits_in(found: Iterable[Journal], scope: Scope) -> dict[int, list[Visit]]:
    """Journal id -> its visits that the reader may see, in their order. One query for any number of journals."""
    rows: dict[int, list[Visit]] = {journal.pk: [] for journal in found}
    for visit in visits(scope).filter(journal__in=rows).order_by("visited_on", "created_at", "id"):
        rows[visit.journal_id].append(visit)
    return rows


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A cadre's week in a list: the quota, and the journal where there is one."""

    cadre: User | None
    quota: Quota
    journal: Journal | None


def district_week(scope: Scope, year: int, week: int) -> list[WeekRow]:
    """Every cadre posted in the week (or with a journal of it) and how far the journal is, by name; a township sees those it can read.

    Three queries for any number.
    """
    monday, sunday = week_range(year, week)
    found = {journal.cadre_id: journal for journal in journals(scope).filter(iso_year=year, iso_week=week)}
    posted = set(_postings_between(monday, sunday).values_list("cadre_id", flat=True))
    listed = posted | set(found) if scope.district else set(found)
    cadres = User.objects.filter(pk__in=listed).order_by("pinyin_key", "pk")
    return [
        WeekRow(cadre, _quota(year, week, found.get(cadre.pk), posted=cadre.pk in posted), found.get(cadre.pk))
        for cadre in cadres
    ]


def cadres_owing(year: int, week: int) -> set[int]:
    """The cadres in a posting in a week that carries a quota."""
    monday, sunday = week_range(year, week)
    if not owed_in_week(monday, week_workdays(year, week)):
        return set()
    return set(_postings_between(monday, sunday).filter(cadre__is_active=True).values_list("cadre_id", flat=True))


def cadre_weeks(scope: Scope, year: int, today: date) -> list[WeekRow]:
    """The reader's own weeks of an ISO week-year up to now, newest first: those in a posting, and those with a journal."""
    found = {j.iso_week: j for j in journals(scope).filter(cadre_id=scope.user_id, iso_year=year)}
    postings = list(Posting.objects.filter(cadre_id=scope.user_id).values_list("start_on", "end_on"))
    rows = []
    for week in range(1, weeks_in(year) + 1):
        monday, sunday = week_range(year, week)
        posted = any(start <= sunday and (end is None or end >= monday) for start, end in postings)
        if monday <= today and (posted or week in found):
            rows.append(WeekRow(None, _quota(year, week, found.get(week), posted=posted), found.get(week)))
    return rows[::-1]


def weeks_in(year: int) -> int:
    """52 or 53: 28 December always lies in the last ISO week of its year."""
    return date(year, 12, 28).isocalendar().week


def _quota(year: int, week: int, journal: Journal | None, *, posted: bool) -> Quota:
    """The quota of a week of a list, its visits counted with the journal (every visit hangs on the journal of its week)."""
    monday, sunday = week_range(year, week)
    workdays = week_workdays(year, week)
    return Quota(
        done=journal.visit_count if journal else 0,
        owed=owed_in_week(monday, workdays) if posted else 0,
        year=year,
        week=week,
        start=monday,
        end=sunday,
        workdays=workdays,
    )


def _postings_between(start: date, end: date) -> QuerySet[Posting]:
    return Posting.objects.filter(start_on__lte=end).filter(Q(end_on__isnull=True) | Q(end_on__gte=start))
