"""The embedded servers: what they offer, and what they survive."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.processes import ROOT
from tests.setup.launching import Owner, gone, plain_environ
from unionportal.embedded.home import Home
from unionportal.embedded.process import wait_until
from unionportal.embedded.servers import InUse, Servers
from unionportal.embedded.supervise import Supervisor, Watched
from unionportal.embedded.valkey import Valkey

Start = Callable[[Path], Owner]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start owners; whatever is still running afterwards is stopped."""
    owners: list[Owner] = []

    def begin(home: Path) -> Owner:
        owners.append(Owner(home))
        return owners[-1]

    yield begin
    for owner in owners:
        owner.stop()


def remember(owner: Owner, text: str) -> None:
    """Leave a row and a key behind."""
    with psycopg.connect(owner.urls["DATABASE_OWNER_URL"]) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])
    redis.Redis.from_url(owner.urls["REDIS_URL"]).set("kept", text)


def remembered(owner: Owner) -> tuple[str, str]:
    """The row and the key."""
    with psycopg.connect(owner.urls["DATABASE_OWNER_URL"]) as connection:
        row = connection.execute("SELECT text FROM kept").fetchone()
    key = redis.Redis.from_url(owner.urls["REDIS_URL"]).get("kept")
    assert row is not None
    assert isinstance(key, bytes)
    return row[0], key.decode()


