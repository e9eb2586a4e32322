"""Bring the kept figures up to date, or compute them anew."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.reporting import upkeep
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import LENGTH, MONTH, period_label, period_start


class Command(BaseCommand):
    help = "更新统计数据：默认只算有变动的部分；--period 或 --start 重算一个周期；--full 全部重算。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--period", choices=sorted(LENGTH), help="周期：month（默认）、quarter、year；单独使用时重算本期"
        )
        parser.add_argument("--start", type=date.fromisoformat, metavar="DATE", help="周期中的任意一天，如 2024-09-01")
        parser.add_argument("--full", action="store_true", help="全部重算，另外指定的周期也在其中")

    def handle(self, *args: Any, **options: Any) -> None:
        period: str | None = options["period"]
        start: date | None = options["start"]
        if options["full"]:
            upkeep.recomputation_ask(actor=SYSTEM)
            upkeep.recomputation_run(wait=True)
            self.stdout.write("统计数据已全部重算。")
        elif period or start:
            self._one_period(period or MONTH, start or clock.today())
        else:
            self.stdout.write(f"统计数据已更新，处理了 {refresh.refresh()} 条变动。")

    def _one_period(self, period: str, start: date) -> None:
        first = period_start(period, start)
        refresh.refresh()
        refresh.recompute_period(period, first)
        self.stdout.write(f"{period_label(period, first)}的统计数据已重算。")
