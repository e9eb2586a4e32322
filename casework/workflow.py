"""States and moves of an issue, as data. Buttons, API, docs and tests come from this table; it imports nothing of the project.

Source: docs/domain.md, "Issues". A move not listed here does not exist: the service answers 409.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"
    VOIDED = "voided"


STATE_LABELS: dict[str, str] = {
    State.REGISTERED: "已登记待交办",
    State.ASSIGNED: "已交办待签收",
    State.IN_PROGRESS: "办理中",
    State.ANSWERED: "已反馈待回访",
    State.CLOSED: "已办结",
    State.REJECTED: "不予受理",
    State.MERGED: "已并案",
    State.VOIDED: "已作废",
}

#: States in which somebody still owes work.
OPEN_STATES = frozenset({State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED})
#: States in which a unit holds it and owes the answer.
IN_HAND_STATES = frozenset({State.ASSIGNED, State.IN_PROGRESS})
#: States that leave the figures of 收集录入; they are counted beside it.
UNCOUNTED_STATES = frozenset({State.REJECTED, State.MERGED, State.VOIDED})


class Outcome(StrEnum):
    RESOLVED = "resolved"
    EXPLAINED = "explained"
    UNRESOLVED = "unresolved"
    OUT_OF_REMIT = "out_of_remit"
    WITHDRAWN = "withdrawn"


OUTCOME_LABELS: dict[str, str] = {
    Outcome.RESOLVED: "已化解",
    Outcome.EXPLAINED: "已解释",
    Outcome.UNRESOLVED: "客观原因未化解",
    Outcome.OUT_OF_REMIT: "不属工会职责（已转告）",
    Outcome.WITHDRAWN: "撤回",
}


class Satisfaction(StrEnum):
    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"


SATISFACTION_LABELS: dict[str, str] = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
}


class FollowUpMode(StrEnum):
    """How whoever raised it was asked."""

    VISIT = "visit"
    PHONE = "phone"
    LINK = "link"


MODE_LABELS: dict[str, str] = {FollowUpMode.VISIT: "上门", FollowUpMode.PHONE: "电话", FollowUpMode.LINK: "链接评价"}
#: What a person of the portal may say; a link is rated by the reporter alone.
PERSON_MODES = (FollowUpMode.VISIT, FollowUpMode.PHONE)


class Who(StrEnum):
    """How a person may stand to an issue; `casework.services.standing` works it out."""

    STAFF = "staff"  # 区总工作人员
    TOWNSHIP = "township"  # the issue's own township union
    HOLDER = "holder"  # acts for the unit that holds the issue
    CADRE = "cadre"  # a cadre who sees the issue
    REGISTRAR = "registrar"  # the cadre who registered it
    LEADER = "leader"  # 区总领导


class DayKind(StrEnum):
    """How a promise is counted."""

    WORKDAYS = "workdays"
    CALENDAR = "calendar"


DAY_KIND_LABELS: dict[str, str] = {DayKind.WORKDAYS: "工作日", DayKind.CALENDAR: "自然日"}


class Supervision(StrEnum):
    """Whether somebody above watches the issue; a mark, not a state."""

    SUPERVISED = "supervised"
    ESCALATED = "escalated"


SUPERVISION_LABELS: dict[str, str] = {Supervision.SUPERVISED: "督办", Supervision.ESCALATED: "提级督办"}


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted move. `target` None: the state stays. `fields`: what the form asks, `required`: what must be given.

    `required_unheld`: what must also be given when no active unit holds the issue (it was closed straight from registration).
    `bars`: what stands in its way on a particular issue, by the names of `casework.services.bars`. `place`: "head" for buttons beside the
    title, "clock" for those in the card of deadlines.
    """

    action: str
    label: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Who]
    fields: tuple[str, ...] = ("note",)
    required: frozenset[str] = frozenset()
    required_unheld: frozenset[str] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    bars: tuple[str, ...] = ()
    returns: bool = False  # to the state the issue was merged from
    primary: bool = False
    #: Standings that may make it only on the day the issue was registered.
    same_day: frozenset[Who] = frozenset()
    place: str = "head"
    #: Where it leads instead when a unit is given (it need not be).
    target_with_unit: State | None = None


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: tuple[Move, ...] = (
    Move(
        "assign",
        "交办",
        _states(State.REGISTERED),
        State.ASSIGNED,
        frozenset({Who.STAFF, Who.TOWNSHIP}),
        fields=("unit", "note"),
        required=frozenset({"unit"}),
        primary=True,
    ),
    Move(
        "accept",
        "签收",
        _states(State.ASSIGNED),
        State.IN_PROGRESS,
        frozenset({Who.HOLDER}),
        primary=True,
    ),
    Move(
        "report",
        "反馈",
        _states(State.IN_PROGRESS),
        State.ANSWERED,
        frozenset({Who.HOLDER}),
        fields=("note", "answer"),
        required=frozenset({"note"}),
        primary=True,
    ),
    Move(
        "follow_up",
        "回访",
        _states(State.ANSWERED),
        None,
        frozenset({Who.STAFF, Who.CADRE}),
        fields=("satisfaction", "mode", "note"),
        required=frozenset({"satisfaction"}),
        primary=True,
    ),
    Move(
        "close",
        "办结",
        _states(State.ANSWERED),
        State.CLOSED,
        frozenset({Who.STAFF}),
        fields=("outcome", "note", "answer"),
        required=frozenset({"outcome"}),
        outcomes=frozenset(Outcome),
        bars=("not_followed_up",),
        primary=True,
    ),
    Move(
        "close",
        "当场办结",
        _states(State.REGISTERED),
        State.CLOSED,
        frozenset({Who.STAFF, Who.REGISTRAR}),
        fields=("outcome", "note", "answer"),
        required=frozenset({"outcome", "note"}),
        outcomes=frozenset({Outcome.EXPLAINED, Outcome.WITHDRAWN}),
    ),
    Move(
        "transfer",
        "转办",
        _states(State.ASSIGNED, State.IN_PROGRESS),
        State.ASSIGNED,
        frozenset({Who.STAFF, Who.HOLDER}),
        fields=("unit", "note"),
        required=frozenset({"unit", "note"}),
    ),
    Move(
        "consult",
        "会诊",
        _states(State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED),
        None,
        frozenset({Who.STAFF, Who.HOLDER}),
        fields=("units", "bodies", "note"),
        required=frozenset({"note"}),
    ),
    Move(
        "send_back",
        "退回",
        _states(State.ASSIGNED, State.IN_PROGRESS),
        State.REGISTERED,
        frozenset({Who.HOLDER}),
        fields=("unit", "note"),
        target_with_unit=State.ASSIGNED,
        required=frozenset({"note"}),
    ),
    Move(
        "redo",
        "退回重办",
        _states(State.ANSWERED),
        State.IN_PROGRESS,
        frozenset({Who.STAFF}),
        required=frozenset({"note"}),
    ),
    Move(
        "reject",
        "不予受理",
        _states(State.REGISTERED),
        State.REJECTED,
        frozenset({Who.STAFF}),
        fields=("note", "answer"),
        required=frozenset({"note"}),
        bars=("has_duplicates",),
    ),
    Move(
        "reopen",
        "重启",
        _states(State.CLOSED),
        State.IN_PROGRESS,
        frozenset({Who.STAFF}),
        fields=("unit", "note"),
        required=frozenset({"note"}),
        required_unheld=frozenset({"unit"}),
        bars=("reopen_window_over",),
    ),
    Move(
        "void",
        "作废",
        _states(State.REGISTERED),
        State.VOIDED,
        frozenset({Who.STAFF, Who.REGISTRAR}),
        required=frozenset({"note"}),
        same_day=frozenset({Who.REGISTRAR}),
        bars=("has_duplicates",),
    ),
    Move(
        "void",
        "作废",
        _states(State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED, State.CLOSED, State.REJECTED, State.MERGED),
        State.VOIDED,
        frozenset({Who.STAFF}),
        required=frozenset({"note"}),
        bars=("has_duplicates",),
    ),
    Move(
        "extend",
        "申请延期",
        _states(State.IN_PROGRESS),
        None,
        frozenset({Who.HOLDER}),
        fields=("days", "note"),
        required=frozenset({"days", "note"}),
        bars=("paused", "extension_pending", "extension_used_up", "extension_too_late"),
        place="clock",
    ),
    Move(
        "approve_extension",
        "同意延期",
        _states(State.IN_PROGRESS),
        None,
        frozenset({Who.STAFF, Who.LEADER}),
        bars=("no_extension_pending", "own_extension"),
        place="clock",
    ),
    Move(
        "refuse_extension",
        "不同意延期",
        _states(State.IN_PROGRESS),
        None,
        frozenset({Who.STAFF, Who.LEADER}),
        required=frozenset({"note"}),
        bars=("no_extension_pending", "own_extension"),
        place="clock",
    ),
    Move(
        "pause",
        "暂停计时",
        _states(State.ASSIGNED, State.IN_PROGRESS),
        None,
        frozenset({Who.STAFF}),
        required=frozenset({"note"}),
        bars=("paused",),
        place="clock",
    ),
    Move(
        "resume",
        "恢复计时",
        _states(State.ASSIGNED, State.IN_PROGRESS),
        None,
        frozenset({Who.STAFF, Who.HOLDER}),
        required=frozenset({"note"}),
        bars=("not_paused",),
        place="clock",
    ),
    Move(
        "remind",
        "催办",
        _states(State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED),
        None,
        frozenset({Who.STAFF, Who.LEADER}),
        bars=("followed_up",),
        place="clock",
    ),
    Move(
        "supervise",
        "督办",
        _states(State.REGISTERED, State.ASSIGNED, State.IN_PROGRESS, State.ANSWERED),
        None,
        frozenset({Who.STAFF, Who.LEADER}),
        required=frozenset({"note"}),
        bars=("supervised",),
        place="clock",
    ),
    Move(
        "merge",
        "并案",
        frozenset(OPEN_STATES),
        State.MERGED,
        frozenset({Who.STAFF}),
        fields=("main", "note"),
        required=frozenset({"main"}),
    ),
    Move(
        "split",
        "拆案",
        _states(State.MERGED),
        None,
        frozenset({Who.STAFF}),
        required=frozenset({"note"}),
        returns=True,
    ),
)

