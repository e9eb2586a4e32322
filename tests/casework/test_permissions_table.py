"""Every state x action x person, written down by hand from the rules (docs/domain.md), asked through the API.

The issue lies in 稽山街道 and was registered by the cadre `registrar`; in hand, the legal department holds it (`handler`).
`clerk` is the township's own union; `wished` is in progress with an extension asked for, `paused` with its clock stopped.
200 done, 403 not your role, 404 you know nothing of it, 409 not now.
"""

import pytest
from django.db import transaction

from casework.models import Issue
from casework.workflow import ACTIONS
from tests.casework.cast import Cast

WHO = ("staff", "leader", "registrar", "colleague", "clerk", "handler")

TABLE = """
                              staff leader registrar colleague clerk handler
registered  assign            200   403    403       403       200   404
registered  accept            403   403    403       403       409   404
registered  report            403   403    403       403       409   404
registered  follow_up         409   403    409       409       403   404
registered  close             200   403    200       403       403   404
registered  transfer          409   403    403       403       409   404
registered  send_back         403   403    403       403       409   404
registered  redo              409   403    403       403       403   404
registered  reject            200   403    403       403       403   404
registered  reopen            409   403    403       403       403   404
registered  void              200   403    200       403       403   404
registered  extend            403   403    403       403       409   404
registered  approve_extension 409   409    403       403       403   404
registered  refuse_extension  409   409    403       403       403   404
registered  pause             409   403    403       403       403   404
registered  resume            409   403    403       403       409   404
registered  remind            409   409    403       403       403   404
registered  supervise         200   200    403       403       403   404
registered  merge             200   403    403       403       403   404
registered  split             409   403    403       403       403   404
registered  consult           409   403    403       403       409   404

assigned    assign            409   403    403       403       409   403
assigned    accept            403   403    403       403       403   200
assigned    report            403   403    403       403       403   409
assigned    follow_up         409   403    409       409       403   403
assigned    close             409   403    409       403       403   403
assigned    transfer          200   403    403       403       403   200
assigned    send_back         403   403    403       403       403   200
assigned    redo              409   403    403       403       403   403
assigned    reject            409   403    403       403       403   403
assigned    reopen            409   403    403       403       403   403
assigned    void              200   403    403       403       403   403
assigned    extend            403   403    403       403       403   409
assigned    approve_extension 409   409    403       403       403   403
assigned    refuse_extension  409   409    403       403       403   403
assigned    pause             200   403    403       403       403   403
assigned    resume            409   403    403       403       403   409
assigned    remind            200   200    403       403       403   403
assigned    supervise         200   200    403       403       403   403
assigned    merge             200   403    403       403       403   403
assigned    split             409   403    403       403       403   403
assigned    consult           200   403    403       403       403   200

in_progress assign            409   403    403       403       409   403
in_progress accept            403   403    403       403       403   409
in_progress report            403   403    403       403       403   200
in_progress follow_up         409   403    409       409       403   403
in_progress close             409   403    409       403       403   403
in_progress transfer          200   403    403       403       403   200
in_progress send_back         403   403    403       403       403   200
in_progress redo              409   403    403       403       403   403
in_progress reject            409   403    403       403       403   403
in_progress reopen            409   403    403       403       403   403
in_progress void              200   403    403       403       403   403
in_progress extend            403   403    403       403       403   200
in_progress approve_extension 409   409    403       403       403   403
in_progress refuse_extension  409   409    403       403       403   403
in_progress pause             200   403    403       403       403   403
in_progress resume            409   403    403       403       403   409
in_progress remind            200   200    403       403       403   403
in_progress supervise         200   200    403       403       403   403
in_progress merge             200   403    403       403       403   403
in_progress split             409   403    403       403       403   403
in_progress consult           200   403    403       403       403   200

wished      assign            409   403    403       403       409   403
wished      accept            403   403    403       403       403   409
wished      report            403   403    403       403       403   200
wished      follow_up         409   403    409       409       403   403
wished      close             409   403    409       403       403   403
wished      transfer          200   403    403       403       403   200
wished      send_back         403   403    403       403       403   200
wished      redo              409   403    403       403       403   403
wished      reject            409   403    403       403       403   403
wished      reopen            409   403    403       403       403   403
wished      void              200   403    403       403       403   403
wished      extend            403   403    403       403       403   409
wished      approve_extension 200   200    403       403       403   403
wished      refuse_extension  200   200    403       403       403   403
wished      pause             200   403    403       403       403   403
wished      resume            409   403    403       403       403   409
wished      remind            200   200    403       403       403   403
wished      supervise         200   200    403       403       403   403
wished      merge             200   403    403       403       403   403
wished      split             409   403    403       403       403   403
wished      consult           200   403    403       403       403   200

paused      assign            409   403    403       403       409   403
paused      accept            403   403    403       403       403   409
paused      report            403   403    403       403       403   200
paused      follow_up         409   403    409       409       403   403
paused      close             409   403    409       403       403   403
paused      transfer          200   403    403       403       403   200
paused      send_back         403   403    403       403       403   200
paused      redo              409   403    403       403       403   403
paused      reject            409   403    403       403       403   403
paused      reopen            409   403    403       403       403   403
paused      void              200   403    403       403       403   403
paused      extend            403   403    403       403       403   409
paused      approve_extension 409   409    403       403       403   403
paused      refuse_extension  409   409    403       403       403   403
paused      pause             409   403    403       403       403   403
paused      resume            200   403    403       403       403   200
paused      remind            200   200    403       403       403   403
paused      supervise         200   200    403       403       403   403
paused      merge             200   403    403       403       403   403
paused      split             409   403    403       403       403   403
paused      consult           200   403    403       403       403   200

answered    assign            409   403    403       403       409   403
answered    accept            403   403    403       403       403   409
answered    report            403   403    403       403       403   409
answered    follow_up         200   403    200       200       403   403
answered    close             409   403    403       403       403   403
answered    transfer          409   403    403       403       403   409
answered    send_back         403   403    403       403       403   409
answered    redo              200   403    403       403       403   403
answered    reject            409   403    403       403       403   403
answered    reopen            409   403    403       403       403   403
answered    void              200   403    403       403       403   403
answered    extend            403   403    403       403       403   409
answered    approve_extension 409   409    403       403       403   403
answered    refuse_extension  409   409    403       403       403   403
answered    pause             409   403    403       403       403   403
answered    resume            409   403    403       403       403   409
answered    remind            200   200    403       403       403   403
answered    supervise         200   200    403       403       403   403
answered    merge             200   403    403       403       403   403
answered    split             409   403    403       403       403   403
answered    consult           200   403    403       403       403   200

followed    assign            409   403    403       403       409   403
followed    accept            403   403    403       403       403   409
followed    report            403   403    403       403       403   409
followed    follow_up         200   403    200       200       403   403
followed    close             200   403    403       403       403   403
followed    transfer          409   403    403       403       403   409
followed    send_back         403   403    403       403       403   409
followed    redo              200   403    403       403       403   403
followed    reject            409   403    403       403       403   403
followed    reopen            409   403    403       403       403   403
followed    void              200   403    403       403       403   403
followed    extend            403   403    403       403       403   409
followed    approve_extension 409   409    403       403       403   403
followed    refuse_extension  409   409    403       403       403   403
followed    pause             409   403    403       403       403   403
followed    resume            409   403    403       403       403   409
followed    remind            409   409    403       403       403   403
followed    supervise         200   200    403       403       403   403
followed    merge             200   403    403       403       403   403
followed    split             409   403    403       403       403   403
followed    consult           200   403    403       403       403   200

closed      assign            409   403    403       403       409   403
closed      accept            403   403    403       403       403   409
closed      report            403   403    403       403       403   409
closed      follow_up         409   403    409       409       403   403
closed      close             409   403    409       403       403   403
closed      transfer          409   403    403       403       403   409
closed      send_back         403   403    403       403       403   409
closed      redo              409   403    403       403       403   403
closed      reject            409   403    403       403       403   403
closed      reopen            200   403    403       403       403   403
closed      void              200   403    403       403       403   403
closed      extend            403   403    403       403       403   409
closed      approve_extension 409   409    403       403       403   403
closed      refuse_extension  409   409    403       403       403   403
closed      pause             409   403    403       403       403   403
closed      resume            409   403    403       403       403   409
closed      remind            409   409    403       403       403   403
closed      supervise         409   409    403       403       403   403
closed      merge             409   403    403       403       403   403
closed      split             409   403    403       403       403   403
closed      consult           409   403    403       403       403   409

rejected    assign            409   403    403       403       409   404
rejected    accept            403   403    403       403       409   404
rejected    report            403   403    403       403       409   404
rejected    follow_up         409   403    409       409       403   404
rejected    close             409   403    409       403       403   404
rejected    transfer          409   403    403       403       409   404
rejected    send_back         403   403    403       403       409   404
rejected    redo              409   403    403       403       403   404
rejected    reject            409   403    403       403       403   404
rejected    reopen            409   403    403       403       403   404
rejected    void              200   403    403       403       403   404
rejected    extend            403   403    403       403       409   404
rejected    approve_extension 409   409    403       403       403   404
rejected    refuse_extension  409   409    403       403       403   404
rejected    pause             409   403    403       403       403   404
rejected    resume            409   403    403       403       409   404
rejected    remind            409   409    403       403       403   404
rejected    supervise         409   409    403       403       403   404
rejected    merge             409   403    403       403       403   404
rejected    split             409   403    403       403       403   404
rejected    consult           409   403    403       403       409   404

merged      assign            409   403    403       403       409   404
merged      accept            403   403    403       403       409   404
merged      report            403   403    403       403       409   404
merged      follow_up         409   403    409       409       403   404
merged      close             409   403    409       403       403   404
merged      transfer          409   403    403       403       409   404
merged      send_back         403   403    403       403       409   404
merged      redo              409   403    403       403       403   404
merged      reject            409   403    403       403       403   404
merged      reopen            409   403    403       403       403   404
merged      void              200   403    403       403       403   404
merged      extend            403   403    403       403       409   404
merged      approve_extension 409   409    403       403       403   404
merged      refuse_extension  409   409    403       403       403   404
merged      pause             409   403    403       403       403   404
merged      resume            409   403    403       403       409   404
merged      remind            409   409    403       403       403   404
merged      supervise         409   409    403       403       403   404
merged      merge             409   403    403       403       403   404
merged      split             200   403    403       403       403   404
merged      consult           409   403    403       403       409   404

voided      assign            409   403    403       403       409   404
voided      accept            403   403    403       403       409   404
voided      report            403   403    403       403       409   404
voided      follow_up         409   403    409       409       403   404
voided      close             409   403    409       403       403   404
voided      transfer          409   403    403       403       409   404
voided      send_back         403   403    403       403       409   404
voided      redo              409   403    403       403       403   404
voided      reject            409   403    403       403       403   404
voided      reopen            409   403    403       403       403   404
voided      void              409   403    409       403       403   404
voided      extend            403   403    403       403       409   404
voided      approve_extension 409   409    403       403       403   404
voided      refuse_extension  409   409    403       403       403   404
voided      pause             409   403    403       403       403   404
voided      resume            409   403    403       403       409   404
voided      remind            409   409    403       403       403   404
voided      supervise         409   409    403       403       403   404
voided      merge             409   403    403       403       403   404
voided      split             409   403    403       403       403   404
voided      consult           409   403    403       403       409   404
"""

