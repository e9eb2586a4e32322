"""Events at stations: planned, held with their record, put right, cancelled. Source: docs/domain.md, "Service of the stations"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from stations.counting import ENTERED_WAYS
from stations.event_flow import EVENT_KIND_LABELS, EVENT_MOVES, EventState
from stations.models import EventPartner, Station, StationEvent, StationEventCounter, StationEventStep
from stations.models.events import PARTNER_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from stations.service_querysets import serving_stations
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope

MOST_MONEY = Decimal("9999999999.99")
MOST_NUMBER = 1_000_000
MOST_PARTNERS = 20
NOT_YOURS = "只有区总工会、驿站所在镇街和驿站管理员可以管理这里的活动。"


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What is planned. `partners`: names of units that take part."""

    kind: str
    title: str
    planned_on: date
    plan: str = ""
    partners: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What took place. `attendance_way`: counted or estimated (counting.ENTERED_WAYS)."""

    held_on: date
    attendance: int
    attendance_way: str
    cost: Decimal
    summary: str = ""
    partners: Sequence[str] = ()


def may_manage(event: StationEvent, scope: Scope) -> bool:
    """Whether the person keeps this event: staff any, a township and a keeper those of their stations."""
    return allowed(scope, "station_event.manage") and serving_stations(scope).filter(pk=event.station_id).exists()


@transaction.atomic
def station_event_create(
    *, uuid: UUID, station: str, plan: EventPlan, actor: Scope, now: datetime | None = None
) -> StationEvent:
    """Plan an event at a station (its code). A repeat of `uuid` with the same content returns the first row.

    Raises Forbidden, FieldErrors (`station` where it is out of reach, withdrawn or not open by then), Conflict.
    """
    require(actor, "station_event.manage")
    moment = now or clock.now()
    at = serving_stations(actor).filter(code=station).select_for_update(of=("self",)).first()
    if at is None:
        raise FieldErrors({"station": "请在您的范围内选择驿站。"})
    event = StationEvent(uuid=uuid, station=at, created_by_id=actor.user_id, created_at=moment)
    partners = _fill(event, plan)
    event.payload_hash = _hash(event, partners)
    first = _same_uuid(event)
    if first is not None:
        return first
    try:
        with transaction.atomic():
            event.code = next_code("HD", StationEventCounter, clock.local_date(moment).year)
            event.save(force_insert=True)
    except IntegrityError:
        # The other half of a double tap committed while this one waited for its number.
        first = _same_uuid(event)
        if first is None:
            raise
        return first
    _set_partners(event, partners)
    _step(event, "create", actor, moment)
    return event


@transaction.atomic
def station_event_edit(
    *, code: str, version: int | None, plan: EventPlan, actor: Scope, now: datetime | None = None
) -> StationEvent:
    """Change the plan of an event that is still to come."""
    event = locked(code, actor, version)
    if event.state != EventState.PLANNED:
        raise InvalidTransition(f"活动{event.get_state_display()}，计划不能再改。")
    _set_partners(event, _fill(event, plan))
    return saved(event, "edit", actor, now or clock.now())


@transaction.atomic
def station_event_hold(
    *, code: str, version: int | None, record: EventRecord, actor: Scope, now: datetime | None = None
) -> StationEvent:
    """Record that an event took place. Refused for a day to come, before the station opened or after it was withdrawn."""
    return _record(code, version, record, "hold", actor, now or clock.now())


@transaction.atomic
def station_event_correct(
    *, code: str, version: int | None, record: EventRecord, actor: Scope, now: datetime | None = None
) -> StationEvent:
    """Put the record of a held event right."""
    return _record(code, version, record, "correct", actor, now or clock.now())


@transaction.atomic
def station_event_cancel(
    *, code: str, version: int | None, reason: str, actor: Scope, now: datetime | None = None
) -> StationEvent:
    """Cancel an event that did not take place, with a reason."""
    event = locked(code, actor, version)
    _require_source(event, "cancel")
    reason = reason.strip()
    if not reason or len(reason) > TEXT_LENGTH:
        raise FieldErrors({"reason": f"最多 {TEXT_LENGTH} 个字。" if reason else "请写明取消原因。"})
    event.state, event.cancel_reason = EventState.CANCELLED, reason
    return saved(event, "cancel", actor, now or clock.now())


def locked(code: str, actor: Scope, version: int | None) -> StationEvent:
    """The event under its row lock, for whoever keeps it. NotFound, Forbidden, StaleVersion in this order; `version` None asks for none."""
    rows = StationEvent.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station__township")
    event = rows.filter(code=code).first()
    if event is None:
        raise NotFound
    require(actor, "station_event.manage")
    if not may_manage(event, actor):
        raise Forbidden(NOT_YOURS)
    if version is not None and version != event.version:
        raise StaleVersion
    return event


def saved(event: StationEvent, action: str, actor: Scope, moment: datetime, **data: int | str) -> StationEvent:
    """Save a change under the next version, with its step."""
    event.version += 1
    event.save()
    _step(event, action, actor, moment, **data)
    return event


def _record(
    code: str, version: int | None, given: EventRecord, action: str, actor: Scope, moment: datetime
) -> StationEvent:
    event = locked(code, actor, version)
    if action == "correct" and event.state != EventState.HELD:
        raise InvalidTransition("活动还没有登记举办，没有可以更正的登记。")
    if action != "correct":
        _require_source(event, action)
    problems, partners = _partner_names(given.partners)
    summary = given.summary.strip()
    if given.held_on > clock.local_date(moment):
        problems["held_on"] = "还没到这一天，办完以后再登记。"
    elif words := _closed_on(event.station, given.held_on):
        problems["held_on"] = words
    if not 0 <= given.attendance <= MOST_NUMBER:
        problems["attendance"] = "请填 0 到 100 万之间的整数。"
    if given.attendance_way not in ENTERED_WAYS:
        problems["attendance_way"] = "请选择人次是点数还是估算的。"
    if not 0 <= given.cost <= MOST_MONEY:
        problems["cost"] = "经费不能是负数，也不能超过 99 亿元。"
    if len(summary) > TEXT_LENGTH:
        problems["summary"] = f"最多 {TEXT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    event.state, event.held_on, event.summary = EventState.HELD, given.held_on, summary
    event.attendance, event.attendance_way, event.cost = given.attendance, given.attendance_way, given.cost
    _set_partners(event, partners)
    return saved(event, action, actor, moment, attendance=given.attendance, way=given.attendance_way)


def _fill(event: StationEvent, given: EventPlan) -> list[str]:
    """Put the plan on the event; the partners' names as they are to be kept. Raises FieldErrors."""
    problems, partners = _partner_names(given.partners)
    title, plan = given.title.strip(), given.plan.strip()
    if given.kind not in EVENT_KIND_LABELS:
        problems["kind"] = "请选择活动类型。"
    if not title or len(title) > TITLE_LENGTH:
        problems["title"] = f"名称最多 {TITLE_LENGTH} 个字。" if title else "请写活动名称。"
    if len(plan) > TEXT_LENGTH:
        problems["plan"] = f"最多 {TEXT_LENGTH} 个字。"
    if event.station.opened_on is None:
        problems["station"] = f"“{event.station.name}”还没有启用，启用后再安排活动。"
    elif words := _closed_on(event.station, given.planned_on):
        problems["planned_on"] = words
    if problems:
        raise FieldErrors(problems)
    event.kind, event.title, event.plan, event.planned_on = given.kind, title, plan, given.planned_on
    return partners


