"""Who is told what of an issue's steps: the table, by name, and nobody who cannot see it."""

import pytest

from casework.services.notes import note_add, watch_set
from casework.telling import OTHERWISE, TOLD
from casework.workflow import ACTIONS
from tests.casework.cast import Cast
from unionportal.core.notify.models import Notification


def told(cast: Cast, source: str) -> dict[str, str]:
    """user name -> kind, of one step."""
    rows = Notification.objects.filter(source=source).select_related("user")
    return {row.user.username: row.kind for row in rows}


def test_each_step_is_told_to_whom_it_concerns(cast: Cast) -> None:
    issue = cast.issue_in("closed")
    expected = {
        1: {"staff": "todo", "clerk": "todo"},
        2: {"handler": "todo", "registrar": "progress"},
        3: {"registrar": "progress"},
        4: {"registrar": "todo", "colleague": "todo"},
        5: {"staff": "todo", "handler": "progress"},
        6: {"handler": "progress", "registrar": "progress"},
    }
    assert {seq: told(cast, f"issue:{issue.code}:{seq}") for seq in expected} == expected
    words = Notification.objects.get(source=f"issue:{issue.code}:2", user=cast.users["handler"])
    assert words.text == f"诉求 {issue.code}（工会经费返还 · 稽山街道总工会）交办至权益保障部，9月11日前反馈"
    assert words.url == f"/issues/{issue.code}/"
    assert not any(issue.title in row.text for row in Notification.objects.all())  # no free text leaves the portal


def test_watchers_hear_as_long_as_they_can_see_it(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    watch_set(code=issue.code, on=True, actor=cast.scope("leader"))
    watch_set(code=issue.code, on=True, actor=cast.scope("handler"))
    moved = cast.move(issue, "transfer", "staff", unit=cast.finance, note="转财务。")
    assert told(cast, f"issue:{issue.code}:{moved.version}") == {
        "other_handler": "todo",
        "leader": "progress",
        "registrar": "progress",
    }


def test_who_is_mentioned_is_told_and_who_writes_is_not(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    watch_set(code=issue.code, on=True, actor=cast.scope("leader"))
    note = note_add(code=issue.code, text="@handler 请补材料", actor=cast.scope("staff"), now=cast.now)
    assert told(cast, f"note:{note.pk}") == {"handler": "mention", "leader": "progress"}
    assert "请补材料" not in Notification.objects.get(source=f"note:{note.pk}", kind="mention").text


def test_disabled_accounts_hear_nothing(cast: Cast) -> None:
    cast.users["clerk"].is_active = False
    cast.users["clerk"].save()
    issue = cast.issue()
    assert told(cast, f"issue:{issue.code}:1") == {"staff": "todo"}


def test_a_refused_step_tells_nobody(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    before = Notification.objects.count()
    assert cast.post(issue, "report", "handler", note="").status_code == 400
    assert Notification.objects.count() == before


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_watchers_are_told_of_every_step(action: str) -> None:
    assert "watcher" in TOLD.get(action, OTHERWISE)
