"""People served, as keepers enter them: a tally of a day, an estimate of some days. Source: docs/domain.md, "Service of the stations"."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from stations.counting import ENTERED_WAYS, WAY_LABELS, Way
from stations.models import ServedCount, Station
from stations.models.served import BASIS_LENGTH
from stations.service_querysets import serving_stations
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

MOST_A_DAY = 10_000


@dataclass(frozen=True, slots=True)
class CountInput:
    """What was entered. A tally is of one day (`end_on` the same); an estimate says what it rests on."""

    way: str
    start_on: date
    end_on: date
    number: int
    basis: str = ""


def station_served(code: str, actor: Scope) -> Station:
    """The station whose people the person counts. Raises Forbidden, NotFound."""
    require(actor, "station_served.record")
    station = serving_stations(actor).select_related("township").filter(code=code).first()
    if station is None:
        raise NotFound
    return station


@transaction.atomic
def served_record(
    *, uuid: UUID, station: str, count: CountInput, actor: Scope, now: datetime | None = None
) -> ServedCount:
    """Enter a number for a station (its code). A repeat of `uuid` is the first row; other content under it is refused.

    Raises NotFound, Forbidden, FieldErrors, Conflict where the days have a number of the same kind already.
    """
    moment = now or clock.now()
    at = station_served(station, actor)
    first = ServedCount.objects.filter(uuid=uuid).first()
    if first is not None:
        return _repeat(first, at, count)
    row = ServedCount(uuid=uuid, station=at, entered_by_id=actor.user_id, entered_at=moment)
    _fill(row, count, clock.local_date(moment))
    try:
        _save(row)
    except Conflict:
        twin = ServedCount.objects.filter(uuid=uuid).first()  # a second tap that came at the same moment
        if twin is None:
            raise
        return _repeat(twin, at, count)
    _audit(row, "record", actor)
    return row


@transaction.atomic
def served_correct(
    *, count_id: int, version: int, count: CountInput, actor: Scope, now: datetime | None = None
) -> ServedCount:
    """Put an entered number right; who entered it last stands on the row, every change in the audit trail."""
    require(actor, "station_served.record")
    moment = now or clock.now()
    rows = ServedCount.objects.filter(station__in=serving_stations(actor).values("pk"))
    row = rows.select_for_update(of=("self",)).select_related("station").filter(pk=count_id).first()
    if row is None:
        raise NotFound
    if row.version != version:
        raise StaleVersion
    _fill(row, count, clock.local_date(moment))
    row.entered_by_id, row.entered_at, row.version = actor.user_id, moment, row.version + 1
    _save(row)
    _audit(row, "correct", actor)
    return row


def _fill(row: ServedCount, given: CountInput, today: date) -> None:
    basis = given.basis.strip() if given.way == Way.ESTIMATE else ""
    end = given.end_on if given.way == Way.ESTIMATE else given.start_on
    problems: dict[str, str] = {}
    if given.way not in ENTERED_WAYS:
        problems["way"] = "请选择点数或估算。"
    if end < given.start_on:
        problems["end_on"] = "结束日期早于开始日期。"
    elif (end.year, end.month) != (given.start_on.year, given.start_on.month):
        problems["end_on"] = "一次估算不能跨月，请分月填写。"
    elif end > today:
        problems["end_on" if given.way == Way.ESTIMATE else "start_on"] = "还没到这一天，过后再填。"
    if words := _not_open(row.station, given.start_on, end):
        problems.setdefault("start_on", words)
    days = max((end - given.start_on).days + 1, 1)
    if not 0 <= given.number <= MOST_A_DAY * days:
        problems["number"] = f"请填 0 到 {MOST_A_DAY * days:,} 之间的整数。"
    if given.way == Way.ESTIMATE and not basis:
        problems["basis"] = "请写明估算的依据，如“按领水登记本”。"
    elif len(basis) > BASIS_LENGTH:
        problems["basis"] = f"最多 {BASIS_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    row.way, row.start_on, row.end_on, row.number, row.basis = given.way, given.start_on, end, given.number, basis


def _not_open(station: Station, first: date, last: date) -> str:
    """Why nobody can have been served on these days; "" if somebody can."""
    if station.opened_on is None:
        return f"“{station.name}”还没有启用。"
    if first < station.opened_on:
        return f"“{station.name}”{zh_day(station.opened_on)}才启用。"
    if station.withdrawn_on is not None and last > station.withdrawn_on:
        return f"“{station.name}”已于{zh_day(station.withdrawn_on)}撤销。"
    return ""


def _save(row: ServedCount) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(f"这几天已经有{WAY_LABELS[row.way]}的人次，请在原来的记录上更正，不要重复登记。") from None


def _repeat(first: ServedCount, station: Station, given: CountInput) -> ServedCount:
    end_on = given.end_on if given.way == Way.ESTIMATE else given.start_on
    same = (first.station_id, first.way, first.start_on, first.end_on, first.number)
    if same != (station.pk, given.way, given.start_on, end_on, given.number):
        raise Conflict("这条人次刚才已经登记过，内容与现在的不同。如要另外登记，请再提交一次。")
    return first


def _audit(row: ServedCount, action: str, actor: Scope) -> None:
    record(
        actor=actor,
        action=f"station_served.{action}",
        object_type="station",
        object_id=row.station.code,
        way=row.way,
        start=row.start_on.isoformat(),
        end=row.end_on.isoformat(),
        number=row.number,
    )
