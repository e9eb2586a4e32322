"""The way of a hardship file, as data: steps, their orders, and every permitted move; it imports nothing of the project but the states.

Source: docs/domain.md, "The process of a file". A move not listed for the file's order does not exist: the service answers 409.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from hardship.workflow import State


class Step(StrEnum):
    """What leads from one state of the way to the next."""

    APPLY = "apply"
    SURVEY = "survey"
    APPRAISE = "appraise"
    PUBLICISE = "publicise"
    REVIEW = "review"
    CHECK = "check"
    APPROVE = "approve"


#: The state each step leads to.
REACHES: dict[str, State] = {
    Step.APPLY: State.APPLIED,
    Step.SURVEY: State.SURVEYED,
    Step.APPRAISE: State.APPRAISED,
    Step.PUBLICISE: State.PUBLICISED,
    Step.REVIEW: State.REVIEWED,
    Step.CHECK: State.CHECKED,
    Step.APPROVE: State.IN_FORCE,
}


class Order(StrEnum):
    """Places differ in when a list goes up: before the township and the registers have looked, or after."""

    PUBLIC_FIRST = "public_first"
    CHECK_FIRST = "check_first"


#: The steps of an order; each begins in the state the one before it reached, the first in a draft.
WAYS: dict[str, tuple[Step, ...]] = {
    Order.PUBLIC_FIRST: (
        Step.APPLY,
        Step.SURVEY,
        Step.APPRAISE,
        Step.PUBLICISE,
        Step.REVIEW,
        Step.CHECK,
        Step.APPROVE,
    ),
    Order.CHECK_FIRST: (
        Step.APPLY,
        Step.SURVEY,
        Step.APPRAISE,
        Step.REVIEW,
        Step.CHECK,
        Step.PUBLICISE,
        Step.APPROVE,
    ),
}
#: The orders by the words of the parameter `hardship.order`.
ORDER_WORDS: dict[str, Order] = {
    "公示在联网核查之前": Order.PUBLIC_FIRST,
    "公示在联网核查之后": Order.CHECK_FIRST,
}
ORDER_LABELS: dict[str, str] = {order: words for words, order in ORDER_WORDS.items()}


class Level(StrEnum):
    """Whose opinion a step is: the three levels of the approval form."""

    UNIT = "unit"
    TOWNSHIP = "township"
    DISTRICT = "district"


LEVEL_LABELS: dict[str, str] = {Level.UNIT: "单位工会", Level.TOWNSHIP: "镇街工会", Level.DISTRICT: "区总工会"}


class Who(StrEnum):
    """How a person may stand to a file; `hardship.services.standing` works it out."""

    AID = "aid"  # an aid officer in whose reach the file lies
    TOWNSHIP_AID = "township_aid"  # an aid officer of the file's own township
    STANDING_IN = "standing_in"  # an aid officer of a unit above, where nobody of the township's own may review
    DISTRICT_AID = "district_aid"  # an aid officer of the whole district
    LEADER = "leader"  # 区总领导
    PORTAL = "portal"  # its timetable


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted move. `target` None: the state stays; `back`: it is chosen among those before. `fields`: what is asked, all of it but the `optional`.

    `bars`: what stands in its way on a particular file, by the names of `hardship.services.bars`. `own_page`: asked for on a page of its own.
    """

    action: str
    label: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Who]
    level: Level
    fields: tuple[str, ...] = ("opinion",)
    optional: frozenset[str] = frozenset()
    bars: tuple[str, ...] = ()
    back: bool = False
    primary: bool = False
    danger: bool = False
    own_page: bool = False

    @property
    def required(self) -> frozenset[str]:
        """What must be given."""
        return frozenset(self.fields) - self.optional


@dataclass(frozen=True, slots=True)
class StepRule:
    """What a step asks whatever the order: who, at which level, with what, and the parameter of its workdays."""

    label: str
    who: frozenset[Who]
    level: Level
    due: str
    fields: tuple[str, ...] = ("opinion",)
    optional: frozenset[str] = frozenset()
    bars: tuple[str, ...] = ()
    own_page: bool = False


STEPS: dict[str, StepRule] = {
    Step.APPLY: StepRule(
        "提交申请",
        frozenset({Who.AID}),
        Level.UNIT,
        "",
        fields=("day", "opinion"),
        optional=frozenset({"opinion"}),
        bars=("no_cause", "no_consent"),
    ),
    Step.SURVEY: StepRule(
        "入户调查",
        frozenset({Who.AID}),
        Level.UNIT,
        "hardship.survey_workdays",
        fields=(),
        own_page=True,
    ),
    Step.APPRAISE: StepRule(
        "评议",
        frozenset({Who.AID}),
        Level.UNIT,
        "hardship.appraise_workdays",
        fields=("day", "present", "agreed", "opinion"),
    ),
    # The portal's own: a list ran its days and nobody's objection stands.
    Step.PUBLICISE: StepRule("公示", frozenset({Who.PORTAL}), Level.UNIT, "hardship.publicise_workdays", fields=()),
    Step.REVIEW: StepRule(
        "镇街复核",
        frozenset({Who.TOWNSHIP_AID, Who.STANDING_IN}),
        Level.TOWNSHIP,
        "hardship.review_workdays",
        fields=("day", "opinion"),
        bars=("prepared_by_unit",),
    ),
    Step.CHECK: StepRule(
        "联网核查",
        frozenset({Who.DISTRICT_AID}),
        Level.DISTRICT,
        "hardship.check_workdays",
        fields=("day", "check_result", "opinion"),
        optional=frozenset({"opinion"}),
    ),
    Step.APPROVE: StepRule(
        "审批",
        frozenset({Who.DISTRICT_AID, Who.LEADER}),
        Level.DISTRICT,
        "hardship.approve_workdays",
        fields=("day", "opinion"),
        bars=("no_category", "prepared"),
    ),
}

