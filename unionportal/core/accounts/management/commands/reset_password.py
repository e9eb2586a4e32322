from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.accounts.models import User
from unionportal.core.accounts.passwords import one_time_password
from unionportal.core.accounts.services import password_reset
from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import SYSTEM


class Command(BaseCommand):
    help = (
        "给已有账号一个一次性密码：系统管理员自己忘了密码、没有人能在“账号”页面重置时用。会话与接口令牌随即失效，登录锁定解除，记入审计。"
        "Gives an account a one-time password, where nobody can do it on the page 账号."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。No account is called {username!r}.")
        if not user.is_active:
            raise CommandError(f"账号 {username} 已停用，有密码也不能登录：请由系统管理员在“账号”页面启用。")
        password = one_time_password()
        try:
            password_reset(user=user, password=password, actor=SYSTEM)
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"{user}（{username}）的密码已重置，原有会话与接口令牌已失效。")
        self.stdout.write(f"一次性密码，只显示这一次，下次登录须修改 (one-time password)：{password}")
