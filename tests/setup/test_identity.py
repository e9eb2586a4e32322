"""As whom PostgreSQL runs, which refuses root: an ordinary user, one without an entry in passwd, and `nobody` where namespaces are forbidden.

That root runs it in a namespace is what every other test shows when it is run as root.
"""

import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.setup.identities import UNSHARE
from tests.setup.launching import Owner, report
from unionportal.embedded.postgres import binaries

STRANGER = 54321
NOBODY = pwd.getpwnam("nobody").pw_uid


def closed() -> list[Path]:
    """Directories above PostgreSQL's programs that other users cannot enter."""
    return [path for path in binaries().resolve().parents if path.stat().st_mode & 0o005 != 0o005]


pytestmark = [
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can become others"),
    pytest.mark.skipif(bool(closed()), reason=f"other users cannot enter {closed()}"),
]


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory others can enter; pytest's own are closed to them."""
    path = Path(tempfile.mkdtemp(prefix="portal-identity-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def runs_as(owner: Owner) -> set[int]:
    """Who owns both servers' processes and PostgreSQL's files."""
    with psycopg.connect(owner.urls["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    paths = [*(Path(f"/proc/{pid}") for pid in owner.server_pids()), owner.home.postgres / "PG_VERSION"]
    return {path.stat().st_uid for path in paths}


@pytest.mark.parametrize("uid", [pwd.getpwnam("daemon").pw_uid, STRANGER], ids=["ordinary", "without_passwd_entry"])
def test_an_ordinary_user(place: Path, uid: int) -> None:
    home = place / "home"
    home.mkdir()
    os.chown(home, uid, uid)
    owner = Owner(home, f"become({uid})")
    try:
        assert runs_as(owner) == {uid}
    finally:
        owner.stop()


@pytest.mark.skipif(os.uname().machine not in UNSHARE, reason="the system call's number is not known here")
def test_root_where_namespaces_are_forbidden(place: Path) -> None:
    for before in ("refuse_namespaces()", ""):
        owner = Owner(place / "home", before)
        try:
            assert runs_as(owner) == {0, NOBODY}, "Valkey as root, PostgreSQL as nobody, and so for ever"
        finally:
            owner.stop()


def test_a_cluster_of_somebody_else(place: Path) -> None:
    cluster = place / "home" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("18\n")
    os.chown(cluster / "PG_VERSION", STRANGER, STRANGER)
    step, cause, mend = report("serve", environ={"PORTAL_HOME": str(place / "home")})
    assert step == "PostgreSQL"
    assert "created by another user" in cause
    assert "PORTAL_HOME" in mend
