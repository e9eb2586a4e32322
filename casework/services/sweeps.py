"""Reminders (催办) and supervision (督办) by the portal itself, when deadlines pass. Source: docs/domain.md, "Clocks".

Every sweep may run twice, late or beside itself: a row is claimed by one UPDATE that says what it was (compare and swap), and what was
claimed no longer matches. What reminds is written on the issue, so nothing but the issue has to be remembered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from casework.models import Issue
from casework.periods import overdue_since
from casework.services.log import append_event, tracked_values
from casework.workflow import IN_HAND_STATES, State, Supervision
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.values import value
from unionportal.core.workcal.days import is_workday

#: Issues one run takes of each kind; the next run goes on.
BATCH = 500


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A deadline somebody owes something by: its column, and the issues for which it runs."""

    name: str
    due: str
    runs: Q


CLOCKS: tuple[RunningClock, ...] = (
    RunningClock("signing", "accept_due_on", Q(state=State.ASSIGNED, paused_on__isnull=True)),
    RunningClock("handling", "due_on", Q(state__in=IN_HAND_STATES, paused_on__isnull=True)),
    RunningClock("follow_up", "follow_up_due_on", Q(state=State.ANSWERED, followed_up_on__isnull=True)),
)


def may_disturb(now: datetime) -> bool:
    """Whether the portal may remind people at this moment: a workday, between the hours of the parameters."""
    local = now.astimezone(clock.SHANGHAI)
    day = local.date()
    return is_workday(day) and int(value("issues.remind_from", on=day)) <= local.hour < int(
        value("issues.remind_until", on=day)
    )


def remind_overdue(*, now: datetime | None = None) -> int:
    """Remind once for every deadline that has passed and was not reminded of since; how many were."""
    moment = now or clock.now()
    if not may_disturb(moment):
        return 0
    today = clock.local_date(moment)
    return sum(
        _remind(pk, version, running, moment)
        for running in CLOCKS
        for pk, version in _candidates(running.due, _unreminded(running, today))
    )


def supervise_overdue(*, now: datetime | None = None) -> int:
    """Supervise what is so many workdays overdue (parameter) and is not supervised yet; how many were."""
    moment = now or clock.now()
    if not may_disturb(moment):
        return 0
    today = clock.local_date(moment)
    due = overdue_since(int(value("issues.supervise_overdue", on=today)), today)
    late = Q(state__in=IN_HAND_STATES, paused_on__isnull=True, supervision="", due_on__lte=due)
    marks = {"supervision": Supervision.SUPERVISED.value, "supervised_on": today}
    return sum(
        _claim(pk, version, late, marks, "supervise", moment, clock="handling")
        for pk, version in _candidates("due_on", late)
    )


def _unreminded(running: RunningClock, today: date) -> Q:
    not_since = Q(reminded_on__isnull=True) | Q(reminded_on__lte=F(running.due))
    return running.runs & Q(**{f"{running.due}__lt": today}) & not_since


def _candidates(due: str, late: Q) -> Iterator[tuple[int, int]]:
    yield from list(Issue.objects.filter(late).order_by(due, "pk").values_list("pk", "version")[:BATCH])


def _remind(pk: int, version: int, running: RunningClock, moment: datetime) -> bool:
    today = clock.local_date(moment)
    marks = {"reminded_on": today, "remind_count": F("remind_count") + 1}
    return _claim(pk, version, _unreminded(running, today), marks, "remind", moment, clock=running.name)


@transaction.atomic
def _claim(pk: int, version: int, still: Q, marks: dict[str, Any], action: str, moment: datetime, **facts: str) -> bool:
    """Mark the issue if it is still as it was found, and write the step. False where somebody was faster: then nothing is written."""
    before = tracked_values(Issue.objects.get(pk=pk))
    found = Issue.objects.filter(still, pk=pk, version=version).update(version=F("version") + 1, **marks)
    if found != 1:
        return False
    issue = Issue.objects.get(pk=pk)
    after = tracked_values(issue)
    append_event(
        issue=issue,
        action=action,
        from_state=issue.state,
        actor=SYSTEM,
        happened_at=moment,
        recorded_at=moment,
        data={name: after[name] for name in after if after[name] != before[name]} | facts,
    )
    return True
