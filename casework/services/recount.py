"""期限重算: running deadlines counted over a year whose calendar was not known, worked out again once it is. Source: docs/domain.md, "Clocks"."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from casework.models import Consultation, Issue, Paper
from casework.periods import ruled_end
from casework.services.consultations import opinions_due
from casework.services.effects import FOLLOW_UP_RULE, SIGNING_RULE, handling_deadline
from casework.services.log import append_event, append_step, tracked_values
from casework.services.paper_rules import answer_due
from casework.workflow import IN_HAND_STATES, RECOUNT, State
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import LIBRARY_YEARS, Deadline, kept_calendar
from unionportal.core.workcal.models import CalendarYear

#: Issues looked at in one preview; what is left shows in the next.
BATCH = 500

LABELS = {"accept_due_on": "签收期限", "due_on": "办理期限", "follow_up_due_on": "回访期限"}
#: Steps that start the clock to sign.
HANDED_OVER = ("assign", "transfer", "send_back")


@dataclass(frozen=True, slots=True)
class Change:
    """One deadline of one issue: as it is, and as it comes out now. `confirmed`: no longer provisional. `row`: whose deadline it is, where
    not the issue's own."""

    issue: Issue
    column: str
    label: str
    old: date
    new: date
    confirmed: bool = False
    row: Paper | Consultation | None = None

    @property
    def moves(self) -> bool:
        """Whether the day changes, or only stops being provisional."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class Beside:
    """A deadline in workdays of something beside an issue, while it runs: its column, where it begins, what it comes to now."""

    rows: Callable[[], QuerySet]
    column: str
    start: str
    label: str
    deadline: Callable[[Any], Deadline]


BESIDE: tuple[Beside, ...] = (
    Beside(
        lambda: Paper.objects.filter(state=Paper.State.SERVED, answered_on__isnull=True, answer_due_on__isnull=False),
        "answer_due_on",
        "served_on",
        "意见书答复期限",
        answer_due,
    ),
    Beside(
        lambda: Consultation.objects.filter(state=Consultation.State.OPEN),
        "due_on",
        "called_at",
        "会诊意见期限",
        opinions_due,
    ),
)


def recount_preview(scope: Scope) -> list[Change]:
    """What would change: issues first, the earliest deadline first, then what runs beside them. Looks only."""
    require(scope, "deadline.recount")
    kept_calendar.forget()  # a year may have been entered a moment ago, through another process
    rows = _candidates().select_related("township", "holder", "category").defer("search_tokens", "description")
    found = [change for issue in rows.order_by("due_on", "pk")[:BATCH] for change in changes_of(issue)]
    return [*found, *_changes_beside()]


def digest(changes: Iterable[Change]) -> str:
    """A mark of what a preview showed, so that only what was seen is applied."""
    text = "|".join(
        f"{c.issue.code} {c.issue.version} {c.row and c.row.pk} {c.column} {c.new} {c.confirmed}" for c in changes
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def recount_apply(*, seen: str, actor: Scope, now: datetime | None = None) -> int:
    """Apply the preview whose `digest` the person saw, a step on each issue. Conflict where it has changed since. How many issues changed."""
    require(actor, "deadline.recount")
    kept_calendar.forget()
    moment = now or clock.now()
    locked = _candidates().select_for_update(of=("self",)).select_related("category").order_by("due_on", "pk")[:BATCH]
    found = {issue.pk: changes_of(issue) for issue in locked}
    beside = list(_changes_beside(lock=True))
    if digest([*(change for changes in found.values() for change in changes), *beside]) != seen:
        raise Conflict("预览之后有诉求或日历变动，请核对新的预览再应用。")
    changed = [changes for changes in found.values() if changes]
    for changes in changed:
        _apply(changes, actor, moment)
    for change in beside:
        _apply_beside(change, actor, moment)
    return len({changes[0].issue.pk for changes in changed} | {change.issue.pk for change in beside})


def changes_of(issue: Issue) -> list[Change]:
    """The running deadlines of an issue that come out otherwise with the calendar now known."""
    found: list[Change] = []
    if issue.state in IN_HAND_STATES and issue.due_is_provisional and issue.due_on is not None:
        deadline = handling_deadline(issue)
        if (deadline.day, deadline.provisional) != (issue.due_on, True):
            new, confirmed = deadline.day, not deadline.provisional
            found.append(Change(issue, "due_on", LABELS["due_on"], issue.due_on, new, confirmed))
    if issue.state == State.ASSIGNED and issue.paused_on is None and issue.accept_due_on is not None:
        found += _plain_change(issue, "accept_due_on", SIGNING_RULE, _handed_over_on(issue))
    if issue.state == State.ANSWERED and issue.follow_up_due_on is not None:
        found += _plain_change(issue, "follow_up_due_on", FOLLOW_UP_RULE, issue.answered_on)
    return found


def _plain_change(issue: Issue, column: str, rule: str, start: date | None) -> list[Change]:
    if start is None:
        return []
    old, new = getattr(issue, column), ruled_end(start, rule).day
    return [Change(issue, column, LABELS[column], old, new)] if old != new else []


def _changes_beside(*, lock: bool = False) -> Iterator[Change]:
    """Deadlines beside issues that come out otherwise: those that touch a year entered here, or run over New Year into one known now.

    `lock` holds the issues, then the rows, as the services of either do.
    """
    years = list(CalendarYear.objects.values_list("year", flat=True))
    for kind in BESIDE:
        touched = Q(**{f"{kind.column}__year__in": years}) | Q(**{f"{kind.start}__year__in": years})
        crossing = Q(
            **{f"{kind.column}__year__in": LIBRARY_YEARS, f"{kind.column}__year__gt": F(f"{kind.start}__year")}
        )
        rows = kind.rows().filter(touched | crossing).order_by(kind.column, "pk")
        if lock:
            issues = Issue.objects.filter(pk__in=rows.values("issue_id")).order_by("pk")
            held = list(issues.select_for_update(of=("self",)))
            rows = rows.filter(issue__in=held).select_for_update(of=("self",))
        for row in rows.select_related("issue__township", "issue__holder", "issue__category")[:BATCH]:
            old, new = getattr(row, kind.column), kind.deadline(row).day
            if old != new:
                yield Change(row.issue, kind.column, kind.label, old, new, row=row)


def _handed_over_on(issue: Issue) -> date | None:
    """The day the present holder got it; None where the clock to sign was moved by a pause since."""
    steps = issue.events.filter(action__in=(*HANDED_OVER, "resume")).order_by("-seq")
    last = steps.values_list("action", "happened_at").first()
    return clock.local_date(last[1]) if last and last[0] != "resume" else None


def _candidates() -> QuerySet[Issue]:
    """Provisional handling deadlines, and clocks to sign and to follow up that end in a year entered here."""
    years = list(CalendarYear.objects.values_list("year", flat=True))
    known = [*years, *LIBRARY_YEARS]
    wanted = Q(state__in=IN_HAND_STATES, due_is_provisional=True) & (
        Q(due_on__year__in=known) | Q(due_from__year__in=known)
    )
    wanted |= Q(state=State.ASSIGNED, accept_due_on__year__in=years)
    wanted |= Q(state=State.ANSWERED, followed_up_on__isnull=True, follow_up_due_on__year__in=years)
    return Issue.objects.filter(wanted)


def _apply(changes: list[Change], actor: Scope, moment: datetime) -> None:
    issue = changes[0].issue
    before: dict[str, Any] = tracked_values(issue)
    for change in changes:
        setattr(issue, change.column, change.new)
        if change.confirmed:
            issue.due_is_provisional = False
    issue.version += 1
    issue.save()
    after = tracked_values(issue)
    append_event(
        issue=issue,
        action=RECOUNT,
        from_state=issue.state,
        actor=actor,
        happened_at=moment,
        recorded_at=moment,
        data={name: after[name] for name in after if after[name] != before[name]},
    )


def _apply_beside(change: Change, actor: Scope, moment: datetime) -> None:
    row = change.row
    if row is None:
        raise ValueError("a deadline of the issue itself")
    setattr(row, change.column, change.new)
    row.version += 1
    row.save(update_fields=[change.column, "version"])
    issue = Issue.objects.get(pk=row.issue_id)  # another step may have been written since it was locked
    data = {f"{row._meta.model_name}_due_on": change.new.isoformat()}
    append_step(issue=issue, action=RECOUNT, actor=actor, now=moment, data=data)
