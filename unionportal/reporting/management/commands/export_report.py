from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.errors import FieldErrors
from unionportal.reporting.management.exporting import export
from unionportal.reporting.models import ReportFormat, ReportKind
from unionportal.reporting.reports.periods import read_period


class Command(BaseCommand):
    help = "Write a report of a period: monthly (2024-09), quarterly (2024-Q3) or annual (2024)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=ReportKind.values)
        parser.add_argument("--period", required=True)
        parser.add_argument("--format", choices=ReportFormat.values, required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        kind, file_format = options["kind"], options["format"]
        try:
            start = read_period(kind, options["period"])
        except FieldErrors as error:
            raise CommandError(error.fields["period"]) from None
        self.stdout.write(export(kind, start, file_format, options["output"]))
