"""Faults on real servers, used by the short tests and by the long run."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connections

from tests.processes import Process
from unionportal.embedded.process import wait_until

#: Sweeps are 30 s apart, and a busy machine may need the second one.
SECONDS = 90.0


def other_connection() -> psycopg.Connection[Any]:
    """A connection of its own to the test database, as the owner."""
    values = connections["owner"].get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    return psycopg.connect(**{name: values[name] for name in names if values.get(name)}, autocommit=True)


@contextlib.contextmanager
def stopped_in_the_middle() -> Iterator["Watch"]:
    """Whoever refreshes figures now stops half way: its outbox rows are taken and leaves written, its wide rows wait for us."""
    with held("reporting_rollup", mode="SHARE") as watch:
        yield watch


@contextlib.contextmanager
def held(table: str, *, mode: str) -> Iterator["Watch"]:
    """A table kept locked by somebody else."""
    with other_connection() as holder, other_connection() as looker:
        with holder.transaction():
            holder.execute(f"LOCK TABLE {table} IN {mode} MODE")
            yield Watch(looker)


class Watch:
    """Sees who waits for a lock."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection

    def waiting(self, kind: str = "relation") -> int:
        """How many wait for the table of wide rows, or (`advisory`) for their turn to refresh."""
        statement = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = %s"
        row = self.connection.execute(statement, [kind]).fetchone()
        return int(row[0]) if row else 0

    def until_waiting(self, kind: str = "relation", *, tend: Callable[[], None] = lambda: None) -> None:
        """Return once somebody does; `tend` looks after the processes meanwhile."""

        def waits() -> bool:
            tend()
            return self.waiting(kind) > 0

        assert wait_until(waits, seconds=SECONDS), f"nobody waits ({kind})"


def kill_group(process: Process) -> None:
    """SIGKILL to a process and its children at once, as by the kernel when memory runs out."""
    os.killpg(process.pid, signal.SIGKILL)
    assert process.child is not None
    process.child.wait()


def server_answers() -> bool:
    """Whether the broker takes commands again."""
    from unionportal.celery import app

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=1)
        return True
    except Exception:
        return False