#: Whatever the state and the action: other townships and units know nothing of it; an auditor and those who keep the portal, help in hardship
#: or look after stations have no business with cases.
ALWAYS = {
    "outsider": 404,
    "neighbour": 404,
    "other_handler": 404,
    "workroom_handler": 404,
    "auditor": 403,
    "sysadmin": 403,
    "security": 403,
    "aid": 403,
    "keeper": 403,
}

#: `joined` acts for a unit that was only consulted: it sees the issue and moves nothing. While nobody holds the issue, what a holder would do is
#: a matter of the state, as for everybody who could hold it.
UNHELD = {"registered", "rejected", "merged", "voided"}
OF_A_HOLDER = {"accept", "report", "transfer", "send_back", "extend", "resume", "consult"}

STATES = (
    "registered",
    "assigned",
    "in_progress",
    "wished",
    "paused",
    "answered",
    "followed",
    "closed",
    "rejected",
    "merged",
    "voided",
)


def expectations() -> dict[tuple[str, str, str], int]:
    """(state, action, who) -> status."""
    found = {}
    for line in TABLE.strip().splitlines()[1:]:
        if line.strip():
            state, action, *codes = line.split()
            found |= {(state, action, who): int(code) for who, code in zip(WHO, codes, strict=True)}
            found |= {(state, action, who): code for who, code in ALWAYS.items()}
            found[state, action, "joined"] = 409 if state in UNHELD and action in OF_A_HOLDER else 403
    return found


