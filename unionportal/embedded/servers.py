"""Both servers of one PORTAL_HOME, and who may use them: one owner starts and stops them, others join while it runs."""

import fcntl
import json
import os
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from .errors import SetupError
from .home import Home
from .postgres import OWNER, WEB, Postgres
from .process import wait_until
from .valkey import Valkey

JOIN_SECONDS = 90.0


class InUse(SetupError):
    """Another process owns the servers of this PORTAL_HOME; a `lasting` one will not leave by itself."""

    def __init__(self, home: Home) -> None:
        state = _state(home.state_file)
        pid = state.get("pid", "?")
        self.lasting = bool(state.get("lasting"))
        super().__init__(
            "servers",
            f"{home.path} 的数据库正由进程 {pid} 使用 (in use by process {pid})",
            "先停止它，或用另一个 PORTAL_HOME 与 PORT (stop it, or choose another PORTAL_HOME and PORT)",
        )


class Servers:
    """The servers this process owns. The lock on `servers.json` says so; the kernel frees it when we die."""

    def __init__(
        self, home: Home, *, postgres: bool = True, valkey: bool = True, durable: bool = True, lasting: bool = False
    ) -> None:
        self.home = home
        self.lasting = lasting
        self.postgres = Postgres(home, durable=durable) if postgres else None
        self.valkey = Valkey(home, durable=durable) if valkey else None
        self._lock: IO[str] | None = None

    def start(self) -> dict[str, str]:
        """Take the lock, start what is wanted and return its URLs. Raises InUse or another SetupError."""
        self.home.create()
        self.home.create_socket_dir()
        self._lock = _take(self.home)
        try:
            self._write(ready=False)
            for server in (self.postgres, self.valkey):
                if server:
                    server.start()
            self._write(ready=True)
        except BaseException:
            self.stop()
            raise
        return self.urls()

    def urls(self) -> dict[str, str]:
        """The environment values under which the servers are reachable."""
        found: dict[str, str] = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url(WEB)
            found["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
        if self.valkey:
            found["REDIS_URL"] = self.valkey.url
        return found

    def stop(self) -> None:
        """Stop what was started and give the lock back."""
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()
        if self._lock:
            if not self.home.socket_dir().is_relative_to(self.home.path):
                with suppress(OSError):  # only when empty
                    self.home.socket_dir().rmdir()
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def _write(self, *, ready: bool) -> None:
        assert self._lock is not None
        state = {"pid": os.getpid(), "lasting": self.lasting, "ready": ready, "urls": self.urls()}
        self._lock.seek(0)
        self._lock.truncate()
        json.dump(state, self._lock)
        self._lock.flush()


def planned_urls(home: Home) -> dict[str, str]:
    """The URLs the servers would have, for commands that load settings but touch no server."""
    return Servers(home).urls()


@contextmanager
def available(home: Home, environ: MutableMapping[str, str], *, start: bool = True) -> Iterator[None]:
    """Point `environ` at servers for the duration: those it names, those of a running owner, or our own.

    With `start` false nothing is started; the URLs are filled in all the same.
    """
    wanted = {name for name in ("DATABASE_URL", "REDIS_URL") if not environ.get(name)}
    if not wanted:
        yield
        return
    home.create()
    joined = _join(home)
    if joined is not None:
        urls, ticket = joined
        with ticket:
            _fill(environ, urls)
            yield
        return
    if not start:
        _fill(environ, planned_urls(home))
        yield
        return
    servers = Servers(home, postgres="DATABASE_URL" in wanted, valkey="REDIS_URL" in wanted)
    _fill(environ, servers.start())
    try:
        yield
        _wait_for_guests(home)
    finally:
        servers.stop()


def _fill(environ: MutableMapping[str, str], urls: dict[str, str]) -> None:
    """Set what is missing; the owner's URL only together with the web role's, they name one database."""
    if environ.get("DATABASE_URL"):
        urls = {name: value for name, value in urls.items() if name == "REDIS_URL"}
    for name, value in urls.items():
        if name == "DATABASE_OWNER_URL" or not environ.get(name):
            environ[name] = value


def _take(home: Home) -> IO[str]:
    stream = open(home.state_file, "a+", encoding="utf-8")  # noqa: SIM115  held as long as we own the servers
    os.chmod(home.state_file, 0o600)
    # Others look at the lock by holding it for an instant (`owned`), so one refusal proves nothing.
    if not wait_until(lambda: _try_lock(stream), seconds=0.5):
        stream.close()
        raise InUse(home)
    return stream


def _try_lock(stream: IO[str]) -> bool:
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _state(path: Path) -> dict[str, object]:
    try:
        state = json.loads(path.read_text(encoding="utf-8") or "{}")
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def owned(home: Home) -> bool:
    """Whether some process owns the servers right now."""
    try:
        with open(home.state_file, encoding="utf-8") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _join(home: Home) -> tuple[dict[str, str], IO[str]] | None:
    """The URLs of a running owner and a ticket that keeps a short-lived owner from leaving; None without owner."""
    ticket = open(home.users_file, "a", encoding="utf-8")  # noqa: SIM115  the caller closes it
    fcntl.flock(ticket, fcntl.LOCK_SH)
    wait_until(lambda: not owned(home) or bool(_state(home.state_file).get("ready")), seconds=JOIN_SECONDS)
    state = _state(home.state_file)
    if not owned(home):
        ticket.close()
        return None
    urls = state.get("urls")
    if not state.get("ready") or not isinstance(urls, dict):
        ticket.close()
        raise InUse(home)
    return {str(name): str(value) for name, value in urls.items()}, ticket


def _wait_for_guests(home: Home) -> None:
    """A command that started the servers stays until the commands that joined it are done."""
    with open(home.users_file, "a", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("等待同一 PORTAL_HOME 的其他命令结束… (waiting for other commands)", file=sys.stderr)
            fcntl.flock(stream, fcntl.LOCK_EX)
