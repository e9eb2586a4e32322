"""`make check`: every static check, each named, all run even when one fails."""

import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time

from .home import ROOT

MANAGE = (sys.executable, "manage.py")
PRODUCTION = {"BASE_URL": "https://portal.example", "ALLOWED_HOSTS": "portal.example", "DEBUG": "0", "DEMO_MODE": "0"}

CHECKS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "ruff": (("ruff", "check", "."), {}),
    "format": (("ruff", "format", "--check", "."), {}),
    # A warm cache finds other errors than a cold one: the answer must be the same on every machine.
    "types": (("mypy", "--cache-dir", os.devnull), {}),
    "imports": (("lint-imports",), {}),
    "migrations": ((*MANAGE, "makemigrations", "--check", "--dry-run"), {}),
    "deploy": ((*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    "templates": (("djlint", "templates", "--lint", "--quiet"), {}),
    "compose": (("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"), {}),
}
MODULES = {
    "ruff": "ruff",
    "mypy": "mypy",
    "lint-imports": "importlinter.cli",
    "djlint": "djlint",
    "check-jsonschema": "check_jsonschema",
}
# A host name in a lock would tie every machine to one registry.
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock", "package-lock.json")


def check(*only: str) -> int:
    """Run the named checks, or all; returns the exit status."""
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="portal-check-") as home:
        base = os.environ | {
            "PORTAL_HOME": home,
            "SECRET_KEY": secrets.token_urlsafe(60),
            "FIELD_KEYS": f"1:{secrets.token_urlsafe(32)}",
            "DJANGO_SETTINGS_MODULE": "unionportal.settings",
        }
        for name, (argv, extra) in CHECKS.items():
            if not only or name in only:
                failed += [] if _run(name, _command(argv), base | extra) else [name]
    if not only or "locks" in only:
        failed += [] if _locks_without_hosts() else ["locks"]
    print(f"\n✗ {', '.join(failed)}" if failed else "\n✓ make check")
    return 1 if failed else 0


def _command(argv: tuple[str, ...]) -> list[str]:
    if argv[0] == "lint-imports":
        # Its module has no __main__.
        return [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", *argv[1:]]
    return [sys.executable, "-m", MODULES[argv[0]], *argv[1:]] if argv[0] in MODULES else list(argv)


def _run(name: str, argv: list[str], environ: dict[str, str]) -> bool:
    began = time.monotonic()
    if name == "types":
        # The Django plugin loads the settings; they need addresses, not servers.
        environ = {
            "DATABASE_URL": "postgresql://portal_web@localhost/portal",
            "REDIS_URL": "redis://localhost",
        } | environ
    done = subprocess.run(argv, cwd=ROOT, env=environ, capture_output=True, text=True)
    print(f"{'✗' if done.returncode else '✓'} {name}  {time.monotonic() - began:.1f}s")
    if done.returncode:
        print(f"  $ {shlex.join(argv)}\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def _locks_without_hosts() -> bool:
    found = [
        f"{lock}:{number}: {line.strip()}"
        for lock in LOCKS
        for number, line in enumerate((ROOT / lock).read_text().splitlines(), 1)
        if '"resolved"' in line or "--index-url" in line or "--find-links" in line or " @ " in line
    ]
    print("✗ locks" if found else "✓ locks", *found, sep="\n  ")
    return not found
