"""A station is registered and put right. Source: docs/domain.md, "Outdoor-worker stations"."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from casework.services.codes import Place as CodePlace
from casework.services.codes import code_follow
from stations.coordinates import Point
from stations.facts import PLAIN, equipped, point_words, words
from stations.models import Facility, Station, StationCounter, StationFacility
from stations.models.around import NOTE_LENGTH
from stations.models.registry import ADDRESS_LENGTH, CONTACT_LENGTH, NAME_LENGTH, PHONE_LENGTH, TEXT_LENGTH
from stations.services.checking import Place, point_problems
from stations.services.inputs import StationFacts
from stations.services.log import Change, locked, note, saved
from unionportal.core.common import clock
from unionportal.core.common.counting import next_number
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.phones import NOT_A_PHONE, is_phone, plain_phone
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit

CODE_OWNER = "station"
MOST_AREA = Decimal("99999.9")
_LENGTHS = {
    "name": NAME_LENGTH,
    "address": ADDRESS_LENGTH,
    "directions": TEXT_LENGTH,
    "services": TEXT_LENGTH,
    "contact_name": CONTACT_LENGTH,
    "public_phone": PHONE_LENGTH,
}


@transaction.atomic
def station_create(
    *, uuid: UUID, facts: StationFacts, actor: Scope, sure: Collection[str] = (), now: datetime | None = None
) -> Station:
    """Register a station; it is planned until it is opened. A repeat of `uuid` with the same content returns the first row.

    Raises Forbidden, Conflict, FieldErrors; a question of `inputs.QUESTIONS` comes as an error at its name and is answered by naming it in `sure`.
    """
    require(actor, "station.manage")
    moment = now or clock.now()
    station = Station(uuid=uuid, created_by_id=actor.user_id or None, created_at=moment)
    station.payload_hash = _hash(facts, actor)
    first = _same_uuid(station)
    if first is not None:
        return first
    _fill(station, facts, actor, sure)
    try:
        with transaction.atomic():
            station.code = f"YZ-{next_number(StationCounter, id=1):05d}"
            station.save(force_insert=True)
    except IntegrityError as error:
        first = _same_uuid(station)  # the other half of a double tap committed while this one waited for its number
        if first is None:
            raise _named_twice(error) from None
        return first
    _equip(station, _wanted(facts, {}))
    note(station, "create", actor, moment, [Change("registered", "", station.name)])
    return station


@transaction.atomic
def station_correct(
    *,
    code: str,
    version: int | None,
    facts: StationFacts,
    actor: Scope,
    sure: Collection[str] = (),
    reason: str = "",
    now: datetime | None = None,
) -> Station:
    """Put the facts of a station right; each one that changed stands in its history. A point once given may be moved, not taken away."""
    station = locked(code, actor, version)
    before = {name: words(station, name) for name in PLAIN}
    point, held = point_words(station), list(station.equipment.select_related("facility"))
    _fill(station, facts, actor, sure)
    wanted = _wanted(facts, {row.facility_id: row.note for row in held})
    had = equipped((row.facility.name, row.note) for row in held)
    has = equipped((facility.name, said) for facility, said in wanted)
    changes = [Change(name, before[name], words(station, name)) for name in PLAIN]
    changes += [Change("point", point, point_words(station)), Change("facilities", had, has)]
    try:
        with transaction.atomic():
            saved(
                station,
                "correct",
                actor,
                now or clock.now(),
                (c for c in changes if c.before != c.after),
                reason=reason,
            )
    except IntegrityError as error:
        raise _named_twice(error) from None
    if had != has:
        _equip(station, wanted)
    code_follow(owner=code_place(station))
    return station


def townships_for(scope: Scope) -> list[Unit]:
    """Townships a person registers stations in: staff any, a township union its own."""
    townships = Unit.objects.townships().active()
    if not scope.has(Role.STAFF, "system"):
        townships = townships.filter(pk__in=scope.township_ids)
    return list(townships.order_by("code"))


def code_place(station: Station) -> CodePlace:
    """The station as the owner of its public code."""
    return CodePlace(CODE_OWNER, station.uuid, station.name, station.township)


def _fill(station: Station, facts: StationFacts, actor: Scope, sure: Collection[str]) -> None:
    problems = _text_problems(facts)
    if facts.township.pk != station.township_id and facts.township not in townships_for(actor):
        problems["township"] = "请在您的范围内选择镇街。"
    if facts.kind.pk != station.kind_id and not facts.kind.is_active:
        problems["kind"] = "这个类型已停用，请另选。"
    if facts.building_kind not in Station.Building:
        problems["building_kind"] = "请选择建设方式。"
    if facts.partnership and facts.partnership not in Station.Partnership:
        problems["partnership"] = "请选择合作形式。"
    if facts.area is not None and not 0 < facts.area <= MOST_AREA:
        problems["area"] = "面积要大于 0，最多 99999.9 平方米。"
    for code, said in (facts.facility_notes or {}).items():
        if len(said.strip()) > NOTE_LENGTH:
            problems[f"note-{code}"] = f"最多 {NOTE_LENGTH} 个字。"
    problems |= _point_problems(station, facts, sure)
    if problems:
        raise FieldErrors(problems)
    for name in PLAIN:
        value = getattr(facts, name)
        setattr(station, name, value.strip() if isinstance(value, str) else value)
    if facts.area is not None:
        station.area = facts.area.quantize(Decimal("0.1"))
    _set_point(station, facts)


def _text_problems(facts: StationFacts) -> dict[str, str]:
    problems: dict[str, str] = {}
    for name, length in _LENGTHS.items():
        if len(getattr(facts, name).strip()) > length:
            problems[name] = f"最多 {length} 个字。"
    if not facts.name.strip():
        problems["name"] = "请写驿站名称。"
    if not facts.address.strip():
        problems["address"] = "请写地址。"
    if facts.public_phone.strip() and not is_phone(plain_phone(facts.public_phone)):
        problems["public_phone"] = NOT_A_PHONE
    return problems


def _point_problems(station: Station, facts: StationFacts, sure: Collection[str]) -> dict[str, str]:
    given = facts.point
    if given is None:
        return {"longitude": "已登记的坐标可以改，不能去掉。"} if station.has_point else {}
    same = station.has_point and (station.coordinate_system, station.given_longitude, station.given_latitude) == (
        given.system,
        given.longitude,
        given.latitude,
    )
    if same and station.township_id == facts.township.pk:
        return {}
    known = [Point(float(station.longitude or 0), float(station.latitude or 0))] if station.has_point else []
    known += _points_at(facts.address.strip(), station.pk)
    return point_problems(given, Place(facts.township, station.pk, known), sure)


def _points_at(address: str, own: int | None) -> list[Point]:
    """Where other stations of the same address are."""
    rows = (
        Station.objects.filter(address=address, longitude__isnull=False).exclude(pk=own or 0).exclude(state="withdrawn")
    )
    return [
        Point(float(one.longitude or 0), float(one.latitude or 0)) for one in rows.only("longitude", "latitude")[:5]
    ]


def _set_point(station: Station, facts: StationFacts) -> None:
    given = facts.point
    if given is None:
        return
    station.coordinate_system = given.system
    station.given_longitude, station.given_latitude = given.longitude, given.latitude
    station.longitude, station.latitude = given.wgs84.rounded()


def _wanted(facts: StationFacts, said: Mapping[int, str]) -> list[tuple[Facility, str]]:
    """The facilities in the order of the catalogue, each with what is said of it; `said` is what was, by key."""
    given = facts.facility_notes
    facilities = sorted(set(facts.facilities), key=lambda each: (each.position, each.pk))
    return [(each, said.get(each.pk, "") if given is None else given.get(each.code, "").strip()) for each in facilities]


def _equip(station: Station, wanted: list[tuple[Facility, str]]) -> None:
    """Give the station exactly these facilities."""
    station.equipment.exclude(facility__in=[facility for facility, _ in wanted]).delete()
    StationFacility.objects.bulk_create(
        [StationFacility(station=station, facility=facility, note=said) for facility, said in wanted],
        update_conflicts=True,
        unique_fields=["station", "facility"],
        update_fields=["note"],
    )


def _named_twice(error: IntegrityError) -> Exception:
    if "station_name_once_a_township" in str(error):
        return FieldErrors({"name": "这个镇街已有同名的驿站，请核对，或换一个名称。"})
    return error


def _hash(facts: StationFacts, actor: Scope) -> str:
    given = facts.point
    payload = {name: str(getattr(facts, name) or "") for name in PLAIN if name not in ("township", "kind")}
    point = None if given is None else [given.system, str(given.longitude), str(given.latitude)]
    return payload_hash(
        payload
        | {
            "township": facts.township.pk,
            "kind": facts.kind.pk,
            "point": point,
            "facilities": [(facility.pk, said) for facility, said in _wanted(facts, {})],
            "by": actor.user_id,
        }
    )


def _same_uuid(wanted: Station) -> Station | None:
    first = Station.objects.filter(uuid=wanted.uuid).first()
    if first is not None and first.payload_hash != wanted.payload_hash:
        raise Conflict("这个驿站刚才已经登记过，内容与现在的不同。如要另外登记一个，请再提交一次。")
    return first
