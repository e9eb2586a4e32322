"""404 out of scope, 403 not your role, 409 stale, 409 not permitted now, 400 fields: in this order, each with Chinese words."""

import re

import pytest

from casework.models import Issue, IssueEvent
from tests.casework.cast import Cast


def refusal(answer, status: int, code: str) -> dict:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert re.search("[一-鿿]", body["detail"])
    return body


def test_out_of_scope_comes_before_everything(cast: Cast) -> None:
    issue = cast.issue()
    refusal(cast.post(issue, "accept", "outsider", version=99, unit="nowhere"), 404, "not_found")
    refusal(cast.post(issue, "vanish", "staff"), 404, "not_found")
    answer = cast.client("staff").post(
        "/api/v1/issues/YC-2024-999999/actions/assign/", {"version": 1}, content_type="application/json"
    )
    refusal(answer, 404, "not_found")


def test_role_comes_before_a_stale_version(cast: Cast) -> None:
    issue = cast.issue()
    refusal(cast.post(issue, "reject", "leader", version=99), 403, "forbidden")


def test_a_stale_version_comes_before_the_move(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    refusal(cast.post(issue, "assign", "staff", version=1), 409, "stale_version")


def test_the_move_comes_before_the_fields(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    refusal(cast.post(issue, "assign", "staff", unit="nowhere", outcome="gone"), 409, "invalid_transition")


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        ({}, {"unit"}),
        ({"unit": "nowhere"}, {"unit"}),
        ({"unit": 7}, {"unit"}),
        ({"unit": "330600"}, {"unit"}),  # the city union handles nothing
        ({"unit": "D-LEGAL", "outcome": "resolved"}, {"outcome"}),
        ({"unit": "D-LEGAL", "satisfaction": "satisfied"}, {"satisfaction"}),
        ({"unit": "D-LEGAL", "note": "长" * 4001}, {"note"}),
        ({"unit": "D-LEGAL", "note": ["一"]}, {"note"}),
        ({"unit": "D-LEGAL", "version": "一"}, {"version"}),
        ({"unit": "D-LEGAL", "version": None}, {"version"}),
        ({"unit": "D-LEGAL", "happened_at": "2024-09-05T09:00:00+08:00"}, {"happened_at"}),
        ({"unit": "D-LEGAL", "happened_at": "昨天"}, {"happened_at"}),
    ],
)
def test_fields_that_cannot_be_taken(cast: Cast, payload: dict, fields: set[str]) -> None:
    issue = cast.issue()
    body = refusal(cast.post(issue, "assign", "staff", **payload), 400, "invalid")
    assert set(body["fields"]) == fields
    assert all(re.search("[一-鿿]", words) for words in body["fields"].values())
    assert Issue.objects.get(pk=issue.pk).version == 1
    assert IssueEvent.objects.filter(issue=issue).count() == 1


def test_a_disabled_unit_takes_nothing(cast: Cast) -> None:
    cast.legal.is_active = False
    cast.legal.save()
    body = refusal(cast.post(cast.issue(), "assign", "staff", unit="D-LEGAL"), 400, "invalid")
    assert "已停用" in body["fields"]["unit"]


def test_a_township_assigns_within_itself_only(cast: Cast) -> None:
    issue = cast.issue()
    refusal(cast.post(issue, "assign", "clerk", unit="D-LEGAL"), 400, "invalid")
    refusal(cast.post(issue, "assign", "clerk", unit="330602108"), 400, "invalid")
    assert cast.post(issue, "assign", "clerk", unit="W-JISHAN").status_code == 200


def test_a_holder_transfers_below_itself_only(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    refusal(cast.post(issue, "transfer", "handler", unit="D-FINANCE", note="转。"), 400, "invalid")
    refusal(cast.post(issue, "transfer", "handler", unit="D-LEGAL", note="转。"), 400, "invalid")
    answer = cast.post(issue, "transfer", "handler", unit="D-LEGAL-1", note="转窗口。")
    assert (answer.status_code, answer.json()["holder"]) == (200, "D-LEGAL-1")


@pytest.mark.parametrize("outcome", ["resolved", "unresolved", "out_of_remit", "", "gone"])
def test_closing_at_once_is_for_explained_and_withdrawn(cast: Cast, outcome: str) -> None:
    body = refusal(cast.post(cast.issue(), "close", "registrar", outcome=outcome, note="讲清了。"), 400, "invalid")
    assert set(body["fields"]) == {"outcome"}


@pytest.mark.parametrize(
    ("state", "action", "who"),
    [
        ("in_progress", "report", "handler"),
        ("assigned", "send_back", "handler"),
        ("followed", "redo", "staff"),
        ("registered", "reject", "staff"),
        ("closed", "reopen", "staff"),
    ],
)
def test_a_reason_must_be_given(cast: Cast, state: str, action: str, who: str) -> None:
    issue = cast.issue_in(state)
    body = refusal(cast.post(issue, action, who, note="  "), 400, "invalid")
    assert set(body["fields"]) == {"note"}


def test_a_handler_that_sends_back_is_told_how_it_left_it(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.post(issue, "send_back", "handler", note="不属本部门。")
    assert (answer.status_code, answer.json()["state"]) == (200, "registered")
    assert cast.client("handler").get(f"/api/v1/issues/{issue.code}/").status_code == 404
