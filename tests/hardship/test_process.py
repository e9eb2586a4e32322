"""The table of the process against a hand-written expectation: every permitted move, and that nothing else is one."""

import pytest

from hardship.process import (
    ACTIONS,
    AROUND,
    ORDER_WORDS,
    Order,
    Who,
    before,
    find_move,
    moves_of,
    next_step,
    states_of,
    who_may,
)
from hardship.workflow import State
from unionportal.core.params.hardship_process_definitions import ORDERS

PUBLIC_FIRST = ["draft", "applied", "surveyed", "appraised", "publicised", "reviewed", "checked", "in_force"]
CHECK_FIRST = ["draft", "applied", "surveyed", "appraised", "reviewed", "checked", "publicised", "in_force"]
RUNNING = ["applied", "surveyed", "appraised", "publicised", "reviewed", "checked"]

#: (action, from) -> to; "-": the state stays, "<": one of those before.
STEPS = {
    Order.PUBLIC_FIRST: {
        ("apply", "draft"): "applied",
        ("survey", "applied"): "surveyed",
        ("appraise", "surveyed"): "appraised",
        ("publicise", "appraised"): "publicised",
        ("review", "publicised"): "reviewed",
        ("check", "reviewed"): "checked",
        ("approve", "checked"): "in_force",
    },
    Order.CHECK_FIRST: {
        ("apply", "draft"): "applied",
        ("survey", "applied"): "surveyed",
        ("appraise", "surveyed"): "appraised",
        ("review", "appraised"): "reviewed",
        ("check", "reviewed"): "checked",
        ("publicise", "checked"): "publicised",
        ("approve", "publicised"): "in_force",
    },
}
BESIDE = {
    **{("send_back", state): "<" for state in RUNNING},
    **{("reject", state): "rejected" for state in RUNNING},
    ("change", "in_force"): "-",
    ("renew", "in_force"): "-",
    ("lift", "in_force"): "lifted",
    ("clear", "in_force"): "cleared",
    ("relapse", "lifted"): "applied",
    ("reapply", "rejected"): "draft",
    ("reapply", "cleared"): "draft",
}
WHO = {
    "apply": {"aid"},
    "survey": {"aid"},
    "appraise": {"aid"},
    "publicise": {"portal"},
    "review": {"township_aid", "standing_in"},
    "check": {"district_aid"},
    "approve": {"district_aid", "leader"},
    "send_back": {"township_aid", "district_aid", "leader"},
    "reject": {"township_aid", "district_aid", "leader"},
    "change": {"aid"},
    "renew": {"aid"},
    "lift": {"district_aid", "leader"},
    "clear": {"district_aid", "leader"},
    "relapse": {"aid"},
    "reapply": {"aid"},
}


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", sorted(WHO))
def test_a_move_is_permitted_where_it_is_written_and_nowhere_else(order: Order, state: State, action: str) -> None:
    expected = (STEPS[order] | BESIDE).get((action, str(state)))
    move = find_move(order, action, state)
    if move is None:
        assert expected is None
    else:
        assert ("<" if move.back else str(move.target) if move.target else "-") == expected
        assert move.who == WHO[action]


def test_there_are_no_other_moves() -> None:
    assert set(WHO) == ACTIONS
    for order in Order:
        assert {move.action for move in moves_of(order)} == set(WHO)
        assert all(who_may(order, action) == who for action, who in WHO.items())


def test_the_orders_are_those_of_the_parameter() -> None:
    assert tuple(ORDER_WORDS) == ORDERS
    assert set(ORDER_WORDS.values()) == set(Order)


@pytest.mark.parametrize(("order", "way"), [(Order.PUBLIC_FIRST, PUBLIC_FIRST), (Order.CHECK_FIRST, CHECK_FIRST)])
def test_a_file_goes_its_way_step_by_step_and_back_only_to_where_it_was(order: Order, way: list[str]) -> None:
    assert list(states_of(order)) == way
    for number, state in enumerate(way[:-1]):
        step = next_step(order, state)
        assert step is not None
        assert STEPS[order][step, state] == way[number + 1]
        assert list(before(order, state)) == way[:number][::-1]
    for state in ("in_force", "lifted", "cleared", "rejected"):
        assert next_step(order, state) is None
    assert before(order, "lifted") == ()


def test_only_the_portal_ends_a_publicity_and_only_officers_give_reasons_to_end_a_file() -> None:
    for move in AROUND:
        assert "opinion" in move.required, move.action
    assert all(find_move(order, "publicise", state) is None for order in Order for state in ("applied", "in_force"))
    assert {m.action for m in moves_of(Order.PUBLIC_FIRST) if Who.PORTAL in m.who} == {"publicise"}
