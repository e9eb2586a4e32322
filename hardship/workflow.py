"""States of a hardship file, as data; it imports nothing of the project. Source: docs/domain.md, "Hardship files"."""

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    APPLIED = "applied"
    SURVEYED = "surveyed"
    APPRAISED = "appraised"
    PUBLICISED = "publicised"
    REVIEWED = "reviewed"
    CHECKED = "checked"
    IN_FORCE = "in_force"
    LIFTED = "lifted"
    CLEARED = "cleared"
    REJECTED = "rejected"


STATE_LABELS: dict[str, str] = {
    State.DRAFT: "起草中",
    State.APPLIED: "已申请",
    State.SURVEYED: "已入户调查",
    State.APPRAISED: "已评议",
    State.PUBLICISED: "已公示",
    State.REVIEWED: "已复核",
    State.CHECKED: "已核查",
    State.IN_FORCE: "在档帮扶",
    State.LIFTED: "已脱困",
    State.CLEARED: "已清档",
    State.REJECTED: "未通过",
}

STATE_TONES: dict[str, str] = {
    State.DRAFT: "idle",
    State.IN_FORCE: "brand",
    State.LIFTED: "ok",
    State.CLEARED: "idle",
    State.REJECTED: "idle",
}

#: States of a file that is over. A household has at most one file that is not.
CLOSED_STATES = frozenset({State.LIFTED, State.CLEARED, State.REJECTED})
LIVE_STATES = frozenset(State) - CLOSED_STATES
#: States of a file that went through the whole process: its category stands.
DECIDED_STATES = frozenset({State.IN_FORCE, State.LIFTED})
