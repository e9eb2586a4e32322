"""States of a station and the moves between them, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One move: from which states, to which, what it is called."""

    label: str
    sources: tuple[str, ...]
    target: str


MOVES: dict[str, Move] = {
    "open": Move("启用", ("planned",), "open"),
    "suspend": Move("暂停开放", ("open",), "suspended"),
    "resume": Move("恢复开放", ("suspended",), "open"),
    "withdraw": Move("撤销", ("planned", "open", "suspended"), "withdrawn"),
}
