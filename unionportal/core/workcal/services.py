"""Entering a year's calendar, when the State Council has published it."""

from django.db import IntegrityError, transaction

from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import kept_calendar
from unionportal.core.workcal.models import CalendarDay, CalendarYear
from unionportal.core.workcal.notation import Unreadable, parse

YEARS = range(2004, 2100)


@transaction.atomic
def calendar_year_set(*, year: int, source: str, days: str, actor: Scope) -> CalendarYear:
    """Lay down a year: Monday to Friday but for the days of the text (`notation`). Replaces what was entered. FieldErrors at source or days.

    Deadlines set before keep their day.
    """
    require(actor, "calendar.manage")
    check_year(year)
    if not source.strip():
        raise FieldErrors({"source": "请填写依据，如放假通知的文号。"})
    try:
        specials = parse(days, year=year)
    except Unreadable as problem:
        raise FieldErrors({"days": str(problem)}) from None
    if not any(not special.is_workday and special.day.year == year for special in specials):
        raise FieldErrors({"days": "请至少写一个放假日；一年没有节假日是不可能的。"})
    row, _ = CalendarYear.objects.select_for_update().update_or_create(year=year, defaults={"source": source.strip()})
    CalendarDay.objects.filter(year=row).delete()
    try:
        with transaction.atomic():
            CalendarDay.objects.bulk_create(
                CalendarDay(year=row, day=s.day, is_workday=s.is_workday, name=s.name) for s in specials
            )
    except IntegrityError:
        raise FieldErrors({"days": "有的日期已写在相邻年份的日历里，请先从那里去掉。"}) from None
    kept_calendar.changed()
    record(actor=actor, action="calendar.set", object_type="calendar", object_id=year, days=len(specials))
    return row


@transaction.atomic
def calendar_year_clear(*, year: int, actor: Scope) -> None:
    """Take back a year entered here: the published calendar, or Monday to Friday, holds again."""
    require(actor, "calendar.manage")
    row = CalendarYear.objects.select_for_update().filter(year=year).first()
    if row is None:
        raise NotFound("这一年没有在本系统录入。")
    row.delete()
    kept_calendar.changed()
    record(actor=actor, action="calendar.clear", object_type="calendar", object_id=year)


def check_year(year: int) -> None:
    """NotFound for a year outside the range the portal keeps a calendar of."""
    if year not in YEARS:
        raise NotFound
