"""What a start needs of Django, in one process: migrations, static files, the demo district, who can sign in.

Speaks to the supervisor in lines `step<TAB>name`, `account<TAB>text`, `static<TAB>done`; anything else is progress.
"""

import os
import sys


def main() -> int:
    """Run every part; a failure leaves its message last and a non-zero exit."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")
    try:
        say("step", "数据库迁移 (migrations)")
        django.setup()
        call_command("migrate", database="owner", interactive=False, verbosity=1, no_color=True)
        if os.environ.get("PORTAL_COLLECT_STATIC") != "0":
            say("step", "静态文件 (static files)")
            call_command("collectstatic", interactive=False, verbosity=0)
            say("static", "done")
        if os.environ.get("DEMO_MODE") == "1":
            say("step", "演示区 (demo district)")
            call_command("load_demo")
            list_accounts()
    except (CommandError, ImproperlyConfigured) as error:
        print(error)
        return 1
    return 0


def say(kind: str, text: str) -> None:
    """One line to the supervisor, at once."""
    print(f"{kind}\t{text}", flush=True)


def list_accounts() -> None:
    """The demo accounts by role, long series shortened to first … last."""
    from unionportal.core.accounts.models import RoleGrant

    names: dict[str, list[str]] = {}
    grants = RoleGrant.objects.filter(user__is_active=True).order_by("user__username")
    for role, username in grants.values_list("role", "user__username").distinct():
        names.setdefault(role, []).append(username)
    for role in RoleGrant.Role:
        found = names.get(role, [])
        if found:
            shown = " ".join(found) if len(found) <= 3 else f"{found[0]} … {found[-1]}"
            say("account", f"{role.label}  {shown}")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main())
