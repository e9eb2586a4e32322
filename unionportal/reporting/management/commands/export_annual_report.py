from argparse import ArgumentParser
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.reporting.management.exporting import export
from unionportal.reporting.models import ReportFormat, ReportKind


class Command(BaseCommand):
    help = "Write the annual report of a year as Word, Excel or PDF."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--format", choices=ReportFormat.values, required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if not MINYEAR <= options["year"] <= MAXYEAR:
            raise CommandError(f"没有{options['year']}年的统计数据。")
        start = date(options["year"], 1, 1)
        self.stdout.write(export(ReportKind.ANNUAL, start, options["format"], options["output"]))
