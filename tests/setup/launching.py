"""Starts the launcher in processes of their own, as `make up` and `manage.py` do, so that they can be killed."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import redis

from tests.processes import ROOT
from unionportal.embedded.home import Home
from unionportal.embedded.process import alive, wait_until

Said = tuple[str, str, str]
OWNER = """
import json, sys
from pathlib import Path
from unionportal.embedded.home import Home
from tests.setup.identities import become, refuse_namespaces
from unionportal.embedded.servers import Servers
{before}
servers = Servers(Home(Path(sys.argv[1])))
print(json.dumps(servers.start()), flush=True)
sys.stdin.read()
servers.stop()
"""


def plain_environ(**extra: str) -> dict[str, str]:
    """The environment of a fresh terminal: nothing of this test run's servers or secrets."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | extra


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def report(*command: str, environ: dict[str, str], root: Path = ROOT) -> Said:
    """Step, cause and mend of a command that fails: nothing else is on stderr, and no traceback anywhere."""
    argv = [sys.executable, "-m", "unionportal.embedded", *command]
    done = subprocess.run(argv, cwd=root, env=plain_environ(**environ), capture_output=True, text=True, timeout=180)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(("✗ 步骤", "  原因", "  处理"))]
    assert starts[0] == 0, done.stderr
    assert len(starts) == 3, done.stderr
    parts = ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    step, cause, mend = (part.partition("：")[2] for part in parts)
    return step, cause, mend


class Owner:
    """A process that owns the servers of one PORTAL_HOME. `before`: a call of tests.setup.identities."""

    def __init__(self, home: Path, before: str = "") -> None:
        self.home = Home(home)
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER.format(before=before), str(home)],
            cwd=ROOT,
            env=plain_environ(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.urls: dict[str, str] = json.loads(line)

    def server_pids(self) -> list[int]:
        """PostgreSQL's and Valkey's process ids."""
        postmaster = int((self.home.postgres / "postmaster.pid").read_text().split()[0])
        info = redis.Redis.from_url(self.urls["REDIS_URL"]).info("server")
        return [postmaster, int(info["process_id"])]

    def stop(self) -> None:
        """An orderly end."""
        if self.process.poll() is None:
            self.process.communicate("", timeout=60)

    def kill(self) -> None:
        """SIGKILL, as by the kernel when memory runs out."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def gone(pids: list[int], *, seconds: float = 30) -> bool:
    """Whether all these processes end in time."""
    return wait_until(lambda: not any(alive(pid) for pid in pids), seconds=seconds)
