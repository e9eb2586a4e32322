"""The portal's real processes on the test database: Celery worker, gunicorn. Used by the fixtures of conftest.py."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.db import connections

from unionportal.embedded.process import spawn, stop, tail, wait_until

ROOT = Path(__file__).resolve().parent.parent


def database_environ() -> dict[str, str]:
    """Our environment with both database URLs pointing at this worker's test database."""
    found = dict(os.environ)
    for name, alias in (("DATABASE_URL", "default"), ("DATABASE_OWNER_URL", "owner")):
        values = connections[alias].settings_dict
        password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
        port = f":{values['PORT']}" if values["PORT"] else ""
        host = quote(values["HOST"], safe="")
        found[name] = f"postgresql://{values['USER']}{password}@{host}{port}/{values['NAME']}"
    return found


class Process:
    """One child of the test run, with its log."""

    def __init__(self, name: str, argv: list[str], *, pass_fds: tuple[int, ...] = (), **environ: str) -> None:
        self.name = name
        self.argv = argv
        self.pass_fds = pass_fds
        self.environ = database_environ() | environ
        self.log = Path(os.environ["PORTAL_HOME"]) / "logs" / f"{name}.log"
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; readiness is the caller's question."""
        self.child = spawn(self.argv, log=self.log, cwd=ROOT, env=self.environ, pass_fds=self.pass_fds)

    @property
    def pid(self) -> int:
        """The main process, to be killed by tests of faults."""
        assert self.child is not None
        return self.child.pid

    def running(self) -> bool:
        """Whether the main process lives."""
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        """End it and its children."""
        if self.child is not None:
            stop(self.child, patience=10)
            self.child = None

    def fail(self, what: str) -> None:
        """Raise with the end of the log."""
        raise AssertionError(f"{self.name}: {what}\n{tail(self.log, 30)}")


class Worker(Process):
    """A real Celery worker (prefork, two children)."""

    def __init__(self) -> None:
        argv = ["-m", "celery", "-A", "unionportal", "worker", "--concurrency", "2", "--loglevel", "INFO"]
        argv += ["--without-gossip", "--without-mingle", "--hostname", f"test{os.getpid()}@%h"]
        super().__init__("worker", [sys.executable, *argv])

    def start(self) -> None:
        """Start it and return once it takes tasks."""
        seen = self.log.stat().st_size if self.log.exists() else 0
        super().start()

        def ready() -> bool:
            return self.log.exists() and b" ready." in self.log.read_bytes()[seen:]

        if not wait_until(lambda: ready() or not self.running(), seconds=60, interval=0.05) or not self.running():
            self.fail("not ready")

    def tend(self) -> None:
        """What `make up` and containers do: a worker that ended by itself is started again."""
        if not self.running():
            self.stop()
            self.start()


def _in_transactions() -> list[str]:
    """The last statements of other sessions of the web role that hold a transaction on our database, or ran a moment ago: the request
    they belong to may not be over, and phones ask by themselves right after a page is shown."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid()"
            " AND (xact_start IS NOT NULL OR state_change > clock_timestamp() - interval '150 milliseconds')"
        )
        return [query for (query,) in cursor.fetchall()]


class Portal(Process):
    """gunicorn as `make up` runs it, on a port of its own."""

    def __init__(self) -> None:
        super().__init__("web", [], STATIC_HASHED="1")
        self.listen(0)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ["BASE_URL"] = self.url

    def listen(self, port: int) -> None:
        """Take a port (0: any free one) for the gunicorn that is started next."""
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        descriptor = self.listener.fileno()
        argv = ["-m", "gunicorn", "unionportal.wsgi", "--bind", f"fd://{descriptor}", "--workers", "2"]
        self.argv, self.pass_fds = [sys.executable, *argv], (descriptor,)

    def start(self) -> None:
        """Collect the static files, start, and return once the process answers."""
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=self.environ, check=True
        )
        self.serve()

    def serve(self) -> None:
        """Start gunicorn and return once it answers."""
        super().start()
        if (
            not wait_until(lambda: self.answers() or not self.running(), seconds=60, interval=0.05)
            or not self.running()
        ):
            self.fail("not ready")

    def answers(self) -> bool:
        """Whether the liveness page is served."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError as error:
            self.fail(f"/healthz answers {error.code}")
            return False
        except OSError:
            return False

    def halt(self) -> None:
        """End it in the middle of whatever it does; the port answers nobody."""
        super().stop()
        self.listener.close()

    def resume(self) -> None:
        """Serve again at the same address."""
        self.listen(self.port)
        self.serve()

    def settle(self) -> None:
        """Wait until no request is inside a transaction: emptying the tables under one deadlocks with it."""
        if not wait_until(lambda: not _in_transactions(), seconds=20, interval=0.02):
            self.fail(f"a request does not end: {_in_transactions()}")

    def stop(self) -> None:
        """End it and free the port."""
        self.halt()
