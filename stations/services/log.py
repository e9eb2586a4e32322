"""The beginning and the end of every write: the locked row for whoever may change it, its history and the audit trail."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from stations.models import Keepership, Station, StationChange
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope


class Change(NamedTuple):
    """A fact that changed, in words."""

    field: str
    before: str
    after: str


def may_manage(station: Station, scope: Scope) -> bool:
    """Whether the person keeps the entry right: staff any, a township union its own."""
    if not allowed(scope, "station.manage"):
        return False
    return scope.has(Role.STAFF, "system") or station.township_id in scope.township_ids


def may_keep(station: Station, scope: Scope) -> bool:
    """Whether the person looks after the place day by day: whoever manages it, and its keeper today."""
    if may_manage(station, scope):
        return True
    kept = Keepership.objects.in_force(clock.today()).filter(station=station, user_id=scope.user_id)
    return scope.has(Role.KEEPER) and kept.exists()


def locked(code: str, actor: Scope, version: int | None = None) -> Station:
    """The station under its row lock, for whoever manages it; not a withdrawn one. `version` None asks for none."""
    station = _seen(code, actor)
    require(actor, "station.manage")
    if not may_manage(station, actor):
        raise Forbidden("只有区总工会和驿站所在镇街可以管理这个驿站。")
    _require_fresh(station, version)
    return station


def kept_locked(code: str, actor: Scope, version: int | None = None) -> Station:
    """The same for whoever looks after it."""
    station = _seen(code, actor)
    require(actor, "station.keep")
    if not may_keep(station, actor):
        raise Forbidden("只有区总工会、驿站所在镇街和站点管理员可以这样做。")
    _require_fresh(station, version)
    return station


def _seen(code: str, actor: Scope) -> Station:
    rows = Station.objects.visible_to(actor).select_for_update(of=("self",)).select_related("township", "kind")
    station = rows.filter(code=code).first()
    if station is None:
        raise NotFound
    return station


def _require_fresh(station: Station, version: int | None) -> None:
    if version is not None and version != station.version:
        raise StaleVersion
    if not station.may_change:
        raise InvalidTransition("驿站已撤销，不能再改。")


def saved(
    station: Station,
    action: str,
    actor: Scope,
    moment: datetime,
    changes: Iterable[Change],
    *,
    reason: str = "",
    on: date | None = None,
) -> Station:
    """Save under the next version, with its history and the trail; nothing where nothing changed."""
    rows = list(changes)
    if not rows:
        return station
    station.version += 1
    station.save()
    note(station, action, actor, moment, rows, reason=reason, on=on)
    return station


def note(
    station: Station,
    action: str,
    actor: Scope,
    moment: datetime,
    changes: Iterable[Change],
    *,
    reason: str = "",
    on: date | None = None,
) -> None:
    """Append to the history, in words, and to the trail, in codes: which facts, not what they were."""
    rows = [
        StationChange(
            station=station,
            action=action,
            field=change.field,
            before=change.before[:600],
            after=change.after[:600],
            reason=reason.strip(),
            on=on or clock.local_date(moment),
            actor_id=actor.user_id or None,
            at=moment,
        )
        for change in changes
    ]
    StationChange.objects.bulk_create(rows)
    record(
        actor=actor,
        action=f"station.{action}",
        object_type="station",
        object_id=station.code,
        state=str(station.state),
        version=station.version,
        fields=sorted({row.field for row in rows}),
    )
