"""Whether the place a public code hangs at is still one. Of places of upper floors only those know; each answers for its own kind, named in
`unionportal/composition.py`."""

from collections.abc import Callable
from uuid import UUID

from casework.models import PublicCode

#: Of a kind of place: why this one is none any more, after its name (“已撤销”); "" while it is.
Ended = Callable[[UUID], str]
_answers: dict[str, Ended] = {}


def answer_for(kind: str, ended: Ended) -> None:
    """Let an upper floor answer for its kind of place."""
    _answers[kind] = ended


def place_ended(code: PublicCode) -> str:
    """Why nothing can be reported at the place of a code, in words; "" where it can be. A code that is closed is another matter."""
    if not code.owner_is_active:
        return f"“{code.place}”已停用"
    answer = _answers.get(code.owner_kind)
    words = answer(code.owner_uuid) if answer and code.owner_uuid else ""
    return f"“{code.place}”{words}" if words else ""
