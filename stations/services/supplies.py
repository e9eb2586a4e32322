"""Supplies of a station: entered, counted up and down, taken out. Source: docs/domain.md, "Care of the stations"."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from stations.models import Station, Supply, SupplyChange
from stations.models.supplies import NAME_LENGTH, UNIT_LENGTH
from stations.services.log import kept_locked
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import Scope

MOST = 100_000


@transaction.atomic
def supply_add(
    *,
    uuid: UUID,
    station: str,
    kind: str,
    name: str,
    unit: str,
    quantity: int,
    actor: Scope,
    least: int = 0,
    expires_on: date | None = None,
    now: datetime | None = None,
) -> Supply:
    """Enter something that lies at a station. A repeat of the uuid is the first row. FieldErrors at kind, name, unit, quantity, least, expires_on."""
    place = kept_locked(station, actor)
    if first := Supply.objects.filter(uuid=uuid, station=place).first():
        return first
    name, unit = name.strip(), unit.strip()
    problems: dict[str, str] = {}
    if kind not in Supply.Kind:
        problems["kind"] = "请选择类型。"
    if not name or len(name) > NAME_LENGTH:
        problems["name"] = f"名称最多 {NAME_LENGTH} 个字。" if name else "请写名称。"
    if not unit or len(unit) > UNIT_LENGTH:
        problems["unit"] = f"单位最多 {UNIT_LENGTH} 个字。" if unit else "请写单位，如：盒、瓶。"
    problems |= _out_of_range("quantity", quantity) | _out_of_range("least", least)
    if kind == Supply.Kind.MEDICINE and expires_on is None:
        problems["expires_on"] = "药品请填写有效期。"
    if problems:
        raise FieldErrors(problems)
    supply = Supply(
        uuid=uuid,
        station=place,
        kind=kind,
        name=name,
        unit=unit,
        quantity=quantity,
        least=least,
        expires_on=expires_on,
    )
    try:
        with transaction.atomic():
            supply.save(force_insert=True)
    except IntegrityError:
        raise FieldErrors({"name": "这种物资（同一有效期）已经登记，请在清单里改数量。"}) from None
    _changed(supply, SupplyChange.Reason.STOCKED, 0, actor, now or clock.now())
    return supply


@transaction.atomic
def supply_count(
    *, supply_id: int, reason: str, quantity: int, version: int | None, actor: Scope, now: datetime | None = None
) -> Supply:
    """Put down how many there are now, and why they became more or fewer. FieldErrors at quantity, reason."""
    supply = _locked(supply_id, actor, version)
    problems = _out_of_range("quantity", quantity)
    if reason not in SupplyChange.Reason:
        problems["reason"] = "请选择原因。"
    elif reason == SupplyChange.Reason.STOCKED and quantity <= supply.quantity:
        problems["quantity"] = f"补充后应多于现在的 {supply.quantity} {supply.unit}。"
    elif reason in (SupplyChange.Reason.USED, SupplyChange.Reason.DISCARDED) and quantity >= supply.quantity:
        problems["quantity"] = f"应少于现在的 {supply.quantity} {supply.unit}。"
    if problems:
        raise FieldErrors(problems)
    before, supply.quantity = supply.quantity, quantity
    supply.version += 1
    supply.save()
    _changed(supply, reason, before, actor, now or clock.now())
    return supply


@transaction.atomic
def supply_remove(*, supply_id: int, version: int | None, actor: Scope, now: datetime | None = None) -> Supply:
    """Take it off the list once nothing of it is left."""
    supply = _locked(supply_id, actor, version)
    if supply.quantity:
        raise InvalidTransition(f"还有 {supply.quantity} {supply.unit}，先登记领用或清理，再移出清单。")
    supply.removed_at = now or clock.now()
    supply.version += 1
    supply.save()
    _audit(supply, "remove", actor)
    return supply


def _locked(supply_id: int, actor: Scope, version: int | None) -> Supply:
    code = Station.objects.filter(supplies=supply_id).values_list("code", flat=True).first()
    if code is None:
        raise NotFound
    kept_locked(code, actor)
    supply = (
        Supply.objects.in_stock().select_for_update(of=("self",)).select_related("station").filter(pk=supply_id).first()
    )
    if supply is None:
        raise NotFound
    if version is not None and version != supply.version:
        raise StaleVersion
    return supply


def _out_of_range(field: str, number: int) -> dict[str, str]:
    return {} if 0 <= number <= MOST else {field: "请填 0 到 10 万之间的整数。"}


def _changed(supply: Supply, reason: str, before: int, actor: Scope, now: datetime) -> None:
    SupplyChange.objects.create(
        supply=supply, reason=reason, before=before, after=supply.quantity, actor_id=actor.user_id, at=now
    )
    _audit(supply, str(reason), actor, number=supply.quantity)


def _audit(supply: Supply, act: str, actor: Scope, **data: int) -> None:
    record(
        actor=actor,
        action=f"supply.{act}",
        object_type="supply",
        object_id=supply.pk,
        station=supply.station.code,
        **data,
    )
