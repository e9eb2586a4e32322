from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.accounts.models import User
from unionportal.core.accounts.services import token_create
from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import SYSTEM


class Command(BaseCommand):
    help = "为一个账号发放接口令牌；标准输出只有令牌本身。Prints a new API token, alone, on stdout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户名为“{username}”的账号。No account is called {username!r}.")
        try:
            self.stdout.write(token_create(user=user, actor=SYSTEM))
        except DomainError as error:
            raise CommandError(error.detail) from None
