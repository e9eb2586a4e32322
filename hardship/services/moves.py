"""The one write path for the moves of `hardship.process` that a dialog asks for; a survey and a list have services of their own."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from hardship.models import HardshipFile
from hardship.models.process import OPINION_LENGTH, process_of
from hardship.process import ACTION_LABELS, ACTIONS, STANDS_IN, Move, Step, Who, before, find_move, who_may
from hardship.process_words import CHECK_RESULTS, GROUND_LABELS, RENEWAL_KINDS
from hardship.services.bars import barred
from hardship.services.locking import locked_file, require_version
from hardship.services.standing import level_of, standings
from hardship.services.way import Made, first_day, take_step
from hardship.workflow import STATE_LABELS, State
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value

MISSING = {
    "day": "请填写日期。",
    "opinion": "请写明意见或理由。",
    "present": "请填写参加评议的人数。",
    "agreed": "请填写同意的人数。",
    "check_result": "请选择核查结果。",
    "ground": "请选择原因。",
    "renewal": "请选择复核种类。",
    "to": "请选择退回到哪一步。",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What was filled in for a move."""

    day: date | None = None
    opinion: str = ""
    present: int | None = None
    agreed: int | None = None
    check_result: str = ""
    ground: str = ""
    renewal: str = ""
    to: str = ""


@transaction.atomic
def file_move(
    *, code: str, action: str, given: Given, actor: Scope, version: int | None = None, now: datetime | None = None
) -> HardshipFile:
    """Make one move and return the file as saved.

    Checks, in this order: NotFound (no such action, or the file lies out of reach), Forbidden, StaleVersion, InvalidTransition (not from this
    state, or something stands in the way), FieldErrors. `given.day` enters a step late: not in the future, not before the step before it.
    """
    require(actor, "hardship.process")
    if action not in ACTIONS or action == Step.SURVEY:
        raise NotFound("没有这种操作。")
    moment = now or clock.now()
    file = locked_file(code, actor)
    process = process_of(file)
    found = standings(file, actor)
    if found.isdisjoint(who_may(process.order, action)):
        raise Forbidden(f"您不能对这份档案{ACTION_LABELS[action]}。")
    require_version(file, version)
    move = permitted(file, action, actor)
    today = clock.local_date(moment)
    if problems := _problems(file, move, given, today):
        raise FieldErrors(problems)
    made = Made(
        action=action,
        target=given.to if move.back else str(move.target or file.state),
        level=level_of(move, found),
        day=given.day or today,
        opinion=given.opinion.strip(),
        data=_facts(given) | ({STANDS_IN: True} if found & move.who == {Who.STANDING_IN} else {}),
    )
    take_step(file, made, actor=actor, now=moment)
    return file


def permitted(file: HardshipFile, action: str, actor: Scope) -> Move:
    """The move from the file's present state. Raises InvalidTransition with what stands in the way."""
    process = process_of(file)
    move = find_move(process.order, action, file.state)
    if move is None:
        raise InvalidTransition(f"档案现在是“{STATE_LABELS[file.state]}”，不能{ACTION_LABELS[action]}。")
    if words := barred(file, process, move, actor):
        raise InvalidTransition(words)
    return move


def _problems(file: HardshipFile, move: Move, given: Given, today: date) -> dict[str, str]:
    problems = {name: MISSING[name] for name in move.required if _empty(getattr(given, name))}
    problems |= day_problem(file, given.day or today, today)
    if len(given.opinion.strip()) > OPINION_LENGTH:
        problems["opinion"] = f"最多 {OPINION_LENGTH} 个字。"
    known = {"check_result": CHECK_RESULTS, "ground": GROUND_LABELS, "renewal": RENEWAL_KINDS}
    for name, choices in known.items():
        if getattr(given, name) and getattr(given, name) not in choices:
            problems[name] = MISSING[name]
    if given.check_result == "differs" and not given.opinion.strip():
        problems["opinion"] = "与申报有出入的，请写明出入在哪里。"
    if move.back and given.to and given.to not in before(process_of(file).order, file.state):
        problems["to"] = "只能退回到已经走过的步骤。"
    if move.action == Step.APPRAISE and given.present is not None and given.agreed is not None:
        problems |= _vote_problems(given.present, given.agreed, given.day or today)
    return problems


def _vote_problems(present: int, agreed: int, day: date) -> dict[str, str]:
    least = int(value("hardship.appraisers_least", on=day))
    if present < least:
        return {"present": f"评议至少要有 {least} 人参加。"}
    if not 0 <= agreed <= present:
        return {"agreed": "同意的人数不能超过参加的人数。"}
    if agreed * 2 <= present:
        return {"agreed": "同意的没有过半数，评议没有通过；请退回，或不予建档。"}
    return {}


def day_problem(file: HardshipFile, day: date, today: date) -> dict[str, str]:
    """What is wrong with the day of a step: none lies in the future or before the step before it."""
    if day > today:
        return {"day": "日期不能晚于今天。"}
    earliest = first_day(file)
    if day < earliest:
        return {"day": f"日期不能早于上一步（{zh_day(earliest)}）。"}
    return {}


def _facts(given: Given) -> dict[str, str | int]:
    facts = {name: getattr(given, name) for name in ("present", "agreed", "check_result", "ground", "renewal")}
    return {name: fact for name, fact in facts.items() if not _empty(fact)}


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def states_before(file: HardshipFile) -> list[tuple[str, str]]:
    """Where a file may be sent back to, for a form."""
    return [(str(state), _back_words(state)) for state in before(process_of(file).order, file.state)]


def _back_words(state: State) -> str:
    return "申请（重新补充材料）" if state == State.DRAFT else f"{STATE_LABELS[state]}之后"
