"""What the workbench (工作台) of one person shows: the next steps in order, the sizes of the queues, the month's own figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from casework.mediation_clock import running
from casework.models import Issue
from casework.workflow import OPEN_STATES, STATE_LABELS, UNCOUNTED_STATES, Outcome
from unionportal.core.common import formats
from unionportal.core.common.pagination import bounded, count_label
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.common.spelled import Spelled
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.names import unit_names
from unionportal.reporting.selectors.hardship_lines import HARDSHIP_LINES
from unionportal.reporting.selectors.queue import Line, Queue, days_left
from unionportal.reporting.selectors.queues import SizedRow, ordered, queues_of
from unionportal.reporting.selectors.station_lines import STATION_LINES
from visits.models import MeetingTask, Visit

#: Lines the workbench shows of one queue, and of all together.
QUEUE_HEAD = 6
LIST_HEAD = 8


#: Queue -> how a line of it is made, where it is not of issues, enterprises or tasks of meetings.
LINES = {**HARDSHIP_LINES, **STATION_LINES}


@dataclass(frozen=True, slots=True)
class QueueHead:
    """A queue's size (bounded, "1000+" beyond) and its first lines."""

    queue: Queue
    count: str
    lines: list[Line]
    township: Unit | None = None

    @property
    def url(self) -> str:
        return f"/todo/{self.queue.key}/" + (f"?unit={self.township.code}" if self.township else "")

    @property
    def tone(self) -> str:
        """late for a queue of things overdue, or one whose head is."""
        if self.count == "0":
            return "idle"
        if self.queue.key == "overdue" or any(line.tone == "late" for line in self.lines):
            return "late"
        return "warn" if any(line.tone == "warn" for line in self.lines) else "link"


def queue_heads(scope: Scope, today: date) -> list[QueueHead]:
    """Every queue of the person: two queries each, whatever its size."""
    heads = [queue_head(queue, scope, today) for queue in queues_of(scope)]
    return [head for head in heads if head.count != "0" or not head.queue.rare]


def queue_head(
    queue: Queue, scope: Scope, today: date, *, size: int = QUEUE_HEAD, township: Unit | None = None
) -> QueueHead:
    """One queue's size and its first `size` lines, of one township if given."""
    rows = ordered(queue, scope, today, township=township)
    lines = [line_of(queue, row, today) for row in rows[:size]]
    return QueueHead(queue, count_label(rows), lines, township)


def heads_of(
    queues: list[Queue], scope: Scope, today: date, *, size: int, township: Unit | None = None
) -> list[QueueHead]:
    """Several queues of issues that wait on `due_on`, their sizes and first lines in one query."""
    if not queues:
        return []
    found: dict[str, list[Any]] = {queue.key: [] for queue in queues}
    if scope.district and township is None:
        of_all = _first_of_all(tuple(queues), size)
        first = [SizedRow(*row) for row in of_all.rows(today=today)]
    else:
        first = list(_first_rows(queues, scope, today, size, township))
    for row in first:
        found[row.queue].append(row)
    heads = []
    for queue in queues:
        rows = sorted(found[queue.key], key=lambda row: (row.waits_on, row.pk))
        lines = [line_of(queue, row, today) for row in rows]
        heads.append(QueueHead(queue, bounded(rows[0].size if rows else 0), lines, township))
    return heads


def _first_rows(
    queues: Sequence[Queue], scope: Scope, today: date, size: int, township: Unit | None = None
) -> QuerySet[Any, Any]:
    first, *others = (ordered(queue, scope, today, township=township, sized=True)[:size] for queue in queues)
    return first.union(*others, all=True)


@lru_cache(maxsize=16)
def _first_of_all(queues: tuple[Queue, ...], size: int) -> Spelled:
    """The same for whoever sees the whole district: one question for all of them."""
    return Spelled(lambda today: _first_rows(queues, SYSTEM, today, size), today=date.min)


