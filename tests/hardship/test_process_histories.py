"""Whatever people do in whatever order, the log tells the whole story and the file is where the log says."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardship.models import FilePaper, FileProcess, FileStep, HardshipFile, Objection, PublicityEntry
from hardship.process import ACTIONS, PREPARING, before, find_move, next_step
from hardship.process_words import CHECK_RESULTS, GROUND_LABELS, RENEWAL_KINDS
from hardship.services.moves import Given, file_move
from hardship.services.publicity import publicity_stop, settle_publicity
from hardship.services.standing import open_moves
from hardship.workflow import CLOSED_STATES, State
from tests.hardship.cast import Cast
from tests.hardship.going import Going
from unionportal.core.common.errors import DomainError

MOVERS = ("aid", "aid_jishan", "reviewer", "leader", "staff", "aid_fusheng")
DIALOGS = sorted(ACTIONS - {"survey"})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_whatever_people_do_the_history_holds(cast: Cast, data: st.DataObject) -> None:
    with transaction.atomic():
        going = Going(cast)
        if data.draw(st.booleans(), label="township without a second officer"):
            cast.users["reviewer"].grants.all().delete()
        walk(going, data)
        transaction.set_rollback(True)


def walk(going: Going, data: st.DataObject) -> None:
    file, day = going.draft(), going.cast.now.date()
    HardshipFile.objects.filter(pk=file.pk).update(category="deep")
    for _ in range(data.draw(st.integers(1, 16), label="steps")):
        day += timedelta(days=data.draw(st.integers(0, 12), label="days later"))
        file = HardshipFile.objects.get(pk=file.pk)
        if file.state in CLOSED_STATES and data.draw(st.booleans(), label="signs anew"):
            sign_anew(going, file, day)
        before_it = state_of(file)
        try:
            act(going, data, file, day)
        except DomainError:
            assert state_of(file) == before_it
        assert_told_by_its_log(file)


def act(going: Going, data: st.DataObject, file: HardshipFile, day: Any) -> None:
    choice = data.draw(st.sampled_from(["move", "move", "move", "survey", "list", "end", "stop"]), label="what")
    if choice == "survey":
        going.survey(file, day=day, who=data.draw(st.sampled_from(MOVERS), label="surveyor"))
    elif choice == "list":
        going.publicise(file, day=day)
    elif choice == "end":
        settle_publicity(now=going.moment(day))
        assert settle_publicity(now=going.moment(day)) == 0  # a second run finds nothing left to do
    elif choice == "stop":
        entry = PublicityEntry.objects.filter(file=file, outcome="").first()
        if entry is not None:
            publicity_stop(
                uuid=entry.list.uuid, reason="名单有误", actor=going.scope("aid", day), now=going.moment(day)
            )
    else:
        scopes = {who: going.scope(who, day) for who in MOVERS}
        options = [(who, move.action) for who in MOVERS for move in open_moves(file, scopes[who]) if not move.own_page]
        if not options or data.draw(st.integers(0, 4), label="anything") == 0:
            options = [(who, action) for who in MOVERS for action in DIALOGS]  # mostly refused
        who, action = data.draw(st.sampled_from(options), label="move")
        given_ = Given(
            day=day,
            opinion="情况属实。",
            present=data.draw(st.integers(1, 6), label="present"),
            agreed=data.draw(st.integers(0, 6), label="agreed"),
            check_result=data.draw(st.sampled_from(sorted(CHECK_RESULTS)), label="found"),
            ground=data.draw(st.sampled_from(sorted(GROUND_LABELS)), label="ground"),
            renewal=data.draw(st.sampled_from(sorted(RENEWAL_KINDS)), label="renewal"),
            to=data.draw(st.sampled_from([str(state) for state in State]), label="to"),
        )
        file_move(code=file.code, action=action, given=given_, actor=scopes[who], now=going.moment(day))


def sign_anew(going: Going, file: HardshipFile, day: Any) -> None:
    """What an application anew asks for, put there by hand: a file that is over takes no papers but for a relapse."""
    signer = going.cast.users["aid_jishan"]
    FilePaper.objects.create(
        file=file, kind="authorisation", signed_on=day, added_by=signer, added_at=going.moment(day)
    )


def state_of(file: HardshipFile) -> tuple[Any, ...]:
    """Everything a refused act must leave as it was."""
    return (
        HardshipFile.objects.filter(pk=file.pk).values().get(),
        list(FileProcess.objects.filter(file=file).values()),
        FileStep.objects.filter(file=file).count(),
        list(PublicityEntry.objects.filter(file=file).values()),
        Objection.objects.count(),
    )


def assert_told_by_its_log(file: HardshipFile) -> None:
    file.refresh_from_db()
    steps = list(FileStep.objects.filter(file=file).order_by("seq"))
    process = FileProcess.objects.filter(file=file).first()
    if process is None:
        assert (steps, file.state) == ([], "draft")
        return
    state, earliest, round_number = "draft", file.opened_on, 1
    for number, step in enumerate(steps, start=1):
        assert (step.seq, step.from_state) == (number, state)
        if step.action in ("relapse", "reapply"):
            round_number += 1
        assert step.round == round_number
        assert step.happened_on >= earliest
        orders = [order for order in ("public_first", "check_first") if find_move(order, step.action, state)]
        move = find_move(orders[0], step.action, state)
        assert move is not None
        assert step.to_state in (before(orders[0], state) if move.back else (move.target or state,))
        state, earliest = step.to_state, step.happened_on
    assert (file.state, process.round) == (state, round_number)
    assert (file.closed_on is not None) == (file.state in CLOSED_STATES)
    assert_nobody_judged_themselves(steps)
    waits_for = "renew" if state == "in_force" else next_step(process.order, state) or ""
    assert process.awaits == ("" if waits_for == "apply" else waits_for)
    assert (process.due_on is None) == (process.awaits == "")
    listed = PublicityEntry.objects.filter(file=file, outcome="")
    assert listed.count() <= 1
    assert not listed or process.awaits == "publicise"


def assert_nobody_judged_themselves(steps: list[FileStep]) -> None:
    for step in steps:
        earlier = [s for s in steps if s.round == step.round and s.seq < step.seq and s.action in PREPARING]
        if step.action == "approve":
            assert step.actor_id not in {s.actor_id for s in earlier}
        if step.stands_in:
            assert (step.action, step.level) == ("review", "township")
        if step.action == "review":
            assert step.actor_id not in {s.actor_id for s in earlier if s.level == "unit"}
