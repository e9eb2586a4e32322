"""Children that cannot outlive their parent, and what it takes to start PostgreSQL as root."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
LOG_MAX_BYTES = 10 * 1024 * 1024

# Loaded here, not in the forked child: dlopen between fork and exec may deadlock.
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """As whom a child runs: ourselves, mapped to `uid` in a user namespace, or really as `uid`/`gid`."""

    uid: int | None = None
    gid: int | None = None
    namespace: bool = False


OURSELVES = Identity()


def nobody(*, namespace: bool) -> Identity:
    """The unprivileged account PostgreSQL runs as when we are root (it refuses root)."""
    entry = pwd.getpwnam("nobody")
    return Identity(entry.pw_uid, entry.pw_gid, namespace)


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    identity: Identity = OURSELVES,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    pass_fds: Sequence[int] = (),
    pipe: bool = False,
) -> "subprocess.Popen[bytes]":
    """Start a child in a session of its own; the kernel sends it `death_signal` when the calling thread dies.

    Call it from the main thread: the kernel watches the thread, not the process. `log` is appended to, and put aside
    once it is large; with `pipe` the output is readable as `.stdout` instead. Raises OSError or SubprocessError.
    """
    really = identity.uid is not None and not identity.namespace
    stream = _open_log(log) if log else None
    try:
        return subprocess.Popen(
            [os.fspath(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipe else stream,
            stderr=subprocess.STDOUT if pipe or stream else None,
            cwd=cwd,
            env=env,
            user=identity.uid if really else None,
            group=identity.gid if really else None,
            extra_groups=[] if really else None,
            pass_fds=pass_fds,
            preexec_fn=_before_exec(death_signal, identity),
        )
    finally:
        if stream:
            stream.close()


def _open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def _before_exec(death_signal: signal.Signals, identity: Identity) -> Callable[[], None]:
    parent = os.getpid()

    def run() -> None:
        os.setsid()
        if identity.namespace:
            _enter_namespace(identity)
        if sys.platform == "linux":
            # After any change of credentials, which would clear it.
            LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:
                os._exit(1)

    return run


def _enter_namespace(identity: Identity) -> None:
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    if LIBC.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{identity.uid} {outer_uid} 1"),
        ("gid_map", f"{identity.gid} {outer_gid} 1"),
    ):
        Path("/proc/self", name).write_text(text)


def stop(child: "subprocess.Popen[bytes]", *, sig: signal.Signals = signal.SIGTERM, patience: float = 15.0) -> None:
    """Ask a child to end, insist after `patience` seconds, and clear what is left of its process group."""
    if child.poll() is None:
        try:
            child.send_signal(sig)
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether a process with this id exists (a zombie does not count on Linux)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return sys.platform != "linux"


def command_line(pid: int) -> str:
    """The command line of a running process, empty when it cannot be read."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if not shutil.which("ps"):
        return ""
    done = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip()


def wait_until(condition: Callable[[], bool], *, seconds: float, interval: float = 0.02) -> bool:
    """Poll until the condition holds; False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True


def gist(path: Path, lines: int = 4) -> str:
    """The last lines of a program's log that say something: where in the code it happened is for who opens the log."""
    said = [line for line in tail(path, 200).splitlines() if line.strip() and not line.startswith((" ", "Traceback"))]
    return "\n".join(said[-lines:])


def tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
