"""Exit 1 and a list where figures, event log, issues and attachments disagree."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.reporting.integrity import disagreements

LISTED = 200


class Command(BaseCommand):
    help = "核对统计数据、办理记录、问题诉求与附件是否一致；有出入时列出并以非零状态退出。只读，不改动数据。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = disagreements()
        for line in found[:LISTED]:
            self.stdout.write(line)
        if len(found) > LISTED:
            self.stdout.write(f"……另有 {len(found) - LISTED} 处。")
        if found:
            raise CommandError(f"发现 {len(found)} 处不一致。")
        self.stdout.write("核对完毕，没有发现不一致。")
