"""What the other parts of hardship work hold about a household, for telling a person what is kept of them and for deleting it when its time is up.

A part is offered once, when the apps are ready; the list is empty of what is not installed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hardship.models import FileMember, HardshipFile

Told = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Part:
    """`tell(file)`: what is kept, as (label, words), for the holder. `erase(file)`: removes what names a person, returns how many rows.
    `tell_member(member)`: what is kept of another member alone."""

    code: str
    label: str
    tell: Callable[[HardshipFile], Told]
    erase: Callable[[HardshipFile], int]
    tell_member: Callable[[FileMember], Told] = lambda member: ()


PARTS: dict[str, Part] = {}


def offer_part(part: Part) -> None:
    """Name a part; the order of naming is the order in a person's export."""
    PARTS[part.code] = part
