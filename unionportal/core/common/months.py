"""Months to and fro, for every app."""

from calendar import monthrange
from datetime import date


def shifted(day: date, months: int) -> date:
    """The same day so many months later (earlier if negative), or the month's last where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])
