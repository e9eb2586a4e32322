"""Renovations (提升改造) of stations: planned for a year, completed on a day."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from stations.models import Station, StationRenovation
from stations.service_querysets import serving_stations
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope


@transaction.atomic
def renovation_plan(
    *, uuid: UUID, station: str, year: int, actor: Scope, now: datetime | None = None
) -> StationRenovation:
    """Put a station's renovation into the plan of a year. A repeat of `uuid` is the first row."""
    first = StationRenovation.objects.filter(uuid=uuid).first()
    at = _station(station, actor)
    if first is not None:
        return first
    if StationRenovation.objects.filter(station=at, planned_year=year).exists():
        raise FieldErrors({"year": f"“{at.name}”的提升改造已列入{year}年计划。"})
    row = StationRenovation.objects.create(
        uuid=uuid, station=at, planned_year=year, entered_by_id=actor.user_id, entered_at=now or clock.now()
    )
    record(actor=actor, action="station_renovation.plan", object_type="station", object_id=at.code, year=year)
    return row


@transaction.atomic
def renovation_complete(
    *,
    uuid: UUID,
    completed_on: date,
    actor: Scope,
    cost: Decimal | None = None,
    now: datetime | None = None,
) -> StationRenovation:
    """Record that a planned renovation was completed. Raises NotFound, Forbidden, FieldErrors."""
    rows = StationRenovation.objects.select_for_update(of=("self",)).select_related("station")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise NotFound
    _station(row.station.code, actor)
    problems: dict[str, str] = {}
    if row.completed_on is not None:
        problems["completed_on"] = "这次提升改造已经登记完成。"
    elif completed_on > clock.local_date(now or clock.now()):
        problems["completed_on"] = "还没到这一天，完成后再登记。"
    if cost is not None and cost < 0:
        problems["cost"] = "经费不能是负数。"
    if problems:
        raise FieldErrors(problems)
    row.completed_on, row.cost = completed_on, cost
    row.save(update_fields=["completed_on", "cost"])
    record(
        actor=actor,
        action="station_renovation.complete",
        object_type="station",
        object_id=row.station.code,
        year=row.planned_year,
        day=completed_on.isoformat(),
    )
    return row


def _station(code: str, actor: Scope) -> Station:
    require(actor, "station_renovation.record")
    station = serving_stations(actor).filter(code=code).first()
    if station is None:
        raise NotFound
    return station
