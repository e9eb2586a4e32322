"""The one clock of the business. Sessions, tokens, lockouts and the audit trail use real time instead.

A demo district lives in 2025: `workcal` stores how far its clock is behind and registers a source for that offset here, so that this floor needs no models.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFSET_KEPT_SECONDS = 5.0

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)
_offset_source: Callable[[], timedelta] | None = None
_kept: tuple[float, timedelta] | None = None


def use_offset_source(source: Callable[[], timedelta]) -> None:
    """Register where the demo clock's offset is read (called once, by workcal's AppConfig)."""
    global _offset_source
    _offset_source = source


def forget_offset() -> None:
    """Read the offset again at the next call: the demo clock was just set or cleared."""
    global _kept
    _kept = None


def offset() -> timedelta:
    """How far the business clock is from real time; zero outside a demo district. Re-read every few seconds."""
    global _kept
    if _offset_source is None:
        return timedelta(0)
    if _kept is None or time.monotonic() - _kept[0] > OFFSET_KEPT_SECONDS:
        _kept = (time.monotonic(), _offset_source())
    return _kept[1]


def now() -> datetime:
    """The present moment of the business, in Asia/Shanghai."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    return (timezone.now() + offset()).astimezone(SHANGHAI)


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().date()


def local_date(moment: datetime) -> date:
    """The Shanghai day a moment falls on."""
    return moment.astimezone(SHANGHAI).date()


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block at another moment (demo loader, tests)."""
    token = _frozen.set(moment.astimezone(SHANGHAI))
    try:
        yield
    finally:
        _frozen.reset(token)
