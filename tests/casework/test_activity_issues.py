"""Linking issues to a service activity, and answering many in one step: each by its own move, by its own holder."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.activity_selectors import activities_for, fitting_issues, found_issues
from casework.models import ActivityIssue, Category, Issue, IssueEvent, PublicAnswer, ServiceActivity
from casework.services import ReporterInput
from casework.services.activities import activity_move
from casework.services.activity_issues import Answered, holders_ask, issue_unlink, issues_answer, issues_link
from casework.services.reporters import keep_reporter
from tests.casework.cast import Cast
from tests.casework.test_activities import DAY, held, plan, session
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.notify.models import Notification

NOTE = "已在招聘会上为企业对接用工。"


@pytest.fixture
def fair(cast: Cast) -> ServiceActivity:
    return held(cast, plan(cast))


def link(cast: Cast, activity: ServiceActivity, *issues: Issue, who: str = "staff") -> int:
    return issues_link(code=activity.code, issues=[issue.code for issue in issues], actor=cast.scope(who))


def answer(
    cast: Cast, activity: ServiceActivity, *issues: Issue, who: str = "handler", **changes: Any
) -> list[Answered]:
    """Answer upon the versions in `issues`."""
    facts = {"rows": [(issue.code, issue.version) for issue in issues], "note": NOTE, "actor": cast.scope(who)}
    return issues_answer(code=activity.code, **{**facts, **changes})


def test_linking_changes_nothing_of_the_issue(cast: Cast) -> None:
    activity, issue = plan(cast), cast.issue_in("in_progress")
    events = IssueEvent.objects.count()
    assert link(cast, activity, issue) == 1
    assert link(cast, activity, issue) == 0
    assert issues_link(code=activity.code, issues=[f" {issue.code.lower()} "], actor=cast.scope("clerk")) == 0
    row = ActivityIssue.objects.get()
    assert (row.linked_by, row.answer) == (cast.users["staff"], None)
    before = issue.version
    issue.refresh_from_db()
    assert (issue.version, IssueEvent.objects.count()) == (before, events)


def test_what_cannot_be_linked(cast: Cast) -> None:
    activity = plan(cast)
    far = cast.issue(township=cast.fusheng, enterprise=cast.quarry, actor=cast.scope("outsider"))
    for who, codes, words in (
        ("staff", [], "至少选择一条"),
        ("staff", ["YC-2024-999999"], "没有编号为 YC-2024-999999"),
        ("staff", [cast.issue_in("voided").code], "已作废"),
        ("staff", [cast.issue_in("rejected").code], "不予受理"),
        ("clerk", [far.code], "不在您的查看范围内"),
    ):
        with pytest.raises(FieldErrors) as refused:
            issues_link(code=activity.code, issues=codes, actor=cast.scope(who))
        assert words in refused.value.fields["issues"]
    for who, error in (("handler", NotFound), ("registrar", Forbidden), ("leader", Forbidden)):
        with pytest.raises(error):
            link(cast, activity, cast.issue(), who=who)
    assert not ActivityIssue.objects.exists()


def test_many_are_answered_in_one_step_each_by_its_own_event(cast: Cast, fair: ServiceActivity) -> None:
    issues = [cast.issue_in("in_progress") for _ in range(3)]
    link(cast, fair, *issues)
    results = answer(cast, fair, *issues)
    assert [(result.code, result.done) for result in results] == [(issue.code, True) for issue in issues]
    for issue in issues:
        issue.refresh_from_db()
        event = IssueEvent.objects.get(issue=issue, action="report")
        assert (issue.state, issue.answered_on, event.seq) == ("answered", DAY, issue.version)
        assert (event.data["activity"], event.actor, event.note.text) == (fair.code, cast.users["handler"], NOTE)
        assert ActivityIssue.objects.get(issue=issue).answer == event
    assert AuditEntry.objects.filter(action="issue.report").count() == 3
    trail = AuditEntry.objects.get(action="activity.answer")
    assert (trail.object_id, trail.data["issues"]) == (fair.code, 3)
    assert NOTE not in str(list(AuditEntry.objects.values()))


def test_a_repeat_answers_nothing_twice(cast: Cast, fair: ServiceActivity) -> None:
    issues = [cast.issue_in("in_progress") for _ in range(2)]
    link(cast, fair, *issues)
    answer(cast, fair, *issues)
    again = answer(cast, fair, *issues)
    assert [(result.done, "没有重复" in result.words) for result in again] == [(False, True)] * 2
    assert IssueEvent.objects.filter(action="report").count() == 2
    assert AuditEntry.objects.filter(action="activity.answer").count() == 1


def test_one_refused_row_undoes_no_other(cast: Cast, fair: ServiceActivity) -> None:
    good, stale, unsigned, closed = (cast.issue_in(s) for s in ("in_progress", "in_progress", "assigned", "closed"))
    others = cast.issue()
    others = cast.move(cast.move(others, "assign", "staff", unit=cast.jishan), "accept", "clerk")
    unlinked, unseen = cast.issue_in("in_progress"), cast.issue()
    link(cast, fair, good, stale, unsigned, closed, others, unseen)
    cast.move(stale, "supervise", "staff", note="请抓紧。")  # somebody steps in after the page was opened
    rows = [(i.code, i.version) for i in (good, stale, unsigned, closed, others, unlinked, unseen)]
    found = {r.code: r for r in answer(cast, fair, rows=rows)}
    assert [code for code, result in found.items() if result.done] == [good.code]
    for issue, words in (
        (stale, "刚被别人修改过"),
        (unsigned, "已交办待签收"),
        (closed, "已办结"),
        (others, "不在您的查看范围内"),  # held by the township, so the department does not see it
        (unlinked, "没有关联到这项活动"),
        (unseen, "不在您的查看范围内"),
    ):
        assert words in found[issue.code].words
        assert not IssueEvent.objects.filter(issue=issue, data__activity=fair.code).exists()
    good.refresh_from_db()
    assert good.state == "answered"


def test_nobody_answers_for_another_unit(cast: Cast, fair: ServiceActivity) -> None:
    issue = cast.issue_in("in_progress")
    link(cast, fair, issue)
    for who in ("staff", "clerk"):
        (result,) = answer(cast, fair, issue, who=who)
        assert (result.done, result.words) == (False, f"由{cast.legal}承办，请其反馈")
    for who, error in (
        ("leader", Forbidden),
        ("registrar", Forbidden),
        ("other_handler", NotFound),
        ("neighbour", NotFound),
    ):
        with pytest.raises(error):
            answer(cast, fair, issue, who=who)
    issue.refresh_from_db()
    assert issue.state == "in_progress"
    own = cast.move(cast.move(cast.issue(), "assign", "staff", unit=cast.jishan), "accept", "clerk")
    link(cast, fair, own)
    assert answer(cast, fair, own, who="clerk")[0].done


def test_an_activity_that_was_not_held_answers_nothing(cast: Cast) -> None:
    activity, issue = plan(cast), cast.issue_in("in_progress")
    link(cast, activity, issue)
    with pytest.raises(InvalidTransition, match="还没有举办过"):
        answer(cast, activity, issue)
    session(cast, activity, held_on=DAY + timedelta(days=1))
    with pytest.raises(InvalidTransition, match="还没有举办过"):
        answer(cast, activity, issue)
    session(cast, activity)
    with pytest.raises(InvalidTransition, match="先登记举办"):
        answer(cast, activity, issue)
    activity_move(code=activity.code, action="hold", version=None, actor=cast.scope("staff"))
    assert answer(cast, activity, issue)[0].done
    cancelled = activity_move(
        code=plan(cast).code, action="cancel", version=None, actor=cast.scope("staff"), text="改期"
    )
    with pytest.raises(InvalidTransition, match="已取消"):
        answer(cast, cancelled, issue, who="staff")


def test_bad_text_touches_no_row(cast: Cast, fair: ServiceActivity) -> None:
    issue = cast.issue_in("in_progress")
    link(cast, fair, issue)
    for changes, fields in (
        ({"note": " "}, {"note"}),
        ({"note": "长" * 4001}, {"note"}),
        ({"answer": "长" * 1001}, {"answer"}),
        ({"rows": []}, {"rows"}),
    ):
        with pytest.raises(FieldErrors) as refused:
            answer(cast, fair, issue, **changes)
        assert set(refused.value.fields) == fields
    assert not IssueEvent.objects.filter(action="report").exists()
    (lost,) = answer(cast, fair, rows=[(issue.code, None)])
    assert (lost.done, "版本号" in lost.words) == (False, True)


def test_only_reporters_read_the_public_answer(cast: Cast, fair: ServiceActivity) -> None:
    reported, plain = cast.issue_in("in_progress"), cast.issue_in("in_progress")
    keep_reporter(reported, ReporterInput("open", "黄示例", "13800000001"), now=cast.now)
    link(cast, fair, reported, plain)
    with pytest.raises(FieldErrors) as refused:
        answer(cast, fair, reported, plain)
    assert "反映人" in refused.value.fields["answer"]
    assert not IssueEvent.objects.filter(action="report").exists()
    assert all(result.done for result in answer(cast, fair, reported, plain, answer="招聘会已为您对接企业。"))
    assert [row.issue for row in PublicAnswer.objects.all()] == [reported]


def test_an_answer_redone_may_be_given_again(cast: Cast, fair: ServiceActivity) -> None:
    issue = cast.issue_in("in_progress")
    link(cast, fair, issue)
    answer(cast, fair, issue)
    for action, who, given in (
        ("follow_up", "registrar", {"satisfaction": "dissatisfied"}),
        ("redo", "staff", {"note": "岗位不符，请再对接。"}),
    ):
        issue = cast.move(issue, action, who, **given)
    assert answer(cast, fair, issue)[0].done
    assert IssueEvent.objects.filter(issue=issue, data__activity=fair.code).count() == 2
    with pytest.raises(InvalidTransition, match="不能取消关联"):
        issue_unlink(code=fair.code, issue_code=issue.code, actor=cast.scope("staff"))


def test_a_link_made_by_mistake_is_undone(cast: Cast, fair: ServiceActivity) -> None:
    issue = cast.issue_in("in_progress")
    link(cast, fair, issue)
    with pytest.raises(FieldErrors):
        issue_unlink(code=fair.code, issue_code="YC-2024-999999", actor=cast.scope("staff"))
    issue_unlink(code=fair.code, issue_code=issue.code, actor=cast.scope("clerk"))
    assert not ActivityIssue.objects.exists()


def test_holders_are_told_when_it_was_held_and_when_asked(cast: Cast) -> None:
    activity = plan(cast)
    link(cast, activity, cast.issue_in("in_progress"), cast.issue_in("in_progress"), cast.issue_in("closed"))
    Notification.objects.all().delete()
    held(cast, activity)
    line = Notification.objects.get()
    assert (line.user, line.kind, line.url) == (cast.users["handler"], "todo", f"/activities/{activity.code}/answer/")
    assert "承办的 2 条诉求" in line.text
    for _ in range(2):
        assert holders_ask(code=activity.code, actor=cast.scope("clerk")) == 1
    assert Notification.objects.count() == 2  # once a day
    with pytest.raises(Forbidden):
        holders_ask(code=activity.code, actor=cast.scope("handler"))
    with pytest.raises(InvalidTransition, match="没有承办单位"):
        holders_ask(code=held(cast, plan(cast)).code, actor=cast.scope("staff"))


def test_suggestions_fit_kind_and_township(cast: Cast) -> None:
    jobs, training = (Category.objects.get(code=code) for code in ("recruitment", "training"))
    near = cast.issue(title="急招焊工", category=jobs, received_on=date(2024, 9, 3))
    old = cast.issue(title="招不到质检员", category=jobs, enterprise=None, received_on=date(2024, 9, 1))
    far = cast.issue(
        title="石材厂招工", category=jobs, township=cast.fusheng, enterprise=cast.quarry, actor=cast.scope("outsider")
    )
    other = cast.issue(title="想学焊接", category=training)
    cast.issue_in("closed", title="招工已解决", category=jobs)
    staff = cast.scope("staff")
    fair = plan(cast)
    assert fitting_issues(fair, staff) == [old, near]
    invited = plan(cast, enterprises=[cast.quarry])
    assert fitting_issues(invited, staff) == [far, old, near]
    assert fitting_issues(plan(cast, township=None), staff) == [old, near, far]
    link(cast, fair, near)
    assert fitting_issues(fair, staff) == [old]
    assert found_issues(fair, staff, "焊接") == [other]
    assert found_issues(fair, staff, old.code) == [old]
    assert found_issues(fair, cast.scope("clerk"), "石材厂招工") == []
    assert activities_for(far, staff)[0].township is None
    assert activities_for(old, cast.scope("clerk"), "招聘会") == [invited, fair]
    assert activities_for(near, cast.scope("handler")) == []
