"""`make up` behind the installation steps: the portal answers, heals and stops with everything it started."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import migrated
from tests.processes import ROOT
from tests.setup.launching import free_port, gone, plain_environ
from unionportal.embedded.home import Home
from unionportal.embedded.process import command_line, tail, wait_until
from unionportal.embedded.valkey import Valkey

PATIENCE = 180


def children(pid: int) -> dict[int, str]:
    """The direct children of a process with their command lines."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child): command_line(int(child)) for child in found}


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    direct = children(pid)
    return [*direct, *(below for child in direct for below in descendants(child))]


class Up:
    """One running `make up` without demo district (its own tests load it), with `given` set besides."""

    def __init__(self, home: Path, **given: str) -> None:
        self.home = Home(home)
        self.home.create()
        vendor = Home(Path(os.environ["PORTAL_TEST_ORIGIN"])).vendor
        if vendor.is_dir() and not self.home.vendor.exists():
            self.home.vendor.symlink_to(vendor)
        self.port = free_port()
        self.address = f"http://{given.get('BIND', '127.0.0.1')}:{self.port}"
        self.output = home / "up.log"
        environ = plain_environ(PORTAL_HOME=str(home), PORT=str(self.port), DEMO_MODE="0")
        environ |= {"SECRET_KEY": secrets.token_urlsafe(48), "FIELD_KEYS": f"1:{secrets.token_urlsafe(32)}"} | given
        with self.output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "unionportal.embedded", "serve"],
                cwd=ROOT,
                env=environ,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        said = re.compile("就绪")
        wait_until(lambda: bool(said.search(self.said())) or self.process.poll() is not None, seconds=PATIENCE)
        assert said.search(self.said()), self.said()

    def said(self) -> str:
        """What stood on the terminal so far."""
        return self.output.read_text(errors="replace")

    def status(self, path: str) -> int:
        """The status of a page, 0 while nothing listens."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def heartbeat(self) -> float:
        """When a worker last did what beat sent, as /metrics tells."""
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=30) as response:
            age = re.search(r"^unionportal_heartbeat_age_seconds (\S+)$", response.read().decode(), re.MULTILINE)
        return time.time() - float(age[1]) if age else 0

    def child(self, what: str) -> int:
        """The process id of the server or program whose command line has this in it."""
        found = [pid for pid, line in children(self.process.pid).items() if what in line]
        assert found, children(self.process.pid)
        return found[0]

    def end(self, number: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first test starts it from nothing, the next finds what that one left."""
    return tmp_path_factory.mktemp("up") / "home"


@pytest.fixture
def up(home: Path) -> Iterator[Up]:
    """A portal on its own servers and port."""
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    portal = Up(home)
    yield portal
    if portal.process.poll() is None:
        portal.end(signal.SIGTERM)


def test_it_answers_heals_and_stops(up: Up) -> None:
    assert up.status("/login/") == 200
    assert f"http://127.0.0.1:{up.port}/" in up.said()
    assert up.home.env_file.stat().st_mode & 0o777 == 0o600

    for what in ("celery -A unionportal worker", "valkey-server", "gunicorn", "celery -A unionportal beat"):
        victim = up.child(what)
        os.kill(victim, signal.SIGKILL)

        def replaced(what: str = what, victim: int = victim) -> bool:
            return any(what in line and pid != victim for pid, line in children(up.process.pid).items())

        assert wait_until(replaced, seconds=PATIENCE), up.said()
    replaced_at = time.time()
    assert wait_until(lambda: up.status("/login/") == 200, seconds=PATIENCE), tail(up.home.logs / "web.log", 20)

    assert wait_until(lambda: up.heartbeat() > replaced_at, seconds=PATIENCE), tail(up.home.logs / "beat.log", 20)

    everything = descendants(up.process.pid)
    up.end(signal.SIGINT)
    assert up.process.returncode == 0
    assert gone(everything)
    assert up.status("/login/") == 0
    assert "已停止" in up.said()


def test_killed_supervisor_takes_everything_with_it(up: Up) -> None:
    celery = up.child("celery -A unionportal worker")
    assert wait_until(lambda: len(children(celery)) == 2, seconds=PATIENCE), tail(up.home.logs / "worker.log", 20)
    everything = descendants(up.process.pid)
    up.end(signal.SIGKILL)
    assert gone(everything, seconds=PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one loopback address")
def test_servers_and_an_address_of_ones_own(tmp_path: Path) -> None:
    """The database is one of this run's cluster; the broker is the test's, because queues are not a database's."""
    database = migrated(f"own_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    broker = Valkey(Home(tmp_path / "broker"), durable=False)
    broker.start()
    try:
        servers = {"DATABASE_URL": database.environ["DATABASE_OWNER_URL"], "REDIS_URL": broker.url}
        portal = Up(tmp_path / "home", **servers, BIND="127.0.0.2")
        assert portal.address in portal.said(), "the address to open"
        assert portal.status("/login/") == 200
        assert "DATABASE_OWNER_URL" in portal.said(), "one role for everything works, and is remarked upon"
        assert "create_administrator" in portal.said(), "nobody can sign in yet"
        assert {"postgres", "valkey"}.isdisjoint(path.name for path in portal.home.path.iterdir())
        portal.end(signal.SIGTERM)
        assert portal.process.returncode == 0
        assert broker.healthy()
        assert database.one("SELECT count(*) FROM orgs_unit") == 0
    finally:
        broker.stop()
