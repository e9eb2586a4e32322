"""The one clock of the business. Sessions, tokens, lockouts and the audit trail use real time instead.

A demo district lives in 2025: `workcal` stores how far its clock is behind and registers a source for that offset here, so that this floor needs no models.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from unionportal.core.common.kept import Kept

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)
_offset: Kept[timedelta] | None = None


def use_offset_source(source: Callable[[], timedelta]) -> None:
    """Register where the demo clock's offset is read (called once, by workcal's AppConfig)."""
    global _offset
    _offset = Kept(source)


def forget_offset() -> None:
    """Read the offset again at the next call: the demo clock was just set or cleared."""
    if _offset is not None:
        _offset.forget()


def offset() -> timedelta:
    """How far the business clock is from real time; zero outside a demo district. Re-read every few seconds."""
    return _offset.get() if _offset is not None else timedelta(0)


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
