"""docs/domain.md states the moves for people; it may not drift from the table the code runs on."""

import re
from pathlib import Path

from casework.workflow import MOVES, STATE_LABELS, Move

ROW = re.compile(
    r"^\| `(?P<action>\w+)` \| (?P<label>\S+) \| (?P<sources>[^|]+) \| (?P<target>\w+) \| [^|]+ \|(?P<given>[^|]*)\|$"
)


def documented() -> list[tuple[str, str, frozenset[str], str, frozenset[str]]]:
    text = (Path(__file__).parents[2] / "docs" / "domain.md").read_text(encoding="utf-8")
    found = [match for line in text.splitlines() if (match := ROW.match(line))]
    return [(m["action"], m["label"], words(m["sources"]), m["target"], words(m["given"])) for m in found]


def words(text: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[,\s]+", text) if word)


def of_code(move: Move) -> tuple[str, str, frozenset[str], str, frozenset[str]]:
    return (
        move.action,
        move.label,
        frozenset(str(source) for source in move.sources),
        str(move.target) if move.target else "before" if move.returns else "stays",
        move.required,
    )


def test_every_move_is_documented_as_it_is() -> None:
    assert sorted(documented(), key=str) == sorted((of_code(move) for move in MOVES), key=str)


def test_every_state_is_documented_by_its_name_on_screen() -> None:
    text = (Path(__file__).parents[2] / "docs" / "domain.md").read_text(encoding="utf-8")
    for code, label in STATE_LABELS.items():
        assert f"`{code}` {label}" in text
