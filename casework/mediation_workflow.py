"""States and moves of a mediation (调解), as data: buttons, guards and the log come from this table; it imports nothing of the project.

Source: docs/domain.md, "Mediation". A move not listed here does not exist: the service answers 409.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    APPLIED = "applied"
    ACCEPTED = "accepted"
    IN_SESSION = "in_session"
    AGREED = "agreed"
    SIGNED = "signed"
    HANDED_OVER = "handed_over"
    CONFIRMED = "confirmed"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


STATE_LABELS: dict[str, str] = {
    State.APPLIED: "已申请待受理",
    State.ACCEPTED: "已受理",
    State.IN_SESSION: "调解中",
    State.AGREED: "达成协议待签署",
    State.SIGNED: "协议已签署",
    State.HANDED_OVER: "已移交审查确认",
    State.CONFIRMED: "协议已确认",
    State.NOT_ACCEPTED: "不予受理",
    State.REFUSED: "一方不同意调解",
    State.FAILED: "调解不成",
    State.WITHDRAWN: "申请已撤回",
}

#: The clock of the law runs.
RUNNING_STATES = frozenset({State.APPLIED, State.ACCEPTED, State.IN_SESSION})
#: Not over: at most one of these an issue, and the issue waits for it.
UNFINISHED_STATES = RUNNING_STATES | {State.AGREED}
#: An agreement stands, signed or not.
AGREED_STATES = frozenset({State.AGREED, State.SIGNED, State.HANDED_OVER, State.CONFIRMED})
#: The agreement bears every signature.
SIGNED_STATES = AGREED_STATES - {State.AGREED}
#: Over without an agreement.
FRUITLESS_STATES = frozenset({State.NOT_ACCEPTED, State.REFUSED, State.FAILED, State.WITHDRAWN})


class Outcome(StrEnum):
    AGREEMENT = "agreement"
    PARTIAL = "partial"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OUTCOME_LABELS: dict[str, str] = {
    Outcome.AGREEMENT: "达成协议",
    Outcome.PARTIAL: "部分达成协议",
    Outcome.NOT_ACCEPTED: "不予受理",
    Outcome.REFUSED: "一方不同意调解",
    Outcome.FAILED: "调解不成",
    Outcome.WITHDRAWN: "申请撤回",
}
AGREEMENTS = (Outcome.AGREEMENT, Outcome.PARTIAL)


class Who(StrEnum):
    """How a person may stand to a mediation; `casework.services.mediation_standing` works it out."""

    STAFF = "staff"  # 区总工作人员
    TOWNSHIP = "township"  # the issue's own township union
    HOLDER = "holder"  # acts for the unit that holds the issue
    ORGANISATION = "organisation"  # acts for the unit that mediates


#: Whoever works on the case.
WORKING = frozenset(Who)
#: Whoever decides whether an application is taken: not the holder of the issue, who may have brought it.
TAKING = frozenset({Who.STAFF, Who.TOWNSHIP, Who.ORGANISATION})


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted move. `target` None: the state stays. `fields`: what the form asks, `required`: what must be given.

    `completes`: the target is reached only once all of these columns are filled in; until then the state stays.
    `bars`: what stands in its way on a particular case, by the names of `casework.services.mediation_bars`. `place`: "head" for buttons beside
    the title, else the card of the page they stand on.
    """

    action: str
    label: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Who] = WORKING
    fields: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    completes: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    primary: bool = False
    place: str = "head"


SIGNATURES: dict[str, str] = {
    "applicant_signed_on": "申请人签名",
    "respondent_signed_on": "被申请人签名（盖章）",
    "mediator_signed_on": "调解员签名",
    "sealed_on": "调解组织盖章",
}

_TALKING = frozenset({State.ACCEPTED, State.IN_SESSION})

