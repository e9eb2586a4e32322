"""The list of running deadlines (期限表): which clock, how it stands, who owes it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from casework.clocks import Standing, following_up, handling, signing
from casework.mediation_clock import running as mediation_running
from casework.mediation_workflow import RUNNING_STATES
from casework.models import Issue
from casework.selectors import issue_list
from casework.workflow import IN_HAND_STATES, State
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import add_workdays


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the clocks a person may list: its column, and the issues for which it runs or stands still."""

    key: str
    label: str
    due: str
    runs: Q
    standings: tuple[str, ...] = ("all", "late", "soon", "paused", "wished", "supervised")


CLOCKS: dict[str, Clock] = {
    clock.key: clock
    for clock in (
        Clock("handling", "办理期限", "due_on", Q(state__in=IN_HAND_STATES)),
        Clock("signing", "签收期限", "accept_due_on", Q(state=State.ASSIGNED)),
        Clock("follow_up", "回访期限", "follow_up_due_on", Q(state=State.ANSWERED, followed_up_on__isnull=True)),
        # The law's clock, in calendar days; pausing the issue does not stop it.
        Clock("mediation", "调解期限", "mediation_due_on", Q(), ("all", "late", "soon", "supervised")),
    )
}
STANDINGS = {
    "all": "全部",
    "late": "已逾期",
    "soon": "今明到期",
    "paused": "已暂停",
    "wished": "延期待答复",
    "supervised": "督办中",
}
_STANDING_OF = {"handling": handling, "signing": signing, "follow_up": following_up}


def running(scope: Scope, clock: Clock, standing: str, today: date) -> QuerySet[Issue]:
    """The reader's issues on that clock in that standing; order by (clock.due, pk) is served by an index."""
    if clock.key == "mediation":
        return _mediated(scope, standing, today)
    rows = issue_list(scope).filter(clock.runs, **{f"{clock.due}__isnull": False})
    match standing:
        case "late":
            return rows.filter(paused_on__isnull=True, **{f"{clock.due}__lt": today})
        case "soon":
            return rows.filter(paused_on__isnull=True, **{f"{clock.due}__range": (today, add_workdays(today, 1).day)})
        case "paused":
            return rows.filter(paused_on__isnull=False)
        case "wished":
            return rows.filter(extension_days__isnull=False)
        case "supervised":
            return rows.exclude(supervision="")
    return rows


def _mediated(scope: Scope, standing: str, today: date) -> QuerySet[Issue]:
    """The issues whose mediation runs, with its number and day. Led by those few cases: at most one of them is not over an issue."""
    rows = issue_list(scope).filter(mediations__state__in=RUNNING_STATES)
    rows = rows.annotate(mediation_due_on=F("mediations__due_on"), mediation_number=F("mediations__number"))
    match standing:
        case "late":
            return rows.filter(mediation_due_on__lt=today)
        case "soon":
            return rows.filter(mediation_due_on__range=(today, today + timedelta(days=1)))
        case "supervised":
            return rows.exclude(supervision="")
    return rows


def standing_of(issue: Any, clock: Clock, today: date) -> Standing | None:
    """How that clock of the issue stands today."""
    if clock.key == "mediation":
        return mediation_running(issue.mediation_due_on, today)
    return _STANDING_OF[clock.key](issue, today)
