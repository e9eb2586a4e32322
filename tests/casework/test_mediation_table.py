"""Every state x move x person of a mediation, written down by hand from the rules (docs/domain.md, "Mediation").

The issue lies in 稽山街道, `holder` acts for the legal department that has it, `mediator` for the workroom that mediates. `consented` is accepted with
the other side's consent, `late` the same with the days of the law over, `half_signed` an agreement one side has signed.
x: whoever may, does it now; -: not now (409).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from casework.mediation_workflow import MOVE_OF, State
from casework.models import Mediation
from casework.services.consultations import consultation_join
from casework.services.mediation_parties import PartyInput
from casework.services.mediation_standing import permitted_moves
from casework.services.mediations import mediation_move, mediation_open
from tests.casework.cast import WEDNESDAY, Cast
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError

TABLE = """
             edit mend party withdraw not_accept accept refuse consent extend fail session agree sign recover hand_over deny confirm
applied      x    x    x     x        x          x      -      -       -      -    -       -     -    -       -         -    -
accepted     x    x    x     x        -          -      x      x       x      x    -       -     -    -       -         -    -
consented    x    x    x     x        -          -      x      -       x      x    x       -     -    -       -         -    -
late         x    x    x     x        -          -      x      -       -      x    x       -     -    -       -         -    -
in_session   x    x    x     x        -          -      x      -       x      x    x       x     -    -       -         -    -
agreed       -    x    x     x        -          -      -      -       -      x    -       -     x    -       -         -    -
half_signed  -    x    x     x        -          -      -      -       -      x    -       -     x    -       -         -    -
signed       -    -    -     -        -          -      -      -       -      -    -       -     -    x       x         -    -
handed_over  -    -    -     -        -          -      -      -       -      -    -       -     -    x       -         x    x
confirmed    -    -    -     -        -          -      -      -       -      -    -       -     -    x       -         -    -
not_accepted -    -    -     -        -          -      -      -       -      -    -       -     -    -       -         -    -
refused      -    -    -     -        -          -      -      -       -      -    -       -     -    -       -         -    -
failed       -    -    -     -        -          -      -      -       -      -    -       -     -    -       -         -    -
withdrawn    -    -    -     -        -          -      -      -       -      -    -       -     -    -       -         -    -
"""

#: Who works on the case, and what is never theirs: the holder may have brought it, so it does not decide whether it is taken.
WORKING: dict[str, set[str]] = {
    "staff": set(),
    "clerk": set(),
    "mediator": set(),
    "holder": {"not_accept", "accept"},
}
#: Whatever the state and the move. `joined` was asked in a consultation of the same issue, `colleague` is a cadre posted there.
ALWAYS = {
    "leader": 403,
    "colleague": 403,
    "joined": 403,
    "neighbour": 404,
    "stranger": 404,
    "auditor": 403,
    "sysadmin": 403,
    "security": 403,
    "aid": 403,
    "keeper": 403,
}

BOTH = {"applicant_agrees": True, "respondent_agrees": True}
SIGNED = ("applicant_signed_on", "respondent_signed_on", "mediator_signed_on", "sealed_on")
#: State -> the moves that lead there from an application.
WAYS: dict[str, list[str]] = {
    "applied": [],
    "accepted": ["accept"],
    "consented": ["accept", "consent"],
    "late": ["accept", "consent"],
    "in_session": ["accept", "consent", "session"],
    "agreed": ["accept", "consent", "session", "agree"],
    "half_signed": ["accept", "consent", "session", "agree", "sign_half"],
    "signed": ["accept", "consent", "session", "agree", "sign"],
    "handed_over": ["accept", "consent", "session", "agree", "sign", "hand_over"],
    "confirmed": ["accept", "consent", "session", "agree", "sign", "hand_over", "confirm"],
    "not_accepted": ["not_accept"],
    "refused": ["accept", "refuse"],
    "failed": ["accept", "fail"],
    "withdrawn": ["withdraw"],
}


def cells() -> dict[tuple[str, str], bool]:
    """(state, move) -> whether whoever may can make it."""
    head, *rows = TABLE.strip().splitlines()
    return {
        (state, action): cell == "x"
        for state, *marks in map(str.split, rows)
        for action, cell in zip(head.split(), marks, strict=True)
    }


def expectations(state: str) -> dict[tuple[str, str], int]:
    """(move, who) -> status, in one state."""
    found = {}
    for (row, action), possible in cells().items():
        if row == state:
            found |= {
                (action, who): 403 if action in never else 200 if possible else 409 for who, never in WORKING.items()
            }
            found |= {(action, who): code for who, code in ALWAYS.items()}
    return found


def test_the_table_is_whole() -> None:
    states = {*(state.value for state in State), "consented", "late", "half_signed"}
    assert set(cells()) == {(state, action) for state in states for action in MOVE_OF}
    assert set(WAYS) == states


@pytest.mark.parametrize("state", WAYS)
def test_every_move_by_everybody(cast: Cast, state: str) -> None:
    people = people_of(cast)
    mediation = in_state(cast, people, state)
    now = cast.now + timedelta(days=20 if state == "late" else 0)
    seen = {}
    with clock.at(now):
        for action, who in expectations(state):
            with transaction.atomic():
                try:
                    moved(mediation, action, people[who], now)
                except DomainError as error:
                    seen[action, who] = error.status
                else:
                    seen[action, who] = 200
                transaction.set_rollback(True)
        assert seen == expectations(state)
        for who in WORKING:
            offered = {move.action for move in permitted_moves(mediation, people[who], clock.local_date(now))}
            assert offered == {action for (action, me), code in seen.items() if (me, code) == (who, 200)}, who


def people_of(cast: Cast) -> dict[str, Any]:
    for role in ("sysadmin", "security", "aid", "keeper"):
        cast._person(role, role, cast.district)
    cast._person("stranger", "handler", cast.desk)
    names = {"holder": "handler", "mediator": "workroom_handler", "joined": "other_handler"}
    return {who: cast.scope(names.get(who, who)) for who in (*WORKING, *ALWAYS)}


def in_state(cast: Cast, people: dict[str, Any], state: str) -> Mediation:
    """A case brought there by staff, on an issue about which a unit is consulted."""
    staff = people["staff"]
    issue = cast.move(cast.issue_in("in_progress"), "consult", "staff", note="请一并研究。", bodies=["区人力社保局"])
    consultation_join(consultation_id=issue.consultations.get().pk, units=[cast.finance], actor=staff)
    mediation = mediation_open(
        uuid=uuid4(),
        issue_code=issue.code,
        organisation=cast.workroom,
        manner="oral",
        applied_on=WEDNESDAY.date(),
        kind="pay",
        matter="补发加班费差额",
        reason="旺季加班按固定金额发放。",
        people=3,
        applicant=PartyInput(role="applicant", name="陈示例"),
        respondent=PartyInput(role="respondent", name="光典芯元微电子（演示）"),
        actor=staff,
    )
    for action in WAYS[state]:
        moved(mediation, action, staff, cast.now)
    mediation.refresh_from_db()
    return mediation


def moved(mediation: Mediation, action: str, actor: Any, now: datetime) -> None:
    """A move with all that it asks."""
    day = clock.local_date(now)
    given: dict[str, Any] = {"day": day, "note": "双方自行和解。"}
    claim = {"kind": "pay", "matter": "补发工资", "reason": "少发两个月。", "people": 4, "mediators": []}
    given |= {
        "edit": claim,
        "mend": {"party": mediation.parties.order_by("pk").first(), "name": "陈示范"},
        "party": {"role": "respondent", "name": "富盛石材（演示）"},
        "accept": {"mediators": ["徐调解"]},
        "refuse": {"refused_by": "respondent"},
        "extend": {"days": 3, **BOTH},
        "session": {"place": "八字桥工作室", "present": "双方", "record": "双方同意按考勤核算。"},
        "agree": {"outcome": "agreement", "terms": "十日内补发 3000 元。"},
        "sign": dict.fromkeys(SIGNED, WEDNESDAY.date()),
        "sign_half": {SIGNED[0]: WEDNESDAY.date()},
        "recover": {"amount_recovered": 0},
        "hand_over": {"route": "court", "body": "区人民法院（演示）"},
    }.get(action, {})
    action = "sign" if action == "sign_half" else action
    mediation_move(mediation_id=mediation.pk, action=action, actor=actor, now=now, **given)
