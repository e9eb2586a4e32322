"""Level and stars of a station, each change with its reason and the day from which it holds. A fall names its grounds: `services/stars.py`."""

from datetime import date, datetime

from django.db import transaction

from stations.facts import stars_words
from stations.models import Station
from stations.models.history import REASON_LENGTH
from stations.services.log import Change, locked, saved
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

#: What a station is raised to; down to 基本型 is a fall.
RAISED = (Station.Level.BENCHMARK, Station.Level.SMART)


@transaction.atomic
def station_level_set(
    *,
    code: str,
    version: int | None,
    level: str,
    reason: str,
    actor: Scope,
    on: date | None = None,
    now: datetime | None = None,
) -> Station:
    """Raise a station to benchmark or smart, or from the one to the other, from a day on (default: today, not in the future)."""
    moment = now or clock.now()
    station = locked(code, actor, version)
    require(actor, "station.grade")
    if level not in RAISED:
        raise FieldErrors({"level": "请选择标杆型或智能化型；降为基本型请用“降级或撤销”。"})
    _check(reason, on, clock.local_date(moment))
    return put_level(station, level, reason=reason, actor=actor, moment=moment, on=on)


def put_level(
    station: Station, level: str, *, reason: str, actor: Scope, moment: datetime, on: date | None = None
) -> Station:
    """Give the locked station a level, for a decision that checked it."""
    before = station.get_level_display()
    station.level = level
    changes = [Change("level", before, station.get_level_display())] if before != station.get_level_display() else []
    return saved(station, "level", actor, moment, changes, reason=reason, on=on)


def put_stars(station: Station, stars: int | None, *, reason: str, actor: Scope, moment: datetime) -> Station:
    """Give the locked station its stars, or none, for a decision that checked them."""
    before, station.stars = station.stars, stars
    changes = [Change("stars", stars_words(before), stars_words(stars))] if before != stars else []
    return saved(station, "stars", actor, moment, changes, reason=reason)


def _check(reason: str, on: date | None, today: date) -> None:
    problems: dict[str, str] = {}
    if not reason.strip() or len(reason.strip()) > REASON_LENGTH:
        problems["reason"] = f"原因最多 {REASON_LENGTH} 个字。" if reason.strip() else "请写明原因。"
    if on is not None and on > today:
        problems["on"] = "日期不能晚于今天。"
    if problems:
        raise FieldErrors(problems)
