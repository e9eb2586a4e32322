from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.errors import DomainError
from unionportal.reporting.reports.files import FORMATS, annual_report_file


class Command(BaseCommand):
    help = "Write the annual report of a year as Word or Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--format", choices=sorted(FORMATS), required=True)
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = annual_report_file(options["year"], options["format"])
            options["output"].write_bytes(report.content)
        except DomainError as error:
            raise CommandError("；".join(error.fields.values()) or error.detail) from None
        except OSError as error:
            raise CommandError(f"无法写入 {options['output']}：{error.strerror}") from None
        self.stdout.write(f"{options['output']}　{len(report.content)} 字节")
