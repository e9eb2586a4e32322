"""Periods as the rules give them: in workdays or in calendar days. Source: docs/domain.md, "Clocks"."""

from datetime import date, timedelta

from casework.workflow import DayKind
from unionportal.core.params.kinds import CALENDAR_DAYS
from unionportal.core.params.values import value, word
from unionportal.core.workcal.days import Deadline, add_workdays, workdays_between


def period_end(start: date, number: int, kind: str) -> Deadline:
    """The last day of a period of `number` days of that kind; day 1 is the next (work)day after `start`. Calendar days need no calendar,
    so they are never provisional."""
    if kind == DayKind.CALENDAR:
        return Deadline(start + timedelta(days=number), False)
    return add_workdays(start, number)


def ruled_end(start: date, rule: str) -> Deadline:
    """The last day of a period whose number and kind of days are parameters (`<rule>_workdays`, `<rule>_in`), as they hold on `start`."""
    kind = DayKind.CALENDAR if word(f"{rule}_in", on=start) == CALENDAR_DAYS else DayKind.WORKDAYS
    return period_end(start, int(value(f"{rule}_workdays", on=start)), kind)


def prolonged(deadline: Deadline, workdays: int) -> Deadline:
    """The deadline moved on by so many workdays (a pause, an extension); 0 leaves it as it is."""
    if workdays == 0:
        return deadline
    moved = add_workdays(deadline.day, workdays)
    return Deadline(moved.day, deadline.provisional or moved.provisional)


def overdue_since(workdays: int, today: date) -> date:
    """The latest due day that today is at least `workdays` workdays overdue (`workdays` ≥ 1)."""
    day = today - timedelta(days=1)
    while workdays_between(day, today) < workdays:
        day -= timedelta(days=1)
    return day
