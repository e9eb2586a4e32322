"""A station opens, pauses, goes on, and is withdrawn. With its first opening it gets a public code, with its withdrawal the code is closed."""

from datetime import date, datetime

from django.db import transaction

from casework.models import PublicCode
from casework.services.codes import code_close, code_create
from stations.models import Keepership, Station
from stations.models.history import REASON_LENGTH
from stations.services.log import Change, locked, saved
from stations.services.register import CODE_OWNER, code_place
from stations.workflow import MOVES
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import SYSTEM, Scope


@transaction.atomic
def station_open(
    *, code: str, version: int | None, actor: Scope, opened_on: date | None = None, now: datetime | None = None
) -> Station:
    """Open a planned station from a day on (default: today). It needs a point and hours. Its public code is the portal's doing, whoever opens it."""
    moment = now or clock.now()
    day, today = opened_on or clock.local_date(moment), clock.local_date(moment)
    station = _movable(code, version, "open", actor)
    if not station.has_point:
        raise InvalidTransition("还没有坐标，请先补上再启用。")
    if not station.open_all_day and not station.hours.exists():
        raise InvalidTransition("还没有开放时间，请先补上再启用。")
    if day > today:
        raise FieldErrors({"opened_on": "启用日期不能晚于今天。"})
    station.opened_on = day
    _moved(station, "open", actor, moment, on=day)
    code_create(owner=code_place(station), actor=SYSTEM, now=moment)
    return station


@transaction.atomic
def station_suspend(
    *, code: str, version: int | None, reason: str, actor: Scope, now: datetime | None = None
) -> Station:
    """Stop serving for now; its code goes on taking reports."""
    station = _movable(code, version, "suspend", actor)
    return _moved(station, "suspend", actor, now or clock.now(), reason=_required(reason))


@transaction.atomic
def station_resume(*, code: str, version: int | None, actor: Scope, now: datetime | None = None) -> Station:
    """Serve again."""
    station = _movable(code, version, "resume", actor)
    return _moved(station, "resume", actor, now or clock.now())


@transaction.atomic
def station_withdraw(
    *,
    code: str,
    version: int | None,
    reason: str,
    actor: Scope,
    withdrawn_on: date | None = None,
    now: datetime | None = None,
) -> Station:
    """End a station for good, from a day on (default: today, not in the future). Its code is closed, its keepers' time ends; all of it stays readable."""
    moment = now or clock.now()
    today = clock.local_date(moment)
    day = withdrawn_on or today
    station = _movable(code, version, "withdraw", actor)
    if day > today:
        raise FieldErrors({"withdrawn_on": "撤销日期不能晚于今天。"})
    if station.opened_on is not None and day < station.opened_on:
        raise FieldErrors({"withdrawn_on": f"撤销日期不能早于启用日期（{zh_day(station.opened_on)}）。"})
    station.withdrawn_on = day
    _moved(station, "withdraw", actor, moment, reason=_required(reason), on=day)
    for public in PublicCode.objects.open().filter(owner_kind=CODE_OWNER, owner_uuid=station.uuid):
        code_close(uuid=public.uuid, actor=SYSTEM, now=moment)
    _end_keeping(station, day)
    return station


def _movable(code: str, version: int | None, action: str, actor: Scope) -> Station:
    station = locked(code, actor, version)
    move = MOVES[action]
    if station.state not in move.sources:
        raise InvalidTransition(f"驿站现在是“{station.get_state_display()}”，不能{move.label}。")
    return station


def _moved(
    station: Station, action: str, actor: Scope, moment: datetime, *, reason: str = "", on: date | None = None
) -> Station:
    before = station.get_state_display()
    station.state = MOVES[action].target
    change = Change("state", before, station.get_state_display())
    return saved(station, action, actor, moment, [change], reason=reason, on=on)


def _required(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"原因最多 {REASON_LENGTH} 个字。" if reason else "请写明原因。"})
    return reason


def _end_keeping(station: Station, day: date) -> None:
    running = Keepership.objects.filter(station=station)
    running.filter(start_on__gt=day).delete()
    running.in_force(day).update(end_on=day)
