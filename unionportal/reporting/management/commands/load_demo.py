"""`manage.py load_demo`: the demo district, once."""

import os
import secrets
import string
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.accounts.services import shared_password_replace
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import SYSTEM
from unionportal.reporting.demo import loader
from unionportal.reporting.demo.scenarios import SCENARIOS, Scenario


class Command(BaseCommand):
    help = "载入演示区（虚构）：17 个镇街、23 名驻联干部、1833 次走访、925 件诉求。已载入时不做任何改变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scenario", choices=list(SCENARIOS), default="yuecheng", help="载入哪个演示情景")

    def handle(self, *args: Any, **options: Any) -> None:
        scenario = SCENARIOS[options["scenario"]]
        given = os.environ.get("DEMO_PASSWORD", "")
        try:
            if scenario.is_loaded():
                self._keep_up(given)
            elif loader.is_empty():
                self._load(scenario, given)
            else:
                raise CommandError("数据库里已有单位或账号，演示数据只能载入空的数据库。")
        except FieldErrors as error:
            raise CommandError(f"{error.detail} {' '.join(error.fields.values())}（DEMO_PASSWORD）") from None

    def _keep_up(self, given: str) -> None:
        """What is loaded stays as it is; only a DEMO_PASSWORD that was changed since is made to hold."""
        self.stdout.write("演示区已载入，未作改变。")
        if given and shared_password_replace(password=given, actor=SYSTEM):
            self.stdout.write("演示账号的密码已换成 DEMO_PASSWORD 现在的值（自己改过密码的账号除外）。")

    def _load(self, scenario: Scenario, given: str) -> None:
        password = given or _password()
        self.started = time.monotonic()
        scenario.load(password=password, say=self._say)
        self.stdout.write(f"{scenario.title}已载入，用时 {time.monotonic() - self.started:.0f} 秒。")
        if not given:
            self.stdout.write(f"演示账号的密码（DEMO_PASSWORD 未设置，已生成）：{password}")

    def _say(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self.started:4.0f} 秒  {text}")
        self.stdout.flush()


def _password() -> str:
    """A random one that has every class of characters."""
    letters = "".join(secrets.choice(string.ascii_lowercase) for _ in range(10))
    return f"Demo-{letters}-{secrets.randbelow(90) + 10}"
