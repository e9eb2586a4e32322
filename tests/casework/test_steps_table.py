"""Every state x step x person of papers (一函两书) and of service activities, written down by hand from the rules (docs/domain.md).

x: whoever may, does it now; -: not now (409). Nobody else ever may.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from casework.activity_flow import ACTIVITY_MOVES, ActivityState
from casework.models import Issue, Paper, ServiceActivity
from casework.services.activities import activity_create, activity_edit, activity_move
from casework.services.activity_issues import issues_link
from casework.services.activity_sessions import guests_mark, session_add
from casework.services.paper_registers import signer_add, supervisor_add
from casework.services.papers import paper_answered, paper_draft, paper_edit, paper_end, paper_serve, paper_sign
from tests.casework.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import Scope

DAY = date(2024, 9, 4)
Cells = dict[tuple[str, str], bool]

#: A demand (意见书); `bare` was investigated by nobody, `served` waits for its answer, `overdue` got none in fifteen workdays, `uncorrected` and
#: `corrected` have ended, `referred` is uncorrected with a referral (建议书) drafted. `refer` drafts the referral.
PAPERS = """
            edit sign serve answer end refer
draft       x    x    -     -      -   -
bare        x    -    -     -      -   -
signed      -    -    x     -      -   -
served      -    -    -     x      -   -
answered    -    -    -     -      x   -
refused     -    -    -     -      x   x
overdue     -    -    -     x      x   x
corrected   -    -    -     -      -   -
uncorrected -    -    -     -      -   x
referred    -    -    -     -      -   -
"""
#: Who may ever do it: staff, but for the signature, which is a leader's who stands in the register. `other_leader` does not.
PAPER_STEPS_OF = {"staff": {"edit", "serve", "answer", "end", "refer"}, "leader": {"sign"}}
NO_PAPERS = (
    "other_leader",
    "registrar",
    "outsider",
    "clerk",
    "neighbour",
    "handler",
    "other_handler",
    "auditor",
    "sysadmin",
    "security",
    "aid",
    "keeper",
)

#: `booked` has a session to come, `ready` one that took place, `going_on` is held with another session to come.
ACTIVITIES = """
          edit session guests link hold finish cancel
