"""Where townships lie and which enterprises have people outdoors: what coverage is judged by."""

from datetime import datetime

from django.db import transaction

from stations.coordinates import CoordinateSystem
from stations.models import OutdoorEmployer, TownshipPlace
from stations.models.registry import COUNTRY
from stations.services.inputs import GivenPoint
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit

LEAST_REACH, MOST_REACH, MOST_WORKERS = 100, 100_000, 1_000_000


@transaction.atomic
def place_set(*, township: Unit, point: GivenPoint, reach: int, actor: Scope) -> TownshipPlace:
    """Put the middle of a township on the map, with the metres within which all of it lies. FieldErrors at system, longitude, reach."""
    require(actor, "station.places")
    if township.kind != Unit.Kind.TOWNSHIP:
        raise NotFound
    problems = _point_problems(point)
    if not LEAST_REACH <= reach <= MOST_REACH:
        problems["reach"] = f"范围在 {LEAST_REACH} 到 {MOST_REACH} 米之间。"
    if problems:
        raise FieldErrors(problems)
    longitude, latitude = point.wgs84.rounded()
    place, _ = TownshipPlace.objects.update_or_create(
        township=township, defaults={"longitude": longitude, "latitude": latitude, "reach": reach}
    )
    record(actor=actor, action="station.place", object_type="unit", object_id=township.code, reach=reach)
    return place


@transaction.atomic
def employer_set(
    *,
    credit_code: str,
    work: str,
    workers: int,
    point: GivenPoint | None,
    actor: Scope,
    now: datetime | None = None,
) -> OutdoorEmployer:
    """Say how many of an enterprise's people work outdoors (0: none, it leaves the figures) and where they set out from.

    Staff any enterprise, a township union its own. FieldErrors at work, workers, system, longitude.
    """
    enterprise = Enterprise.objects.visible_to(actor).filter(credit_code=credit_code, is_active=True).first()
    if enterprise is None:
        raise NotFound
    require(actor, "station.employers")
    problems = _point_problems(point) if point is not None else {}
    if work not in OutdoorEmployer.Work:
        problems["work"] = "请选择户外岗位。"
    if not 0 <= workers <= MOST_WORKERS:
        problems["workers"] = "请填 0 到 100 万之间的整数。"
    if problems:
        raise FieldErrors(problems)
    longitude, latitude = point.wgs84.rounded() if point is not None else (None, None)
    row, _ = OutdoorEmployer.objects.update_or_create(
        enterprise=enterprise,
        defaults={
            "work": work,
            "workers": workers,
            "longitude": longitude,
            "latitude": latitude,
            "recorded_by_id": actor.user_id or None,
            "recorded_at": now or clock.now(),
        },
    )
    record(
        actor=actor,
        action="station.employer",
        object_type="enterprise",
        object_id=credit_code,
        work=work,
        workers=workers,
    )
    return row


def _point_problems(point: GivenPoint) -> dict[str, str]:
    if point.system not in CoordinateSystem:
        return {"system": "请选择坐标系：坐标是从哪个地图或设备上取的。"}
    west, south, east, north = COUNTRY
    if not (west <= point.longitude <= east and south <= point.latitude <= north):
        return {"longitude": "经度或纬度不对：经度是 120 左右的数，纬度是 30 左右的数。"}
    return {}
