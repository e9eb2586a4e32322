"""What each move changes, and who hears what when it cannot be made."""

from datetime import date, timedelta

import pytest

from casework.models import Issue, RollupOutbox
from casework.services import issue_move
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors


def test_assignment_copies_the_promise_and_sets_both_clocks(cast: Cast) -> None:
    issue = cast.issue()
    cast.move(issue, "assign", "staff", unit=cast.legal)
    cast.dues.promise_workdays = 20
    cast.dues.save()
    issue.refresh_from_db()
    assert (issue.state, issue.holder, issue.promise_workdays) == ("assigned", cast.legal, 5)
    assert issue.accept_due_on == date(2024, 9, 5)
    assert issue.due_on == date(2024, 9, 11)  # Wednesday + 5 workdays


def test_the_way_from_registration_to_close(cast: Cast) -> None:
    issue = cast.issue_in("closed")
    assert (issue.state, issue.outcome, issue.workdays_to_close) == ("closed", "resolved", 0)
    actions = list(issue.events.order_by("seq").values_list("action", flat=True))
    assert actions == ["register", "assign", "accept", "report", "follow_up", "close"]
    assert list(issue.events.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert RollupOutbox.objects.filter(issue=issue).count() == 6
    assert AuditEntry.objects.filter(object_type="issue", object_id=issue.code).count() == 6


def test_transfer_keeps_the_deadline_and_restarts_signing(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    due = issue.due_on
    issue = cast.move(
        issue, "transfer", "staff", unit=cast.jishan, note="属地办理更合适。", now=cast.now + timedelta(days=1)
    )
    assert (issue.state, issue.holder, issue.due_on) == ("assigned", cast.jishan, due)
    assert (issue.accepted_on, issue.accept_due_on) == (None, date(2024, 9, 6))


def test_send_back_empties_the_hands(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("in_progress"), "send_back", "handler", note="不属于本部门。")
    assert (issue.state, issue.holder, issue.due_on, issue.bounce_count) == ("registered", None, None, 1)


def test_redo_restarts_the_clock_with_the_promise_of_the_assignment(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    cast.dues.promise_workdays = 20
    cast.dues.save()
    issue = cast.move(issue, "redo", "staff", note="企业仍未收到款。", now=cast.now + timedelta(days=7))
    assert (issue.state, issue.due_on, issue.redo_count) == ("in_progress", date(2024, 9, 19), 1)
    assert (issue.answered_on, issue.satisfaction) == (None, "")


def test_closing_waits_for_a_follow_up_of_this_round(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    issue = cast.move(issue, "redo", "staff", note="不满意。")
    issue = cast.move(issue, "report", "handler", note="已补办。")
    assert issue.followed_up_on is None


def test_reopening_what_nobody_held_asks_for_a_unit(cast: Cast) -> None:
    issue = cast.move(cast.issue(), "close", "registrar", outcome="explained", note="当场讲清了政策。")
    with pytest.raises(FieldErrors) as refused:
        cast.move(issue, "reopen", "staff", note="企业又来问。")
    assert set(refused.value.fields) == {"unit"}
    issue = cast.move(issue, "reopen", "staff", note="企业又来问。", unit=cast.legal)
    assert (issue.state, issue.holder, issue.outcome, issue.closed_on) == ("in_progress", cast.legal, "", None)
    assert issue.due_on == date(2024, 9, 11)


def test_reopening_keeps_the_holder(cast: Cast) -> None:
    issue = cast.issue_in("closed")
    with pytest.raises(FieldErrors):
        cast.move(issue, "reopen", "staff", note="款又退回了。", unit=cast.finance)
    issue = cast.move(issue, "reopen", "staff", note="款又退回了。")
    assert (issue.state, issue.holder, issue.reopen_count) == ("in_progress", cast.legal, 1)


def test_a_step_may_be_entered_late_but_not_early(cast: Cast) -> None:
    issue = cast.issue()
    later = cast.now + timedelta(days=2)
    for wrong in (later + timedelta(hours=1), cast.now - timedelta(hours=1)):
        with pytest.raises(FieldErrors) as refused:
            cast.move(issue, "assign", "staff", unit=cast.legal, now=later, happened_at=wrong)
        assert set(refused.value.fields) == {"happened_at"}
    issue = cast.move(issue, "assign", "staff", unit=cast.legal, now=later, happened_at=cast.now)
    event = issue.events.get(action="assign")
    assert (event.happened_at, event.recorded_at) == (cast.now, later)
    assert issue.assigned_on == cast.now.date()


def test_the_version_must_be_given(cast: Cast) -> None:
    issue = cast.issue()
    with pytest.raises(FieldErrors) as refused:
        issue_move(code=issue.code, action="assign", version=None, actor=cast.scope("staff"), unit=cast.legal)
    assert set(refused.value.fields) == {"version"}
    assert Issue.objects.get(pk=issue.pk).state == "registered"
