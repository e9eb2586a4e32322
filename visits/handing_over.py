"""What is open where a cadre is posted: shown before a hand-over, and to whoever takes over."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from casework.models import Issue
from casework.selectors import issue_list
from casework.workflow import OPEN_STATES, State
from unionportal.core.accounts.models import Posting
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.orgs.models import Enterprise
from unionportal.core.params.values import value
from visits.coverage import key_enterprises, unvisited_since
from visits.models import MeetingTask

#: Rows of a kind the page names; beyond them the number alone.
MOST = 20


@dataclass(frozen=True, slots=True)
class OpenWork:
    """The counts are those of the place; the rows only what the reader may see anyway."""

    open_issues: int
    to_follow_up: int
    follow_ups: list[Issue]
    key_enterprises: int
    unvisited: int
    gaps: list[Enterprise]
    beside: list[str]
    own_tasks: int


def open_work(posting: Posting, scope: Scope, today: date) -> OpenWork:
    """Open issues, those that wait for a follow-up, and key enterprises nobody called on for long (visits.key_gap_days), all at the posting's
    place; who else is posted there; and the cadre's own open meeting tasks, which stay theirs."""
    issues = Issue.objects.filter(_issues_at(posting))
    waiting = Q(state=State.ANSWERED, followed_up_on__isnull=True)
    long_ago = unvisited_since(today - timedelta(days=int(value("visits.key_gap_days", on=today))))
    keys = key_enterprises(SYSTEM, today).filter(_enterprises_at(posting))
    gaps = key_enterprises(scope, today).filter(_enterprises_at(posting)).filter(long_ago)
    beside = Posting.objects.in_force(today).filter(township=posting.township_id, enterprise=posting.enterprise_id)
    return OpenWork(
        open_issues=issues.filter(state__in=OPEN_STATES).count(),
        to_follow_up=issues.filter(waiting).count(),
        follow_ups=list(
            issue_list(scope).filter(_issues_at(posting), waiting).order_by("follow_up_due_on", "id")[:MOST]
        ),
        key_enterprises=keys.count(),
        unvisited=keys.filter(long_ago).count(),
        gaps=list(gaps.order_by(F("last_visit_on").asc(nulls_first=True), "pinyin_key", "id")[:MOST]),
        beside=list(
            beside.exclude(cadre=posting.cadre_id).order_by("id").values_list("cadre__display_name", flat=True)
        ),
        own_tasks=MeetingTask.objects.open().filter(person=posting.cadre_id).count(),
    )


def _issues_at(posting: Posting) -> Q:
    return Q(enterprise=posting.enterprise_id) if posting.enterprise_id else Q(township=posting.township_id)


def _enterprises_at(posting: Posting) -> Q:
    return Q(pk=posting.enterprise_id) if posting.enterprise_id else Q(township=posting.township_id)