def _closed_on(station: Station, day: date) -> str:
    """Why there can be no event at a station on a day; "" if there can."""
    if station.opened_on is None or day < station.opened_on:
        opened = f"{zh_day(station.opened_on)}才启用" if station.opened_on else "还没有启用"
        return f"“{station.name}”{opened}，启用前不能有活动。"
    if station.withdrawn_on is not None and day > station.withdrawn_on:
        return f"“{station.name}”已于{zh_day(station.withdrawn_on)}撤销，之后不能有活动。"
    return ""


def _partner_names(given: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """What is wrong with the names, and the names without blanks and repeats."""
    names = list(dict.fromkeys(name for one in given if (name := " ".join(one.split()))))
    if len(names) > MOST_PARTNERS:
        return {"partners": f"最多写 {MOST_PARTNERS} 个合作单位。"}, names
    if any(len(name) > PARTNER_LENGTH for name in names):
        return {"partners": f"一个单位的名称最多 {PARTNER_LENGTH} 个字，一行写一个。"}, names
    return {}, names


def _set_partners(event: StationEvent, names: list[str]) -> None:
    if [partner.name for partner in event.partners.all()] == names:
        return
    event.partners.all().delete()
    EventPartner.objects.bulk_create(EventPartner(event=event, name=name) for name in names)


def _require_source(event: StationEvent, action: str) -> None:
    move = EVENT_MOVES[action]
    if event.state != move.source:
        raise InvalidTransition(f"活动现在是“{event.get_state_display()}”，不能{move.label}。")


def _step(event: StationEvent, action: str, actor: Scope, moment: datetime, **data: int | str) -> None:
    """Append to the event's log and to the audit trail. `data`: numbers and codes, no text."""
    StationEventStep.objects.create(event=event, action=action, actor_id=actor.user_id, at=moment, data=data)
    record(
        actor=actor,
        action=f"station_event.{action}",
        object_type="station_event",
        object_id=event.code,
        state=str(event.state),
        version=event.version,
        **data,
    )


def _hash(event: StationEvent, partners: list[str]) -> str:
    names = ("station_id", "kind", "title", "plan", "planned_on", "created_by_id")
    payload: dict[str, Any] = {name: getattr(event, name) for name in names}
    return payload_hash(payload | {"partners": partners})


def _same_uuid(wanted: StationEvent) -> StationEvent | None:
    first = StationEvent.objects.filter(uuid=wanted.uuid).first()
    if first is not None and first.payload_hash != wanted.payload_hash:
        raise Conflict("这项活动刚才已经安排过，内容与现在的不同。如要另外安排一项，请再提交一次。")
    return first
