"""The portal never loses its last system or security administrator: nobody could let anybody back in."""

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.common.errors import Conflict
from unionportal.core.common.scope import Role

INDISPENSABLE = (Role.SYSADMIN, Role.SECURITY)


def keep_an_administrator(*, losing: User, role: str | None = None) -> None:
    """Refuse to take the role (or, by disabling the account, every role) from the last active holder.

    Locks the grants of the roles concerned first, so that two administrators cannot remove each other at the same moment.
    """
    for kept in INDISPENSABLE if role is None else (role,):
        if kept not in INDISPENSABLE:
            continue
        holders = list(
            RoleGrant.objects.select_for_update().filter(role=kept).order_by("pk").values_list("user_id", flat=True)
        )
        if losing.pk not in holders:
            continue
        if not User.objects.filter(pk__in=holders, is_active=True).exclude(pk=losing.pk).exists():
            name = RoleGrant.Role(kept).label
            raise Conflict(f"{losing.display_name}是最后一名启用中的{name}，请先安排另一名{name}。")
