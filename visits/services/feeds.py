"""The secret address of one's own calendar: given out once, kept as a digest like the API tokens, replaced or ended by its owner."""

import secrets
from datetime import datetime

from django.db import transaction

from unionportal.core.accounts.authentication import token_digest
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import CalendarFeed


@transaction.atomic
def calendar_feed_renew(*, actor: Scope, now: datetime | None = None) -> str:
    """A new token for the actor's calendar; the one before stops at once. What is returned is nowhere else."""
    require(actor, "plan.view")
    token = secrets.token_urlsafe(32)
    row, _ = CalendarFeed.objects.update_or_create(
        user_id=actor.user_id, defaults={"digest": token_digest(token), "created_at": now or clock.now()}
    )
    record(actor=actor, action="feed.renew", object_type="calendar_feed", object_id=row.pk)
    return token


@transaction.atomic
def calendar_feed_revoke(*, actor: Scope) -> bool:
    """End the feed; whether there was one."""
    require(actor, "plan.view")
    row = CalendarFeed.objects.select_for_update().filter(user_id=actor.user_id).first()
    if row is None:
        return False
    record(actor=actor, action="feed.revoke", object_type="calendar_feed", object_id=row.pk)
    row.delete()
    return True
