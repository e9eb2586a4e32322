"""`make up`: from a bare machine to a page that answers, then watch over it until Ctrl-C."""

import errno
import os
import shlex
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from .choices import address_of, choose
from .environment import ROOT, VENV_PYTHON, current, digest, exclusively, install_assets, install_python, run
from .errors import SetupError
from .home import Home
from .process import LIBC, PR_SET_PDEATHSIG, gist
from .progress import Progress
from .servers import InUse, Servers
from .supervise import Server, Supervisor, Watched, programs

FIRST_PAGE_SECONDS = 60.0
FAILING_PAGE_SECONDS = 10.0
FAILING_STARTS = 3
OTHER_COMMAND_SECONDS = 120.0


def obey_signals() -> None:
    """SIGTERM and a closed terminal end us like Ctrl-C; the death of `make` does too."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A background job of a plain shell starts with SIGINT ignored; it should still be stoppable.
        signal.signal(number, interrupt)
    if sys.platform == "linux" and os.environ.get("MAKELEVEL"):
        LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def prepare_environment(progress: Progress, home: Home, *, dev: bool = False) -> None:
    """What has to be installed before anything of ours can run."""
    with exclusively(progress):
        install_python(progress, dev=dev)
        install_assets(progress, home, dev=dev)


@dataclass
class Prepared:
    """What the start found in the database: accounts of the demo, and commands that make administrators still missing."""

    accounts: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)


def up(progress: Progress) -> NoReturn:
    """Install, then go on inside .venv: same process, so signals and parent stay what they are."""
    home = Home.from_environ()
    obey_signals()
    print(f"越工周记 unionportal · {home.path}")
    chosen = choose(os.environ, home.read_env())
    home.create()
    _check_port(chosen)
    prepare_environment(progress, home)
    os.environ["PORTAL_STEP"] = str(progress.number)
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", "unionportal.embedded", "serve"])


def serve(progress: Progress) -> int:
    """Servers, migrations, demo district, portal; runs until it is told to stop."""
    progress.number = int(os.environ.pop("PORTAL_STEP", "0"))
    home = Home.from_environ()
    obey_signals()
    home.create()
    with _servers(progress, home) as (servers, chosen):
        outside = " ".join(name for name in ("DATABASE_URL", "REDIS_URL") if name in chosen)
        environ = os.environ | chosen | servers.urls() | {"PORTAL_HOME": str(home.path), "PORTAL_OUTSIDE": outside}
        web, *others = programs(home, environ)
        supervisor = Supervisor([Watched(name, server) for name, server in _embedded(servers)])
        try:
            static = _static_digest()
            if current(home.stamps / "static", static):
                # Not the first start: load the web server while the migrations are looked through.
                web.start()
            prepared = _prepare(progress, home, environ, static)
            home.write_env(chosen)
            progress.step("门户 (web, worker, beat)")
            # The page first, it is what people wait for.
            _await_page(supervisor, supervisor.add(web), chosen)
            for program in others:
                supervisor.add(program)
            progress.done()
            _welcome(chosen, prepared)
            supervisor.run()
        finally:
            _ignore_signals()
            print("\n正在停止… (stopping)")
            running = [program for program in (*others, web) if program.child]
            for program in running:
                program.ask()
            for program in running:
                program.stop()
    return 0


def _embedded(servers: Servers) -> Iterator[tuple[str, Server]]:
    if servers.postgres:
        yield "PostgreSQL", servers.postgres
    if servers.valkey:
        yield "Valkey", servers.valkey


@contextmanager
def _servers(progress: Progress, home: Home) -> Iterator[tuple[Servers, dict[str, str]]]:
    progress.step("数据库 (PostgreSQL, Valkey)")
    remembered = home.read_env()
    chosen = choose(os.environ, remembered)
    servers = Servers(home, postgres="DATABASE_URL" not in chosen, valkey="REDIS_URL" not in chosen, lasting=True)
    deadline = time.monotonic() + OTHER_COMMAND_SECONDS
    while True:
        try:
            servers.start()
            break
        except InUse as busy:
            if busy.lasting or time.monotonic() > deadline:
                raise
            progress.note(busy.cause)
            time.sleep(1)
    try:
        # A password the demo does not accept must not take the place of the one that works, nor be tried again at the next start.
        accepted = {name: value for name, value in remembered.items() if name == "DEMO_PASSWORD"}
        home.write_env({name: value for name, value in chosen.items() if name != "DEMO_PASSWORD"} | accepted)
        progress.done("内置 (embedded)" if servers.urls() else "外部 (external)")
        yield servers, chosen
    finally:
        _ignore_signals()
        servers.stop()
        print("已停止 (stopped)")


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _check_port(chosen: dict[str, str]) -> None:
    """Say so before a minute of work that the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("BIND", "127.0.0.1"), int(chosen["PORT"])))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                cause = f"BIND={os.environ.get('BIND')} 不是本机的地址 (not an address of this machine)"
                raise SetupError("BIND", cause, "改为本机地址，或 BIND=0.0.0.0 make up") from error
            raise SetupError(
                "PORT", f"端口 {chosen['PORT']} 不可用 (not free): {error.strerror}", "换一个端口：PORT=8001 make up"
            ) from error


