"""What stands in a person's own calendar: visits planned and made, follow-ups and deadlines, meetings, the day the journal is due.

The same entries make the page and the feed. `name` is fit for the feed (enterprise names, numbers and kinds); `detail` is for the page alone.
Source: docs/domain.md, "The week plan".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse

from casework.models import Issue
from casework.workflow import IN_HAND_STATES, State
from unionportal.core.accounts.models import Posting
from unionportal.core.common.scope import Role, Scope
from unionportal.core.workcal.days import iso_week
from visits.models import Journal, Meeting, Visit
from visits.plan_selectors import SUNDAY, WEEK, planned_visits, with_visits
from visits.services.reminding import last_workday
from visits.weeks import week_code, week_of

MEETING_LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a day. `key` stays the same for the same thing; `starts_at` only where an hour is known."""

    key: str
    day: date
    kind: str
    name: str
    url: str
    detail: str = ""
    starts_at: time | None = None
    changed_at: datetime | None = None
    version: int = 0

    @property
    def label(self) -> str:
        return LABELS[self.kind]

    @property
    def tone(self) -> str:
        return TONES[self.kind]


LABELS = {
    "meeting": "月交流",
    "follow_up": "回访到期",
    "deadline": "办理期限",
    "journal": "周记提交",
    "planned": "计划走访",
    "visit": "走访",
}
TONES = {
    "meeting": "brand",
    "follow_up": "warn",
    "deadline": "warn",
    "journal": "idle",
    "planned": "link",
    "visit": "ok",
}
#: How the lines of a day are ordered.
ORDER = tuple(LABELS)


def entries(scope: Scope, start: date, end: date, *, with_visits_made: bool = True) -> list[Entry]:
    """A person's entries from `start` to `end`, both included, by day and kind. As many queries for one entry as for twenty."""
    found = [*_meetings(scope, start, end), *_deadlines(scope, start, end)]
    if scope.has(Role.CADRE):
        found += [*_planned(scope, start, end), *_follow_ups(scope, start, end), *_journals(scope, start, end)]
        if with_visits_made:
            found += _visits(scope, start, end)
    return sorted(
        found, key=lambda entry: (entry.day, ORDER.index(entry.kind), entry.starts_at or time.min, entry.name)
    )


def _planned(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    """Planned and not done yet; what is done stands there as the visit itself, on the day it was made."""
    first, last = week_of(start), week_of(end) + SUNDAY
    rows = planned_visits(scope).filter(cadre_id=scope.user_id).between(first, last)
    for item in with_visits(scope.user_id, first, rows, until=last):
        row = item.planned
        if start <= row.planned_on <= end and not item.is_done:
            yield Entry(
                key=f"planned-{row.pk}",
                day=row.planned_on,
                kind="planned",
                name=f"{row.enterprise.name}（{row.get_kind_display()}）",
                url=f"{reverse('plan')}?week={week_code(row.planned_on)}#day-{row.planned_on}",
                detail=row.note,
                changed_at=row.planned_at,
                version=row.version,
            )


def _visits(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    rows = Visit.objects.filter(cadre_id=scope.user_id, visited_on__range=(start, end)).select_related("enterprise")
    for row in rows.defer("search_tokens", "narrative", "enterprise__search_tokens"):
        yield Entry(
            key=f"visit-{row.pk}",
            day=row.visited_on,
            kind="visit",
            name=f"{row.target_label}（{row.get_kind_display()}）",
            url=reverse("visit-detail", args=[row.pk]),
        )


def _follow_ups(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    """Of the cadre's postings and of what they registered, also where another role lets them see more."""
    own = (
        Q(township_id__in=scope.posted_township_ids)
        | Q(enterprise_id__in=scope.posted_enterprise_ids)
        | Q(registered_by_id=scope.user_id)
    )
    rows = Issue.objects.visible_to(scope).filter(
        own, state=State.ANSWERED, followed_up_on__isnull=True, follow_up_due_on__range=(start, end)
    )
    for issue in _with_names(rows):
        if issue.follow_up_due_on:
            yield _of_issue(issue, "follow_up", issue.follow_up_due_on)


def _deadlines(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    """The handling deadlines of what the person registered, or handles as the one named for it."""
    own = Q(registered_by_id=scope.user_id) | Q(assignee_id=scope.user_id)
    rows = Issue.objects.visible_to(scope).filter(
        own, state__in=IN_HAND_STATES, paused_on__isnull=True, due_on__range=(start, end)
    )
    for issue in _with_names(rows):
        if issue.due_on:
            yield _of_issue(issue, "deadline", issue.due_on)


def _with_names(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    shown = ("pk", "code", "title", "version", "due_on", "follow_up_due_on", "enterprise__name")
    return rows.select_related("enterprise").only(*shown)


def _of_issue(issue: Issue, kind: str, day: date) -> Entry:
    return Entry(
        key=f"{kind}-{issue.code}",
        day=day,
        kind=kind,
        name=f"{issue.code} {issue.enterprise.name}" if issue.enterprise else issue.code,
        url=f"/issues/{issue.code}/",
        detail=issue.title,
        version=issue.version,
    )


def _meetings(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    rows = Meeting.objects.visible_to(scope).filter(held_on__range=(start, end)).select_related("group")
    for meeting in rows:
        yield Entry(
            key=f"meeting-{meeting.pk}",
            day=meeting.held_on,
            kind="meeting",
            name=meeting.group.name,
            url=reverse("meeting", args=[meeting.pk]),
            detail=meeting.place,
            starts_at=meeting.starts_at,
            changed_at=meeting.planned_at,
            version=meeting.version,
        )


def _journals(scope: Scope, start: date, end: date) -> Iterator[Entry]:
    """The last workday of each week in a posting whose journal is not handed in yet."""
    mondays = [week_of(start) + WEEK * n for n in range((week_of(end) - week_of(start)).days // 7 + 1)]
    own = Journal.objects.filter(cadre_id=scope.user_id, iso_year__range=(start.year - 1, end.year + 1)).handed_in()
    done = set(own.values_list("iso_year", "iso_week"))
    postings = list(Posting.objects.filter(cadre_id=scope.user_id).values_list("start_on", "end_on"))
    for monday in mondays:
        posted = any(first <= monday + SUNDAY and (last is None or last >= monday) for first, last in postings)
        due = last_workday(monday)
        if due is None or not posted or not start <= due <= end or iso_week(monday) in done:
            continue
        year, week = iso_week(monday)
        yield Entry(
            key=f"journal-{year}-W{week:02}",
            day=due,
            kind="journal",
            name=f"第{week}周周记",
            url=reverse("journal-week", args=[year, week]),
        )
