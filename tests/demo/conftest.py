"""The demo district, loaded by its command into a database of its own, once a test run however many workers there are.

Loading takes more than a minute, and the other tests' database is emptied between tests: so it stands beside it in the same cluster, the
first who needs it loads it under a lock, and the cluster ends with the run.
"""

import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests.processes import ROOT, Portal

DATABASE = "demo_district"
PASSWORD = "Demo-tests-2025"
LOCK = 0x64656D6F  # "demo"


@dataclass(frozen=True)
class Demo:
    """The loaded district: its environment for commands, its rows, its pages."""

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


def environ_of(database: str) -> dict[str, str]:
    """The run's environment with both URLs on another database of the cluster."""
    found = dict(os.environ)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        parts = urlsplit(os.environ.get(name) or os.environ["DATABASE_URL"])
        found[name] = urlunsplit(parts._replace(path=f"/{database}"))
    return found | {"DEMO_PASSWORD": PASSWORD, "DEMO_MODE": "1"}


def blank(database: str) -> Demo:
    """A fresh database without a table."""
    with psycopg.connect(environ_of("postgres")["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}"')
        connection.execute(f'CREATE DATABASE "{database}"')
    return Demo(environ_of(database))


def create(database: str) -> Demo:
    """A fresh database with every table."""
    demo = blank(database)
    done = demo.manage("migrate", "--database", "owner", "-v0")
    assert done.returncode == 0, done.stderr
    return demo


def loaded(database: str, *options: str) -> Demo:
    """The database as `load_demo` leaves it: whoever needs it first loads it under a lock. Tests only read it."""
    with psycopg.connect(environ_of("postgres")["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, database])
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            fresh = create(f"{database}_loading")
            done = fresh.manage("load_demo", *options)
            assert done.returncode == 0, done.stdout + done.stderr
            assert PASSWORD not in done.stdout
            connection.execute(f'ALTER DATABASE "{database}_loading" RENAME TO "{database}"')
    return Demo(environ_of(database))


def portal_on(demo: Demo, name: str) -> Iterator[Portal]:
    """gunicorn on a loaded database, with a log of its own."""
    portal = Portal()
    portal.name = name
    portal.log = portal.log.with_name(f"{name}.log")
    named = ("DATABASE_URL", "DATABASE_OWNER_URL", "DEMO_MODE", "DEMO_PASSWORD")
    portal.environ |= {key: demo.environ[key] for key in named}
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture(scope="session")
def demo() -> Demo:
    """The demo district."""
    return loaded(DATABASE)


@pytest.fixture(scope="session")
def demo_portal(demo: Demo) -> Iterator[Portal]:
    """gunicorn on the demo district."""
    yield from portal_on(demo, "web-demo")


class Visitor:
    """Somebody signed in at the demo district, through the sign-in page."""

    def __init__(self, url: str, username: str) -> None:
        self.url = url
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page("/login/"))
        assert token
        form = {"csrfmiddlewaretoken": token[1], "username": username, "password": PASSWORD}
        request = urllib.request.Request(
            f"{url}/login/", urllib.parse.urlencode(form).encode(), headers={"Referer": f"{url}/login/"}
        )
        with self.open(request) as response:
            assert "/login/" not in response.url, f"{username} could not sign in"

    def page(self, path: str) -> str:
        """The page's text; an error status raises."""
        with self.open(path if path.startswith("http") else f"{self.url}{path}") as response:
            return str(response.read().decode())


@pytest.fixture(scope="session")
def leader(demo_portal: Portal) -> Visitor:
    """The district's leader at the demo portal."""
    return Visitor(demo_portal.url, "leader")
