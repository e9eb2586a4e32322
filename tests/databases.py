"""Databases of the run's cluster. Migrations take half a minute: the first who needs a database with tables runs them once, into a template, and
everybody gets a copy.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.processes import ROOT

TEMPLATE = "migrated"
#: What is made once a run has this before its name: on a server of somebody's own the next run must not take it for its own.
SHARED = "portal_test_once_"
LOCK = 0x64656D6F  # "demo"


@dataclass(frozen=True)
class Database:
    """One database: the environment of its commands, and its rows."""

    environ: dict[str, str]

    def manage(self, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command against it."""
        return subprocess.run(
            [sys.executable, "manage.py", *argv],
            cwd=ROOT,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """What the database says, as its owner."""
        with psycopg.connect(self.environ["DATABASE_OWNER_URL"]) as connection:
            return connection.execute(sql, params).fetchall()

    def one(self, sql: str, *params: Any) -> Any:
        """The single value of the single row."""
        ((value,),) = self.rows(sql, *params)
        return value


def database(name: str) -> Database:
    """The database of this name, whether it exists or not."""
    found = dict(os.environ)
    for key in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        parts = urlsplit(os.environ.get(key) or os.environ["DATABASE_URL"])
        found[key] = urlunsplit(parts._replace(path=f"/{name}"))
    return Database(found)


def blank(name: str, options: str = "") -> Database:
    """A fresh database without a table."""
    return _created(name, options)


def migrated(name: str) -> Database:
    """A fresh database with every table and the rows of the migrations."""
    return _created(name, f'TEMPLATE "{template()}"')


def template() -> str:
    """The name of the database that was migrated and holds nothing else."""

    def migrate(name: str) -> None:
        done = blank(name).manage("migrate", "--database", "owner", "-v0")
        assert done.returncode == 0, done.stderr

    return made_once(TEMPLATE, migrate)


def made_once(name: str, make: Callable[[str], None]) -> str:
    """The full name of a database that `make` fills for the first who asks; whoever asks meanwhile waits. Nobody may change it."""
    wanted, unfinished = f"{SHARED}{name}", f"{name}_unfinished"
    with _owner() as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, wanted])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted]).fetchone():
            make(unfinished)
            connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{wanted}"')
    return wanted


def forget() -> None:
    """Drop what an earlier run left on this server."""
    with _owner() as connection:
        for (name,) in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [SHARED]):
            connection.execute(f'DROP DATABASE "{name}"')


def _created(name: str, how: str) -> Database:
    with _owner() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}" {how}')
    return database(name)


def _owner() -> psycopg.Connection[Any]:
    return psycopg.connect(database("postgres").environ["DATABASE_OWNER_URL"], autocommit=True)
