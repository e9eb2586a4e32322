"""Working off what is to be sent. Any number of workers side by side, each row by one of them; one killed in between leaves the row waiting."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionportal.core.notify.models import Delivery
from unionportal.core.notify.sending import send
from unionportal.core.notify.timing import after_quiet, next_attempt, quiet_of

log = logging.getLogger(__name__)
#: Rows a run takes at most: the next run, a minute later, goes on.
MOST = 500


def deliver_due(*, now: datetime | None = None, most: int = MOST) -> int:
    """Send what is due, a transaction a row; how many rows were worked on."""
    worked = 0
    while worked < most and deliver_one(now=now):
        worked += 1
    return worked


@transaction.atomic
def deliver_one(*, now: datetime | None = None) -> bool:
    """Send the longest due row that nobody else has in hand. False: none. A crash after the other side took it sends it twice, never not at all."""
    moment = now or timezone.now()
    row = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(state=Delivery.State.WAITING, due_at__lte=moment)
        .select_related("notification", "channel")
        .order_by("due_at")
        .first()
    )
    if row is None:
        return False
    later = after_quiet(moment, quiet_of([row.channel.user_id])[row.channel.user_id])
    if later > moment:
        row.due_at = later
    elif not row.channel.is_active:
        _done(row, Delivery.State.GIVEN_UP, moment, "接收方式已停用")
    else:
        _attempt(row, moment)
    row.save()
    return True


def _attempt(row: Delivery, moment: datetime) -> None:
    row.attempts += 1
    try:
        send(row.notification, row.channel)
    except Exception as error:
        # smtplib, sockets and requests share no base class; whatever it was, the row stays and says why.
        log.warning("notification %s not sent by %s: %s", row.notification_id, row.channel.way, error)
        row.error = str(error)[:200]
        again = next_attempt(moment, row.attempts)
        if again is None:
            _done(row, Delivery.State.GIVEN_UP, moment, row.error)
        else:
            row.due_at = again
    else:
        _done(row, Delivery.State.SENT, moment, "")


def _done(row: Delivery, state: Delivery.State, moment: datetime, error: str) -> None:
    row.state, row.done_at, row.error = state, moment, error
