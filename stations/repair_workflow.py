"""States and moves of a repair, as data; it imports nothing of the project. Source: docs/domain.md, "Care of the stations"."""

from dataclasses import dataclass
from enum import StrEnum


class RepairState(StrEnum):
    OPENED = "opened"
    ASSIGNED = "assigned"
    MENDED = "mended"
    VERIFIED = "verified"
    DROPPED = "dropped"


STATE_LABELS: dict[str, str] = {
    RepairState.OPENED: "待派修",
    RepairState.ASSIGNED: "维修中",
    RepairState.MENDED: "已修待验",
    RepairState.VERIFIED: "已验收",
    RepairState.DROPPED: "不修",
}
TONES: dict[str, str] = {
    RepairState.OPENED: "warn",
    RepairState.ASSIGNED: "link",
    RepairState.MENDED: "brand",
    RepairState.VERIFIED: "ok",
    RepairState.DROPPED: "idle",
}
#: States in which somebody still owes work.
OPEN_STATES = frozenset({RepairState.OPENED, RepairState.ASSIGNED, RepairState.MENDED})
#: States in which the thing is still broken: past its day it is late.
BROKEN_STATES = frozenset({RepairState.OPENED, RepairState.ASSIGNED})
#: States in which it is mended, verified or not yet.
MENDED_STATES = frozenset({RepairState.MENDED, RepairState.VERIFIED})


class Who(StrEnum):
    """How a person may stand to a repair; `stations.services.repairs` works it out."""

    STAFF = "staff"
    TOWNSHIP = "township"  # the station's own township union
    KEEPER = "keeper"  # keeps the station
    ASSIGNEE = "assignee"  # it was given to them


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted move. `required`: fields that must be given; `not_own`: not by who mended it."""

    action: str
    label: str
    sources: frozenset[RepairState]
    target: RepairState
    who: frozenset[Who]
    required: frozenset[str] = frozenset()
    not_own: bool = False


_WATCH = frozenset({Who.STAFF, Who.TOWNSHIP})

MOVES: dict[str, Move] = {
    move.action: move
    for move in (
        Move(
            "assign",
            "派修",
            BROKEN_STATES,
            RepairState.ASSIGNED,
            _WATCH,
            required=frozenset({"assignee", "due_on"}),
        ),
        Move(
            "mend",
            "登记修好",
            BROKEN_STATES,
            RepairState.MENDED,
            frozenset({Who.STAFF, Who.TOWNSHIP, Who.KEEPER, Who.ASSIGNEE}),
            required=frozenset({"photos"}),
        ),
        Move(
            "verify",
            "验收",
            frozenset({RepairState.MENDED}),
            RepairState.VERIFIED,
            _WATCH,
            not_own=True,
        ),
        Move(
            "send_back",
            "没有修好",
            frozenset({RepairState.MENDED}),
            RepairState.ASSIGNED,
            _WATCH,
            required=frozenset({"note"}),
        ),
        Move("drop", "不修了", BROKEN_STATES, RepairState.DROPPED, _WATCH, required=frozenset({"note"})),
    )
}

#: What the log calls the first step, and finding it still broken; no moves: before the one nothing existed, the other changes no state.
OPEN, SEEN = "open", "seen"
STEP_LOOKS: dict[str, tuple[str, str, str]] = {
    OPEN: ("登记", "warn", "plus"),
    SEEN: ("检查时仍未修好", "warn", "warn"),
    "assign": ("派修", "link", "assign"),
    "mend": ("修好", "brand", "check"),
    "verify": ("验收", "ok", "check-circle"),
    "send_back": ("没有修好", "late", "reply"),
    "drop": ("不修了", "idle", "close-circle"),
}
