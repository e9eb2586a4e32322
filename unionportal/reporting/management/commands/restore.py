"""`manage.py restore FILE`: a backup back into an empty database, then the check of everything."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.errors import DomainError
from unionportal.reporting.restore import restore_backup


class Command(BaseCommand):
    help = "把备份恢复到空的数据库和附件目录，随后核对全部数据；数据库里已有数据时不做任何改变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="manage.py backup 生成的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"没有这个文件：{path}")
        try:
            manifest = restore_backup(path)
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"已恢复 {manifest.made_at} 的备份：{manifest.total} 行数据、{len(manifest.files)} 个附件。")
        call_command("check_integrity", stdout=self.stdout)
