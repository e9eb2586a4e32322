#!/usr/bin/env python3
"""Django's command line, with the environment and the servers of PORTAL_HOME."""

import os
import sys

from unionportal.embedded.errors import SetupError
from unionportal.embedded.home import Home
from unionportal.embedded.servers import available

# Commands that read settings but no database: they start no server.
WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "diffsettings",
    "findstatic",
    "help",
    "spectacular",
    "version",
    "--help",
    "--version",
}


def main() -> int:
    """Run one command; servers are joined or started for its duration."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    needs_servers = command not in WITHOUT_SERVERS or "--database" in sys.argv
    home = Home.from_environ()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionportal.settings")
        home.load_env(os.environ)
        with available(home, os.environ, start=needs_servers):
            return execute()
    except SetupError as error:
        print(error.report(), file=sys.stderr)
        return 1


def execute() -> int:
    """Hand over to Django; a missing setting is one line, not a traceback."""
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SetupError(
            "Python", f"缺少 {error.name} (not installed)", "用 .venv/bin/python manage.py …；先运行 make up"
        ) from None
    try:
        _ = settings.INSTALLED_APPS  # loads them
    except ImproperlyConfigured as error:
        raise SetupError(
            "settings",
            str(error),
            "在环境变量或 PORTAL_HOME/env 中设置；make up 会生成演示环境 (make up writes a demo environment)",
        ) from None
    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
