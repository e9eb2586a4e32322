"""The container files, as far as they can be tried without containers: their commands run here, on the test database."""

import json
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml

from tests.processes import ROOT, Process
from unionportal.celery import app
from unionportal.embedded.process import tail, wait_until
from unionportal.settings import redis_db

SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
HEARTBEAT = "reporting.heartbeat"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def here(argv: list[str], directory: Path, port: int = 0) -> list[str]:
    """A container's command with this environment's programs, a directory of the test for /tmp, a free port for 8000."""
    program, *rest = [part.replace("/tmp", str(directory)).replace("8000", str(port)) for part in argv]
    ours = Path(sys.executable).parent / program
    return [str(ours) if ours.exists() else program, *rest]


def check_of(service: str, directory: Path, port: int = 0) -> list[str]:
    """A service's health check as a command."""
    kind, *rest = SERVICES[service]["healthcheck"]["test"]
    rest = [part.replace("$$", "$") for part in rest]
    return ["sh", "-c", *here([*rest], directory)] if kind == "CMD-SHELL" else here(rest, directory, port)


def healthy(service: str, directory: Path, port: int = 0) -> bool:
    environ = process_environ() | {"HOSTNAME": socket.gethostname()}
    return (
        subprocess.run(check_of(service, directory, port), cwd=ROOT, env=environ, capture_output=True).returncode == 0
    )


def process_environ() -> dict[str, str]:
    """The test's environment, with this environment's programs found first."""
    from tests.processes import database_environ

    found = database_environ()
    return found | {"PATH": f"{Path(sys.executable).parent}:{found['PATH']}"}


@pytest.fixture
def started(committed_db: None) -> Iterator[list[Process]]:
    """Processes the test starts; ended afterwards."""
    running: list[Process] = []
    yield running
    for process in running:
        process.stop()


def start(running: list[Process], name: str, argv: list[str]) -> None:
    process = Process(f"compose-{name}", argv, BASE_URL="http://127.0.0.1", STATIC_HASHED="0")
    process.start()
    running.append(process)


def test_the_web_container_serves_and_its_check_notices(started: list[Process], tmp_path: Path) -> None:
    argv = json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0])
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert not healthy("web", tmp_path, port)
    start(started, "web", here(argv, tmp_path, port))
    assert wait_until(lambda: healthy("web", tmp_path, port), seconds=60, interval=0.2)


def test_the_worker_container_answers_its_check(started: list[Process], tmp_path: Path) -> None:
    start(started, "worker", here(SERVICES["worker"]["command"], tmp_path))
    assert wait_until(lambda: healthy("worker", tmp_path), seconds=90, interval=0.5)


def test_beat_writes_the_schedule_its_check_looks_at_and_shows_itself_at_once(
    started: list[Process], tmp_path: Path
) -> None:
    app.control.purge()
    assert not healthy("beat", tmp_path)
    start(started, "beat", here(SERVICES["beat"]["command"], tmp_path))
    assert wait_until(lambda: healthy("beat", tmp_path), seconds=60, interval=0.2)
    queue = redis.Redis.from_url(redis_db(0))

    def one_more_than_by_timetable() -> bool:
        """No worker takes anything here, and beat logs what its timetable asks for before it sends it."""
        waiting = sum(json.loads(each)["headers"]["task"] == HEARTBEAT for each in queue.lrange("celery", 0, -1))
        return waiting > started[0].log.read_text().count(f"({HEARTBEAT})")

    assert wait_until(one_more_than_by_timetable, seconds=60, interval=0.2), tail(started[0].log, 20)


def test_migrations_run_as_the_compose_file_says(committed_db: None) -> None:
    program, *argv = SERVICES["migrate"]["command"]
    assert program == "python"
    done = subprocess.run([sys.executable, *argv], cwd=ROOT, env=process_environ(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_everything_the_image_copies_is_in_the_repository() -> None:
    copies = [shlex.split(line)[1:] for line in re.findall(r"^COPY .*$", DOCKERFILE, re.MULTILINE)]
    sources = [source for copy in copies if not copy[0].startswith("--from") for source in copy[:-1]]
    assert len(sources) >= 5
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert (ROOT / ".dockerignore").exists(), "the image would hold .venv, .portal and its secrets"
