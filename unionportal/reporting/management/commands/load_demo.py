"""`manage.py load_demo`: the demo district, once."""

import os
import secrets
import string
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.errors import FieldErrors
from unionportal.reporting.demo import loader
from unionportal.reporting.demo.scenarios import SCENARIOS


class Command(BaseCommand):
    help = "载入演示区（虚构）：17 个镇街、23 名驻联干部、1833 次走访、925 件诉求。已载入时不做任何改变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scenario", choices=list(SCENARIOS), default="yuecheng", help="载入哪个演示情景")

    def handle(self, *args: Any, **options: Any) -> None:
        scenario = SCENARIOS[options["scenario"]]
        if scenario.is_loaded():
            self.stdout.write("演示区已载入，未作改变。")
            return
        if not loader.is_empty():
            raise CommandError("数据库里已有单位或账号，演示数据只能载入空的数据库。")
        given = os.environ.get("DEMO_PASSWORD", "")
        password = given or _password()
        self.started = time.monotonic()
        try:
            scenario.load(password=password, say=self._say)
        except FieldErrors as error:
            raise CommandError(f"{error.detail} {' '.join(error.fields.values())}（DEMO_PASSWORD）") from None
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
