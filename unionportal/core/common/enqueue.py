"""Hand work to Celery without ever losing a save over it."""

import logging
from collections.abc import Callable
from typing import Any

from celery import Task, current_app
from django.db import transaction

log = logging.getLogger(__name__)
# `ignore_result` below: without it the sender first listens for the result, and with the broker away waits twenty seconds for that.


def soon(task: Task, *args: Any) -> None:
    """Enqueue `task` after the transaction commits. A broker that is away is logged and healed by the sweep, never shown."""
    _once_a_commit((task.name, args), lambda: _send(task, args))


def soon_by_name(name: str, *args: Any) -> None:
    """The same for a task of a floor above, which may not be imported from here."""
    _once_a_commit((name, args), lambda: _send_by_name(name, args))


def _once_a_commit(what: tuple[str, tuple[Any, ...]], send: Callable[[], None]) -> None:
    """Register the sending unless this transaction already will: an import of a thousand rows nudges once, not a thousand times."""
    waiting = transaction.get_connection().run_on_commit
    if any(getattr(entry[1], "what", None) == what for entry in waiting):
        return

    def nudge() -> None:
        send()

    nudge.what = what
    transaction.on_commit(nudge)


def _send(task: Task, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args, retry=False, ignore_result=True)
    except Exception:
        # kombu, redis and socket errors share no base class; whatever it is, the row is saved and the sweep will find it.
        log.warning("could not enqueue %s; the sweep will pick it up", task.name, exc_info=True)


def _send_by_name(name: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(name, args=args, retry=False, ignore_result=True)
    except Exception:
        log.warning("could not enqueue %s; the sweep will pick it up", name, exc_info=True)
