"""`manage.py backup FILE`: everything the portal keeps, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.reporting.backup import write_backup


class Command(BaseCommand):
    help = "备份全部数据和附件到一个文件（门户运行时也可以做）。密钥不在其中，请另行保存 PORTAL_HOME/env。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，例如 portal-2025-01-20.tar.gz；不会覆盖已有的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.exists():
            raise CommandError(f"{path} 已存在，请换一个文件名。")
        try:
            manifest = write_backup(path)
        except OSError as error:
            raise CommandError(f"无法写入 {path}：{error.strerror}。") from None
        self.stdout.write(f"已备份 {manifest.total} 行数据、{len(manifest.files)} 个附件到 {path}。")
