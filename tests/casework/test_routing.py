"""交办规则: what they suggest, what they do of themselves, what is wrong with them. Rules: docs/domain.md, "Routing"."""

from typing import Any

import pytest

from casework.models import Category, Issue, RoutingRule
from casework.routing import suggestion_for, try_out
from casework.services.routing import rule_save
from tests.casework.cast import Cast
from unionportal.core.common.errors import FieldErrors, Forbidden

ANY: dict[str, Any] = {
    "position": 100,
    "category": None,
    "township": None,
    "enterprise_kind": "any",
    "after": None,
    "person": None,
    "automatic": False,
    "is_active": True,
}


def rule(cast: Cast, unit: Any, **values: Any) -> RoutingRule:
    return rule_save(rule=RoutingRule(), values={**ANY, "unit": unit, **values}, actor=cast.scope("staff"))


def refused(cast: Cast, unit: Any, **values: Any) -> dict[str, str]:
    before = RoutingRule.objects.count()
    with pytest.raises(FieldErrors) as error:
        rule(cast, unit, **values)
    assert RoutingRule.objects.count() == before
    return error.value.fields


def suggested(issue: Issue) -> Any:
    found = suggestion_for(Issue.objects.get(pk=issue.pk))
    return found.unit if found else None


def test_the_rule_that_says_most_holds_and_position_goes_before(cast: Cast) -> None:
    issue = cast.issue()
    assert suggested(issue) is None
    rule(cast, cast.finance)
    assert suggested(issue) == cast.finance
    rule(cast, cast.workroom, township=cast.jishan)
    assert suggested(issue) == cast.workroom
    rule(cast, cast.legal, category=cast.dues)
    assert suggested(issue) == cast.legal
    rule(cast, cast.desk, enterprise_kind="other", position=1)
    assert suggested(issue) == cast.desk
    cast.plant.is_key = True
    cast.plant.save()
    assert suggested(issue) == cast.legal
    other = cast.issue(
        township=cast.fusheng,
        enterprise=cast.quarry,
        category=Category.objects.get(code="legal"),
        actor=cast.scope("staff"),
    )
    assert suggested(other) == cast.desk


def test_the_suggestion_is_preselected_with_why(cast: Cast) -> None:
    rule(cast, cast.legal, category=cast.dues, person=cast.users["handler"])
    issue = cast.issue()
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert '<option value="D-LEGAL" selected>' in page
    assert "按交办规则“工会经费返还”建议权益保障部，经办人handler（演示）" in page
    issue = cast.move(issue, "assign", "staff", unit=cast.legal)
    assert issue.assignee == cast.users["handler"]
    assert "经办人 handler（演示）" in cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    issue = cast.move(issue, "transfer", "staff", unit=cast.finance, note="财务更合适。")
    assert issue.assignee is None


def test_another_unit_may_be_chosen_and_then_nobody_is_named(cast: Cast) -> None:
    rule(cast, cast.legal, person=cast.users["handler"])
    issue = cast.move(cast.issue(), "assign", "staff", unit=cast.finance)
    assert (issue.holder, issue.assignee) == (cast.finance, None)


def test_a_rule_may_assign_by_itself(cast: Cast) -> None:
    rule(cast, cast.legal, category=cast.dues, automatic=True, person=cast.users["handler"])
    issue = cast.issue()
    assert (issue.state, issue.holder, issue.assignee, issue.version) == (
        "assigned",
        cast.legal,
        cast.users["handler"],
        2,
    )
    step = issue.events.last()
    assert (step.action, step.actor, step.data["by"]) == ("assign", None, "rule")
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "按规则交办至权益保障部" in page
    assert "系统" in page


def test_a_rule_that_points_to_a_disabled_unit_is_told_not_skipped(cast: Cast) -> None:
    rule(cast, cast.finance, position=200)
    broken = rule(cast, cast.legal, category=cast.dues, automatic=True)
    cast.legal.is_active = False
    cast.legal.save()
    issue = cast.issue()
    assert (issue.state, issue.holder) == ("registered", None)  # nor does the next rule take over unseen
    words = "规则“工会经费返还”指向的权益保障部已停用，请修改规则。"
    for address in ("/", "/routing/", f"/issues/{issue.code}/"):
        assert words in cast.client("staff").get(address).content.decode(), address
    assert words not in cast.client("leader").get("/").content.decode()
    values = {**ANY, "unit": cast.finance, "category": cast.dues}
    rule_save(rule=RoutingRule.objects.get(pk=broken.pk), values=values, actor=cast.scope("staff"))
    assert words not in cast.client("staff").get("/").content.decode()


