"""Small tables kept in each process for a few seconds, so that a rule or a calendar costs no query a call."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import transaction

T = TypeVar("T")
KEPT_SECONDS = 5.0


def now() -> float:
    """The clock by which things are kept."""
    return time.monotonic()


def is_old(since: float, seconds: float = KEPT_SECONDS) -> bool:
    """Whether what was kept at a moment of `now` must be made anew."""
    return now() - since > seconds


class Kept(Generic[T]):
    """What `load` last returned, at most `seconds` old: a change made in any process is seen everywhere within that time."""

    def __init__(self, load: Callable[[], T], *, seconds: float = KEPT_SECONDS) -> None:
        self._load = load
        self._seconds = seconds
        self._held: tuple[float, T] | None = None

    def get(self) -> T:
        """The kept value, read again when it is too old."""
        held = self._held
        if held is None or is_old(held[0], self._seconds):
            held = self._held = (now(), self._load())
        return held[1]

    def forget(self) -> None:
        """Read again at the next call."""
        self._held = None

    def changed(self) -> None:
        """The table was written in the present transaction: forget now, and again once it is committed."""
        self.forget()
        transaction.on_commit(self.forget)


class KeptNames(Kept[dict[int, str]]):
    """Names of a directory by id, so that a list joins none of its tables. A new entry shows at once, another name within `seconds`."""

    def of(self, pk: int) -> str:
        """The name; KeyError for an id that is in no row."""
        if pk not in self.get():
            self.forget()
        return self.get()[pk]
