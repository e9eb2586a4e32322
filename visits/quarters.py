"""Quarters by their first day: their names in addresses and in words, and until when a reflection is due."""

import re
from datetime import date, timedelta

from unionportal.core.common.months import shifted
from unionportal.core.params.values import value as parameter
from unionportal.core.workcal.days import Deadline, add_workdays

MONTHS = 3
FIRST_YEAR = 2000
_CODE = re.compile(r"(\d{4})-Q([1-4])")


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return date(day.year, (day.month - 1) // MONTHS * MONTHS + 1, 1)


def next_quarter(quarter: date) -> date:
    """The first day of the quarter after."""
    return shifted(quarter, MONTHS)


def quarter_end(quarter: date) -> date:
    """The last day of the quarter that begins on a day."""
    return next_quarter(quarter) - timedelta(days=1)


def quarter_label(quarter: date) -> str:
    """2024年第3季度."""
    return f"{quarter.year}年第{(quarter.month + 2) // MONTHS}季度"


def quarter_code(quarter: date) -> str:
    """2024-Q3, as addresses and the audit trail name it."""
    return f"{quarter.year}-Q{(quarter.month + 2) // MONTHS}"


def read_quarter(text: str) -> date:
    """The quarter behind "2024-Q3". Raises ValueError for anything else."""
    found = _CODE.fullmatch(text)
    if found is None or int(found[1]) < FIRST_YEAR:
        raise ValueError(text)
    return date(int(found[1]), int(found[2]) * MONTHS - 2, 1)


def reflection_due(quarter: date) -> Deadline:
    """The last day on which a reflection of the quarter is in time."""
    end = quarter_end(quarter)
    return add_workdays(end, int(parameter("analyses.reflection_workdays", on=end)))