def next_lines(heads: list[QueueHead]) -> list[Line]:
    """接下来要做: the heads of the queues merged, one line an object, the most pressing first."""
    merged: dict[str, Line] = {}
    for line in (line for head in heads for line in head.lines):
        merged.setdefault(line.key, line)
    return sorted(merged.values(), key=lambda line: line.urgency)[:LIST_HEAD]


def line_of(queue: Queue, row: Any, today: date) -> Line:
    """A queue's row as a line of the list."""
    own = LINES.get(queue.key)
    if own is not None:
        return own(queue, row, today)
    if isinstance(row, Enterprise):
        return _enterprise_line(queue, row, today)
    return _task_line(queue, row, today) if isinstance(row, MeetingTask) else _issue_line(queue, row, today)


def _issue_line(queue: Queue, issue: Any, today: date) -> Line:
    """`issue`: a row as `queues.ordered` reads it."""
    url = f"/issues/{issue.code}/"
    due = getattr(issue, queue.due)
    words = queue.waits
    if queue.key == "overdue" and issue.holder_id:
        words = f"{unit_names.of(issue.holder_id)} · {STATE_LABELS[issue.state]}"
    if queue.since or due is None:
        days = (today - (due or issue.received_on)).days
        chip, tone, icon = (f"{days} 天前" if days else "今天"), ("warn" if days > 1 else "idle"), "clock"
        urgency = (1, -days)
    elif queue.calendar:
        standing = running(due, today)
        chip, tone, icon, urgency = standing.words, standing.tone, "clock", (0, (due - today).days)
    else:
        left = days_left(due, today)
        chip, tone, icon = formats.due_words(left), formats.due_tone(left), "clock"
        urgency = (0, left)
    verb_url = f"{url}#{queue.action}" if queue.action else url
    title = f"{unit_names.of(issue.township_id)} · {issue.title}"
    return Line(f"issue-{issue.pk}", title, url, chip, tone, icon, words, queue.verb, verb_url, urgency)


def _task_line(queue: Queue, task: MeetingTask, today: date) -> Line:
    left, url = days_left(task.due_on, today), f"/meetings/tasks/{task.pk}/"
    return Line(
        key=f"meeting-task-{task.pk}",
        title=task.what,
        url=url,
        chip=formats.due_words(left),
        tone=formats.due_tone(left),
        icon="clock",
        words=f"{task.item.meeting}交办",
        verb=queue.verb,
        verb_url=f"{url}#{queue.action}",
        urgency=(0, left),
    )


def _enterprise_line(queue: Queue, enterprise: Any, today: date) -> Line:
    last = enterprise.last_visit_on
    words = f"{(today - last).days} 天未走访" if last else "还没有走访过"
    visit_url = f"/visits/new/?{urlencode({'enterprise': enterprise.credit_code})}"
    return Line(
        key=f"enterprise-{enterprise.pk}",
        title=f"{enterprise.township} · {enterprise.name}",
        url=f"/enterprises/{enterprise.credit_code}/",
        chip="重点企业",
        tone="brand",
        icon="",
        words=words,
        verb=queue.verb,
        verb_url=visit_url,
        urgency=(2, -((today - last).days if last else 100_000)),
    )


@dataclass(frozen=True, slots=True)
class MyMonth:
    """A cadre's own month: visits made, issues registered, and how many of those are resolved."""

    start: date
    visits: int
    received: int
    resolved: int
    open: int

    @property
    def rate(self) -> dict[str, int]:
        """化解率 with its parts, for print."""
        return {"numerator": self.resolved, "denominator": self.received}


def my_month(scope: Scope, start: date, end: date) -> MyMonth:
    """Two counts by index over what one person entered in a month (`end` inclusive): tens of rows."""
    visits = Visit.objects.filter(cadre_id=scope.user_id, visited_on__range=(start, end)).count()
    issues = Issue.objects.filter(registered_by_id=scope.user_id, received_on__range=(start, end)).aggregate(
        received=Count("pk", filter=~Q(state__in=UNCOUNTED_STATES)),
        resolved=Count("pk", filter=Q(outcome=Outcome.RESOLVED)),
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
    )
    return MyMonth(start=start, visits=visits, **issues)
