"""What a start needs of Django, in one process: a look at servers of the reader's own, migrations, static files, the demo district, who can sign in.

Speaks to the supervisor in lines `kind<TAB>text`: `step`, `warning`, `static`, `account`, `first` (arguments that make a missing administrator),
and after a failure `cause` and `mend`. Anything else is progress.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from unionportal.embedded.errors import SetupError

Part = tuple[str, Callable[[], None], str]


def parts() -> Iterator[Part]:
    """Step, what is done in it, and what mends it where the failure itself does not say."""
    if os.environ.get("PORTAL_OUTSIDE"):
        yield "服务器 (servers of your own)", check_servers, "检查服务器后重试 (check the servers, then repeat)"
    yield (
        "数据库迁移 (migrations)",
        migrate,
        "改正原因中所说的设置或数据库后重试 (correct what the cause names, then repeat)",
    )
    if os.environ.get("PORTAL_COLLECT_STATIC") != "0":
        yield (
            "静态文件 (static files)",
            collect_static,
            "检查 PORTAL_HOME 的磁盘空间与权限 (disk space, permissions)，然后重试",
        )
    if os.environ.get("DEMO_MODE") == "1":
        mend = "库里是自己的数据：DEMO_MODE=0 make up (your own data: without demo; needs SECRET_KEY, FIELD_KEYS)；密码不合要求：换一个 DEMO_PASSWORD"
        yield "演示区 (demo district)", load_demo, mend


def main() -> int:
    """Run every part; a failure says its cause and its mend and ends with 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")
    os.environ.setdefault("PGCONNECT_TIMEOUT", "10")  # an address nobody answers at: not two minutes of silence
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError

    with suppress(OSError, KeyError):
        _log().unlink(missing_ok=True)  # an old error must not be taken for today's
    for name, act, mend in parts():
        say("step", name)
        try:
            django.setup()
            act()
        except SetupError as refusal:
            return fail(refusal.cause, refusal.mend)
        except (CommandError, ImproperlyConfigured) as error:
            return fail(str(error), mend)
        except Exception as error:
            return fail(f"{type(error).__name__}: {error}", f"{mend}；详情 (details) {keep_traceback()}")
    try:
        list_missing()
    except Exception as error:
        mend = "检查 DATABASE_URL 的角色权限，及 DATABASE_OWNER_URL 是否指同一个库 (rights of the web role, same database?)"
        return fail(f"{type(error).__name__}: {error}", f"{mend}；详情 (details) {keep_traceback()}")
    return 0


def say(kind: str, text: str) -> None:
    """One line to the supervisor, at once."""
    print(f"{kind}\t{text}", flush=True)


def fail(cause: str, mend: str) -> int:
    """Both to the supervisor, the exit status to the caller."""
    for line in cause.strip().splitlines():
        say("cause", line)
    say("mend", mend)
    return 1


def keep_traceback() -> Path:
    """Where the present exception can be read in full."""
    log = _log()
    with suppress(OSError):  # it may be the full disk that is being reported
        log.write_text(traceback.format_exc())
    return log


def _log() -> Path:
    return Path(os.environ["PORTAL_HOME"]) / "logs" / "prepare.log"


def check_servers() -> None:
    """The reader's own servers answer and suit the portal."""
    from unionportal import own_servers

    outside = os.environ["PORTAL_OUTSIDE"].split()
    if "DATABASE_URL" in outside:
        for warning in own_servers.check_database():
            say("warning", warning)
    if "REDIS_URL" in outside:
        own_servers.check_redis()


def migrate() -> None:
    """Every table as this version wants it."""
    from django.core.management import call_command

    call_command("migrate", database="owner", interactive=False, verbosity=1, no_color=True)


def collect_static() -> None:
    """Files the web server hands out, with hashed names."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    say("static", "done")


def load_demo() -> None:
    """The demo district, once, and its accounts by role; long series are shortened to first … last."""
    from django.core.management import call_command

    from unionportal.core.accounts.models import RoleGrant

    call_command("load_demo")
    names: dict[str, list[str]] = {}
    grants = RoleGrant.objects.filter(user__is_active=True).order_by("user__username")
    for role, username in grants.values_list("role", "user__username").distinct():
        names.setdefault(role, []).append(username)
    for role in RoleGrant.Role:
        found = names.get(role, [])
        if found:
            shown = " ".join(found) if len(found) <= 3 else f"{found[0]} … {found[-1]}"
            say("account", f"{role.label}  {shown}")


def list_missing() -> None:
    """How to make the administrators without whom nobody can be let in."""
    from unionportal.core.accounts.services import administrators_missing
    from unionportal.core.orgs.models import Unit

    if os.environ.get("DEMO_MODE") != "1":
        warn_of_demo()
    units = "" if Unit.objects.exists() else " --city 3306 绍兴市总工会 --district 330602 越城区总工会"
    for role in administrators_missing():
        say("first", f"用户名 --name 姓名 --role {role}{units}")
        units = ""


def warn_of_demo() -> None:
    """Real work must not begin on invented people whose passwords were printed."""
    from unionportal.reporting.demo.scenarios import SCENARIOS

    if any(scenario.is_loaded() for scenario in SCENARIOS.values()):
        say(
            "warning",
            "库里是演示数据，演示账号仍可登录；正式使用请另设 PORTAL_HOME 或另建数据库 (this database is a demo)",
        )


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main())
