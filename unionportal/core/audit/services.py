from typing import Any

from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.scope import Scope


def record(*, actor: Scope, action: str, object_type: str, object_id: Any, **data: Any) -> AuditEntry:
    """Append one entry in the caller's transaction. `data` holds ids, codes, states and counts, never free text."""
    return AuditEntry.objects.create(
        actor_id=actor.user_id or None, action=action, object_type=object_type, object_id=str(object_id), data=data
    )
