"""The list of running deadlines (期限表): which clock, how it stands, who owes it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from casework.clocks import Standing, following_up, handling, signing
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


CLOCKS: dict[str, Clock] = {
    clock.key: clock
    for clock in (
        Clock("handling", "办理期限", "due_on", Q(state__in=IN_HAND_STATES)),
        Clock("signing", "签收期限", "accept_due_on", Q(state=State.ASSIGNED)),
        Clock("follow_up", "回访期限", "follow_up_due_on", Q(state=State.ANSWERED, followed_up_on__isnull=True)),
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


def standing_of(issue: Issue, clock: Clock, today: date) -> Standing | None:
    """How that clock of the issue stands today."""
    return _STANDING_OF[clock.key](issue, today)