def _static_digest() -> str:
    """What the collected static files depend on: ours, the front-end packages and the installed apps."""
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    names = [path.relative_to(ROOT) for path in files]
    return digest(
        *map(str, names), *files, *(ROOT / lock for lock in ("requirements.lock", "package.json", "package-lock.json"))
    )


def _prepare(progress: Progress, home: Home, environ: dict[str, str], static: str) -> Prepared:
    """Servers of the reader's own, migrations, static files and demo district in one Django process."""
    stamp = home.stamps / "static"
    environ = environ | {"PORTAL_COLLECT_STATIC": "0" if current(stamp, static) else "1"}
    prepared = Prepared()
    told: dict[str, list[str]] = {"account": prepared.accounts, "first": prepared.first, "cause": [], "mend": []}
    opened = False
    argv: list[str | Path] = [VENV_PYTHON, "-m", "unionportal.prepare"]
    try:
        for line in run(progress, argv, mend="按上面的原因处理后重试 (see the cause above)", env=environ):
            kind, _, text = line.partition("\t")
            if kind == "step":
                if opened:
                    progress.done()
                progress.step(text)
                opened = True
            elif kind in told:
                told[kind].append(text)
            elif kind == "warning":
                progress.warn(text)
            elif kind == "static":
                stamp.write_text(static)
            elif line.strip():
                progress.note(line.strip())
    except SetupError:
        if not told["mend"]:
            raise
        raise SetupError(progress.name, "\n".join(told["cause"]), *told["mend"]) from None
    progress.done()
    return prepared


def _await_page(supervisor: Supervisor, web: Watched, chosen: dict[str, str]) -> None:
    began = time.monotonic()
    address = f"http://{address_of(os.environ)}:{chosen['PORT']}/login/"
    status = ""
    # A page that fails, or a server that ends again and again, is not going to mend itself; one that does not answer may still be starting.
    while web.deaths < FAILING_STARTS:
        supervisor.tend()
        status = _status(address)
        if status == "200":
            return
        if time.monotonic() > began + (FAILING_PAGE_SECONDS if status[:1] in {"4", "5"} else FIRST_PAGE_SECONDS):
            break
        time.sleep(0.1)
    log = web.server.log
    raise SetupError("门户 (web)", f"{address} → {status}\n{gist(log)}", f"按原因处理，或查看 (details) {log}")


def _status(address: str) -> str:
    request = urllib.request.Request(address, headers={"Host": "127.0.0.1", "X-Forwarded-Proto": "https"})
    try:
        # Never through a proxy: the page is on this machine.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as response:
            return str(response.status)
    except urllib.error.HTTPError as error:
        return str(error.code)
    except OSError as error:
        return str(error)


def _welcome(chosen: dict[str, str], prepared: Prepared) -> None:
    print(f"\n✓ 越工周记已就绪 (ready)：{chosen['BASE_URL']}/")
    if prepared.accounts:
        print(f"  演示帐号 (demo accounts)，密码均为 (password) {chosen['DEMO_PASSWORD']}")
        for line in prepared.accounts:
            print(f"    {line}")
    if prepared.first:
        home = os.environ.get("PORTAL_HOME")
        command = (
            f"{f'PORTAL_HOME={shlex.quote(home)} ' if home else ''}.venv/bin/python manage.py create_administrator"
        )
        print("  还没有人能登录，请在另一窗口建立管理员 (nobody can sign in yet; in another terminal):")
        for arguments in prepared.first:
            print(f"    {command} {arguments}")
    print("  按 Ctrl-C 停止 (Ctrl-C stops everything)\n")
