"""Events are append-only, and the columns of an issue are what its events say."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.models import Issue, IssueEvent
from casework.periods import period_end
from casework.services import issue_move
from casework.services.log import TRACKED, tracked_values
from casework.services.standing import permitted_moves, units_for
from casework.services.sweeps import remind_overdue, supervise_overdue
from casework.workflow import IN_HAND_STATES, MOVES, UNCOUNTED_STATES, State
from tests.casework.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError

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
MOVERS = ("staff", "leader", "registrar", "colleague", "clerk", "handler", "workroom_handler")


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


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_whatever_people_do_the_history_holds(cast: Cast, data: st.DataObject) -> None:
    with transaction.atomic():
        walk(cast, data)
        transaction.set_rollback(True)


def walk(cast: Cast, data: st.DataObject) -> None:
    issue, now = cast.issue(), cast.now
    main = cast.issue(title="主诉求")
    scopes = {who: cast.scope(who) for who in MOVERS}
    for _ in range(data.draw(st.integers(1, 18), label="steps")):
        now += timedelta(hours=data.draw(st.integers(0, 24 * 9), label="hours later"))
        if data.draw(st.integers(0, 5), label="sweep") == 0:
            sweep(issue, now)
        issue = Issue.objects.get(pk=issue.pk)
        today = clock.local_date(now)
        options = [(who, move) for who in MOVERS for move in permitted_moves(issue, scopes[who], today)]
        if not options or data.draw(st.integers(0, 4), label="anything") == 0:
            options = [(who, move) for who in MOVERS for move in MOVES]  # mostly refused
        who, move = data.draw(st.sampled_from(options), label="move")
        given = payload(cast, data, issue, scopes[who], move)
        version = issue.version - data.draw(st.sampled_from([0, 0, 0, 1]), label="stale by")
        before = Issue.objects.filter(pk=issue.pk).values().get()
        try:
            issue = issue_move(
                code=issue.code, action=move.action, version=version, actor=scopes[who], now=now, **given
            )
        except DomainError:
            assert Issue.objects.filter(pk=issue.pk).values().get() == before
        assert_replayed(Issue.objects.get(pk=issue.pk), now)
        assert_replayed(Issue.objects.get(pk=main.pk), now)
        assert_sound(Issue.objects.get(pk=issue.pk))


def sweep(issue: Issue, now: datetime) -> None:
    """The portal's own work, twice: the second finds nothing left to do."""
    remind_overdue(now=now)
    supervise_overdue(now=now)
    after = Issue.objects.filter(pk=issue.pk).values().get()
    assert remind_overdue(now=now) == supervise_overdue(now=now) == 0
    assert Issue.objects.filter(pk=issue.pk).values().get() == after
    assert_replayed(Issue.objects.get(pk=issue.pk), now)


def assert_sound(issue: Issue) -> None:
    """No step is lost, no clock runs backwards, no mark outlives its state, and the issue is counted or not, never both or neither."""
    assert issue.events.count() == issue.version
    for count in (issue.extended_workdays, issue.paused_workdays, issue.remind_count, issue.workdays_to_close or 0):
        assert count >= 0
    assert issue.extended_workdays <= 20
    if issue.due_on is not None:
        assert issue.due_from is not None
        promised = period_end(issue.due_from, issue.promise_workdays or 0, issue.promise_in).day
        assert issue.due_on >= promised > issue.due_from
    for start, end in (
        (issue.assigned_on, issue.accept_due_on),
        (issue.answered_on, issue.follow_up_due_on),
        (issue.received_on, issue.closed_on),
    ):
        assert start is None or end is None or start <= end
    assert issue.paused_on is None or issue.state in IN_HAND_STATES
    assert issue.extension_days is None or issue.state == State.IN_PROGRESS
    counted = Issue.objects.counted().filter(pk=issue.pk).exists()
    assert counted != (issue.state in UNCOUNTED_STATES)


def payload(cast: Cast, data: st.DataObject, issue: Issue, scope: Any, move: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"note": data.draw(st.sampled_from(["", "写明情况。"]), label="note")}
    if "unit" in move.fields:
        given["unit"] = data.draw(st.sampled_from([None, *units_for(issue, scope, move.action)]), label="unit")
    if "mode" in move.fields:
        given["mode"] = data.draw(st.sampled_from(["", "visit", "phone", "link"]), label="mode")
    if "days" in move.fields:
        given["days"] = data.draw(st.sampled_from([None, 0, 1, 5, 21]), label="days")
    if "main" in move.fields:
        given["main"] = data.draw(st.sampled_from([None, issue, Issue.objects.get(title="主诉求")]), label="main")
    if "outcome" in move.fields:
        given["outcome"] = data.draw(st.sampled_from(sorted(move.outcomes)), label="outcome")
    if "satisfaction" in move.fields:
        given["satisfaction"] = data.draw(st.sampled_from(["satisfied", "basically", "dissatisfied"]))
    return given


def assert_replayed(issue: Issue, now: datetime) -> None:
    """State, outcome, holder, version and every tracked column, from the events alone."""
    columns = dict(STARTING)
    events = list(issue.events.order_by("seq"))
    state = ""
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.from_state) == (number, state)
        assert event.recorded_at <= now
        state = event.to_state
        columns |= {name: value for name, value in event.data.items() if name in TRACKED}
    last = events[-1]
    assert (issue.state, issue.outcome, issue.holder_id) == (state, last.outcome, last.unit_id)
    assert issue.version == last.seq == len(events)
    assert tracked_values(issue) == columns
