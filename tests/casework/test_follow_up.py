"""回访 and what follows: how it was asked, what a dissatisfied answer leads to, how long a closed issue can be taken up again."""

import re
from datetime import timedelta

import pytest

from casework.models import Issue
from casework.services.effects import Step
from casework.services.moves import make_step
from casework.workflow import find_move
from tests.casework.cast import Cast
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.scope import PUBLIC
from unionportal.reporting.selectors.queues import find_queue


def waiting(cast: Cast, key: str) -> list[Issue]:
    queue = find_queue(cast.scope("staff"), key)
    assert queue is not None
    return list(queue.rows(cast.scope("staff"), cast.now.date()))


@pytest.mark.parametrize(
    ("who", "given", "kept", "words"),
    [
        ("registrar", {"mode": "visit"}, "visit", "上门回访：满意"),
        ("registrar", {"mode": "phone"}, "phone", "电话回访：满意"),
        ("registrar", {}, "visit", "上门回访：满意"),  # a cadre calls on people
        ("staff", {}, "phone", "电话回访：满意"),
        ("staff", {"mode": "visit"}, "visit", "上门回访：满意"),
    ],
)
def test_how_it_was_asked_is_kept(cast: Cast, who: str, given: dict[str, str], kept: str, words: str) -> None:
    issue = cast.issue_in("answered")
    answer = cast.post(issue, "follow_up", who, satisfaction="satisfied", **given)
    assert (answer.status_code, answer.json()["follow_up_mode"]) == (200, kept)
    assert words in cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    issue = cast.move(issue, "redo", "staff", note="还有一笔没到。")
    assert issue.follow_up_mode == ""


@pytest.mark.parametrize(("who", "chosen"), [("registrar", "visit"), ("staff", "phone")])
def test_the_page_proposes_the_usual_way(cast: Cast, who: str, chosen: str) -> None:
    page = cast.client(who).get(f"/issues/{cast.issue_in('answered').code}/").content.decode()
    (radio,) = [each for each in re.findall(r"<input[^>]+>", page) if 'name="mode"' in each and "checked" in each]
    assert f'value="{chosen}"' in radio


def test_nobody_of_the_portal_rates_by_link(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    for mode in ("link", "letter"):
        answer = cast.post(issue, "follow_up", "registrar", satisfaction="satisfied", mode=mode)
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"mode"})
    issue.refresh_from_db()
    assert issue.followed_up_on is None


def test_the_reporters_own_rating_is_by_link(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    move = find_move("follow_up", issue.state)
    assert move is not None
    step = Step(day=cast.now.date(), satisfaction="dissatisfied")
    issue = make_step(issue, move, step, actor=PUBLIC, happened_at=cast.now, recorded_at=cast.now, by="reporter")
    assert (issue.follow_up_mode, issue.satisfaction) == ("link", "dissatisfied")
    assert "链接评价回访：不满意" in cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert waiting(cast, "to_decide") == [issue]


def test_a_dissatisfied_answer_waits_for_a_person(cast: Cast) -> None:
    pleased, cross = cast.issue_in("followed"), cast.issue_in("answered")
    cross = cast.move(cross, "follow_up", "registrar", satisfaction="dissatisfied", mode="phone", note="款没到。")
    assert cross.state == "answered"  # nothing happens by itself
    assert (waiting(cast, "to_decide"), waiting(cast, "to_close")) == ([cross], [pleased])
    bench = cast.client("staff").get("/").content.decode()
    assert "不满意待定夺" in bench
    with pytest.raises(FieldErrors) as refused:
        cast.move(cross, "close", "staff", outcome="unresolved")
    assert refused.value.fields == {"note": "回访不满意，办结请写明理由。"}
    closed = cast.move(cross, "close", "staff", outcome="unresolved", note="政策不允许，已书面说明。")
    assert closed.state == "closed"
    assert waiting(cast, "to_decide") == []


def test_a_dissatisfied_answer_is_redone(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    issue = cast.move(issue, "follow_up", "registrar", satisfaction="dissatisfied")
    issue = cast.move(issue, "redo", "staff", note="请再核实。")
    assert (issue.state, issue.redo_count, waiting(cast, "to_decide")) == ("in_progress", 1, [])


def test_a_pleased_worker_needs_no_reason_to_close(cast: Cast) -> None:
    assert cast.move(cast.issue_in("followed"), "close", "staff", outcome="resolved").state == "closed"


def test_reopening_has_a_window_and_leaves_a_step(cast: Cast) -> None:
    issue = cast.issue_in("closed")
    late = cast.now + timedelta(days=181)
    with pytest.raises(InvalidTransition, match="2024年9月4日办结，已超过 180 天"):
        cast.move(issue, "reopen", "staff", note="又出问题。", now=late)
    # Nor by entering it as if it had happened in time.
    with pytest.raises(InvalidTransition):
        cast.move(issue, "reopen", "staff", note="又出问题。", now=late, happened_at=late - timedelta(days=1))
    issue = cast.move(issue, "reopen", "staff", note="又出问题。", now=cast.now + timedelta(days=180))
    last = issue.events.last()
    assert (issue.state, last.action, last.actor) == ("in_progress", "reopen", cast.users["staff"])
