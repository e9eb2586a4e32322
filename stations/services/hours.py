"""When a station is open: its weekly hours with their seasons, and the days on which it stays shut."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from stations.facts import listed
from stations.models import OpeningHours, Station, StationClosure
from stations.models.around import REASON_LENGTH
from stations.opening import MIDNIGHT, hours_words, minutes, over_midnight
from stations.services.inputs import PeriodInput
from stations.services.log import Change, kept_locked, note, saved
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Scope

MOST_ROWS = 14
#: A night longer than this is more likely a slip (08:00–20:00 typed the wrong way round) than a night shift.
LONG_NIGHT = 14 * 60


@transaction.atomic
def hours_set(
    *,
    code: str,
    version: int | None,
    open_all_day: bool,
    periods: Sequence[PeriodInput],
    actor: Scope,
    sure: Collection[str] = (),
    now: datetime | None = None,
) -> Station:
    """Replace the hours. Open all day needs no rows. FieldErrors at `periods.<index>` and `sure_night`, a question as in `inputs.QUESTIONS`."""
    station = kept_locked(code, actor, version)
    if open_all_day:
        periods = ()
    if problems := _problems(periods, open_all_day=open_all_day, sure=sure):
        raise FieldErrors(problems)
    before = listed(hours_words(station))
    station.hours.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            station=station,
            weekdays=sorted(set(row.weekdays)),
            opens=row.opens,
            closes=row.closes,
            season_from=row.season_from,
            season_until=row.season_until,
        )
        for row in periods
    )
    station.open_all_day = open_all_day
    after = listed(hours_words(station))
    changes = [Change("hours", before, after)] if before != after else []
    return saved(station, "hours", actor, now or clock.now(), changes)


@transaction.atomic
def closure_add(
    *, code: str, start_on: date, end_on: date | None, reason: str, actor: Scope, now: datetime | None = None
) -> StationClosure:
    """Shut the station on some days, both included; `end_on` None: until further notice. FieldErrors where they overlap others."""
    moment, reason = now or clock.now(), reason.strip()
    station = kept_locked(code, actor)
    problems: dict[str, str] = {}
    if end_on is not None and end_on < start_on:
        problems["end_on"] = "结束日期不能早于开始日期。"
    if not reason or len(reason) > REASON_LENGTH:
        problems["reason"] = f"原因最多 {REASON_LENGTH} 个字。" if reason else "请写明原因，找驿站的人会看到。"
    if problems:
        raise FieldErrors(problems)
    closure = StationClosure(station=station, start_on=start_on, end_on=end_on, reason=reason)
    try:
        with transaction.atomic():
            closure.save()
    except IntegrityError:
        raise FieldErrors({"start_on": "与已登记的关闭日期重叠。"}) from None
    note(station, "close_days", actor, moment, [Change("closure", "", days_words(closure))], reason=reason, on=start_on)
    return closure


@transaction.atomic
def closure_end(
    *, code: str, closure_id: int, end_on: date | None, actor: Scope, now: datetime | None = None
) -> StationClosure | None:
    """Set another last day, or with None take the closure out, as if it had never been: for those entered by mistake."""
    station = kept_locked(code, actor)
    closure = station.closures.select_for_update().filter(pk=closure_id).first()
    if closure is None:
        raise NotFound
    before = days_words(closure)
    if end_on is None:
        closure.delete()
        note(station, "close_days", actor, now or clock.now(), [Change("closure", before, "")])
        return None
    if end_on < closure.start_on:
        raise FieldErrors({"end_on": f"结束日期不能早于开始日期（{zh_day(closure.start_on)}）。"})
    closure.end_on = end_on
    try:
        with transaction.atomic():
            closure.save(update_fields=["end_on"])
    except IntegrityError:
        raise FieldErrors({"end_on": "与已登记的关闭日期重叠。"}) from None
    note(station, "close_days", actor, now or clock.now(), [Change("closure", before, days_words(closure))])
    return closure


def days_words(closure: StationClosure) -> str:
    """2025-01-20 至 2025-02-05."""
    if closure.end_on is None:
        return f"{zh_day(closure.start_on)}起"
    return f"{zh_day(closure.start_on)}至{zh_day(closure.end_on)}"


def _problems(periods: Sequence[PeriodInput], *, open_all_day: bool, sure: Collection[str]) -> dict[str, str]:
    if not periods and not open_all_day:
        return {"periods": "请至少填一行开放时间，或勾选24小时开放。"}
    if len(periods) > MOST_ROWS:
        return {"periods": f"最多 {MOST_ROWS} 行。"}
    problems: dict[str, str] = {}
    long_nights = []
    for index, row in enumerate(periods):
        if problem := _row_problem(row):
            problems[f"periods.{index}"] = problem
        elif over_midnight(row) and row.closes != MIDNIGHT and minutes(row) > LONG_NIGHT:
            long_nights.append(f"{row.opens:%H:%M}到次日{row.closes:%H:%M}")
    if long_nights and "sure_night" not in sure:
        problems["sure_night"] = (
            f"{'、'.join(long_nights)}，关门早于开门，会算作开到第二天。确实过夜开放的，请勾选确认。"
        )
    return problems


def _row_problem(row: PeriodInput) -> str:
    if not row.weekdays or not set(row.weekdays) <= set(range(1, 8)):
        return "请选择星期几开放。"
    if row.opens == row.closes:
        return "开门和关门是同一时间。全天开放的，请勾选24小时开放。"
    if (row.season_from is None) != (row.season_until is None):
        return "季节的起止日期要么都填，要么都不填。"
    if any(season is not None and not _is_day(season) for season in (row.season_from, row.season_until)):
        return "季节的日期不对，请填几月几日。"
    return ""


def _is_day(number: int) -> bool:
    try:
        date(2024, number // 100, number % 100)  # a leap year, so that 29 February is one
    except ValueError:
        return False
    return True
