"""Provisional deadlines once the calendar is entered: shown first, then applied, a step on each."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from casework.models import Consultation, Issue, Paper
from casework.services.paper_registers import signer_add, supervisor_add
from casework.services.papers import paper_answered, paper_draft, paper_serve, paper_sign
from casework.services.recount import digest, recount_apply, recount_preview
from tests.casework.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import Conflict, Forbidden
from unionportal.core.workcal.days import kept_calendar
from unionportal.core.workcal.services import calendar_year_set

MONDAY = datetime(2031, 3, 3, 10, tzinfo=SHANGHAI)


@pytest.fixture
def spring(cast: Cast):
    """A spring nobody has published the calendar of yet."""
    cast.now = MONDAY
    cast._person("admin", "sysadmin", cast.district)
    with clock.at(MONDAY):
        yield cast
    kept_calendar.forget()


def enter_the_calendar(cast: Cast, days: str = "2031-03-06 至 2031-03-07 休 示例假") -> None:
    calendar_year_set(year=2031, source="示例通知", days=days, actor=cast.scope("admin"))


def test_nothing_changes_before_it_is_applied(spring: Cast) -> None:
    issue = spring.issue_in("in_progress")
    assert (issue.due_on, issue.due_is_provisional) == (date(2031, 3, 10), True)
    assert recount_preview(spring.scope("staff")) == []
    enter_the_calendar(spring)
    (change,) = recount_preview(spring.scope("staff"))
    assert (change.issue.code, change.label, change.old, change.new, change.confirmed) == (
        issue.code,
        "办理期限",
        date(2031, 3, 10),
        date(2031, 3, 12),
        True,
    )
    issue.refresh_from_db()
    assert issue.due_on == date(2031, 3, 10)


def test_the_page_shows_old_and_new_and_applies(spring: Cast) -> None:
    issue = spring.issue_in("wished")
    spring.move(issue, "approve_extension", "staff")  # + 3 workdays: 13 March
    unaffected = spring.issue_in("answered")
    enter_the_calendar(spring)
    page = spring.client("staff").get("/issues/due/recount/")
    words = page.content.decode()
    for shown in (issue.code, "2031年3月13日", "2031年3月17日", "核定"):
        assert shown in words
    assert unaffected.code not in words
    answer = spring.client("staff").post("/issues/due/recount/", {"seen": page.context["seen"]})
    assert (answer.status_code, answer.url) == (302, "/issues/due/recount/")
    issue.refresh_from_db()
    assert (issue.due_on, issue.due_is_provisional) == (date(2031, 3, 17), False)
    step = issue.events.last()
    assert (step.action, step.actor, step.data) == (
        "recount",
        spring.users["staff"],
        {"due_on": "2031-03-17", "due_is_provisional": False},
    )
    again = spring.client("staff").get("/issues/due/recount/").content.decode()
    assert "没有需要重算的期限" in again
    assert "期限重算为" in spring.client("handler").get(f"/issues/{issue.code}/").content.decode()


def test_the_clocks_to_sign_and_follow_up_too(spring: Cast) -> None:
    to_sign, to_follow = spring.issue_in("assigned"), spring.issue_in("answered")
    enter_the_calendar(spring, "2031-03-04 休 示例假")
    found = {(c.issue.code, c.label): (c.old, c.new) for c in recount_preview(spring.scope("staff"))}
    tuesday, wednesday = date(2031, 3, 4), date(2031, 3, 5)
    assert found[to_sign.code, "签收期限"] == found[to_follow.code, "回访期限"] == (tuesday, wednesday)
    recount_apply(seen=digest(recount_preview(spring.scope("staff"))), actor=spring.scope("staff"))
    to_sign.refresh_from_db()
    assert (to_sign.accept_due_on, to_sign.due_on) == (wednesday, date(2031, 3, 11))
    assert to_sign.events.filter(action="recount").count() == 1
    assert recount_preview(spring.scope("staff")) == []


def test_what_changed_since_the_preview_is_not_applied(spring: Cast) -> None:
    issue = spring.issue_in("in_progress")
    enter_the_calendar(spring)
    seen = digest(recount_preview(spring.scope("staff")))
    spring.move(Issue.objects.get(pk=issue.pk), "extend", "handler", days=2, note="等凭证。")
    with pytest.raises(Conflict, match="预览之后"):
        recount_apply(seen=seen, actor=spring.scope("staff"))
    answer = spring.client("staff").post("/issues/due/recount/", {"seen": seen})
    assert answer.status_code == 409
    assert "预览之后" in answer.content.decode()
    issue.refresh_from_db()
    assert issue.due_on == date(2031, 3, 10)


def test_a_redo_counts_from_its_own_day(spring: Cast) -> None:
    issue = spring.issue_in("followed")
    issue = spring.move(issue, "redo", "staff", note="没有办好。", now=MONDAY.replace(day=5))
    assert issue.due_on == date(2031, 3, 12)
    enter_the_calendar(spring)
    (change,) = recount_preview(spring.scope("staff"))
    assert change.new == date(2031, 3, 14)


@pytest.fixture
def demand(spring: Cast) -> Paper:
    """An 意见书 served that Monday: fifteen workdays, in a spring without a calendar."""
    staff, leader = spring.scope("staff"), spring.scope("leader")
    term = {"valid_from": date(2030, 1, 1), "actor": staff}
    both = [
        supervisor_add(name=f"监督员{n}（演示）", licence_no=f"浙监{n}", valid_to=date(2032, 1, 1), **term)
        for n in (1, 2)
    ]
    signer_add(user=spring.users["leader"], title="vice", valid_to=None, **term)
    paper = paper_draft(
        uuid=uuid4(),
        kind="demand",
        issue_code=spring.issue_in("registered").code,
        facts="未签合同。",
        basis="劳动合同法第十条。",
        advice="请补签。",
        supervisors=both,
        investigated_on=MONDAY.date(),
        actor=staff,
    )
    paper_sign(paper_id=paper.pk, actor=leader)
    return paper_serve(
        paper_id=paper.pk, served_on=MONDAY.date(), served_way="post", receiver="企业人事科", actor=staff
    )


def test_the_days_of_a_demand_too(spring: Cast, demand: Paper) -> None:
    staff = spring.client("staff")
    assert demand.answer_due_on == date(2031, 3, 24)
    assert "暂定，日历未公布" in staff.get(f"/papers/{demand.pk}/").content.decode()
    enter_the_calendar(spring)  # two days off
    page = staff.get("/issues/due/recount/")
    for shown in (demand.issue.code, "意见书答复期限", "2031年3月24日", "2031年3月26日"):
        assert shown in page.content.decode()
    assert staff.post("/issues/due/recount/", {"seen": page.context["seen"]}).status_code == 302
    before, demand = demand.version, Paper.objects.get(pk=demand.pk)
    assert (demand.answer_due_on, demand.version) == (date(2031, 3, 26), before + 1)
    step = demand.issue.events.last()
    assert (step.action, step.data) == ("recount", {"paper_due_on": "2031-03-26"})
    assert "意见书答复期限重算为 3月26日" in staff.get(f"/issues/{demand.issue.code}/").content.decode()
    assert "暂定，日历未公布" not in staff.get(f"/papers/{demand.pk}/").content.decode()
    assert recount_preview(spring.scope("staff")) == []


def test_what_was_answered_meanwhile_is_left_alone(spring: Cast, demand: Paper) -> None:
    enter_the_calendar(spring)
    seen = digest(recount_preview(spring.scope("staff")))
    paper_answered(paper_id=demand.pk, answered_on=MONDAY.date(), answer="照办。", actor=spring.scope("staff"))
    assert recount_preview(spring.scope("staff")) == []
    with pytest.raises(Conflict):
        recount_apply(seen=seen, actor=spring.scope("staff"))
    assert Paper.objects.get(pk=demand.pk).answer_due_on == date(2031, 3, 24)


def test_the_days_for_opinions_from_when_they_were_asked(spring: Cast) -> None:
    issue = spring.issue_in("in_progress")
    late = MONDAY.replace(day=5)  # written down two days after it happened
    spring.move(issue, "consult", "staff", units=[spring.finance], note="请研究。", now=late, happened_at=MONDAY)
    consultation = Consultation.objects.get(issue=issue)
    assert consultation.due_on == date(2031, 3, 6)
    assert "暂定，日历未公布" in spring.client("staff").get(f"/consultations/{consultation.pk}/").content.decode()
    enter_the_calendar(spring)
    changes = recount_preview(spring.scope("staff"))
    assert [(c.label, c.new) for c in changes] == [
        ("办理期限", date(2031, 3, 12)),
        ("会诊意见期限", date(2031, 3, 10)),
    ]
    assert recount_apply(seen=digest(changes), actor=spring.scope("staff")) == 1  # one issue, two steps
    consultation.refresh_from_db()
    issue.refresh_from_db()
    assert (consultation.due_on, issue.due_on) == (date(2031, 3, 10), date(2031, 3, 12))
    assert issue.events.filter(action="recount").count() == 2
    assert issue.version == issue.events.count()


def test_only_staff(spring: Cast) -> None:
    for who in ("leader", "handler", "clerk", "registrar"):
        with pytest.raises(Forbidden):
            recount_preview(spring.scope(who))
        with pytest.raises(Forbidden):
            recount_apply(seen="", actor=spring.scope(who))
        assert spring.client(who).get("/issues/due/recount/").status_code == 403