def test_the_table_is_whole() -> None:
    assert set(expectations()) == {
        (state, action, who) for state in STATES for action in ACTIONS for who in (*WHO, *ALWAYS, "joined")
    }


@pytest.mark.parametrize("state", STATES)
def test_every_action_by_everybody(cast: Cast, state: str) -> None:
    issue = in_state(cast, state)
    give = {
        "assign": {"unit": cast.jishan.code},
        "transfer": {"unit": cast.desk.code},
        "follow_up": {"satisfaction": "basically"},
        "close": {"outcome": "explained"},
        "extend": {"days": 3},
        "merge": {"main": cast.issue(title="另一条").code},
        "consult": {"units": [cast.finance.code]},
    }
    expected = {key: code for key, code in expectations().items() if key[0] == state}
    seen = {}
    for role in ("sysadmin", "security", "aid", "keeper"):
        cast._person(role, role, cast.district)
    for who in (*WHO, *ALWAYS, "joined"):
        cast.client(who)  # signed in before the first rollback
    for _, action, who in expected:
        with transaction.atomic():
            answer = cast.post(issue, action, who, note="照章办理。", **give.get(action, {}))
            transaction.set_rollback(True)
        seen[state, action, who] = answer.status_code
        if answer.status_code == 409:
            assert answer.json()["code"] == "invalid_transition"
        if answer.status_code == 403 and ALWAYS.get(who) != 403:
            assert answer.json()["code"] == "forbidden"
    assert seen == expected


@pytest.mark.parametrize("state", STATES)
def test_the_issue_offers_exactly_what_it_lets_do(cast: Cast, state: str) -> None:
    issue = in_state(cast, state)
    for who in (*WHO, "joined"):
        permitted = {a for (s, a, w), code in expectations().items() if (s, w, code) == (state, who, 200)}
        answer = cast.client(who).get(f"/api/v1/issues/{issue.code}/")
        if answer.status_code == 200:
            assert {row["action"] for row in answer.json()["actions"]} == permitted, who
        page = cast.client(who).get(f"/issues/{issue.code}/")
        offered = {action for action in ACTIONS if f'data-dialog="{action}"' in page.content.decode()}
        assert offered == permitted, who


def in_state(cast: Cast, state: str) -> Issue:
    """An issue in the state, about which the consulted unit had once been asked."""
    if state == "merged":
        issue = cast.move(cast.issue(), "merge", "staff", main=cast.issue(title="主诉求"))
    else:
        issue = cast.issue_in(state)
    cast._person("joined", "handler", cast.desk)
    Issue.objects.filter(pk=issue.pk).update(joined_unit_ids=[cast.desk.pk])
    return issue
