"""Where an issue came from. Upper floors say so; this app knows none of them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Source:
    """`kind` is a value of Issue.Source, `label` the Chinese words a page shows (at most 60 characters), `uuid` the client id of the
    object it came from, where there is one.
    """

    kind: str
    label: str
    uuid: UUID | None = None
