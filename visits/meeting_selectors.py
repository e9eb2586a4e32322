"""Reads of meetings for pages and the Word file, with what they show beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from casework.models import Issue
from casework.presentation import StateLook, state_look
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise
from visits.models import AgendaItem, Meeting, MeetingTask, Participant

STATE_TONES = {"planned": "link", "running": "warn", "closed": "ok", "cancelled": "idle"}
ITEM_TONES = {"open": "idle", "dealt": "ok", "carried": "warn"}
PRESENCE_TONES = {"expected": "idle", "present": "ok", "excused": "warn", "absent": "late"}
TASK_TONES = {"open": "warn", "done": "ok", "not_done": "late"}
LIST_ORDER = ("-held_on", "-id")


def meetings(scope: Scope) -> QuerySet[Meeting]:
    """The meetings a person may see, with group and chair."""
    return Meeting.objects.visible_to(scope).select_related("group", "chair")


def meeting_lines(scope: Scope) -> QuerySet[Meeting]:
    """As a list shows them: with the number of items, of those dealt with, and of tasks given."""
    shown = Q(items__dropped=False)
    return meetings(scope).annotate(
        item_count=Count("items", filter=shown, distinct=True),
        dealt_count=Count("items", filter=shown & Q(items__state=AgendaItem.State.DEALT), distinct=True),
        task_count=Count("items__given_tasks", distinct=True),
    )


def participants_of(meeting: Meeting) -> list[Participant]:
    """Who is asked, townships and cadres of the group first."""
    return list(meeting.participants.select_related("person", "unit").order_by("-is_member", "unit__code", "id"))


@dataclass(frozen=True, slots=True)
class Line:
    """An item as the reader sees it: its words, where it leads, how the issue stands now. Whoever takes part reads the agenda,
    but of an issue or enterprise out of their own scope only the place."""

    item: AgendaItem
    title: str
    url: str
    state: StateLook | None
    tasks: list[MeetingTask]

    @property
    def tone(self) -> str:
        return ITEM_TONES[self.item.state]

    @property
    def went_on(self) -> bool:
        """Whether the issue stands elsewhere now than the facts of the agenda say."""
        return (
            self.state is not None
            and self.item.kind != AgendaItem.Kind.RESULT
            and self.state.label not in self.item.facts
        )


def agenda_of(meeting: Meeting, scope: Scope, *, dropped: bool = False) -> list[Line]:
    """The items in their order; the same few queries for any number."""
    return lines_of(_items(meeting).filter(dropped=dropped), scope)


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    tasks = MeetingTask.objects.select_related("person", "unit")
    return (
        meeting.items.select_related(
            "issue__township",
            "issue__category",
            "issue__holder",
            "issue__enterprise",
            "enterprise__township",
            "cadre",
            "task__person",
            "task__unit",
            "task__item__meeting__group",
            "recorded_by",
        )
        .defer("issue__description", "issue__search_tokens", "enterprise__search_tokens")
        .prefetch_related(Prefetch("given_tasks", tasks))
        .order_by("position", "id")
    )


def lines_of(items: Iterable[AgendaItem], scope: Scope) -> list[Line]:
    """Items as the reader sees them."""
    rows = list(items)
    issues = _known(Issue, {item.issue_id for item in rows if item.issue_id}, scope)
    enterprises = _known(Enterprise, {item.enterprise_id for item in rows if item.enterprise_id}, scope)
    return [_line(item, issues, enterprises) for item in rows]


def _known(model: type[Issue] | type[Enterprise], ids: set[int], scope: Scope) -> set[int]:
    if scope.district or not ids:
        return ids
    return set(model.objects.visible_to(scope).filter(pk__in=ids).values_list("pk", flat=True))


def _line(item: AgendaItem, issues: set[int], enterprises: set[int]) -> Line:
    title, url, state = item.topic, "", None
    if item.issue is not None:
        known = item.issue_id in issues
        title = item.issue.title if known else f"{item.issue.township}的一条诉求（{item.issue.code}）"
        url = f"/issues/{item.issue.code}/" if known else ""
        state = state_look(item.issue)
    elif item.enterprise is not None:
        known = item.enterprise_id in enterprises
        title = item.enterprise.name if known else f"{item.enterprise.township}的一家重点企业"
        url = f"/enterprises/{item.enterprise.credit_code}/" if known else ""
    elif item.cadre is not None:
        title = str(item.cadre)
    elif item.task is not None:
        title = item.task.what
    return Line(item, title, url, state, list(item.given_tasks.all()))


@dataclass(slots=True)
class Running:
    """One item on the screen of a running meeting, between its neighbours. `version` is the item's."""

    meeting: Meeting
    line: Line
    number: int
    of: int
    previous: int | None
    following: int | None
    next_open: int | None
    same_kind: int  # open ones of its kind, itself included

    @property
    def item(self) -> AgendaItem:
        return self.line.item

    @property
    def task(self) -> MeetingTask | None:
        return self.item.task

    @property
    def version(self) -> int:
        return self.item.version


def running(meeting: Meeting, lines: list[Line], item_id: int | None) -> Running | None:
    """The item asked for, or the first that is still open (the last one when all are dealt with); None where there is none."""
    ids = [line.item.pk for line in lines]
    still_open = [line.item.pk for line in lines if line.item.is_open]
    if item_id is None:
        item_id = still_open[0] if still_open else ids[-1] if ids else None
    if item_id not in ids:
        return None
    at = ids.index(item_id)
    after = [pk for pk in ids[at + 1 :] + ids[:at] if pk in still_open]
    return Running(
        meeting=meeting,
        line=lines[at],
        number=at + 1,
        of=len(ids),
        previous=ids[at - 1] if at else None,
        following=ids[at + 1] if at + 1 < len(ids) else None,
        next_open=after[0] if after else None,
        same_kind=sum(1 for line in lines if line.item.is_open and line.item.kind == lines[at].item.kind),
    )


def tasks(scope: Scope) -> QuerySet[MeetingTask]:
    """The tasks a person may see, with owner and the meeting they came from."""
    return MeetingTask.objects.visible_to(scope).select_related(
        "person", "unit", "given_by", "reported_by", "item__meeting__group", "heard_in__group"
    )


def tasks_given(meeting: Meeting) -> list[MeetingTask]:
    """The tasks of a meeting, by day."""
    rows = MeetingTask.objects.filter(item__meeting=meeting).select_related("person", "unit")
    return list(rows.order_by("due_on", "id"))


def decisions_on(issue: Issue, scope: Scope, limit: int = 3) -> list[AgendaItem]:
    """What the latest meetings the reader may see decided on an issue."""
    return list(
        AgendaItem.objects.filter(issue=issue, meeting__in=Meeting.objects.visible_to(scope))
        .exclude(state=AgendaItem.State.OPEN)
        .select_related("meeting__group")
        .order_by("-meeting__held_on")[:limit]
    )
