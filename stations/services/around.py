"""Who builds a station along with the union, and which public maps show it."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction

from stations.models import MapListing, Partner, Station
from stations.models.around import NOTE_LENGTH, PARTNER_LENGTH
from stations.services.inputs import PartnerInput
from stations.services.log import Change, locked, note
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Scope

MOST_PARTNERS = 20


@transaction.atomic
def partner_add(*, code: str, partner: PartnerInput, actor: Scope, now: datetime | None = None) -> Partner:
    """Name a partner of the station. FieldErrors at kind, name, contributes."""
    station = locked(code, actor)
    name, contributes = partner.name.strip(), partner.contributes.strip()
    problems: dict[str, str] = {}
    if partner.kind not in Partner.Kind:
        problems["kind"] = "请选择单位类型。"
    if not name or len(name) > PARTNER_LENGTH:
        problems["name"] = f"最多 {PARTNER_LENGTH} 个字。" if name else "请写单位名称。"
    if len(contributes) > NOTE_LENGTH:
        problems["contributes"] = f"最多 {NOTE_LENGTH} 个字。"
    if station.partners.count() >= MOST_PARTNERS:
        problems["name"] = f"一个驿站最多 {MOST_PARTNERS} 家共建单位。"
    if problems:
        raise FieldErrors(problems)
    row = Partner(station=station, kind=partner.kind, name=name, contributes=contributes)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise FieldErrors({"name": "这家单位已经登记过。"}) from None
    note(station, "partners", actor, now or clock.now(), [Change("partners", "", _words(row))])
    return row


@transaction.atomic
def partners_remove(*, code: str, partner_ids: Collection[int], actor: Scope, now: datetime | None = None) -> Station:
    """Take partners off. FieldErrors at partner_ids where none is named."""
    station = locked(code, actor)
    rows = list(station.partners.filter(pk__in=partner_ids))
    if not rows:
        raise FieldErrors({"partner_ids": "请选择要去掉的单位。"})
    note(station, "partners", actor, now or clock.now(), [Change("partners", _words(row), "") for row in rows])
    station.partners.filter(pk__in=[row.pk for row in rows]).delete()
    return station


@transaction.atomic
def listing_set(
    *, code: str, platform: str, state: str, since: date, actor: Scope, now: datetime | None = None
) -> MapListing:
    """Say how far a public map is with the station, and since when. FieldErrors at platform, state, since."""
    moment = now or clock.now()
    station = locked(code, actor)
    problems: dict[str, str] = {}
    if platform not in MapListing.Platform:
        problems["platform"] = "请选择地图。"
    if state not in MapListing.State:
        problems["state"] = "请选择上线情况。"
    if since > clock.local_date(moment):
        problems["since"] = "日期不能晚于今天。"
    if problems:
        raise FieldErrors(problems)
    row = MapListing.objects.filter(station=station, platform=platform).first()
    before = "" if row is None else listing_words(row)
    row = row or MapListing(station=station, platform=platform)
    row.state, row.since = state, since
    row.save()
    if before != listing_words(row):
        note(station, "listing", actor, moment, [Change("listing", before, listing_words(row))], on=since)
    return row


def listing_words(row: MapListing) -> str:
    """高德地图 已上线（2024年9月4日起）."""
    return f"{row.get_platform_display()} {row.get_state_display()}（{zh_day(row.since)}起）"


def _words(row: Partner) -> str:
    return f"{row.name}（{row.get_kind_display()}）"
