"""Telling people. Written in the caller's transaction: what is saved is told, what is rolled back never was."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Channel, Delivery, Kind, Notification, QuietHours
from unionportal.core.notify.targets import read_target, sealed
from unionportal.core.notify.timing import after_quiet, quiet_of

DELIVER = "notify.deliver"
_silent: ContextVar[bool] = ContextVar("notify_silent", default=False)


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told, as what kind."""

    user_id: int
    kind: str


@contextmanager
def silence() -> Iterator[None]:
    """Tell nobody within: for loading history (demo, imports)."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Whether nobody is told at present."""
    return _silent.get()


def tell(people: Iterable[Told], *, text: str, url: str, source: str, now: datetime | None = None) -> None:
    """Write one line for each person, once for each `source`, and what their channels are to send. A person told twice hears the graver kind."""
    if is_silent():
        return
    graver = {kind: rank for rank, kind in enumerate((Kind.MENTION, Kind.URGE, Kind.TODO, Kind.PROGRESS))}
    wanted: dict[int, str] = {}
    for each in people:
        if each.user_id not in wanted or graver[Kind(each.kind)] < graver[Kind(wanted[each.user_id])]:
            wanted[each.user_id] = each.kind
    if not wanted:
        return
    moment = now or clock.now()
    Notification.objects.bulk_create(
        [
            Notification(user_id=user, kind=kind, text=text[:200], url=url, source=source, made_at=moment)
            for user, kind in sorted(wanted.items())
        ],
        ignore_conflicts=True,
    )
    channels = [c for c in Channel.objects.filter(user__in=wanted, is_active=True) if wanted[c.user_id] in c.kinds]
    if channels:
        _queue(channels, source)


def _queue(channels: list[Channel], source: str) -> None:
    made = dict(
        Notification.objects.filter(source=source, user__in={c.user_id for c in channels}).values_list("user_id", "id")
    )
    quiet = quiet_of(made)
    moment = timezone.now()  # real time: a demo district's clock is years behind the mail server's
    Delivery.objects.bulk_create(
        [
            Delivery(
                notification_id=made[channel.user_id],
                channel=channel,
                due_at=after_quiet(moment, quiet[channel.user_id]),
            )
            for channel in channels
        ],
        ignore_conflicts=True,
    )
    soon_by_name(DELIVER)


@transaction.atomic
def notification_read(*, actor: Scope, pk: int | None = None) -> int:
    """Mark one of the person's notifications as read, or all of them; how many were unread."""
    rows = Notification.objects.filter(user_id=actor.user_id, read_at=None)
    return rows.filter(**({"pk": pk} if pk is not None else {})).update(read_at=clock.now())


@transaction.atomic
def channel_set(*, way: str, target: str, kinds: list[str], is_active: bool, actor: Scope) -> Channel | None:
    """How the person wants to hear besides the portal. An empty target takes the channel away. FieldErrors at target or kinds."""
    found = Channel.objects.select_for_update().filter(user_id=actor.user_id, way=way).first()
    if not target.strip():
        if found is not None:
            found.delete()
            record(actor=actor, action="channel.remove", object_type="channel", object_id=way)
        return None
    plain = read_target(way, target)
    if is_active and not kinds:
        raise FieldErrors({"kinds": "请至少选一种要接收的内容。"})
    channel = found or Channel(user_id=actor.user_id, way=way)
    channel.target = sealed(plain, channel)
    channel.kinds, channel.is_active = [str(kind) for kind in Kind if kind in kinds], is_active
    channel.save()
    record(
        actor=actor,
        action="channel.set",
        object_type="channel",
        object_id=way,
        kinds=channel.kinds,
        is_active=is_active,
    )
    return channel


@transaction.atomic
def quiet_set(*, begin: int | None, end: int | None, actor: Scope) -> None:
    """The person's own quiet hours; None for both: the district's. FieldErrors at begin or end."""
    if begin is None and end is None:
        QuietHours.objects.filter(user_id=actor.user_id).delete()
        return
    if begin is None or end is None:
        raise FieldErrors({"begin" if begin is None else "end": "开始和结束要一起填，或都不填。"})
    if not (0 <= begin <= 23 and 0 <= end <= 23):
        raise FieldErrors({"begin": "请填 0 到 23 之间的整点。"})
    QuietHours.objects.update_or_create(user_id=actor.user_id, defaults={"begin": begin, "end": end})
