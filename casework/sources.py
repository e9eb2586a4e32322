"""Where an issue came from. Upper floors say so; this app knows none of them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """`kind` is a value of Issue.Source, `uuid` the object's client id, `label` the Chinese words a page shows (at most 60 characters)."""

    kind: str
    uuid: UUID
    label: str
