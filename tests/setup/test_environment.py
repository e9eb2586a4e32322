"""The environment `make up` chooses, and what `manage.py` makes of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT
from tests.setup.launching import plain_environ
from unionportal.embedded.choices import choose
from unionportal.embedded.errors import SetupError
from unionportal.embedded.home import Home


def manage(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py in a fresh terminal."""
    argv = [sys.executable, "manage.py", *arguments]
    return subprocess.run(argv, cwd=ROOT, env=plain_environ(**environ), capture_output=True, text=True)


def test_first_start_makes_demo_secrets_and_the_next_keeps_them() -> None:
    first = choose({}, {})
    assert first["DEMO_MODE"] == "1"
    assert first["BASE_URL"] == "http://127.0.0.1:8000"
    assert len(first["SECRET_KEY"]) >= 50
    again = choose({}, first)
    assert again == first
    assert choose({}, {})["SECRET_KEY"] != first["SECRET_KEY"]


def test_the_readers_own_values_win() -> None:
    first = choose({}, {})
    chosen = choose({"PORT": "8123", "DEMO_PASSWORD": "Mima-2025", "SECRET_KEY": "mine"}, first)
    assert (chosen["PORT"], chosen["BASE_URL"]) == ("8123", "http://127.0.0.1:8123")
    assert (chosen["DEMO_PASSWORD"], chosen["SECRET_KEY"]) == ("Mima-2025", "mine")
    assert chosen["FIELD_KEYS"] == first["FIELD_KEYS"]


def test_addresses_are_not_remembered_when_unset_again() -> None:
    once = choose({"PORT": "8123", "DATABASE_URL": "postgresql://x/y", "REDIS_URL": "redis://x"}, {})
    assert once["DATABASE_URL"] == "postgresql://x/y"
    later = choose({}, once)
    assert later["PORT"] == "8000"
    assert "DATABASE_URL" not in later
    assert "REDIS_URL" not in later


def test_outside_demo_mode_a_missing_secret_is_an_error() -> None:
    with pytest.raises(SetupError) as refusal:
        choose({"DEMO_MODE": "0", "SECRET_KEY": "mine"}, {})
    assert "FIELD_KEYS" in refusal.value.report()
    assert "SECRET_KEY、" not in refusal.value.report()
    kept = choose({"DEMO_MODE": "0", "SECRET_KEY": "mine", "FIELD_KEYS": "1:x"}, {})
    assert "DEMO_PASSWORD" not in kept


@pytest.mark.parametrize("port", ["web", "0", "70000", "80 81"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SetupError):
        choose({"PORT": port}, {})


def test_environment_file_is_private_and_reads_back(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    values = {"SECRET_KEY": "a=b#c", "DEMO_MODE": "1", "NAME": "越工周记"}
    home.write_env(values)
    assert home.env_file.stat().st_mode & 0o777 == 0o600
    assert home.read_env() == values
    environ = {"DEMO_MODE": "0"}
    home.load_env(environ)
    assert environ == values | {"DEMO_MODE": "0"}


def test_manage_without_secrets_says_what_is_missing(tmp_path: Path) -> None:
    done = manage("check", PORTAL_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert "make up" in done.stderr
    assert "Traceback" not in done.stderr


def test_manage_reads_the_environment_file(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.write_env(choose({}, {}))
    done = manage("check", PORTAL_HOME=str(home.path))
    assert done.returncode == 0, done.stderr
    assert not home.postgres.exists(), "a command that needs no database started one"


def test_manage_starts_servers_for_its_own_duration(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.write_env(choose({}, {}))
    done = manage("migrate", "--database", "owner", "common", "--plan", PORTAL_HOME=str(home.path))
    assert done.returncode == 0, done.stderr
    assert (home.postgres / "PG_VERSION").exists()
    assert not (home.postgres / "postmaster.pid").exists()
