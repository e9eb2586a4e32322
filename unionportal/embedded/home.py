"""PORTAL_HOME: where one instance keeps its servers' data, logs, sockets, assets and environment."""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from .errors import SetupError

ROOT = Path(__file__).resolve().parents[2]

# A socket path must fit sockaddr_un (104 bytes on macOS) with PostgreSQL's file name, and must survive both URLs and
# PostgreSQL's comma separated list unquoted.
SOCKET_DIR_MAX = 85
PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.+-]+")


class Home:
    """The paths under one PORTAL_HOME."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.valkey = self.path / "valkey"
        self.logs = self.path / "logs"
        self.vendor = self.path / "vendor"
        self.stamps = self.path / "stamps"
        self.env_file = self.path / "env"
        self.state_file = self.path / "servers.json"
        self.users_file = self.path / "users.lock"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> "Home":
        """The instance PORTAL_HOME names; `.portal/` in the clone when it is unset."""
        return cls(Path(environ.get("PORTAL_HOME") or ROOT / ".portal"))

    def create(self) -> None:
        """Make the directory for this user alone."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.logs.mkdir(exist_ok=True)
            self.stamps.mkdir(exist_ok=True)
        except OSError as error:
            raise SetupError(
                "PORTAL_HOME",
                f"无法写入 {self.path}：{error.strerror}",
                "换一个可写的目录，例如 PORTAL_HOME=$HOME/portal make up (choose a writable directory)",
            ) from error

    def socket_dir(self) -> Path:
        """Where the sockets live: under PORTAL_HOME if its path is short and plain, else in the temp directory."""
        inside = self.path / "run"
        text = str(inside)
        if len(os.fsencode(text)) <= SOCKET_DIR_MAX and PLAIN_PATH.fullmatch(text):
            return inside
        digest = hashlib.sha256(os.fsencode(str(self.path.resolve()))).hexdigest()[:16]
        base = Path(tempfile.gettempdir())
        if len(os.fsencode(str(base))) > SOCKET_DIR_MAX - 40 or not PLAIN_PATH.fullmatch(str(base)):
            base = Path("/tmp")
        return base / f"unionportal-{os.geteuid()}-{digest}"

    def create_socket_dir(self) -> Path:
        """Make the socket directory, 0700; in a shared temp directory only one that nobody else prepared will do."""
        directory = self.socket_dir()
        directory.mkdir(mode=0o700, exist_ok=True)
        info = directory.lstat()
        if not stat.S_ISDIR(info.st_mode) or (os.geteuid() and info.st_uid != os.geteuid()):
            raise SetupError("sockets", f"{directory} 属于他人 (owned by someone else)", "删除它或设置 TMPDIR")
        directory.chmod(0o700)
        return directory

    def read_env(self) -> dict[str, str]:
        """The environment `make up` chose: KEY=value lines; empty when there is none."""
        try:
            text = self.env_file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except PermissionError as error:
            raise SetupError(
                "env",
                f"无法读取 {self.env_file} (not readable)",
                "用创建它的用户运行，或另设 PORTAL_HOME (run as its owner)",
            ) from error
        pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
        return {key.strip(): value.strip() for key, value in pairs}

    def write_env(self, values: Mapping[str, str]) -> None:
        """Replace the environment file in one step, readable by this user alone."""
        header = (
            "# Written by `make up`; the real environment wins over it. Keep FIELD_KEYS: without them data is lost.\n"
        )
        fresh = self.env_file.with_name("env.new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as stream:
            os.fchmod(stream.fileno(), 0o600)
            stream.write(header + "".join(f"{key}={value}\n" for key, value in values.items()))
        fresh.replace(self.env_file)

    def load_env(self, environ: MutableMapping[str, str]) -> None:
        """Fill what the real environment leaves unset from the environment file."""
        for key, value in self.read_env().items():
            environ.setdefault(key, value)
