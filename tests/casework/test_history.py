"""Events are append-only, and the columns of an issue are what its events say."""

from collections import Counter
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.models import Count, F

from casework.models import Issue, IssueEvent, SubIssue
from casework.periods import period_end
from casework.services.barriers import unfinished
from casework.services.joined import joined_units
from casework.services.log import TRACKED, tracked_values
from casework.workflow import ACTIONS, IN_HAND_STATES, OPEN_STATES, State
from tests.casework.cast import Cast
from tests.casework.walk import BESIDE, Walk
from unionportal.core.workcal.days import kept_calendar
from unionportal.reporting.measures import COUNTS

STARTING = dict.fromkeys(TRACKED) | {
    "promise_in": "workdays",
    "due_is_provisional": False,
    "extended_workdays": 0,
    "paused_workdays": 0,
    "remind_count": 0,
    "supervision": "",
    "satisfaction": "",
    "follow_up_mode": "",
    "redo_count": 0,
    "bounce_count": 0,
    "reopen_count": 0,
    "merged_from": "",
}
LIVES, STEPS = 18, 24
OUTCOMES = ("resolved", "explained", "unresolved", "out_of_remit", "withdrawn")


@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.parametrize(
    "statement", ["UPDATE casework_issueevent SET action = 'close'", "DELETE FROM casework_issueevent"]
)
def test_events_are_neither_changed_nor_deleted(committed_cast: Cast, alias: str, statement: str) -> None:
    """Not even by the role that owns the table."""
    committed_cast.issue()
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), connections[alias].cursor() as cursor:
        cursor.execute(statement)
    assert IssueEvent.objects.get().action == "register"


def test_whatever_people_do_the_history_holds(cast: Cast) -> None:
    cast._person("admin", "sysadmin", cast.district)
    reached: Counter[str] = Counter()
    for number in range(LIVES):
        try:
            with transaction.atomic():
                live(Walk(cast, Random(number), reached))
                transaction.set_rollback(True)
        except Exception as error:
            error.add_note(f"in life {number}")
            raise
        finally:
            kept_calendar.forget()
    assert set(reached) == {*ACTIONS, *BESIDE}, "a step that no life has is not looked at"


def live(walk: Walk) -> None:
    seen: dict[int, int] = {}
    for step in range(1, STEPS + 1):
        walk.wait()
        walk.step()
        rows = Issue.objects.select_related("category", "township").order_by("pk")
        changed = [issue for issue in rows if seen.get(issue.pk) != issue.version]
        for issue in changed:
            assert_replayed(issue, walk.now)
            assert_sound(issue)
            seen[issue.pk] = issue.version
        if step % 4 == 0:
            assert_parted()


def assert_parted() -> None:
    """Every issue is in exactly one part: the figures lose none and count none twice. Nor has any lost an event."""
    assert not Issue.objects.annotate(number=Count("events")).exclude(number=F("version")).exists()
    measured = Issue.objects.counted().aggregate(**{m.id: Count("pk", filter=m.condition) for m in COUNTS})
    by_state = Counter(Issue.objects.values_list("state", flat=True))
    left_out = by_state["rejected"] + by_state["merged"] + by_state["voided"]
    assert measured["received"] + left_out == Issue.objects.count()
    still_open = by_state["registered"] + by_state["assigned"] + by_state["in_progress"] + by_state["answered"]
    assert sum(measured[name] for name in OUTCOMES) + still_open == measured["received"]
    assert measured["answered_ever"] >= measured["answered"]
    assert measured["answered"] >= measured["followed_up"] >= measured["rated"] >= measured["satisfied"]
    assert measured["assigned"] >= measured["accepted_on_time"]
    assert measured["closed_with_deadline"] >= measured["closed_on_time"]


def assert_sound(issue: Issue) -> None:
    """No step is lost, no clock runs backwards, no mark outlives its state, and nothing goes on below or beside what is over."""
    assert issue.events.count() == issue.version
    for count in (issue.extended_workdays, issue.paused_workdays, issue.remind_count, issue.workdays_to_close or 0):
        assert count >= 0
    assert issue.extended_workdays <= 20
    if issue.due_on is not None:
        assert issue.due_from is not None
        assert issue.due_on > issue.due_from
        if not issue.due_is_provisional:
            assert issue.due_on >= period_end(issue.due_from, issue.promise_workdays or 0, issue.promise_in).day
    for start, end in (
        (issue.assigned_on, issue.accept_due_on),
        (issue.answered_on, issue.follow_up_due_on),
        (issue.received_on, issue.closed_on),
    ):
        assert start is None or end is None or start <= end
    assert issue.paused_on is None or issue.state in IN_HAND_STATES
    assert issue.extension_days is None or issue.state == State.IN_PROGRESS
    assert issue.joined_unit_ids == joined_units(issue)
    if issue.state in OPEN_STATES:
        assert not SubIssue.objects.filter(child=issue).exclude(parent__state__in=OPEN_STATES).exists()
    else:
        assert unfinished(issue) == ""


def assert_replayed(issue: Issue, now: datetime) -> None:
    """State, outcome, holder, version, every tracked column and where it counts, from the events alone."""
    columns = dict(STARTING)
    events = list(issue.events.order_by("seq"))
    state = ""
    counts_in: dict[str, Any] = {}
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.from_state) == (number, state)
        assert event.recorded_at <= now
        state = event.to_state
        columns |= {name: value for name, value in event.data.items() if name in TRACKED}
        counts_in |= {name: event.data[name] for name in ("category", "township", "received_on") if name in event.data}
        if event.action == "correct":
            counts_in |= {name: value[-1] for name, value in counts_in.items() if isinstance(value, list)}
    last = events[-1]
    assert (issue.state, issue.outcome, issue.holder_id) == (state, last.outcome, last.unit_id)
    assert issue.version == last.seq == len(events)
    assert tracked_values(issue) == columns
    assert counts_in == {
        "category": issue.category.code,
        "township": issue.township.code,
        "received_on": issue.received_on.isoformat(),
    }
