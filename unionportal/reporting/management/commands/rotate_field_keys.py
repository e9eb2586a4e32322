"""Seals every sealed field and scan with the newest of FIELD_KEYS; exit 1 where one could not be opened."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.common.scope import SYSTEM
from unionportal.reporting.field_keys import field_keys_rotate


class Command(BaseCommand):
    help = "用 FIELD_KEYS 中最后一个密钥重新加密所有加密字段和扫描件；可以反复执行，中断后再执行即可。"

    def handle(self, *args: Any, **options: Any) -> None:
        done = field_keys_rotate(actor=SYSTEM)
        for each in done:
            lost = f"，无法解密 {each.unreadable} 条" if each.unreadable else ""
            self.stdout.write(f"{each.column}：重新加密 {each.resealed} 条{lost}。")
        if unreadable := sum(each.unreadable for each in done):
            raise CommandError(
                f"有 {unreadable} 条无法解密，原样保留：请先把它们的密钥加回 FIELD_KEYS，不要去掉旧密钥。"
            )
        self.stdout.write("全部字段和扫描件都已用最新的密钥加密，可以从 FIELD_KEYS 中去掉旧密钥。")
