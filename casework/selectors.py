"""Reads for pages and API, with what they need joined in and the long texts of lists left out."""

from datetime import date
from typing import NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from casework.models import Category, Issue, IssueEvent, IssueNote
from unionportal.core.accounts.models import User
from unionportal.core.common.errors import NotFound
from unionportal.core.common.scope import Scope
from unionportal.core.common.spelled import Spelled, by_ids, columns, planned_rows
from unionportal.core.orgs.models import Enterprise, Unit


def issue_list(scope: Scope) -> QuerySet[Issue]:
    """The issues a person may see, as a list shows them: without the content."""
    return (
        Issue.objects.visible_to(scope)
        .select_related("category", "township", "holder", "enterprise")
        .only(
            "uuid",
            "code",
            "title",
            "state",
            "outcome",
            "version",
            "source_kind",
            "received_on",
            "due_on",
            "due_is_provisional",
            "paused_on",
            "extension_days",
            "extended_workdays",
            "reminded_on",
            "remind_count",
            "supervision",
            "accept_due_on",
            "accepted_on",
            "answered_on",
            "follow_up_due_on",
            "followed_up_on",
            "satisfaction",
            "follow_up_mode",
            "closed_on",
            "category__code",
            "category__name",
            "township__code",
            "township__short_name",
            "township__name",
            "holder__code",
            "holder__short_name",
            "holder__name",
            "enterprise__credit_code",
            "enterprise__name",
            "enterprise__is_key",
        )
    )


class IssueLine(NamedTuple):
    """What a line of the issue list shows, read as columns: fifty rows of five joined objects cost as much as the rest of the page.
    Categories and units are named from `names`."""

    id: int
    code: str
    title: str
    state: str
    outcome: str
    received_on: date
    due_on: date | None
    due_is_provisional: bool
    paused_on: date | None
    accept_due_on: date | None
    accepted_on: date | None
    answered_on: date | None
    follow_up_due_on: date | None
    followed_up_on: date | None
    category_id: int
    township_id: int
    holder_id: int | None
    enterprise__name: str | None


def issue_lines(ids: list[int]) -> list[IssueLine]:
    """The issues of these ids as the page lists them, in any order."""
    return [IssueLine(*row) for row in planned_rows(_LINES, [ids])]


_LINES = f"""SELECT {", ".join(f"i.{name}" for name in IssueLine._fields[:-1])}, e.name
FROM casework_issue i LEFT JOIN orgs_enterprise e ON e.id = i.enterprise_id WHERE i.id = ANY(%s)"""

_BY_CODE = Spelled(
    lambda code: Issue.objects.filter(code=code).order_by().values_list(*columns(Issue, but="search_tokens")), code="?"
)
_EVENTS = Spelled(
    lambda issue_id: IssueEvent.objects.filter(issue_id=issue_id).order_by("seq").values_list(*columns(IssueEvent)),
    issue_id=-1,
)
_NOTES = Spelled(
    lambda issue_id: IssueNote.objects.filter(issue_id=issue_id).order_by().values_list(*columns(IssueNote)),
    issue_id=-1,
)


def issue_detail(scope: Scope, code: str) -> Issue:
    """The issue of that number, with all a page shows of it. Raises NotFound, also where it lies out of scope."""
    issue = next(iter(_BY_CODE.objects(Issue, but="search_tokens", code=code)), None)
    if issue is None or not (scope.district or Issue.objects.visible_to(scope).filter(pk=issue.pk).exists()):
        raise NotFound
    return _with_all(issue)


def issue_as_saved(issue: Issue) -> Issue:
    """The issue a service just returned, with all a page shows of it. Not scoped: a holder that sent an issue back no longer sees it,
    and is still told how it left it."""
    return _with_all(Issue.objects.defer("search_tokens").get(pk=issue.pk))


def _with_all(issue: Issue) -> Issue:
    """Units, people, category and enterprise one table at a time: to plan a join of all eight takes longer than to answer all of them."""
    units = by_ids(Unit, [issue.township_id, issue.holder_id])
    people = by_ids(User, [issue.registered_by_id, issue.assignee_id])
    issue.township, issue.holder = units[issue.township_id], units.get(issue.holder_id)
    issue.registered_by, issue.assignee = people.get(issue.registered_by_id), people.get(issue.assignee_id)
    issue.category = by_ids(Category, [issue.category_id])[issue.category_id]
    issue.category.parent = by_ids(Category, [issue.category.parent_id]).get(issue.category.parent_id)
    issue.enterprise = by_ids(Enterprise, [issue.enterprise_id], but="search_tokens").get(issue.enterprise_id)
    issue.main = by_ids(Issue, [issue.main_id], but="search_tokens").get(issue.main_id)
    return issue


def events_of(issue: Issue) -> list[IssueEvent]:
    """The issue's steps, first to last, with actor, unit and text."""
    events = _EVENTS.objects(IssueEvent, issue_id=issue.pk)
    notes: dict[int | None, IssueNote] = {note.pk: note for note in _NOTES.objects(IssueNote, issue_id=issue.pk)}
    units: dict[int | None, Unit] = {unit.pk: unit for unit in (issue.township, issue.holder) if unit is not None}
    units |= by_ids(Unit, {event.unit_id for event in events} - units.keys())
    people = by_ids(User, (event.actor_id for event in events))
    for event in events:
        event.issue, event.note = issue, notes.get(event.note_id)
        event.unit, event.actor = units.get(event.unit_id), people.get(event.actor_id)
    return events


def made_already(
    *, code: str, action: str, version: int, actor: Scope, note: str = "", unit: Unit | None = None, outcome: str = ""
) -> bool:
    """Whether this person made this very step from that version: the second half of a double tap. `unit`, `outcome` where they were given."""
    given = {"unit": unit, "outcome": outcome}
    facts = {name: value for name, value in given.items() if value}
    step = (
        IssueEvent.objects.filter(issue__code=code, seq=version + 1, action=action, actor_id=actor.user_id, **facts)
        .select_related("note")
        .first()
    )
    written = step.note.text if step is not None and step.note is not None else ""
    return step is not None and _plain(written) == _plain(note)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def active_categories() -> QuerySet[Category]:
    """Categories an issue can be registered under, in their order: each first-level one with those below it."""
    return categories_in_order().filter(is_active=True)


def categories_in_order() -> QuerySet[Category]:
    """All categories, each first-level one with those below it."""
    above = Coalesce("parent__position", "position"), Coalesce("parent_id", "id")
    return Category.objects.select_related("parent").order_by(
        *above, F("parent_id").asc(nulls_first=True), "position", "id"
    )
