"""Two people, two connections, one issue."""

import contextvars
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connections

from casework.models import Issue, IssueEvent
from tests.casework.cast import Cast
from tests.casework.test_activities import held, plan
from tests.casework.test_activity_issues import answer, link
from unionportal.core.accounts.models import RoleGrant, User


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run them in threads that start together, each on its own connection; the stopped clock goes with them."""
    start = threading.Barrier(len(works))
    found: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            found[index] = work()
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=contextvars.copy_context().run, args=(run, index, work))
        for index, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def test_two_close_the_same_issue(committed_cast: Cast) -> None:
    second = User.objects.create(username="staff2", display_name="另一位（演示）")
    RoleGrant.objects.create(user=second, role="staff", unit=committed_cast.district)
    committed_cast.users["staff2"] = second
    issue = committed_cast.issue_in("followed")
    clients = [committed_cast.client("staff"), committed_cast.client("staff2")]  # signed in before the race
    address = f"/api/v1/issues/{issue.code}/actions/close/"

    def close(client: Any, outcome: str) -> Any:
        return client.post(address, {"version": issue.version, "outcome": outcome}, content_type="application/json")

    answers = at_once(lambda: close(clients[0], "resolved"), lambda: close(clients[1], "unresolved"))
    assert sorted(a.status_code for a in answers) == [200, 409]
    won, lost = sorted(answers, key=lambda a: a.status_code)
    assert lost.json()["code"] == "stale_version"
    assert Issue.objects.get(pk=issue.pk).outcome == won.json()["outcome"]
    assert IssueEvent.objects.filter(issue=issue, action="close").count() == 1


def test_numbers_are_given_out_once(committed_cast: Cast) -> None:
    works = [lambda: committed_cast.issue(uuid=uuid4()).code for _ in range(6)]
    codes = at_once(*works)
    assert sorted(codes) == [f"YC-2024-{n:06d}" for n in range(1, 7)]


def test_a_double_tap_registers_once(committed_cast: Cast) -> None:
    same = uuid4()
    codes = at_once(*[lambda: committed_cast.issue(uuid=same).code for _ in range(4)])
    assert len(set(codes)) == 1
    assert Issue.objects.count() == 1
    assert IssueEvent.objects.count() == 1


def test_a_double_tap_answers_many_once(committed_cast: Cast) -> None:
    activity = held(committed_cast, plan(committed_cast))
    issues = [committed_cast.issue_in("in_progress") for _ in range(2)]
    link(committed_cast, activity, *issues)
    crosswise = at_once(
        lambda: answer(committed_cast, activity, *issues), lambda: answer(committed_cast, activity, *issues[::-1])
    )
    assert sorted(row.done for rows in crosswise for row in rows) == [False, False, True, True]
    assert IssueEvent.objects.filter(action="report").count() == 2


def test_a_double_tap_plans_one_activity(committed_cast: Cast) -> None:
    same = uuid4()
    codes = at_once(*[lambda: plan(committed_cast, uuid=same).code for _ in range(4)])
    assert codes == ["FW-2024-0001"] * 4
