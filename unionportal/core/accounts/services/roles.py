"""Roles are given and taken by the security administrator, who cannot touch their own."""

from django.db import IntegrityError, transaction

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.accounts.services.keepers import keep_an_administrator
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit

_DISTRICT = frozenset({Unit.Kind.DISTRICT})
#: On which kinds of unit a role may be held.
ROLE_UNITS: dict[str, frozenset[str]] = {
    Role.SYSADMIN: _DISTRICT,
    Role.SECURITY: _DISTRICT,
    Role.AUDITOR: _DISTRICT,
    Role.LEADER: _DISTRICT,
    Role.STAFF: _DISTRICT,
    Role.CADRE: _DISTRICT,
    Role.TOWNSHIP: frozenset({Unit.Kind.TOWNSHIP}),
    Role.HANDLER: frozenset({Unit.Kind.DEPARTMENT, Unit.Kind.WORKROOM, Unit.Kind.AGENCY}),
    Role.AID: frozenset({Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP}),
    Role.KEEPER: frozenset(Unit.Kind) - {Unit.Kind.CITY},
}


@transaction.atomic
def role_grant(*, user: User, role: str, unit: Unit, actor: Scope) -> RoleGrant:
    """Give a person a role on a unit. FieldErrors at `role` or `unit`."""
    require(actor, "role.manage")
    if user.pk == actor.user_id:
        raise Forbidden("不能给自己授予角色，请由另一名安全管理员办理。")
    if role not in RoleGrant.Role.values:
        raise FieldErrors({"role": "请选择角色。"})
    label = RoleGrant.Role(role).label
    if unit.kind not in ROLE_UNITS[role]:
        kinds = "、".join(Unit.Kind(kind).label for kind in Unit.Kind.values if kind in ROLE_UNITS[role])
        raise FieldErrors({"unit": f"“{label}”只能授在这类单位上：{kinds}。"})
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, unit=unit)
    except IntegrityError as error:
        if "grant_one_admin_role" in str(error):
            raise FieldErrors({"role": "系统、安全、审计三类管理员须由不同的人担任，此人已是其中之一。"}) from None
        raise FieldErrors({"role": f"此人在该单位已有“{label}”角色。"}) from None
    record(actor=actor, action="role.grant", object_type="account", object_id=user.pk, role=role, unit=unit.code)
    return grant


@transaction.atomic
def role_revoke(*, user: User, role: str, unit: Unit, actor: Scope) -> None:
    """Take a role from a person. Conflict for the last active system or security administrator."""
    require(actor, "role.manage")
    if user.pk == actor.user_id:
        raise Forbidden("不能撤销自己的角色，请由另一名安全管理员办理。")
    keep_an_administrator(losing=user, role=role)
    deleted, _ = RoleGrant.objects.filter(user=user, role=role, unit=unit).delete()
    if not deleted:
        raise NotFound("此人没有这个角色，可能刚被撤销。")
    record(actor=actor, action="role.revoke", object_type="account", object_id=user.pk, role=role, unit=unit.code)
