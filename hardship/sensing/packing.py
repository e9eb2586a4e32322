"""A row as it is sealed: JSON of the raw cells while a sheet waits, of the person and the mapped facts once it is taken."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hardship.sensing.reading import Person
from hardship.sensing.sources import PERSON_FIELDS
from unionportal.core.common.exchange.cells import plain_text


def packed_cells(cells: Sequence[Any]) -> str:
    """Numbers stay numbers, so that one that lost its digits is still known for it; all else is text."""
    return json.dumps(
        [cell if isinstance(cell, int | float) else plain_text(cell) for cell in cells], ensure_ascii=False
    )


def unpacked_cells(text: str) -> list[Any]:
    return list(json.loads(text))


def packed(person: Person) -> str:
    who = {name: getattr(person, name) for name in PERSON_FIELDS}
    return json.dumps({**who, "facts": packed_facts(person)}, ensure_ascii=False)


def packed_facts(person: Person) -> dict[str, Any]:
    """Facts with numbers told apart from words, in a fixed order: equal facts give equal text."""
    facts = sorted(person.facts.items())
    return {name: value if isinstance(value, str) else {"number": f"{value.normalize():f}"} for name, value in facts}


def unpacked(row: int, text: str) -> Person:
    found = json.loads(text)
    facts = {
        name: value if isinstance(value, str) else Decimal(value["number"]) for name, value in found["facts"].items()
    }
    return Person(row=row, facts=facts, **{name: found[name] for name in PERSON_FIELDS})