MOVES: tuple[Move, ...] = (
    Move(
        "edit",
        "修改申请",
        RUNNING_STATES,
        None,
        fields=("kind", "matter", "reason", "people", "amount_claimed", "mediators"),
        required=frozenset({"kind", "matter", "reason", "people"}),
        place="facts",
    ),
    Move(
        "mend",
        "更正当事人",
        UNFINISHED_STATES,
        None,
        fields=("party", "name", "contact", "phone", "id_number"),
        required=frozenset({"party"}),
        place="parties",
    ),
    Move(
        "party",
        "增加当事人",
        UNFINISHED_STATES,
        None,
        fields=("role", "name", "contact", "phone", "id_number"),
        required=frozenset({"role", "name"}),
        place="parties",
    ),
    Move(
        "withdraw",
        "登记撤回",
        UNFINISHED_STATES,
        State.WITHDRAWN,
        fields=("day", "note"),
        required=frozenset({"day", "note"}),
        place="clock",
    ),
    Move(
        "not_accept",
        "不予受理",
        frozenset({State.APPLIED}),
        State.NOT_ACCEPTED,
        who=TAKING,
        fields=("day", "note"),
        required=frozenset({"day", "note"}),
    ),
    Move(
        "accept",
        "受理",
        frozenset({State.APPLIED}),
        State.ACCEPTED,
        who=TAKING,
        fields=("day", "mediators"),
        required=frozenset({"day", "mediators"}),
        primary=True,
    ),
    Move(
        "refuse",
        "登记不同意调解",
        _TALKING,
        State.REFUSED,
        fields=("day", "refused_by", "note"),
        required=frozenset({"day", "refused_by"}),
        place="clock",
    ),
    Move(
        "consent",
        "登记对方同意",
        frozenset({State.ACCEPTED}),
        None,
        fields=("day",),
        required=frozenset({"day"}),
        bars=("consented",),
        primary=True,
    ),
    Move(
        "extend",
        "双方同意延期",
        _TALKING,
        None,
        fields=("days", "day", "applicant_agrees", "respondent_agrees"),
        required=frozenset({"days", "day"}),
        bars=("period_over", "extension_used_up"),
        place="clock",
    ),
    Move(
        "fail",
        "登记调解不成",
        _TALKING | {State.AGREED},
        State.FAILED,
        fields=("day", "note"),
        required=frozenset({"day", "note"}),
        place="clock",
    ),
    Move(
        "session",
        "记录一次调解",
        _TALKING,
        State.IN_SESSION,
        fields=("day", "begins_at", "place", "present", "record"),
        required=frozenset({"day", "place", "present", "record"}),
        bars=("not_consented",),
        primary=True,
    ),
    Move(
        "agree",
        "登记达成协议",
        frozenset({State.IN_SESSION}),
        State.AGREED,
        fields=("day", "outcome", "terms", "amount_agreed"),
        required=frozenset({"day", "outcome", "terms"}),
        primary=True,
    ),
    Move(
        "sign",
        "登记签署",
        frozenset({State.AGREED}),
        State.SIGNED,
        fields=tuple(SIGNATURES),
        completes=tuple(SIGNATURES),
        primary=True,
    ),
    Move(
        "recover",
        "登记履行金额",
        SIGNED_STATES,
        None,
        fields=("day", "amount_recovered", "recovered_reason"),
        required=frozenset({"day", "amount_recovered"}),
        place="agreement",
    ),
    Move(
        "hand_over",
        "移交审查确认",
        frozenset({State.AGREED, State.SIGNED}),
        State.HANDED_OVER,
        fields=("day", "route", "body"),
        required=frozenset({"day", "route", "body"}),
        bars=("unsigned",),
        primary=True,
    ),
    Move(
        "deny",
        "登记未获确认",
        frozenset({State.HANDED_OVER}),
        State.SIGNED,
        fields=("day", "note"),
        required=frozenset({"day", "note"}),
    ),
    Move(
        "confirm",
        "登记已确认",
        frozenset({State.HANDED_OVER}),
        State.CONFIRMED,
        fields=("day", "note"),
        required=frozenset({"day"}),
        primary=True,
    ),
)

MOVE_OF: dict[str, Move] = {move.action: move for move in MOVES}

#: What the log calls the first step; not a move, since nothing existed before it.
OPEN = "open"
ACTION_LABELS: dict[str, str] = {OPEN: "申请调解", **{move.action: move.label for move in MOVES}}


def find_move(action: str, state: str) -> Move | None:
    """The move for an action from a state, if the table has one."""
    move = MOVE_OF.get(action)
    return move if move is not None and state in move.sources else None


def ends(from_state: str, to_state: str) -> bool:
    """Whether the issue's own log says that the mediation is over: without an agreement, or with one that is signed."""
    return from_state in UNFINISHED_STATES and to_state not in UNFINISHED_STATES
