"""What a person has been shown once."""

from django.db import transaction

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.accounts.services.accounts import user_for_update
from unionportal.core.common.errors import FieldErrors, Forbidden
from unionportal.core.common.scope import Scope


@transaction.atomic
def hint_dismiss(*, user: User, role: str, actor: Scope) -> User:
    """The person has read the first-time hint of a role: it is not shown again. A matter of the screen, so not on the audit trail."""
    if user.pk != actor.user_id:
        raise Forbidden
    if role not in RoleGrant.Role.values:
        raise FieldErrors({"role": "没有这个角色。"})
    locked = user_for_update(user.pk)
    if role not in locked.hinted_roles:
        locked.hinted_roles = [*locked.hinted_roles, role]
        locked.save(update_fields=["hinted_roles"])
    return locked
