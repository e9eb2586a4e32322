"""The environment `make up` runs with: what the reader set, what an earlier start chose, fresh secrets for the rest."""

import base64
import secrets
from collections.abc import Mapping

from .errors import SetupError

SECRETS = ("SECRET_KEY", "FIELD_KEYS", "DEMO_PASSWORD")
#: Follow the real environment at every start and are never remembered from an earlier one.
PER_START = (
    "PORT",
    "BASE_URL",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "DEMO_MODE",
    "DEBUG",
    "ALLOWED_HOSTS",
)
# Without letters and digits that are mistaken for each other when typed from a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


LOCAL = "127.0.0.1"
EVERY_ADDRESS = ("", "0.0.0.0")


def address_of(environ: Mapping[str, str]) -> str:
    """The address the page is looked for at: that of BIND, unless it stands for every one."""
    bind = environ.get("BIND", "")
    return LOCAL if bind in EVERY_ADDRESS else bind


def choose(environ: Mapping[str, str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Every variable of the environment file.

    Outside demo mode nothing is made up: a missing secret raises SetupError.
    """
    chosen = {name: value for name, value in remembered.items() if name not in PER_START}
    chosen |= {name: environ[name] for name in (*PER_START, *chosen, *SECRETS) if environ.get(name)}
    chosen["PORT"] = _port(chosen.get("PORT", "8000"))
    host = address_of(environ)
    chosen.setdefault("BASE_URL", f"http://{host}:{chosen['PORT']}")
    chosen.setdefault("DEMO_MODE", "1")
    if host != LOCAL:
        chosen.setdefault("ALLOWED_HOSTS", f"{host},localhost")
    if chosen.get("ALLOWED_HOSTS"):
        # The start itself looks whether the page answers.
        chosen["ALLOWED_HOSTS"] = ",".join(dict.fromkeys([*chosen["ALLOWED_HOSTS"].split(","), LOCAL]))
    if chosen["DEMO_MODE"] == "1":
        for name, make in (("SECRET_KEY", _secret_key), ("FIELD_KEYS", _field_keys), ("DEMO_PASSWORD", _password)):
            if not chosen.get(name):
                chosen[name] = make()
    missing = [name for name in ("SECRET_KEY", "FIELD_KEYS") if not chosen.get(name)]
    if missing:
        raise SetupError(
            "环境变量 (environment)",
            f"非演示模式下必须设置 {'、'.join(missing)} (must be set outside demo mode)",
            "在环境中设置它们（见 docs/operations.md），或使用 DEMO_MODE=1",
        )
    return chosen


def _port(text: str) -> str:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SetupError("PORT", f"“{text}” 不是端口号 (not a port)", "例如 PORT=8000 make up")
    return text


def _secret_key() -> str:
    return secrets.token_urlsafe(48)


def _field_keys() -> str:
    """One key, number 1: `number:base64 of 32 bytes`; further keys follow after commas."""
    return "1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    """Meets the portal's own rule: twelve characters of three classes."""

    def pick(alphabet: str, count: int) -> str:
        return "".join(secrets.choice(alphabet) for _ in range(count))

    return f"{pick(LETTERS.upper(), 1)}{pick(LETTERS, 5)}-{pick(DIGITS, 5)}"
