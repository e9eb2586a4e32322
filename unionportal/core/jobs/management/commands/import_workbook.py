from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common.errors import DomainError
from unionportal.core.common.exchange.kinds import Outcome, import_kind, import_kinds
from unionportal.core.common.scope import SYSTEM
from unionportal.core.files.services import safe_name
from unionportal.core.jobs.importing import Problem, Result, bring_in
from unionportal.core.jobs.sheets import Sheet, read_sheet
from unionportal.core.jobs.uploads import checked_content
from unionportal.core.jobs.workbooks import marked_copy


class Command(BaseCommand):
    help = "导入一份表格，要么整份写入，要么一行不写。Imports a workbook whole, or not at all; exit 1 and a list where rows are wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.code for kind in import_kinds()])
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--report", type=Path, help="把标出问题的副本写到这里（.xlsx）")

    def handle(self, *args: Any, kind: str, file: Path, dry_run: bool, report: Path | None, **options: Any) -> None:
        try:
            sheet = self.sheet(file, import_kind(kind).most_rows)
            result = self.bring_in(kind, sheet, dry_run)
        except DomainError as error:
            raise CommandError("；".join(error.fields.values()) or error.detail) from None
        for problem in result.problems:
            self.stdout.write(line_of(problem))
        if result.problems and report is not None:
            self.write_report(report, sheet, result)
        if result.problems:
            raise CommandError(f"{result.total} 行中有 {len(result.problems)} 处问题，一行也没有写入。")
        counts = "，".join(f"{each.label} {result.counts[each]} 行" for each in Outcome)
        self.stdout.write(f"{'检查通过，没有写入' if dry_run else '已导入'}：{counts}。")

    @staticmethod
    def sheet(file: Path, most_rows: int) -> Sheet:
        try:
            upload = SimpleUploadedFile(file.name, file.read_bytes())
        except OSError as error:
            raise CommandError(f"无法读取 {file}：{error.strerror}") from None
        name = safe_name(file.name)
        file_format = Path(name).suffix.lower().lstrip(".")
        return read_sheet(checked_content(name, upload), file_format, most_rows=most_rows)

    @staticmethod
    @transaction.atomic
    def bring_in(kind: str, sheet: Sheet, dry_run: bool) -> Result:
        result = bring_in(import_kind(kind), sheet, actor=SYSTEM, dry_run=dry_run)
        if result.problems or dry_run:
            transaction.set_rollback(True)
        else:
            record(actor=SYSTEM, action="import.finish", object_type="import", object_id=kind, counts=result.counts)
        return result

    def write_report(self, report: Path, sheet: Sheet, result: Result) -> None:
        try:
            with marked_copy(sheet, result.problems) as copy:
                report.write_bytes(copy.read())
        except OSError as error:
            raise CommandError(f"无法写入 {report}：{error.strerror}") from None
        self.stdout.write(f"标注副本：{report}")


def line_of(problem: Problem) -> str:
    """第 5 行 统一社会信用代码“123”：应为 18 位。"""
    value = f"“{problem.value}”" if problem.value else ""
    place = f" {problem.column}{value}" if problem.column else ""
    return f"第 {problem.row} 行{place}：{problem.reason}"
