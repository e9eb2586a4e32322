"""Pytest plugin: a real PostgreSQL and a real Valkey for this run, in a temporary PORTAL_HOME.

It must act before Django reads its settings, so pyproject.toml names it by `-p`. The controller starts one cluster for
all xdist workers; every worker has a Valkey of its own, because queues are not per test database. With DATABASE_URL
or REDIS_URL set in the real environment those servers are used instead (one worker only, for REDIS_URL).
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.databases import forget
from unionportal.embedded.home import Home
from unionportal.embedded.servers import Servers

_running: list[Servers] = []
_directories: list[Path] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Runs around pytest-django's hook of the same name, which loads the settings."""
    outside = "DATABASE_URL" in os.environ and "PORTAL_TEST_ORIGIN" not in os.environ  # workers are given both
    _environment()
    if outside:
        forget()
    _start(postgres="DATABASE_URL" not in os.environ, valkey=_wants_valkey())
    return (yield)


def pytest_unconfigure() -> None:
    """Stop what this process started and remove its directory."""
    while _running:
        _running.pop().stop()
    while _directories:
        shutil.rmtree(_directories.pop(), ignore_errors=True)


def _wants_valkey() -> bool:
    if "REDIS_URL" not in os.environ:
        os.environ["PORTAL_TEST_VALKEY"] = "1"
    return "PORTAL_TEST_VALKEY" in os.environ


def _environment() -> None:
    """What settings need, and nothing of the developer's own instance but its front-end assets."""
    os.environ.setdefault("PORTAL_TEST_ORIGIN", str(Home.from_environ().path))
    os.environ["PORTAL_HOME"] = str(_temporary_home().path)
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
    os.environ.setdefault("FIELD_KEYS", f"1:{secrets.token_urlsafe(32)}")
    os.environ.setdefault("STATIC_HASHED", "0")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs a loop in this thread
    os.environ.pop("DEMO_MODE", None)
    os.environ.pop("DEBUG", None)


def _temporary_home() -> Home:
    directory = Path(tempfile.mkdtemp(prefix="portal-test-"))
    _directories.append(directory)
    home = Home(directory)
    home.create()
    vendor = Home(Path(os.environ["PORTAL_TEST_ORIGIN"])).vendor
    if vendor.is_dir():
        home.vendor.symlink_to(vendor)
    return home


def _start(*, postgres: bool, valkey: bool) -> None:
    if not (postgres or valkey):
        return
    servers = Servers(Home.from_environ(), postgres=postgres, valkey=valkey, durable=False)
    os.environ.update(servers.start())
    _running.append(servers)
