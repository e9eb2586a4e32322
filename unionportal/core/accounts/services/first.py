"""The first administrators of a portal without any: made from the shell, because no page lets anybody in yet."""

import re

from django.db import connection, transaction

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.accounts.services.accounts import account_create
from unionportal.core.accounts.services.keepers import INDISPENSABLE
from unionportal.core.accounts.services.roles import role_grant
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.orgs.services import unit_create

#: Code and name of a union that is still to be entered.
CodeAndName = tuple[str, str]


def administrators_missing() -> list[str]:
    """Which of the two roles without which nobody can be let in have no active holder."""
    held = RoleGrant.objects.filter(role__in=INDISPENSABLE, user__is_active=True).values_list("role", flat=True)
    return [role for role in INDISPENSABLE if role not in set(held)]


@transaction.atomic
def first_administrator_create(
    *,
    username: str,
    display_name: str,
    role: str,
    password: str,
    actor: Scope,
    city: CodeAndName | None = None,
    district: CodeAndName | None = None,
) -> User:
    """An account with one of the two indispensable roles, while that role has no active holder. Only the portal itself may do both.

    A role is held on the district's union; where there is none yet, it and the city's above it are entered first.
    Raises Conflict where somebody holds the role or the units are there already, FieldErrors as account and units do.
    """
    _one_at_a_time()
    on = _district(city=city, district=district, actor=actor)
    if role not in administrators_missing():
        holder = User.objects.filter(grants__role=role, is_active=True).first()
        raise Conflict(
            f"已有启用中的{RoleGrant.Role(role).label}（{holder}），账号与角色请在门户的“账号”页面办理；忘了密码用 reset_password 用户名。"
        )
    user = account_create(username=username, display_name=display_name, password=password, actor=actor)
    role_grant(user=user, role=role, unit=on, actor=actor)
    return user


def _one_at_a_time() -> None:
    """First administrators wait for one another: in an empty portal no row is there to lock, and two would enter two districts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.first'))")


def _district(*, city: CodeAndName | None, district: CodeAndName | None, actor: Scope) -> Unit:
    """The district's union; entered where there is none yet."""
    found = Unit.objects.filter(kind=Unit.Kind.DISTRICT).order_by("code").first()
    if found is not None:
        if district is not None and district[0] != found.code:
            raise Conflict(f"已有{found.name}（{found.code}），不再建立另一个区总工会。")
        return found
    if city is None or district is None:
        raise FieldErrors({"district": "还没有单位：请用 --city 代码 名称 和 --district 代码 名称 给出市、区总工会。"})
    (city_code, city_name), (code, name) = city, district
    # Codes stay for ever, and townships, figures and reports hang on them.
    if not (re.fullmatch(r"[0-9]{4}", city_code) and re.fullmatch(r"[0-9]{6}", code)):
        raise FieldErrors({"district": "代码用行政区划代码：市 4 位数字（如 3306），区 6 位数字（如 330602）。"})
    if not code.startswith(city_code):
        raise FieldErrors({"district": f"区的代码 {code} 应以市的代码 {city_code} 开头。"})
    city_name, name = city_name.strip(), name.strip()
    if not all(1 <= len(given) <= 30 for given in (city_name, name)):
        raise FieldErrors({"district": "请给出市、区总工会的名称，各不超过 30 个字。"})
    above = unit_create(code=city_code, kind=Unit.Kind.CITY, name=city_name, short_name="", actor=actor)
    return unit_create(code=code, kind=Unit.Kind.DISTRICT, name=name, short_name="", parent=above, actor=actor)
