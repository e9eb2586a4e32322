"""`manage.py seed_scale`: bulk data for benchmarks, in a database of its own."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.reporting.demo import scale


class Command(BaseCommand):
    help = "向压测库（库名以 _scale 结尾、尚无数据）写入大量确定的走访与诉求，供性能测试。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--issues", type=int, required=True, help="诉求件数")
        parser.add_argument("--visits", type=int, required=True, help="走访次数")
        parser.add_argument("--months", type=int, default=24, help="跨多少个月（到 2025 年 1 月为止）")
        parser.add_argument("--townships", type=int, default=17, help="镇街数（多于 17 个的另外虚构）")
        parser.add_argument("--categories", type=int, default=16, help="诉求类别数（多于 16 个的另外虚构）")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("issues", "visits", "months", "townships", "categories"):
            if options[name] < 1:
                raise CommandError(f"--{name} 至少为 1。")
        started = time.monotonic()
        try:
            scale.check_place()
        except scale.Refused as refusal:
            raise CommandError(str(refusal)) from None
        shape = scale.Shape(
            **{name: options[name] for name in ("issues", "visits", "months", "townships", "categories")}
        )
        with scale.bare_tables():
            scale.seed(shape, password=os.environ.get("DEMO_PASSWORD", ""), say=self.stdout.write)
        scale.finish(self.stdout.write)
        self.stdout.write(
            f"已写入 {options['issues']} 件诉求、{options['visits']} 次走访，用时 {time.monotonic() - started:.0f} 秒。"
        )
