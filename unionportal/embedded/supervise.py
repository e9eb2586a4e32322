"""Keeps the servers and the portal's processes running while `make up` runs: a child that dies is started again."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .home import ROOT, Home
from .postgres import Postgres
from .process import spawn, stop
from .valkey import Valkey

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
CALM_SECONDS = 60.0
TICK = 0.2


class Program:
    """One of the portal's own processes: web server, worker or beat."""

    def __init__(self, name: str, arguments: list[str], *, home: Home, environ: Mapping[str, str]) -> None:
        self.name = name
        self.arguments = arguments
        self.environ = environ
        self.log = home.logs / f"{name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; whether it serves is seen from outside."""
        # When we are killed, servers go too and nobody is left to wait for running requests and tasks. Beat ignores
        # SIGQUIT and a worker without broker may hang in its orderly end; their children leave when the pipe closes.
        self.child = spawn(
            [sys.executable, "-m", *self.arguments],
            log=self.log,
            death_signal=signal.SIGKILL,
            cwd=ROOT,
            env=self.environ,
        )

    def ask(self) -> None:
        """Ask it to finish, without waiting."""
        if self.child is not None:
            self.child.terminate()

    def stop(self) -> None:
        """Ask it to finish what it is doing, then end it."""
        if self.child is not None:
            stop(self.child, patience=10)
            self.child = None


Server = Program | Postgres | Valkey


@dataclass
class Watched:
    """A child with the memory of its crashes."""

    name: str
    server: Server
    delay: float = FIRST_DELAY
    started: float = field(default_factory=time.monotonic)
    due: float | None = None
    deaths: int = 0

    def tend(self, say: Callable[[str], None]) -> None:
        """Notice a death, wait a little longer each time, start again."""
        now = time.monotonic()
        child = self.server.child
        if self.due is None and (child is None or child.poll() is not None):
            if now - self.started > CALM_SECONDS:
                self.delay = FIRST_DELAY
            code = child.returncode if child else "?"
            self.deaths += 1
            say(f"! {self.name} 意外退出 (ended, {code})，{self.delay:g} 秒后重启；日志 {self.server.log}")
            self.due, self.delay = now + self.delay, min(self.delay * 2, LONGEST_DELAY)
        elif self.due is not None and now >= self.due:
            self.due, self.started = None, now
            self.server.stop()
            try:
                self.server.start()
                say(f"✓ {self.name} 已重启 (restarted)")
            except Exception as error:
                say(f"! {self.name}: {error}")


def programs(home: Home, environ: Mapping[str, str]) -> list[Program]:
    """Web server, worker and beat for this environment."""
    worker = ["celery", "-A", "unionportal", "worker", "--concurrency", "2", "--loglevel", "INFO"]
    worker += ["--without-gossip", "--without-mingle"]
    beat = ["celery", "-A", "unionportal", "beat", "--loglevel", "INFO", "--pidfile="]
    beat += ["--schedule", str(home.path / "celerybeat-schedule")]
    bind = f"{environ.get('BIND', '127.0.0.1')}:{environ['PORT']}"
    web = ["gunicorn", "unionportal.wsgi", "--bind", bind, "--workers", "2", "--threads", "4", "--timeout", "120"]
    # Loaded once and forked: half the processor time of a start, and shared memory.
    web += ["--preload", "--graceful-timeout", "5", "--no-control-socket", "--worker-tmp-dir", str(_worker_tmp(home))]
    # A pool would be copied by the worker's forks, so only the web server has one.
    pooled = {**environ, "DATABASE_POOL": "1"}
    return [
        Program("web", web, home=home, environ=pooled),
        Program("worker", worker, home=home, environ=environ),
        Program("beat", beat, home=home, environ=environ),
    ]


def _worker_tmp(home: Home) -> Path:
    """Heartbeat files in memory where the machine offers it: a slow disk must not look like a hung worker."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() else home.path


class Supervisor:
    """Tends every child until it is told to stop."""

    def __init__(self, watched: list[Watched], *, say: Callable[[str], None] = print) -> None:
        self.watched = watched
        self.say = say

    def add(self, program: Program) -> Watched:
        """Watch over one more, starting it unless it runs already."""
        if program.child is None:
            program.start()
        self.watched.append(watched := Watched(program.name, program))
        return watched

    def tend(self) -> None:
        """One look at every child."""
        for one in self.watched:
            one.tend(self.say)

    def run(self) -> None:
        """Tend for ever; KeyboardInterrupt ends it."""
        while True:
            self.tend()
            time.sleep(TICK)
