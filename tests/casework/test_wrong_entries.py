"""Wrong entries: voided with a reason, or put right; what they say stays readable, and the figures follow."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.models import Category, Issue, IssueEvent, RollupOutbox
from casework.services import issue_correct
from tests.casework.cast import Cast
from tests.people import password_hash, sign_in
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh


def correct(cast: Cast, issue: Issue, who: str, **changes: Any) -> Issue:
    """The facts of the issue as they stand, with these changes."""
    issue = Issue.objects.get(pk=issue.pk)
    facts = {
        "version": issue.version,
        "reason": "登记时选错了。",
        "category": issue.category,
        "township": issue.township,
        "enterprise": issue.enterprise,
        "received_on": issue.received_on,
        "title": issue.title,
        "description": issue.description,
        "actor": cast.scope(who),
        "now": cast.now,
    }
    return issue_correct(code=issue.code, **{**facts, **changes})


def form(issue: Issue, **changes: Any) -> dict[str, Any]:
    """What the page of a correction sends."""
    return {
        "version": issue.version,
        "reason": "登记时选错了。",
        "category": issue.category.code,
        "township": issue.township.code,
        "enterprise": issue.enterprise.credit_code if issue.enterprise else "",
        "received_on": issue.received_on.isoformat(),
        "title": issue.title,
        "description": issue.description,
        **changes,
    }


@pytest.mark.parametrize(
    "state", ["registered", "assigned", "in_progress", "answered", "followed", "closed", "rejected"]
)
def test_a_voided_entry_stays_readable_and_counts_nowhere(cast: Cast, state: str) -> None:
    issue = cast.issue_in(state)
    voided = cast.move(issue, "void", "staff", note="同一件事登记了两次。")
    assert (voided.state, voided.outcome, voided.closed_on, voided.workdays_to_close) == ("voided", "", None, None)
    assert voided.holder_id == issue.holder_id  # whoever worked on it can still read it
    assert not Issue.objects.counted().filter(pk=issue.pk).exists()
    page = cast.client("registrar").get(f"/issues/{issue.code}/").content.decode()
    for words in ("已作废", "同一件事登记了两次。"):
        assert words in page
    assert issue.title in cast.client("staff").get("/issues/?state=voided").content.decode()
    assert issue.title not in cast.client("staff").get("/issues/?state=open").content.decode()


def test_a_void_needs_a_reason(cast: Cast) -> None:
    issue = cast.issue()
    answer = cast.post(issue, "void", "staff", note="  ")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"note"})
    assert Issue.objects.get(pk=issue.pk).state == "registered"


def test_nothing_more_can_be_done_with_a_voided_entry(cast: Cast) -> None:
    issue = cast.issue_in("voided")
    with pytest.raises(InvalidTransition, match="已作废"):
        correct(cast, issue, "staff", title="另一件事")
    for action, given in (("assign", {"unit": cast.legal}), ("void", {}), ("reopen", {})):
        with pytest.raises(InvalidTransition):
            cast.move(issue, action, "staff", note="恢复。", **given)


def test_who_registered_it_voids_it_on_that_day_only(cast: Cast) -> None:
    first, second = cast.issue(), cast.issue(title="重复的一条")
    cast.move(first, "void", "registrar", note="登记重复。")
    next_day = cast.now + timedelta(days=1)
    with clock.at(next_day), pytest.raises(InvalidTransition, match="登记当天"):
        cast.move(second, "void", "registrar", note="登记重复。", now=next_day)
    with clock.at(next_day):
        page = cast.client("registrar").get(f"/issues/{second.code}/").content.decode()
    assert 'data-dialog="void"' not in page
    assert Issue.objects.get(pk=second.pk).state == "registered"


def test_a_late_received_day_does_not_make_it_an_entry_of_another_day(cast: Cast) -> None:
    """The day that matters is the day it was entered, not the day it was received."""
    issue = cast.issue(received_on=cast.now.date() - timedelta(days=5))
    assert cast.move(issue, "void", "registrar", note="登记重复。").state == "voided"


def test_staff_puts_facts_right_and_the_event_says_what_was(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    saved = correct(
        cast,
        issue,
        "staff",
        category=Category.objects.get(code="wage_arrears"),
        township=cast.fusheng,
        enterprise=cast.quarry,
        received_on=date(2024, 8, 30),
        title="拖欠八月工资",
    )
    assert (saved.state, saved.holder_id, saved.due_on) == (issue.state, issue.holder_id, issue.due_on)
    event = IssueEvent.objects.get(issue=issue, action="correct")
    assert event.data == {
        "category": ["dues_refund", "wage_arrears"],
        "township": [cast.jishan.code, cast.fusheng.code],
        "enterprise": [cast.plant.credit_code, cast.quarry.credit_code],
        "received_on": ["2024-09-04", "2024-08-30"],
        "texts": ["title"],
    }
    assert "返还款未到账" not in str(event.data)  # free text stands elsewhere
    assert AuditEntry.objects.filter(action="issue.correct", object_id=issue.code).exists()
    cells = set(RollupOutbox.objects.filter(issue=issue).values_list("township__code", "category__code", "received_on"))
    assert {
        (cast.jishan.code, "dues_refund", date(2024, 9, 4)),
        (cast.fusheng.code, "wage_arrears", date(2024, 8, 30)),
    } <= cells
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    for words in ("类别由“工会经费返还”改为“欠薪”", "2024年8月30日", "更正前标题：返还款未到账", "登记时选错了。"):
        assert words in page
    assert issue.code in cast.client("staff").get("/issues/?q=拖欠八月").content.decode()


def test_figures_move_from_the_old_cell_to_the_new_one(cast: Cast) -> None:
    issue = cast.issue_in("closed")
    refresh.refresh()
    assert received("dues_refund", date(2024, 9, 1)) == 1
    correct(cast, issue, "staff", category=Category.objects.get(code="policy"), received_on=date(2024, 8, 29))
    refresh.refresh()
    assert (received("dues_refund", date(2024, 9, 1)), received("policy", date(2024, 8, 1))) == (0, 1)
    saved = Issue.objects.get(pk=issue.pk)
    assert saved.workdays_to_close == 4  # Thursday to the next Wednesday
    cast.move(saved, "void", "staff", note="张冠李戴。")
    refresh.refresh()
    assert received("policy", date(2024, 8, 1)) == 0


def received(category: str, month: date) -> int:
    """What the kept figures say; a month before the first issue has no row."""
    rows = Rollup.objects.filter(month=month, unit__kind="district", category__code=category)
    return sum(rows.values_list("received", flat=True))


def test_the_registrar_puts_it_right_until_somebody_acts(cast: Cast) -> None:
    issue = cast.issue()
    assert correct(cast, issue, "registrar", title="返还款没有到账").title == "返还款没有到账"
    with clock.at(cast.now + timedelta(days=1)), pytest.raises(Forbidden):
        correct(cast, issue, "registrar", title="隔天再改", now=cast.now + timedelta(days=1))
    cast.move(issue, "assign", "staff", unit=cast.legal)
    with pytest.raises(Forbidden):
        correct(cast, issue, "registrar", title="交办后再改")


def test_who_may_not_put_right(cast: Cast) -> None:
    issue = cast.issue_in("assigned")
    for who in ("leader", "registrar", "colleague", "clerk", "handler"):
        with pytest.raises(Forbidden):
            correct(cast, issue, who, title="改题")
        assert cast.client(who).get(f"/issues/{issue.code}/correct/").status_code == 403
    for who in ("outsider", "neighbour", "other_handler"):
        with pytest.raises(NotFound):
            correct(cast, issue, who, title="改题")
    assert cast.client("outsider").get(f"/issues/{issue.code}/correct/").status_code == 404
    assert cast.client("neighbour").get(f"/issues/{issue.code}/correct/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " ", "title": "改题"}, "reason"),
        ({}, "reason"),  # nothing changed
        ({"title": " "}, "title"),
        ({"title": "题" * 81}, "title"),
        ({"received_on": date(2024, 9, 5)}, "received_on"),
        ({"township": "fusheng"}, "enterprise"),
    ],
)
def test_what_cannot_be_put_right_that_way(cast: Cast, changes: dict[str, Any], field: str) -> None:
    issue = cast.issue()
    if "township" in changes:
        changes = {"township": cast.fusheng}
    with pytest.raises(FieldErrors) as refused, transaction.atomic():
        correct(cast, issue, "staff", **changes)
    assert set(refused.value.fields) == {field}
    assert Issue.objects.get(pk=issue.pk).version == 1


def test_a_retired_category_is_not_chosen_and_may_be_kept(cast: Cast) -> None:
    issue = cast.issue()
    Category.objects.filter(code__in=("dues_refund", "policy")).update(is_active=False)
    with pytest.raises(FieldErrors) as refused:
        correct(cast, issue, "staff", category=Category.objects.get(code="policy"))
    assert set(refused.value.fields) == {"category"}
    assert correct(cast, issue, "staff", title="返还款没有到账").category.code == "dues_refund"


def test_somebody_was_faster_than_a_correction(cast: Cast) -> None:
    issue = cast.issue()
    with pytest.raises(StaleVersion):
        correct(cast, issue, "staff", title="改题", version=issue.version + 1)
    sent = form(issue, title="返还款一直没有到账")
    cast.move(issue, "assign", "staff", unit=cast.legal)
    answer = cast.client("staff").post(f"/issues/{issue.code}/correct/", sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "返还款一直没有到账" in page
    assert f'name="version" value="{issue.version + 1}"' in page
    assert Issue.objects.get(pk=issue.pk).title == "返还款未到账"


def test_the_page_says_what_is_wrong_at_its_field(cast: Cast) -> None:
    issue = cast.issue()
    answer = cast.client("staff").post(f"/issues/{issue.code}/correct/", form(issue, reason="", title="改过的标题"))
    assert answer.status_code == 422
    assert "请写明更正的理由。" in answer.content.decode()
    assert "改过的标题" in answer.content.decode()
    done = cast.client("staff").post(f"/issues/{issue.code}/correct/", form(issue, title="改过的标题"))
    assert (done.status_code, done.url) == (302, f"/issues/{issue.code}/")
    assert Issue.objects.get(pk=issue.pk).title == "改过的标题"


def test_the_database_keeps_a_voided_issue_without_outcome(cast: Cast) -> None:
    issue = cast.issue_in("voided")
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(outcome="resolved", closed_on=date(2024, 9, 4))


def test_by_hand_in_the_browser(committed_cast: Cast, page: Any) -> None:
    cast = committed_cast
    cast.users["staff"].password = password_hash()
    cast.users["staff"].save()
    issue = cast.issue()
    sign_in(page, cast.users["staff"])
    page.goto(f"/issues/{issue.code}/")
    page.get_by_role("link", name="更正").click()
    page.get_by_label("类别").select_option("policy")
    page.get_by_label("更正理由").fill("应为政策咨询。")
    page.get_by_role("button", name="保存更正").click()
    page.get_by_text("类别由“工会经费返还”改为“政策咨询”").wait_for()
    page.get_by_role("button", name="作废").click()
    page.get_by_label("作废理由").fill("与另一条重复。")
    page.locator("#void").get_by_role("button", name="作废").click()
    page.locator(".page-title").get_by_text("已作废").wait_for()
    assert Issue.objects.get(pk=issue.pk).state == "voided"