planned   x    x       x      x    -    -      x
booked    x    x       x      x    -    -      x
ready     x    x       x      x    x    -      -
held      x    x       x      x    -    x      -
going_on  x    x       x      x    -    -      -
done      -    -       -      x    -    -      -
cancelled -    -       -      -    -    -      -
"""
KEEPERS = ("staff", "clerk")
#: Of a fair of 稽山 the cadre posted there and the leader only read; `handler` reads it through an issue linked to it, `organiser` as the
#: workroom that holds it.
NO_KEEPERS = {
    "leader": 403,
    "colleague": 403,
    "organiser": 403,
    "handler": 403,
    "outsider": 404,
    "neighbour": 404,
    "other_handler": 404,
    "auditor": 404,
    "sysadmin": 404,
    "security": 404,
    "aid": 404,
    "keeper": 404,
}


def cells(table: str) -> Cells:
    """(state, step) -> whether whoever may can do it."""
    head, *rows = table.strip().splitlines()
    return {
        (state, step): mark == "x"
        for state, *marks in map(str.split, rows)
        for step, mark in zip(head.split(), marks, strict=True)
    }


def rows_of(table: str) -> list[str]:
    return list(dict.fromkeys(state for state, _ in cells(table)))


def status(step: Callable[[], object]) -> int:
    """What comes of a step that is then taken back."""
    with transaction.atomic():
        try:
            step()
        except DomainError as error:
            return error.status
        finally:
            transaction.set_rollback(True)
    return 200


def scopes(cast: Cast, names: Iterable[str], **others: str) -> dict[str, Scope]:
    for role in ("sysadmin", "security", "aid", "keeper"):
        cast._person(role, role, cast.district)
    return {name: cast.scope(others.get(name, name)) for name in names}


def test_the_tables_are_whole() -> None:
    papers = cells(PAPERS)
    assert {"draft", "signed", "served"} <= set(rows_of(PAPERS)) <= {*PAPER_WAYS}
    assert set(Paper.State.values) == {"draft", "signed", "served", "ended"}
    assert set(papers) == {(state, step) for state in PAPER_WAYS for step in set().union(*PAPER_STEPS_OF.values())}
    activities = cells(ACTIVITIES)
    assert {state.value for state in ActivityState} <= set(rows_of(ACTIVITIES))
    steps = {"edit", "session", "guests", "link", *ACTIVITY_MOVES}
    assert set(activities) == {(state, step) for state in rows_of(ACTIVITIES) for step in steps}


#: State -> the steps that lead there from a draft.
PAPER_WAYS: dict[str, list[str]] = {
    "draft": [],
    "bare": [],
    "signed": ["sign"],
    "served": ["sign", "serve"],
    "answered": ["sign", "serve", "answer"],
    "refused": ["sign", "serve", "refuse"],
    "overdue": ["sign", "serve"],
    "corrected": ["sign", "serve", "answer", "correct"],
    "uncorrected": ["sign", "serve", "answer", "end"],
    "referred": ["sign", "serve", "answer", "end", "refer"],
}


@pytest.mark.parametrize("state", rows_of(PAPERS))
def test_every_step_of_a_paper_by_everybody(cast: Cast, state: str) -> None:
    cast._person("other_leader", "leader", cast.district)
    people = scopes(cast, (*PAPER_STEPS_OF, *NO_PAPERS))
    signer_add(user=cast.users["leader"], title="vice", valid_from=DAY, valid_to=None, actor=people["staff"])
    paper = paper_in(cast, people, state)
    expected, seen = {}, {}
    with clock.at(cast.now + timedelta(days=40 if state == "overdue" else 0)):
        for (row, step), possible in cells(PAPERS).items():
            for who in people if row == state else ():
                theirs = step in PAPER_STEPS_OF.get(who, ())
                expected[step, who] = (200 if possible else 409) if theirs else 403
                seen[step, who] = status(lambda step=step, who=who: paper_step(paper, step, people[who]))
    assert seen == expected


def paper_in(cast: Cast, people: dict[str, Scope], state: str) -> Paper:
    supervisors = [
        supervisor_add(
            name=f"监督员{number}（演示）",
            licence_no=f"浙监{number}",
            valid_from=date(2020, 1, 1),
            valid_to=date(2030, 1, 1),
            actor=people["staff"],
        )
        for number in (1, 2)
    ]
    paper = paper_draft(
        uuid=uuid4(),
        kind="demand",
        issue_code=cast.issue_in("in_progress").code,
        actor=people["staff"],
        supervisors=[] if state == "bare" else supervisors,
        investigated_on=None if state == "bare" else DAY,
        **WORDS,
    )
    for step in PAPER_WAYS[state]:
        paper_step(paper, step, people["leader" if step == "sign" else "staff"])
    paper.refresh_from_db()
    return paper


WORDS = {
    "facts": "未与 3 名职工签订书面劳动合同。",
    "basis": "《中华人民共和国劳动合同法》第十条。",
    "advice": "请补签书面劳动合同。",
}


def paper_step(paper: Paper, step: str, actor: Scope) -> object:
    of = {"paper_id": paper.pk, "actor": actor}
    match step:
        case "edit":
            return paper_edit(**of, **WORDS)
        case "sign":
            return paper_sign(**of)
        case "serve":
            return paper_serve(**of, served_on=DAY, served_way="in_person", receiver="企业人事科")
        case "answer" | "refuse":
            return paper_answered(**of, answered_on=DAY, answer="合同正在补签。", refused=step == "refuse")
        case "end" | "correct":
            result = "corrected" if step == "correct" else "uncorrected"
            return paper_end(**of, result=result, result_note="已到企业核对。", ended_on=DAY)
    return paper_draft(
        uuid=uuid4(),
        kind="referral",
        issue_code=paper.issue.code,
        base=paper,
        authority="区人力社保局",
        material="意见书副本",
        actor=actor,
        **WORDS,
    )


@pytest.mark.parametrize("state", rows_of(ACTIVITIES))
def test_every_step_of_an_activity_by_everybody(cast: Cast, state: str) -> None:
    people = scopes(cast, (*KEEPERS, *NO_KEEPERS), organiser="workroom_handler")
    issue = cast.issue_in("in_progress")
    activity = activity_in(cast, people["staff"], state, issue)
    other = cast.issue(title="食堂座位不够")
    expected, seen = {}, {}
    for (row, step), possible in cells(ACTIVITIES).items():
        for who in people if row == state else ():
            expected[step, who] = NO_KEEPERS.get(who, 200 if possible else 409)
            seen[step, who] = status(
                lambda step=step, who=who: activity_step(cast, activity, step, people[who], issue=other)
            )
    assert seen == expected


def activity_in(cast: Cast, staff: Scope, state: str, issue: Issue) -> ServiceActivity:
    activity = activity_create(uuid=uuid4(), actor=staff, **plan(cast))
    issues_link(code=activity.code, issues=[issue.code], actor=staff)
    if state in ("ready", "held", "going_on", "done"):
        activity_step(cast, activity, "session", staff)
    if state in ("booked", "going_on"):
        activity_step(cast, activity, "session", staff, day=DAY + timedelta(days=7))
    ways = {"held": ["hold"], "going_on": ["hold"], "done": ["hold", "finish"], "cancelled": ["cancel"]}
    for step in ways.get(state, ()):
        activity_step(cast, activity, step, staff)
    return activity


def plan(cast: Cast) -> dict[str, Any]:
    return {
        "kind": "job_fair",
        "title": "秋季用工招聘会",
        "organiser": cast.workroom,
        "township": cast.jishan,
        "planned_on": DAY,
    }


def activity_step(
    cast: Cast, activity: ServiceActivity, step: str, actor: Scope, *, issue: Issue | None = None, day: date = DAY
) -> object:
    of = {"code": activity.code, "actor": actor}
    match step:
        case "edit":
            return activity_edit(**of, version=None, **plan(cast))
        case "session":
            return session_add(**of, uuid=uuid4(), held_on=day, place="街道文化中心")
        case "guests":
            return guests_mark(**of, version=None, invited_ids=[])
        case "link":
            return issues_link(**of, issues=[issue.code if issue else ""])
    return activity_move(**of, action=step, version=None, text="场地冲突，另行安排。")