ACTIONS: frozenset[str] = frozenset(move.action for move in MOVES)

#: What the log calls the first event of every issue; not a move, since nothing existed before it.
REGISTER = "register"
#: Steps of the portal itself: its rules ask for them, nobody presses a button.
ESCALATE, RECOUNT = "escalate", "recount"
PORTAL_LABELS: dict[str, str] = {REGISTER: "登记", ESCALATE: "提级督办", RECOUNT: "期限重算"}

#: Putting wrong facts of an entry right; not a move, since no state changes and it has a form of its own.
CORRECT = "correct"

#: What the main issue's log calls a duplicate that came or went; its own state does not change.
ABSORB = "absorb"
RELEASE = "release"

#: Steps of the log that are no moves of the table: other services append them.
STEP_LABELS: dict[str, str] = {
    "consult_join": "会诊增加单位",
    "consult_leave": "会诊移出单位",
    "consult_end": "结束会诊",
    "mediate": "申请调解",
    "mediate_end": "调解结束",
    "subissue_tie": "设为子诉求",
    "subissue_untie": "解除子诉求",
}

ACTION_LABELS: dict[str, str] = {
    **PORTAL_LABELS,
    CORRECT: "更正",
    ABSORB: "并入",
    RELEASE: "拆出",
    **STEP_LABELS,
    **{m.action: m.label for m in reversed(MOVES)},
    "close": "办结",
}


def find_move(action: str, state: str) -> Move | None:
    """The move for an action from a state, if the table has one."""
    return next((m for m in MOVES if m.action == action and state in m.sources), None)


def who_may(action: str, state: str) -> frozenset[Who]:
    """Who may do this in this state; where the table has no such move, who may ever do it (so that a wrong role hears 403, not 409)."""
    move = find_move(action, state)
    if move is not None:
        return move.who
    return frozenset().union(*(m.who for m in MOVES if m.action == action))


def moves_from(state: str) -> list[Move]:
    """All moves that leave a state (or stay in it), in the order buttons are shown."""
    return [m for m in MOVES if state in m.sources]