#: States in which an application is under way.
RUNNING = frozenset({State.APPLIED, State.SURVEYED, State.APPRAISED, State.PUBLICISED, State.REVIEWED, State.CHECKED})
_OFFICERS = frozenset({Who.DISTRICT_AID, Who.LEADER})

#: Moves that are the same in every order.
AROUND: tuple[Move, ...] = (
    Move(
        "send_back",
        "退回",
        RUNNING,
        None,
        frozenset({Who.TOWNSHIP_AID, Who.DISTRICT_AID, Who.LEADER}),
        Level.DISTRICT,
        fields=("to", "opinion"),
        bars=("on_a_list",),
        back=True,
    ),
    Move(
        "reject",
        "不予建档",
        RUNNING,
        State.REJECTED,
        frozenset({Who.TOWNSHIP_AID, Who.DISTRICT_AID, Who.LEADER}),
        Level.DISTRICT,
        fields=("ground", "opinion"),
        bars=("on_a_list",),
        danger=True,
    ),
    Move(
        "change",
        "登记家庭变化",
        frozenset({State.IN_FORCE}),
        None,
        frozenset({Who.AID}),
        Level.UNIT,
        fields=("day", "opinion"),
    ),
    Move(
        "renew",
        "复核",
        frozenset({State.IN_FORCE}),
        None,
        frozenset({Who.AID}),
        Level.DISTRICT,
        fields=("day", "renewal", "opinion"),
    ),
    Move(
        "lift",
        "脱困",
        frozenset({State.IN_FORCE}),
        State.LIFTED,
        _OFFICERS,
        Level.DISTRICT,
        fields=("day", "opinion"),
    ),
    Move(
        "clear",
        "清档",
        frozenset({State.IN_FORCE}),
        State.CLEARED,
        _OFFICERS,
        Level.DISTRICT,
        fields=("day", "ground", "opinion"),
        danger=True,
    ),
    Move(
        "relapse",
        "返困",
        frozenset({State.LIFTED}),
        State.APPLIED,
        frozenset({Who.AID}),
        Level.UNIT,
        fields=("day", "opinion"),
        bars=("erased", "no_consent"),
    ),
    Move(
        "reapply",
        "重新申请",
        frozenset({State.REJECTED, State.CLEARED}),
        State.DRAFT,
        frozenset({Who.AID}),
        Level.UNIT,
        bars=("erased",),
    ),
)


#: Steps whose makers have prepared what is approved at the end.
PREPARING: frozenset[str] = frozenset({Step.APPLY, Step.SURVEY, Step.APPRAISE, Step.REVIEW, Step.CHECK, "relapse"})
#: Set in the log of a step that an officer of a unit above took for the township.
STANDS_IN = "stands_in"
#: What a file in force waits for.
RENEW = "renew"
#: Steps and moves whose opinions stand on the approval form: those of the way, and what turned an application down.
ON_THE_FORM: frozenset[str] = frozenset({*Step, "reject"})


def states_of(order: str) -> tuple[State, ...]:
    """The states of an order's way, a draft first and in force last."""
    return (State.DRAFT, *(REACHES[step] for step in WAYS[order]))


def next_step(order: str, state: str) -> Step | None:
    """The step that leads on from a state; None at the end of the way and beside it."""
    states = states_of(order)
    return WAYS[order][states.index(State(state))] if state in states[:-1] else None


def before(order: str, state: str) -> tuple[State, ...]:
    """Where a file in this state may be sent back to, the nearest first."""
    states = states_of(order)
    return tuple(reversed(states[: states.index(State(state))])) if state in states else ()


@lru_cache
def moves_of(order: str) -> tuple[Move, ...]:
    """Every move of an order: its steps, then what may happen beside them."""
    states, steps = states_of(order), []
    for source, step in zip(states, WAYS[order], strict=False):
        rule = STEPS[step]
        steps.append(
            Move(
                step,
                rule.label,
                frozenset({source}),
                REACHES[step],
                rule.who,
                rule.level,
                fields=rule.fields,
                optional=rule.optional,
                bars=rule.bars,
                primary=True,
                own_page=rule.own_page,
            )
        )
    return (*steps, *AROUND)


def find_move(order: str, action: str, state: str) -> Move | None:
    """The move for an action from a state, if the order has one."""
    return next((m for m in moves_of(order) if m.action == action and state in m.sources), None)


def who_may(order: str, action: str) -> frozenset[Who]:
    """Who may ever do this, so that a wrong role hears 403 and not 409."""
    return frozenset().union(*(m.who for m in moves_of(order) if m.action == action))


ACTIONS: frozenset[str] = frozenset(m.action for m in moves_of(Order.PUBLIC_FIRST))
ACTION_LABELS: dict[str, str] = {m.action: m.label for m in moves_of(Order.PUBLIC_FIRST)}
