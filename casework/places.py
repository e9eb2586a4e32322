"""Whether the place a public code hangs at is still one. Of places of upper floors only those know; each answers for its own kind, named in
`unionportal/composition.py`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from uuid import UUID

from casework.models import PublicCode

#: Of a kind of place: those of these that are none any more -> why, after the name (“已撤销”).
Ended = Callable[[list[UUID]], dict[UUID, str]]
_answers: dict[str, Ended] = {}


def answer_for(kind: str, ended: Ended) -> None:
    """Let an upper floor answer for its kind of place."""
    _answers[kind] = ended


def place_ended(code: PublicCode) -> str:
    """Why nothing can be reported at the place of a code, in words; "" where it can be. A code that is closed is another matter."""
    return places_ended([code]).get(code.pk, "")


def places_ended(codes: Iterable[PublicCode]) -> dict[int, str]:
    """The same of many, one question a kind of place: code id -> why; those of places that still are are left out."""
    found = {}
    by_kind: dict[str, list[PublicCode]] = defaultdict(list)
    for code in codes:
        if not code.owner_is_active:
            found[code.pk] = f"“{code.place}”已停用"
        elif code.owner_uuid and code.owner_kind in _answers:
            by_kind[code.owner_kind].append(code)
    for kind, hanging in by_kind.items():
        words = _answers[kind]([code.owner_uuid for code in hanging if code.owner_uuid])
        found |= {code.pk: f"“{code.place}”{words[code.owner_uuid]}" for code in hanging if code.owner_uuid in words}
    return found
