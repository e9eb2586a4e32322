"""The page of an issue: moves sent from its dialogs, what is refused, what was typed stays."""

import re

import pytest

from casework.models import Issue, IssueEvent
from tests.casework.cast import Cast


def send(cast: Cast, issue: Issue, action: str, who: str, **form):
    return cast.client(who).post(
        f"/issues/{issue.code}/{action}/", {"version": issue.version, **form}, HTTP_HOST="127.0.0.1"
    )


def test_the_way_through_the_pages(cast: Cast) -> None:
    issue = cast.issue()
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert f"还没有开始计时：交办次日起算签收期限和办理期限（本类承诺 {cast.dues.promise_workdays} 个工作日）" in page
    for who, action, form, state in [
        ("staff", "assign", {"unit": "D-LEGAL", "note": "请按时办理。"}, "assigned"),
        ("handler", "accept", {"note": ""}, "in_progress"),
        ("handler", "report", {"note": "已补齐材料。"}, "answered"),
        ("registrar", "follow_up", {"satisfaction": "satisfied", "note": ""}, "answered"),
        ("staff", "close", {"outcome": "resolved", "note": ""}, "closed"),
    ]:
        answer = send(cast, issue, action, who, **form)
        assert (answer.status_code, answer.url) == (302, f"/issues/{issue.code}/"), action
        issue.refresh_from_db()
        assert issue.state == state
        if state == "in_progress":
            page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
            assert re.search(r'aria-current="step">反馈 <span class="nowrap">剩 \d+ 个工作日</span></li>', page)
            assert "还没有开始计时" not in page
    page = cast.client("registrar").get(f"/issues/{issue.code}/").content.decode()
    for words in ("已办结 · 已化解", "已补齐材料。", "交办至权益保障部", "回访：满意", "办结：已化解"):
        assert words in page


@pytest.mark.parametrize("who", ["outsider", "neighbour", "other_handler"])
def test_an_outsider_finds_nothing(cast: Cast, who: str) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.client(who).get(f"/issues/{issue.code}/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()
    assert send(cast, issue, "report", who, note="已办。").status_code == 404


def test_a_missing_reason_stands_at_the_field(cast: Cast) -> None:
    issue = cast.issue()
    answer = send(cast, issue, "assign", "staff", unit="", note="请优先办理。")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择承办单位。" in page
    assert "请优先办理。" in page
    assert 'id="assign"' in page
    assert "data-open" in page
    assert Issue.objects.get(pk=issue.pk).state == "registered"


def test_a_double_tap_does_nothing_twice(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    first = send(cast, issue, "report", "handler", note="已补齐材料。\r\n等待到账。")
    second = send(cast, issue, "report", "handler", note="已补齐材料。\r\n等待到账。")
    assert first.url == second.url == f"/issues/{issue.code}/"
    assert IssueEvent.objects.filter(issue=issue, action="report").count() == 1


def test_somebody_was_faster(cast: Cast) -> None:
    """Staff sends it back to be redone while the cadre has just followed up: both sides shown, and it can go on."""
    issue = cast.issue_in("answered")
    cast.move(Issue.objects.get(pk=issue.pk), "follow_up", "registrar", satisfaction="dissatisfied", note="还没到账。")
    answer = send(cast, issue, "redo", "staff", note="请财务核实。")
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("registrar（演示）刚刚做了“回访”", "还没到账。", "请财务核实。", "在最新内容上提交"):
        assert words in page
    assert f'name="version" value="{issue.version + 1}"' in page
    issue.refresh_from_db()
    assert issue.state == "answered"
    assert send(cast, issue, "redo", "staff", note="请财务核实。").status_code == 302
    issue.refresh_from_db()
    assert issue.state == "in_progress"


def test_a_step_that_is_over_keeps_what_was_typed_in_sight(cast: Cast) -> None:
    issue = cast.issue()
    cast.move(Issue.objects.get(pk=issue.pk), "reject", "staff", note="重复登记。")
    answer = send(cast, issue, "assign", "staff", unit="D-LEGAL", note="请优先办理。")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "请优先办理。" in page
    assert "看最新内容" in page
    assert Issue.objects.get(pk=issue.pk).state == "rejected"


def test_a_holder_that_sends_back_lands_on_the_list(cast: Cast) -> None:
    issue = cast.issue_in("assigned")
    answer = send(cast, issue, "send_back", "handler", note="不属本部门。")
    assert (answer.status_code, answer.url) == (302, "/issues/")


def test_a_lost_session_comes_back_to_the_dialog(cast: Cast) -> None:
    issue = cast.issue()
    cast.client("staff").logout()
    bounced = send(cast, issue, "assign", "staff", unit="D-LEGAL")
    assert bounced.status_code == 302
    assert bounced.url == f"/login/?next=/issues/{issue.code}/assign/"
    cast.clients.pop("staff")
    back = cast.client("staff").get(f"/issues/{issue.code}/assign/")
    assert back.url == f"/issues/{issue.code}/#assign"
    assert Issue.objects.get(pk=issue.pk).state == "registered"


def test_text_from_people_is_never_markup(cast: Cast) -> None:
    issue = cast.issue(title="<script>alert(1)</script>", description="<b>粗体</b>")
    cast.move(issue, "assign", "staff", unit=cast.legal, note="<img src=x onerror=alert(1)>")
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    for markup in ("<script>alert", "<b>粗体", "<img src=x"):
        assert markup not in page


def test_a_handler_without_anybody_below_is_not_asked_to_transfer(cast: Cast) -> None:
    issue = cast.issue()
    cast.move(issue, "assign", "staff", unit=cast.workroom)
    page = cast.client("workroom_handler").get(f"/issues/{issue.code}/").content.decode()
    assert 'data-dialog="accept"' in page
    assert 'data-dialog="transfer"' not in page
