"""子诉求: splitting, tying, and a parent that waits for its parts."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from casework.models import Issue, IssueEvent, SubIssue
from casework.services.subissues import subissue_register, subissue_tie, subissue_untie
from tests.casework.cast import Cast
from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, InvalidTransition, NotFound


def split(cast: Cast, parent: Issue, who: str = "staff", **changes: Any) -> Issue:
    facts = {
        "code": parent.code,
        "uuid": uuid4(),
        "title": "补签劳动合同",
        "description": "",
        "category": cast.dues,
        "actor": cast.scope(who),
        "now": cast.now,
    }
    return subissue_register(**{**facts, **changes})


def tie(cast: Cast, parent: Issue, child: Issue, who: str = "staff") -> SubIssue:
    return subissue_tie(code=parent.code, child_code=child.code, actor=cast.scope(who), now=cast.now)


def test_a_part_is_an_issue_of_its_own(cast: Cast) -> None:
    parent = cast.issue_in("in_progress")
    child = split(cast, parent, "clerk")
    assert (child.state, child.township, child.enterprise, child.holder) == (
        "registered",
        parent.township,
        parent.enterprise,
        None,
    )
    assert child.parent_tie.parent == parent
    events = list(
        IssueEvent.objects.filter(action="subissue_tie").order_by("issue_id").values_list("issue__code", "data")
    )
    assert events == [(parent.code, {"child": child.code}), (child.code, {"parent": parent.code})]


def test_the_same_form_sent_twice_is_one_part(cast: Cast) -> None:
    parent, uuid = cast.issue(), uuid4()
    assert split(cast, parent, uuid=uuid) == split(cast, parent, uuid=uuid)
    assert SubIssue.objects.count() == 1


def test_who_may_not_split(cast: Cast) -> None:
    parent = cast.issue_in("in_progress")
    for who in ("registrar", "handler", "leader"):
        with pytest.raises(Forbidden):
            split(cast, parent, who)
    for who in ("neighbour", "outsider", "other_handler"):
        with pytest.raises(NotFound):
            split(cast, parent, who)
    other = cast.issue()
    for who in ("clerk", "handler", "registrar"):
        with pytest.raises(Forbidden):
            tie(cast, parent, other, who)
    assert not SubIssue.objects.exists()


def test_a_parent_waits_for_its_parts_and_ends_none_of_them(cast: Cast) -> None:
    parent = cast.issue_in("followed")
    child = split(cast, parent)
    with pytest.raises(InvalidTransition, match="还有 1 条子诉求没有办结"):
        cast.move(parent, "close", "staff", outcome="resolved")
    child.refresh_from_db()
    assert child.state == "registered"
    cast.move(child, "close", "staff", outcome="explained", note="当场说明。")
    assert cast.move(parent, "close", "staff", outcome="resolved").state == "closed"


def test_a_parent_is_not_rejected_over_its_parts(cast: Cast) -> None:
    parent = cast.issue()
    split(cast, parent)
    parent.refresh_from_db()
    with pytest.raises(InvalidTransition, match="子诉求"):
        cast.move(parent, "reject", "staff", note="重复。")


def test_a_part_is_not_taken_up_again_below_an_ended_parent(cast: Cast) -> None:
    parent = cast.issue_in("followed")
    child = split(cast, parent)
    cast.move(child, "close", "staff", outcome="explained", note="当场说明。")
    cast.move(parent, "close", "staff", outcome="resolved")
    with pytest.raises(InvalidTransition, match=f"主诉求 {parent.code} 已是“已办结”"):
        cast.move(child, "reopen", "staff", unit=cast.legal, note="又有新情况。")
    cast.move(parent, "reopen", "staff", note="又有新情况。")
    assert cast.move(child, "reopen", "staff", unit=cast.legal, note="又有新情况。").state == "in_progress"


def test_a_merged_part_is_not_split_off_again_below_an_ended_parent(cast: Cast) -> None:
    parent = cast.issue_in("followed")
    child = split(cast, parent)
    cast.move(child, "merge", "staff", main=cast.issue(title="另一条"))
    cast.move(parent, "close", "staff", outcome="resolved")
    with pytest.raises(InvalidTransition, match=f"主诉求 {parent.code} 已是“已办结”"):
        cast.move(child, "split", "staff", note="不是一回事。")
    cast.move(parent, "reopen", "staff", note="还有一部分没有办。")
    assert cast.move(child, "split", "staff", note="不是一回事。").state == "registered"


def test_no_issue_is_its_own_ancestor(cast: Cast) -> None:
    top, middle, low = cast.issue(title="上"), cast.issue(title="中"), cast.issue(title="下")
    tie(cast, top, middle)
    tie(cast, middle, low)
    for parent, child in ((top, top), (middle, top), (low, top), (low, middle)):
        with pytest.raises(FieldErrors) as refused:
            tie(cast, parent, child)
        assert "本身或它的上级" in refused.value.fields["child"]
    with pytest.raises(IntegrityError), transaction.atomic():
        SubIssue.objects.filter(child=middle).update(parent=middle)


def test_levels_are_limited_by_a_parameter(cast: Cast) -> None:
    top, middle, low, deep = (cast.issue(title=name) for name in "甲乙丙丁")
    tie(cast, top, middle)
    tie(cast, low, deep)
    with pytest.raises(FieldErrors):
        tie(cast, middle, low)  # would lie two and three levels below the top
    below = split(cast, middle)
    with pytest.raises(FieldErrors):
        split(cast, below)


def test_ties_that_make_no_sense(cast: Cast) -> None:
    parent, other, child = cast.issue(), cast.issue(), cast.issue()
    closed, rejected, voided = (cast.issue_in(state) for state in ("closed", "rejected", "voided"))
    tie(cast, parent, child)
    refusals: list[tuple[Issue, Issue, type[DomainError]]] = [
        (other, child, FieldErrors),
        (parent, child, FieldErrors),
        (other, rejected, FieldErrors),
        (other, voided, FieldErrors),
        (closed, other, InvalidTransition),
    ]
    for above, below, error in refusals:
        with pytest.raises(error):
            tie(cast, above, below)
    with pytest.raises(FieldErrors):
        subissue_tie(code=parent.code, child_code="YC-2024-999999", actor=cast.scope("staff"))


def test_untying_needs_a_reason(cast: Cast) -> None:
    parent, child = cast.issue(), cast.issue()
    tie(cast, parent, child)
    facts = {"code": parent.code, "child_code": child.code}
    with pytest.raises(FieldErrors):
        subissue_untie(**facts, note=" ", actor=cast.scope("staff"))
    with pytest.raises(Forbidden):
        subissue_untie(**facts, note="各办各的。", actor=cast.scope("clerk"))
    subissue_untie(**facts, note="各办各的。", actor=cast.scope("staff"))
    assert not SubIssue.objects.exists()
    with pytest.raises(FieldErrors):
        subissue_untie(**facts, note="再来一次。", actor=cast.scope("staff"))


def test_the_pages(cast: Cast) -> None:
    parent = cast.issue_in("in_progress")
    address = f"/issues/{parent.code}/subissues/"
    sent = cast.client("clerk").post(
        f"{address}register/",
        {"uuid": str(uuid4()), "title": "补签劳动合同", "category": "dispute", "description": ""},
    )
    assert (sent.status_code, sent.url) == (302, address)
    child = Issue.objects.get(title="补签劳动合同")
    for page in (address, f"/issues/{parent.code}/"):
        assert child.code in cast.client("staff").get(page).content.decode()
    assert parent.code in cast.client("staff").get(f"/issues/{child.code}/").content.decode()
    holder = cast.client("handler").get(f"/issues/{parent.code}/").content.decode()
    assert child.title not in holder
    assert "另有 1 条子诉求不在您的查看范围内" in holder
    circle = cast.client("staff").post(f"/issues/{child.code}/subissues/tie/", {"child": parent.code})
    assert circle.status_code == 422
    assert "本身或它的上级" in circle.content.decode()
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("handler").post(f"{address}register/", {}).status_code == 403
