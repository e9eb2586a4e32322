"""States of a station and the moves between them, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """One move: from which states, to which, what it is called; `reason`: whether it must say why."""

    label: str
    sources: tuple[str, ...]
    target: str
    reason: bool


MOVES: dict[str, Move] = {
    "open": Move("启用", ("planned",), "open", reason=False),
    "suspend": Move("暂停开放", ("open",), "suspended", reason=True),
    "resume": Move("恢复开放", ("suspended",), "open", reason=False),
    "withdraw": Move("撤销", ("planned", "open", "suspended"), "withdrawn", reason=True),
}
