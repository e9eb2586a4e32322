from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from unionportal.core.accounts.models import RoleGrant
from unionportal.core.accounts.passwords import one_time_password
from unionportal.core.accounts.services import administrators_missing, first_administrator_create
from unionportal.core.accounts.services.keepers import INDISPENSABLE
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.scope import SYSTEM


class Command(BaseCommand):
    help = (
        "建立第一名系统管理员（sysadmin，管账号与单位）或安全管理员（security，管角色）；两者须由不同的人担任，都有了才能请进其他人。"
        "该角色已有启用中的人担任时不做任何改变。Makes the first administrator of a portal that has none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--role", required=True, choices=INDISPENSABLE)
        units = "还没有单位时必须给出，例如"
        parser.add_argument("--city", nargs=2, metavar=("CODE", "NAME"), help=f"{units} --city 3306 绍兴市总工会")
        parser.add_argument(
            "--district", nargs=2, metavar=("CODE", "NAME"), help=f"{units} --district 330602 越城区总工会"
        )

    def handle(self, *args: Any, username: str, name: str, role: str, **options: Any) -> None:
        password = one_time_password()
        city, district = (tuple(options[which]) if options[which] else None for which in ("city", "district"))
        try:
            first_administrator_create(
                username=username,
                display_name=name,
                role=role,
                password=password,
                city=city,
                district=district,
                actor=SYSTEM,
            )
        except FieldErrors as error:
            raise CommandError(" ".join(error.fields.values())) from None
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"已建立{RoleGrant.Role(role).label} {name}（{username}）。")
        self.stdout.write(f"一次性密码，只显示这一次，首次登录须修改 (one-time password)：{password}")
        for missing in administrators_missing():
            self.stdout.write(
                f"还缺一名{RoleGrant.Role(missing).label}：create_administrator 用户名 --name 姓名 --role {missing}"
            )