def test_a_person_who_left_the_unit_is_told_too(cast: Cast) -> None:
    rule(cast, cast.legal, person=cast.users["handler"])
    cast.users["handler"].grants.all().delete()
    assert "已不在权益保障部" in cast.client("staff").get("/").content.decode()


def test_what_cannot_be_saved(cast: Cast) -> None:
    cast.finance.is_active = False
    cast.finance.save()
    assert "已停用" in refused(cast, cast.finance)["unit"]
    assert "不在" in refused(cast, cast.legal, person=cast.users["clerk"])["person"]
    assert refused(cast, cast.legal, after=cast.legal)["unit"] == "不能再交回刚退回的单位。"
    assert "automatic" in refused(cast, cast.legal, after=cast.desk, automatic=True)
    rule(cast, cast.legal, category=cast.dues)
    assert "完全相同" in refused(cast, cast.desk, category=cast.dues)["category"]


def test_rules_that_go_round_are_refused(cast: Cast) -> None:
    rule(cast, cast.finance, after=cast.legal)
    rule(cast, cast.desk, after=cast.finance, category=cast.dues)
    assert refused(cast, cast.legal, after=cast.desk)["unit"] == (
        "与其他规则绕成了圈：权益窗口 → 权益保障部 → 财务部 → 权益窗口。"
    )
    # Of another category the three never meet on one issue.
    assert rule(cast, cast.legal, after=cast.desk, category=Category.objects.get(code="legal")).pk


def test_what_was_sent_back_goes_elsewhere(cast: Cast) -> None:
    rule(cast, cast.legal)
    issue = cast.issue_in("assigned")
    issue = cast.move(issue, "send_back", "handler", note="不归我管。")
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "但它刚退回了这条诉求" in page
    assert '<option value="D-LEGAL" selected>' not in page
    rule(cast, cast.finance, after=cast.legal)
    assert suggested(issue) == cast.finance


def test_only_staff_keeps_rules(cast: Cast) -> None:
    for who in ("leader", "clerk", "handler", "registrar"):
        with pytest.raises(Forbidden):
            rule_save(rule=RoutingRule(), values={**ANY, "unit": cast.legal}, actor=cast.scope(who))
        assert cast.client(who).get("/routing/").status_code == 403
        assert cast.client(who).post("/routing/new/", {}).status_code == 403


def test_a_rule_is_tried_out_on_past_issues(cast: Cast) -> None:
    to_legal, to_finance, waiting = cast.issue_in("assigned"), cast.issue(), cast.issue()
    cast.move(to_finance, "assign", "staff", unit=cast.finance)
    cast.issue(category=Category.objects.get(code="legal"))
    draft = RoutingRule(**{**ANY, "category": cast.dues, "unit": cast.legal})
    tried = try_out(draft)
    assert {(row.issue.code, row.went, row.same) for row in tried.rows} == {
        (to_legal.code, cast.legal, True),
        (to_finance.code, cast.finance, False),
        (waiting.code, None, False),
    }
    assert (tried.looked_at, tried.same, tried.different) == (4, 1, 1)
    assert RoutingRule.objects.count() == 0


def test_the_form_tries_before_it_saves(cast: Cast) -> None:
    cast.issue_in("assigned")
    form = {
        "category": cast.dues.pk,
        "enterprise_kind": "any",
        "unit": cast.finance.pk,
        "position": "10",
        "is_active": "on",
    }
    client = cast.client("staff")
    unseen = client.post("/routing/new/", {**form, "step": "save"})
    assert unseen.status_code == 409
    assert "还没有试算过" in unseen.content.decode()
    tried = client.post("/routing/new/", {**form, "step": "try"})
    assert "这条规则管到 1 次：与实际相同 0，不同 1" in tried.content.decode()
    assert RoutingRule.objects.count() == 0
    changed = client.post(
        "/routing/new/", {**form, "unit": cast.legal.pk, "step": "save", "tried": tried.context["digest"]}
    )
    assert changed.status_code == 409
    saved = client.post("/routing/new/", {**form, "step": "save", "tried": tried.context["digest"]})
    assert (saved.status_code, saved.url) == (302, "/routing/")
    kept = RoutingRule.objects.get()
    assert (kept.category, kept.unit, kept.position) == (cast.dues, cast.finance, 10)
    page = client.get(f"/routing/{kept.pk}/").content.decode()
    assert f'<option value="{cast.finance.pk}" selected>' in page
    assert client.get("/routing/99999/").status_code == 404
    bad = client.post(f"/routing/{kept.pk}/", {**form, "position": "0", "unit": "", "step": "try"})
    assert bad.status_code == 422
    assert "请选择交办给哪个单位。" in bad.content.decode()
