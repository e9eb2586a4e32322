"""Bring the kept figures up to date, or compute them anew."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.scope import SYSTEM
from unionportal.reporting import upkeep
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import LENGTH, MONTH, PERIOD_LABELS, period_label, period_start


class Command(BaseCommand):
    help = "更新统计数据：默认只算有变动的部分；--start 重算一个周期；--full 全部重算。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", choices=sorted(LENGTH), help="周期：month（默认）、quarter、year")
        parser.add_argument("--start", type=date.fromisoformat, metavar="DATE", help="周期中的任意一天，如 2024-09-01")
        parser.add_argument("--full", action="store_true", help="全部重算（不能与 --start 同用）")

    def handle(self, *args: Any, **options: Any) -> None:
        start: date | None = options["start"]
        if options["full"] and start is not None:
            raise CommandError("--full 重算全部周期，不能再指定 --start。")
        if options["period"] and start is None and not options["full"]:
            raise CommandError(f"请用 --start 指定要重算哪个{PERIOD_LABELS[options['period']]}，或用 --full 全部重算。")
        if options["full"]:
            upkeep.recomputation_ask(actor=SYSTEM)
            upkeep.recomputation_run(wait=True)
            self.stdout.write("统计数据已全部重算。")
        elif start is not None:
            self._one_period(options["period"] or MONTH, start)
        else:
            self.stdout.write(f"统计数据已更新，处理了 {refresh.refresh()} 条变动。")

    def _one_period(self, period: str, start: date) -> None:
        first = period_start(period, start)
        refresh.refresh()
        refresh.recompute_period(period, first)
        self.stdout.write(f"{period_label(period, first)}的统计数据已重算。")
