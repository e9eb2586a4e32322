"""Level and stars of a station. They are set by staff; each change keeps its reason and the day from which it holds."""

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
    """Raise or lower a station to basic, benchmark or smart, from a day on (default: today, not in the future)."""
    moment = now or clock.now()
    station = locked(code, actor, version)
    require(actor, "station.grade")
    if level not in Station.Level:
        raise FieldErrors({"level": "请选择等级。"})
    _check(reason, on, clock.local_date(moment))
    before = station.get_level_display()
    station.level = level
    changes = [Change("level", before, station.get_level_display())] if before != station.get_level_display() else []
    return saved(station, "level", actor, moment, changes, reason=reason, on=on)


@transaction.atomic
def station_stars_set(
    *,
    code: str,
    version: int | None,
    stars: int | None,
    reason: str,
    actor: Scope,
    on: date | None = None,
    now: datetime | None = None,
) -> Station:
    """Give a station one to five stars, or none (None), from a day on (default: today, not in the future)."""
    moment = now or clock.now()
    station = locked(code, actor, version)
    require(actor, "station.grade")
    if stars is not None and not 1 <= stars <= 5:
        raise FieldErrors({"stars": "星级是 1 到 5 星。"})
    _check(reason, on, clock.local_date(moment))
    before, station.stars = station.stars, stars
    changes = [Change("stars", stars_words(before), stars_words(stars))] if before != stars else []
    return saved(station, "stars", actor, moment, changes, reason=reason, on=on)


def _check(reason: str, on: date | None, today: date) -> None:
    problems: dict[str, str] = {}
    if not reason.strip() or len(reason.strip()) > REASON_LENGTH:
        problems["reason"] = f"原因最多 {REASON_LENGTH} 个字。" if reason.strip() else "请写明原因。"
    if on is not None and on > today:
        problems["on"] = "日期不能晚于今天。"
    if problems:
        raise FieldErrors(problems)
