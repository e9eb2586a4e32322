"""Extension, pause, reminders and supervision: what they change, and what is refused. Rules: docs/domain.md, "Clocks"."""

from datetime import date, timedelta

import pytest

from casework.models import Issue
from casework.services.sweeps import remind_overdue
from tests.casework.cast import Cast
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.params.models import Parameter
from unionportal.core.params.services import parameter_set
from unionportal.core.params.values import kept_values
from unionportal.reporting.selectors.queues import find_queue


def test_an_extension_is_asked_for_and_granted(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")  # due Wednesday 11 September
    issue = cast.move(issue, "extend", "handler", days=3, note="等财务出具凭证。")
    assert (issue.due_on, issue.extension_days) == (date(2024, 9, 11), 3)
    issue = cast.move(issue, "approve_extension", "leader", now=cast.now + timedelta(days=9))  # after the old deadline
    # 12, 13 and 14 September: the Saturday is worked for Mid-Autumn.
    assert (issue.due_on, issue.extension_days, issue.extended_workdays) == (date(2024, 9, 14), None, 3)


def test_a_refused_extension_leaves_the_deadline(cast: Cast) -> None:
    issue = cast.issue_in("wished")
    with pytest.raises(FieldErrors) as refused:
        cast.move(issue, "refuse_extension", "staff")
    assert set(refused.value.fields) == {"note"}
    issue = cast.move(issue, "refuse_extension", "staff", note="材料已经齐全。")
    assert (issue.due_on, issue.extension_days, issue.extended_workdays) == (date(2024, 9, 11), None, 0)


def test_an_extension_asked_too_late_is_refused_and_says_so(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    before = Issue.objects.filter(pk=issue.pk).values().get()
    for day in (date(2024, 9, 11), date(2024, 9, 12)):  # the last day, and a day after it
        late = cast.now.replace(day=day.day)
        with pytest.raises(InvalidTransition, match=r"至少 1 个工作日.*2024年9月11日.*晚了"):
            cast.move(issue, "extend", "handler", days=1, note="来不及。", now=late)
        # Nor by entering it as if it had been asked before.
        with pytest.raises(InvalidTransition):
            cast.move(issue, "extend", "handler", days=1, note="来不及。", now=late, happened_at=cast.now)
    assert Issue.objects.filter(pk=issue.pk).values().get() == before
    assert (
        cast.move(issue, "extend", "handler", days=1, note="来得及。", now=cast.now.replace(day=10)).extension_days == 1
    )


def test_extensions_add_up_to_a_limit(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    for wrong in (0, -1, 21):
        with pytest.raises(FieldErrors) as refused:
            cast.move(issue, "extend", "handler", days=wrong, note="等凭证。")
        assert "1 到 20" in refused.value.fields["days"]
    cast.move(issue, "extend", "handler", days=15, note="等凭证。")
    with pytest.raises(InvalidTransition, match="已经申请了延期"):
        cast.move(issue, "extend", "handler", days=1, note="再等等。")
    cast.move(issue, "approve_extension", "staff")
    with pytest.raises(FieldErrors):
        cast.move(issue, "extend", "handler", days=6, note="再等等。")
    cast.move(issue, "extend", "handler", days=5, note="再等等。")
    cast.move(issue, "approve_extension", "staff")
    with pytest.raises(InvalidTransition, match="累计延期 20 个工作日"):
        cast.move(issue, "extend", "handler", days=1, note="还要等。")


def test_the_limits_are_parameters(cast: Cast) -> None:
    cast._person("admin", "sysadmin", cast.district)
    parameter_set(
        key="issues.extension_notice", value=3, effective_on=cast.now.date(), actor=cast.scope("admin"), reason="试行"
    )
    kept_values.forget()
    issue = cast.issue_in("in_progress")
    with pytest.raises(InvalidTransition, match="至少 3 个工作日"):
        cast.move(issue, "extend", "handler", days=1, note="等凭证。", now=cast.now.replace(day=9))
    kept_values.forget()


def test_nobody_decides_their_own_extension(cast: Cast) -> None:
    RoleGrant.objects.create(user=cast.users["handler"], role="staff", unit=cast.district)
    issue = cast.issue_in("wished")
    with pytest.raises(InvalidTransition, match="不能答复自己"):
        cast.move(issue, "approve_extension", "handler")
    assert cast.move(issue, "approve_extension", "staff").extended_workdays == 3


def test_an_undecided_wish_goes_with_the_answer(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("wished"), "report", "handler", note="办好了。")
    assert (issue.state, issue.extension_days) == ("answered", None)


def test_a_pause_takes_no_time_away(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")  # due 11 September
    issue = cast.move(issue, "pause", "staff", note="等企业补材料。", now=cast.now.replace(day=5))
    assert issue.due_on == date(2024, 9, 11)
    issue = cast.move(issue, "resume", "handler", note="材料已补。", now=cast.now.replace(day=9))
    # 6 and 9 September stood still; 12 and 13 September come after the old day.
    assert (issue.paused_on, issue.paused_workdays, issue.due_on) == (None, 2, date(2024, 9, 13))


def test_a_pause_before_signing_moves_both_deadlines(cast: Cast) -> None:
    issue = cast.issue_in("assigned")
    cast.move(issue, "pause", "staff", note="停工。")
    issue = cast.move(issue, "resume", "staff", note="复工。", now=cast.now.replace(day=6))
    assert (issue.accept_due_on, issue.due_on) == (date(2024, 9, 9), date(2024, 9, 13))


def test_an_answer_ends_the_pause(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("paused"), "report", "handler", note="已办。", now=cast.now.replace(day=13))
    # Seven workdays stood still; over Mid-Autumn (15 to 17 September off, Saturday the 14th worked).
    assert (issue.paused_on, issue.due_on, issue.answered_on) == (None, date(2024, 9, 23), date(2024, 9, 13))


def test_a_paused_clock_shows_and_asks_for_no_extension(cast: Cast) -> None:
    issue = cast.issue_in("paused")
    with pytest.raises(InvalidTransition, match="已暂停计时"):
        cast.move(issue, "extend", "handler", days=1, note="等。")
    page = cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    assert "计时暂停" in page
    assert "请先恢复计时" in page


def test_sending_back_forgets_pause_and_extension(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("paused"), "send_back", "handler", note="不属本部门。")
    assert (issue.paused_on, issue.paused_workdays, issue.extended_workdays, issue.due_from) == (None, 0, 0, None)


def test_a_promise_in_calendar_days_counts_holidays_too(cast: Cast) -> None:
    cast.dues.promise_in = "calendar"
    cast.dues.save()
    cast.now = cast.now.replace(day=27)  # a Friday before seven days off
    issue = cast.issue_in("in_progress")
    assert (issue.due_on, issue.promise_in) == (date(2024, 10, 2), "calendar")
    cast.dues.promise_in = "workdays"
    cast.dues.save()
    issue = cast.move(issue, "report", "handler", note="办好了。")
    issue = cast.move(issue, "redo", "staff", note="没有办好。")
    assert issue.due_on == date(2024, 10, 2)  # the promise of the assignment, its kind of days included
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "5 个自然日" in page


def test_reminding_by_hand_counts(cast: Cast) -> None:
    issue = cast.issue_in("assigned")
    cast.move(issue, "remind", "leader", note="请尽快签收。")
    issue = cast.move(issue, "remind", "staff", now=cast.now.replace(day=5))
    assert (issue.remind_count, issue.reminded_on, issue.state) == (2, date(2024, 9, 5), "assigned")


def test_supervising_wants_a_reason_and_happens_once(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    with pytest.raises(FieldErrors):
        cast.move(issue, "supervise", "leader")
    issue = cast.move(issue, "supervise", "leader", note="本周内办结。")
    assert (issue.supervision, issue.supervised_on) == ("supervised", date(2024, 9, 4))
    with pytest.raises(InvalidTransition, match="已经督办"):
        cast.move(issue, "supervise", "staff", note="再督办一次。")


def test_the_fourth_redo_is_escalated(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    for n in range(4):
        assert issue.supervision == ""
        issue = cast.move(issue, "redo", "staff", note=f"第{n + 1}次退回。")
        if n < 3:
            issue = cast.move(issue, "report", "handler", note="又办了一次。")
    assert (issue.redo_count, issue.supervision) == (4, "escalated")
    last = issue.events.last()
    assert (last.action, last.actor, last.seq, issue.version) == ("escalate", None, issue.version, issue.version)


def sent_back(cast: Cast, issue: Issue, *by: str) -> list[str]:
    """Assigned to and sent back by one unit after the other; how it was supervised after each time."""
    units = {"handler": cast.legal, "other_handler": cast.finance, "workroom_handler": cast.workroom}
    seen = []
    for who in by:
        cast.move(issue, "assign", "staff", unit=units[who])
        issue = cast.move(issue, "send_back", who, note="不归我管。")
        seen.append(issue.supervision)
    return seen


def test_three_units_that_send_it_back_escalate_it(cast: Cast) -> None:
    Parameter.objects.create(key="issues.escalate_bounces", value=20, effective_on=cast.now.date())
    kept_values.forget()
    issue = cast.issue()
    found = sent_back(cast, issue, "handler", "handler", "other_handler", "workroom_handler")
    assert found == ["", "", "", "escalated"]
    page = cast.client("leader").get(f"/issues/{issue.code}/").content.decode()
    assert "提级督办：多次重办或多次退回" in page
    assert "系统" in page
    kept_values.forget()


def test_two_units_that_pass_it_to_and_fro_escalate_it(cast: Cast) -> None:
    assert sent_back(cast, cast.issue(), "handler", "other_handler", "handler") == ["", "", "escalated"]
    issue = cast.issue_in("in_progress")
    cast.move(issue, "transfer", "staff", unit=cast.finance, note="转财务。")
    for who, unit in (("other_handler", cast.legal), ("handler", cast.finance), ("other_handler", cast.legal)):
        assert issue.supervision == ""
        issue = cast.move(issue, "send_back", who, unit=unit, note="不归我管。")
    assert (issue.state, issue.supervision) == ("assigned", "escalated")


def test_the_list_of_what_is_redone_often_follows_the_same_parameter(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    for n in range(3):
        issue = cast.move(issue, "redo", "staff", note=f"第{n + 1}次退回。")
        issue = cast.move(issue, "report", "handler", note="又办了一次。")
    queue = find_queue(cast.scope("leader"), "redone_often")
    assert queue is not None

    def listed() -> list[Issue]:
        return list(queue.rows(cast.scope("leader"), cast.now.date()))

    assert (issue.supervision, listed()) == ("", [issue])
    Parameter.objects.create(key="issues.escalate_redos", value=4, effective_on=cast.now.date())
    kept_values.forget()
    assert listed() == []
    kept_values.forget()


def test_signing_and_follow_up_in_calendar_days(cast: Cast) -> None:
    """From Monday on signing and follow-up count every day: the clock that started on the Friday before stays what it was."""
    for key in ("issues.accept_in", "issues.follow_up_in"):
        Parameter.objects.create(key=key, value="自然日", effective_on=date(2024, 9, 30))
    for key in ("issues.accept_workdays", "issues.follow_up_workdays"):
        Parameter.objects.create(key=key, value=2, effective_on=date(2024, 9, 30))
    kept_values.forget()
    cast.now = cast.now.replace(day=27)  # the last workdays before seven days off: 27, 29 (a Sunday that is worked), 30
    before, answered_before = cast.issue_in("assigned"), cast.issue_in("answered")
    cast.now = cast.now.replace(day=30)
    after, answered_after = cast.issue_in("assigned"), cast.issue_in("answered")
    assert [issue.accept_due_on for issue in (before, after)] == [date(2024, 9, 29), date(2024, 10, 2)]
    assert [issue.follow_up_due_on for issue in (answered_before, answered_after)] == [
        date(2024, 9, 29),
        date(2024, 10, 2),
    ]
    before.refresh_from_db()
    assert before.accept_due_on == date(2024, 9, 29)
    assert remind_overdue(now=cast.now) == 2  # both of Friday, on the workday after their day
    kept_values.forget()


def test_the_way_through_the_api(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.post(issue, "extend", "handler", days="three", note="等凭证。")
    assert (answer.status_code, answer.json()["fields"]) == (400, {"days": "天数应为整数。"})
    answer = cast.post(issue, "extend", "handler", days=3, note="等凭证。")
    assert (answer.status_code, answer.json()["extension_days"]) == (200, 3)
    offered = {
        row["action"]: row for row in cast.client("leader").get(f"/api/v1/issues/{issue.code}/").json()["actions"]
    }
    assert offered.keys() == {"approve_extension", "refuse_extension", "remind", "supervise"}
    assert offered["refuse_extension"]["required"] == ["note"]