def test_roles_encoding_and_chinese_index(start: Start, tmp_path: Path) -> None:
    owner = start(tmp_path / "home")
    with psycopg.connect(owner.urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolcreatedb, pg_encoding_to_char(encoding) FROM pg_roles, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
        assert role == (False, True, "UTF8")
        connection.execute("CREATE EXTENSION pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('困难职工')").fetchone()
        assert trigrams is not None
        assert trigrams[0], "Chinese text has no trigrams: wrong locale"
        connection.execute("CREATE TABLE owned (id int)")
    with psycopg.connect(owner.urls["DATABASE_URL"], autocommit=True) as connection:
        for refused in ("CREATE TABLE mine (id int)", "DROP TABLE owned", "SELECT * FROM owned", "CREATE DATABASE x"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)


def test_servers_listen_on_no_port(start: Start, tmp_path: Path) -> None:
    owner = start(tmp_path / "home")
    with psycopg.connect(owner.urls["DATABASE_URL"]) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row == ("",)
    assert redis.Redis.from_url(owner.urls["REDIS_URL"]).config_get("port") == {"port": "0"}
    assert oct(owner.home.socket_dir().stat().st_mode & 0o777) == "0o700"


def test_restart_keeps_data(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "home")
    remember(first, "越工周记")
    pids = first.server_pids()
    first.stop()
    assert gone(pids)
    assert remembered(start(tmp_path / "home")) == ("越工周记", "越工周记")


def test_killed_parent_leaves_no_orphan_and_no_damage(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "home")
    remember(first, "走访")
    pids = first.server_pids()
    first.kill()
    # At once, while the old servers may still be on their way out.
    second = start(tmp_path / "home")
    assert remembered(second) == ("走访", "走访")
    assert gone(pids)


def test_killed_servers_leave_stale_files_that_do_not_matter(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "home")
    remember(first, "问题")
    pids = first.server_pids()
    for pid in pids:
        os.kill(pid, 9)
    first.kill()
    assert gone(pids)
    home = Home(tmp_path / "home")
    assert (home.socket_dir() / "v.sock").exists()
    # As after a reboot: the number in the stale file belongs to somebody else now.
    stale = home.postgres / "postmaster.pid"
    lines = stale.read_text().splitlines()
    stale.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert remembered(start(tmp_path / "home")) == ("问题", "问题")


def test_killed_postmaster_with_a_busy_backend_comes_back(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "home")
    remember(first, "忙")
    busy = psycopg.connect(first.urls["DATABASE_URL"])
    busy.pgconn.send_query(b"SELECT pg_sleep(600)")
    os.kill(first.server_pids()[0], 9)
    first.kill()
    assert remembered(start(tmp_path / "home")) == ("忙", "忙")
    busy.close()


def test_half_made_cluster_is_made_anew(start: Start, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "postgres.new" / "base").mkdir(parents=True)
    (home / "postgres").mkdir()
    assert start(home).server_pids()


def test_two_side_by_side(start: Start, tmp_path: Path) -> None:
    one, two = start(tmp_path / "one"), start(tmp_path / "two")
    remember(one, "一")
    remember(two, "二")
    assert remembered(one) == ("一", "一")
    one.stop()
    assert remembered(two) == ("二", "二")


@pytest.mark.parametrize("name", ["x" * 120, "有 空格 的,目录", "100%"], ids=["long", "chinese", "percent"])
def test_any_folder_name(start: Start, tmp_path: Path, name: str) -> None:
    owner = start(tmp_path / name)
    remember(owner, "路径")
    assert remembered(owner) == ("路径", "路径")
    assert not owner.home.socket_dir().is_relative_to(tmp_path / name)


def test_second_owner_is_refused_and_names_the_first(start: Start, tmp_path: Path) -> None:
    first = start(tmp_path / "home")
    with pytest.raises(InUse) as refusal:
        Servers(Home(tmp_path / "home")).start()
    assert str(first.process.pid) in refusal.value.cause
    assert first.server_pids()


def test_commands_join_a_running_owner(start: Start, tmp_path: Path) -> None:
    owner = start(tmp_path / "home")
    code = (
        "import os; from unionportal.embedded.home import Home; from unionportal.embedded.servers import available\n"
        "with available(Home.from_environ(), os.environ): print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    )
    environ = plain_environ(PORTAL_HOME=str(tmp_path / "home"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stdout.split() == [owner.urls["DATABASE_URL"], owner.urls["REDIS_URL"]], done.stderr
    assert remembered_nothing(owner)


def remembered_nothing(owner: Owner) -> bool:
    """The owner's servers still answer after a guest has left."""
    return bool(redis.Redis.from_url(owner.urls["REDIS_URL"]).ping())


def test_named_servers_are_used_and_none_started(tmp_path: Path) -> None:
    code = (
        "import os; from unionportal.embedded.home import Home; from unionportal.embedded.servers import available\n"
        "with available(Home.from_environ(), os.environ): print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    )
    named = {"DATABASE_URL": "postgresql://db.example/portal", "REDIS_URL": "redis://broker.example"}
    environ = plain_environ(PORTAL_HOME=str(tmp_path / "home"), **named)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.stdout.split() == list(named.values()), done.stderr
    assert not (tmp_path / "home" / "postgres").exists()


def test_killed_valkey_is_started_again_with_its_data(tmp_path: Path) -> None:
    valkey = Valkey(Home(tmp_path / "home"))
    valkey.start()
    try:
        client = redis.Redis.from_url(valkey.url)
        client.set("queued", "task")
        client.config_set("appendfsync", "always")
        client.set("queued", "task 2")
        assert valkey.child is not None
        valkey.child.kill()
        valkey.child.wait()
        said: list[str] = []
        supervisor = Supervisor([Watched("Valkey", valkey)], say=said.append)

        def healed() -> bool:
            supervisor.tend()
            return valkey.healthy()

        assert wait_until(healed, seconds=30)
        assert redis.Redis.from_url(valkey.url).get("queued") == b"task 2"
        assert len(said) == 2
    finally:
        valkey.stop()


def test_a_strangers_socket_directory_is_not_trusted(tmp_path: Path) -> None:
    home = Home(tmp_path / ("x" * 120))
    prepared = home.socket_dir()
    prepared.symlink_to(tmp_path)
    try:
        with pytest.raises((Exception, OSError)) as refusal:
            home.create_socket_dir()
        assert str(prepared) in str(refusal.value)
    finally:
        prepared.unlink()


def test_port_in_use_is_named_before_any_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "unionportal.embedded", "up"],
            cwd=ROOT,
            env=plain_environ(PORTAL_HOME=str(tmp_path / "home"), PORT=port),
            capture_output=True,
            text=True,
        )
    assert done.returncode == 1
    assert port in done.stderr
    assert "处理" in done.stderr
    assert not (tmp_path / "home" / "postgres").exists()
