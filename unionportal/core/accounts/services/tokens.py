"""API tokens: shown once, kept as a digest."""

import secrets

from django.db import transaction

from unionportal.core.accounts.authentication import token_digest
from unionportal.core.accounts.models import ApiToken, User
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope


@transaction.atomic
def token_create(*, user: User, actor: Scope) -> str:
    """A new bearer token of an active account; what is returned is nowhere else."""
    require(actor, "account.manage")
    if not user.is_active:
        raise Conflict("这个账号已停用，不能发放接口令牌。")
    token = secrets.token_urlsafe(32)
    row = ApiToken.objects.create(user=user, digest=token_digest(token))
    record(actor=actor, action="token.create", object_type="account", object_id=user.pk, token=row.pk)
    return token
