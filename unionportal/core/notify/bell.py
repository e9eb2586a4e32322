"""The bell of the top bar: how many are unread, in one bounded query."""

from typing import Any

from unionportal.core.notify.models import Notification

BOUND = 99


def bell(user_id: int, *, unread: int | None = None) -> dict[str, Any]:
    """What base.html draws: address and count, "99+" beyond. `unread`: where the number is known already."""
    if unread is None:
        unread = Notification.objects.filter(user_id=user_id, read_at=None).order_by()[: BOUND + 1].count()
    return {"url": "/notifications/", "count": f"{BOUND}+" if unread > BOUND else unread}
