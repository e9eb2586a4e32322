"""A database of one size with the portal and the floor running on it, and somebody signed in."""

import http.client
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import psycopg

from unionportal.embedded.home import Home
from unionportal.embedded.process import spawn, stop, wait_until
from unionportal.embedded.servers import Servers

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 5
#: A million visits take longer to write than everything that is measured.
MOST_VISITS = 100_000
WEB = ("--workers", "2", "--threads", "4", "--preload")


def databases(urls: dict[str, str], name: str) -> dict[str, str]:
    """Both database URLs on another database."""
    return {
        key: urlunsplit(urlsplit(urls[key])._replace(path=f"/{name}")) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }


def manage(environ: dict[str, str], *argv: str) -> str:
    """Run a command; its failure ends the bench."""
    done = subprocess.run([sys.executable, "manage.py", *argv], cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{argv[0]}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def seeded(environ: dict[str, str], size: int, *shape: str) -> dict[str, str]:
    """A database of `size` issues; `shape` is the rest for `seed_scale` (else as many visits, at most MOST_VISITS, over eight years).

    Returns the environment that names it.
    """
    found = environ | databases(environ, f"bench_{size}_scale")
    with psycopg.connect(databases(environ, "postgres")["DATABASE_OWNER_URL"], autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "bench_{size}_scale"')
    manage(found, "migrate", "--database", "owner", "-v0")
    manage(
        found,
        "seed_scale",
        "--issues",
        str(size),
        *(shape or ("--visits", str(min(size, MOST_VISITS)), "--months", "96")),
    )
    return found


@dataclass
class Client:
    """One person at one server over one kept connection, as a browser does."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and content; cookies are kept."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": jar} | self.headers | headers)
        response = self.connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return response.status, content

    def sign_in(self, username: str, password: str) -> "Client":
        """Through the sign-in page."""
        _, page = self.send("GET", "/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token, "no sign-in form"
        form = {"csrfmiddlewaretoken": token[1].decode(), "username": username, "password": password}
        status, _ = self.send(
            "POST",
            "/login/",
            urllib.parse.urlencode(form).encode(),
            **{"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{self.port}/login/"},
        )
        assert status == 302, f"{username} could not sign in: {status}"
        return self

    def hang_up(self) -> "Client":
        """A connection that idled may have been closed by the server; the next request opens a new one."""
        self.connection.close()
        return self

    def page(self, path: str) -> float:
        """Milliseconds of one request for a page."""
        started = time.perf_counter()
        status, _ = self.send("GET", path)
        taken = (time.perf_counter() - started) * 1000
        assert status == 200, f"{path}: {status}"
        return taken

    def rows(self, path: str) -> int:
        """Table rows of a page, its head among them."""
        return self.send("GET", path)[1].count(b"<tr")

    def log_visit(self, enterprise: str, day: str) -> float:
        """Milliseconds of logging a visit with one issue through the API."""
        visit = {
            "id": str(uuid.uuid4()),
            "visited_on": day,
            "kind": "routine",
            "mode": "on_site",
            "target_kind": "enterprise",
            "enterprise": enterprise,
            "checks": {"morale": "good", "rights": "problem"},
            "narrative": "走访车间，听取职工意见。",
            "issues": [{"id": str(uuid.uuid4()), "title": "压测诉求", "description": "", "category": "other"}],
        }
        body = json.dumps(visit).encode()
        started = time.perf_counter()
        status, content = self.send("POST", "/api/v1/visits/", body, **{"Content-Type": "application/json"})
        taken = (time.perf_counter() - started) * 1000
        assert status == 201, content.decode()
        return taken


class Pair(NamedTuple):
    """Medians in milliseconds of a case and of its floor, asked in turns."""

    median: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.median / self.floor


def in_turns(case: Callable[[], float], floor: Callable[[], float], times: int) -> Pair:
    """The case and its floor one after the other, so that whatever else the machine does weighs on both alike. A few to warm up."""
    taken = [(case(), floor()) for _ in range(times + WARM_UP)][WARM_UP:]
    cases, floors = zip(*taken, strict=True)
    return Pair(statistics.median(cases), statistics.median(floors))


@contextmanager
def prepared() -> Iterator[tuple[dict[str, str], Path]]:
    """Servers and static files in a home of their own: the environment that names them, and the home."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as directory:
        home = Home(Path(directory))
        home.create()
        vendor = Home.from_environ().vendor
        if vendor.is_dir():
            home.vendor.symlink_to(vendor)
        servers = Servers(home)
        try:
            environ = environment(home.path, servers.start())
            manage(environ, "collectstatic", "--noinput", "-v0")
            yield environ, home.path
        finally:
            servers.stop()


@contextmanager
def serving(environ: dict[str, str], home: Path) -> Iterator[tuple[int, int]]:
    """gunicorn with the portal, and one with the floor: their ports."""
    with ExitStack() as stack:
        portal = stack.enter_context(_gunicorn(environ, home, "unionportal.settings", "/healthz", {200}))
        floor = stack.enter_context(_gunicorn(environ, home, "tests.bench.floor_settings", "/floor/", {302}))
        yield portal, floor


@contextmanager
def _gunicorn(environ: dict[str, str], home: Path, settings: str, probe: str, good: set[int]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    argv = [sys.executable, "-m", "gunicorn", "unionportal.wsgi", "--bind", f"fd://{listener.fileno()}", *WEB]
    log = home / f"{settings}.log"
    child = spawn(
        argv,
        log=log,
        cwd=ROOT,
        env=environ
        | {"DJANGO_SETTINGS_MODULE": settings, "BASE_URL": f"http://127.0.0.1:{port}", "DATABASE_POOL": "1"},
        pass_fds=(listener.fileno(),),
    )
    try:
        if not wait_until(lambda: _answers(port, probe, good) or child.poll() is not None, seconds=90, interval=0.1):
            raise SystemExit(f"{settings} does not answer:\n{log.read_text()[-3000:]}")
        if child.poll() is not None:
            raise SystemExit(f"{settings} ended:\n{log.read_text()[-3000:]}")
        yield port
    finally:
        stop(child, patience=10)
        listener.close()


def _answers(port: int, path: str, good: set[int]) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status in good
    except OSError:
        return False
    finally:
        connection.close()


def environment(home: Path, urls: dict[str, str]) -> dict[str, str]:
    """What settings need, with fresh secrets; the demo's accounts get one password."""
    return (
        os.environ
        | urls
        | {
            "PORTAL_HOME": str(home),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "FIELD_KEYS": f"1:{secrets.token_urlsafe(32)}",
            "DEMO_PASSWORD": f"Bench-{secrets.token_urlsafe(12)}-1",
            "DEMO_MODE": "1",
            "LOG_LEVEL": "WARNING",
        }
    )
