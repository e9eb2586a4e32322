"""Check-in by the QR of a day, without an account: counts, and nothing about whoever checked in. Source: docs/domain.md, "Service of the stations"."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from casework.services.limits import count_attempt
from stations.check_in import read_address, read_pass
from stations.models import CheckInDay, CheckInMark, Station
from unionportal.core.common import clock, sealed
from unionportal.core.common.counting import next_number
from unionportal.core.common.errors import Conflict, Gone, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day, zh_short
from unionportal.core.common.policy import require
from unionportal.core.common.scope import PUBLIC

NO_PASS = "请先允许浏览器保存 Cookie，再重新扫码签到。Cookie 只用来避免重复计数，不记录您是谁。"
DONE_ALREADY = "这部手机今天已经在这里签到过，一天计一次。"


@dataclass(frozen=True, slots=True)
class CheckInPlace:
    """Where and when a scanned code counts."""

    station: Station
    day: date


def check_in_place(token: str, *, now: datetime | None = None) -> CheckInPlace:
    """What a scanned code opens. Raises NotFound; Gone for a station that is not open, and for a code of another day."""
    address = read_address(token)
    if address is None:
        raise NotFound("没有这个签到码。请在驿站重新扫码。")
    station = Station.objects.select_related("township").filter(uuid=address.station).first()
    if station is None:
        raise NotFound("没有这个签到码。请在驿站重新扫码。")
    today = clock.local_date(now or clock.now())
    if station.state == Station.State.WITHDRAWN:
        raise Gone(f"“{station.name}”已经撤销，不再签到。请到附近别的驿站。")
    if station.state != Station.State.OPEN:
        raise Gone(f"“{station.name}”现在没有开放，不能签到。")
    if address.day != today:
        raise Gone(f"这是{zh_day(address.day)}的签到码，今天（{zh_short(today)}）请扫驿站里当天的码。")
    return CheckInPlace(station, today)


def check_in(*, token: str, cookie: str, network: str, now: datetime | None = None) -> CheckInPlace:
    """Count one more at the station of a code, once a phone a day; the phone is known by its pass alone.

    Refused and not counted: InvalidTransition without a pass, Conflict for a second time, TooOften for a flood from one phone or network.
    An attempt is remembered even where it is refused, so it is counted outside the part that is undone; answer without a rollback.
    """
    require(PUBLIC, "station.check_in")
    place = check_in_place(token, now=now)
    word = read_pass(cookie, place.day)
    if word is None:
        raise InvalidTransition(NO_PASS)
    count_attempt("check_in", network, parameter="stations.check_ins_address_hour")
    count_attempt("check_in_phone", word, parameter="stations.check_ins_phone_hour")
    with transaction.atomic():
        # Marks of days gone by say nothing any more.
        CheckInMark.objects.filter(day__lt=place.day).delete()
        _count_once(place, sealed.fingerprint(word, purpose="check_in"))
    return place


def _count_once(place: CheckInPlace, mark: str) -> None:
    """Two taps at the same moment meet at the unique mark, and the second is refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stations_checkinmark (station_id, day, mark) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [place.station.pk, place.day, mark],
        )
        if not cursor.rowcount:
            raise Conflict(DONE_ALREADY)
    next_number(CheckInDay, counted="number", station=place.station.pk, day=place.day)
