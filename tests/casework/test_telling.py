"""Who is told what of an issue's steps: the table, by name, and nobody who cannot see it."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.models import Consultation, Issue
from casework.services.consultation_tasks import task_set
from casework.services.consultations import consultation_join
from casework.services.notes import note_add, watch_set
from casework.services.sweeps import remind_overdue
from casework.telling import ears_of_step
from casework.workflow import ACTIONS, State
from tests.casework.cast import Cast
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
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


#: One example at least of every move: from which state, who makes it, with what.
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    ("registered", "assign", "staff", {"unit": "legal"}),
    ("registered", "assign", "clerk", {"unit": "jishan"}),
    ("assigned", "accept", "handler", {}),
    ("in_progress", "report", "handler", {"note": "已办。"}),
    ("answered", "follow_up", "registrar", {"satisfaction": "satisfied"}),
    ("answered", "follow_up", "staff", {"satisfaction": "dissatisfied"}),
    ("followed", "close", "staff", {"outcome": "resolved"}),
    ("registered", "close", "registrar", {"outcome": "explained", "note": "当场说明。"}),
    ("assigned", "transfer", "staff", {"unit": "finance", "note": "转财务。"}),
    ("in_progress", "consult", "handler", {"units": ["finance"], "note": "能否划拨？"}),
    ("assigned", "send_back", "handler", {"note": "不属本部门。"}),
    ("transferred", "send_back", "other_handler", {"unit": "legal", "note": "不属财务部。"}),
    ("followed", "redo", "staff", {"note": "没有办好。"}),
    ("registered", "reject", "staff", {"note": "不属工会。"}),
    ("closed", "reopen", "staff", {"note": "又发生了。"}),
    ("closed_at_once", "reopen", "staff", {"unit": "finance", "note": "又发生了。"}),
    ("registered", "void", "registrar", {"note": "误登。"}),
    ("in_progress", "void", "staff", {"note": "误登。"}),
    ("in_progress", "extend", "handler", {"days": 3, "note": "等凭证。"}),
    ("wished", "approve_extension", "leader", {}),
    ("wished", "refuse_extension", "staff", {"note": "抓紧。"}),
    ("in_progress", "pause", "staff", {"note": "等材料。"}),
    ("paused", "resume", "handler", {"note": "材料已齐。"}),
    ("in_progress", "remind", "staff", {}),
    ("answered", "remind", "leader", {}),
    ("followed", "supervise", "leader", {"note": "久拖不决。"}),
    ("registered", "merge", "staff", {"main": "other"}),
    ("merged", "split", "staff", {"note": "不是一事。"}),
    ("merged_in_hand", "split", "staff", {"note": "不是一事。"}),
    ("merged_answered", "split", "staff", {"note": "不是一事。"}),
]


def brought_to(cast: Cast, state: str) -> Issue:
    """An issue in one of the states of STEPS."""
    if state == "transferred":
        return cast.move(cast.issue_in("in_progress"), "transfer", "staff", unit=cast.finance, note="转财务。")
    if state == "closed_at_once":
        return cast.move(cast.issue(), "close", "registrar", outcome="explained", note="当场说明。")
    if state.startswith("merged"):
        before = {"merged": "registered", "merged_in_hand": "in_progress", "merged_answered": "answered"}[state]
        return cast.move(cast.issue_in(before), "merge", "staff", main=cast.issue())
    return cast.issue_in(state)


def waits_for(cast: Cast, issue: Issue) -> set[str]:
    """In whose 待我办理 it stands."""
    scopes = {name: cast.scope(name) for name in cast.users}
    seen = {name: Issue.objects.visible_to(scope).waiting_for(scope) for name, scope in scopes.items()}
    return {name for name, rows in seen.items() if rows.filter(pk=issue.pk).exists()}


@pytest.mark.parametrize(("state", "action", "who", "given"), STEPS)
def test_whoever_owes_the_next_step_is_told_and_nobody_else(cast: Cast, state: str, action: str, who: str, given: Any):
    issue = brought_to(cast, state)
    places = {"legal": cast.legal, "jishan": cast.jishan, "finance": cast.finance}
    facts = {name: places.get(value, value) if name == "unit" else value for name, value in given.items()}
    if "units" in facts:
        facts["units"] = [places[name] for name in facts["units"]]
    if "main" in facts:
        facts["main"] = cast.issue()
    before = waits_for(cast, issue)
    issue = cast.move(issue, action, who, **facts)
    after = waits_for(cast, issue)
    heard = told(cast, f"issue:{issue.code}:{issue.version}")
    to_do = {name for name, kind in heard.items() if kind == "todo"}
    assert after - before - {who} <= to_do, "it has just come to stand in their 待我办理"
    decides = {"staff"} if action == "extend" else set()
    assert to_do <= after | decides, "nobody is called to what another owes"


def test_no_move_is_left_out() -> None:
    assert {action for _, action, _, _ in STEPS} == ACTIONS


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


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.ANSWERED])
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_watchers_are_told_of_every_step(action: str, state: str) -> None:
    assert "watcher" in ears_of_step(action, state)


URGED_TO_FOLLOW_UP = {"staff": "urge", "registrar": "urge", "colleague": "urge"}


def test_an_overdue_follow_up_urges_whoever_owes_it_and_not_the_unit_that_answered(cast: Cast) -> None:
    issue = cast.issue_in("answered")  # on Wednesday 4 September, to follow up by the 5th
    assert remind_overdue(now=datetime(2024, 9, 6, 10, tzinfo=SHANGHAI)) == 1
    issue.refresh_from_db()
    assert told(cast, f"issue:{issue.code}:{issue.version}") == URGED_TO_FOLLOW_UP


@pytest.mark.parametrize("action", ["remind", "supervise"])
def test_so_does_somebody_by_hand(cast: Cast, action: str) -> None:
    issue = cast.move(cast.issue_in("answered"), action, "leader", note="请尽快回访。")
    assert told(cast, f"issue:{issue.code}:{issue.version}") == URGED_TO_FOLLOW_UP


def test_once_it_is_followed_up_only_staff_owe_the_close(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("followed"), "supervise", "leader", note="请尽快办结。")
    assert told(cast, f"issue:{issue.code}:{issue.version}") == {"staff": "urge"}


def test_while_it_is_in_hand_the_holder_is_urged(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    reminded = cast.move(issue, "remind", "staff")
    assert told(cast, f"issue:{issue.code}:{reminded.version}") == {"handler": "urge"}
    supervised = cast.move(issue, "supervise", "leader", note="久拖不决。")
    assert told(cast, f"issue:{issue.code}:{supervised.version}") == {"handler": "urge", "staff": "urge"}


def test_sent_back_to_an_earlier_holder_it_is_theirs_to_do(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    cast.move(issue, "transfer", "staff", unit=cast.finance, note="转财务。")
    issue = cast.move(issue, "send_back", "other_handler", unit=cast.legal, note="不属财务部。")
    assert told(cast, f"issue:{issue.code}:{issue.version}") == {
        "handler": "todo",
        "registrar": "progress",
    }
    words = Notification.objects.get(source=f"issue:{issue.code}:{issue.version}", user=cast.users["handler"])
    assert words.text.endswith("退回至权益保障部")


def test_sent_back_to_nobody_it_is_for_staff_or_the_township_to_assign(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("in_progress"), "send_back", "handler", note="不属本部门。")
    assert told(cast, f"issue:{issue.code}:{issue.version}") == {
        "staff": "todo",
        "clerk": "todo",
        "registrar": "progress",
    }


def test_what_is_escalated_is_told_to_those_above(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    while issue.supervision != "escalated":
        issue = cast.move(issue, "redo", "staff", note="没有办好。")
        if issue.supervision != "escalated":
            cast.move(issue, "report", "handler", note="已办。")
    assert told(cast, f"issue:{issue.code}:{issue.version}") == {"handler": "urge", "staff": "urge", "leader": "urge"}


def test_the_units_asked_for_an_opinion_are_told(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    cast.move(issue, "consult", "handler", units=[cast.finance], bodies=["区人社局（演示）"], note="能否直接划拨？")
    consultation = Consultation.objects.get(issue=issue)
    assert told(cast, f"consultation:{consultation.pk}:1") == {"other_handler": "todo"}
    line = Notification.objects.get(source=f"consultation:{consultation.pk}:1")
    assert line.text == f"诉求 {issue.code}（工会经费返还 · 稽山街道总工会）请你单位会诊，9月9日前提出意见"
    assert line.url == f"/consultations/{consultation.pk}/"
    joined = consultation_join(
        consultation_id=consultation.pk, units=[cast.finance, cast.workroom], actor=cast.scope("staff")
    )
    assert told(cast, f"consultation:{consultation.pk}:{joined.version}") == {"workroom_handler": "todo"}


def test_a_task_is_told_to_its_person_else_to_its_unit(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    cast.move(issue, "consult", "handler", units=[cast.finance], note="能否直接划拨？")
    second = cast._person("second_handler", "handler", cast.finance)

    def given(person: User | None) -> dict[str, str]:
        task = task_set(
            consultation_id=Consultation.objects.get(issue=issue).pk,
            what="核对银行账户",
            unit=cast.finance,
            person=person,
            due_on=date(2024, 9, 9),
            actor=cast.scope("staff"),
        )
        return told(cast, f"consultation-task:{task.pk}:1")

    assert given(None) == {"other_handler": "todo", "second_handler": "todo"}
    assert given(second) == {"second_handler": "todo"}
    assert not Notification.objects.filter(text__contains="银行账户").exists()  # no free text leaves the portal
