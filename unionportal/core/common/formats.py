"""How dates, rates, money and deadlines are written on screen. Pure functions; the template filters and exports call them.

Rules (docs/design.md): dates as 2024年9月12日 周四, rates with two decimals as published (94.70%), nothing to divide by is "—", money 12,000.00.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

NOTHING = "—"
WEEKDAYS = "一二三四五六日"
SHANGHAI = ZoneInfo("Asia/Shanghai")
CENT = Decimal("0.01")


def local(value: Any) -> Any:
    """A moment in Shanghai time; a plain day (or anything else) as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(SHANGHAI)
    return value


def zh_date(value: date | datetime | None) -> str:
    """2024年9月12日 周四."""
    day = local(value)
    if not isinstance(day, date):
        return NOTHING
    return f"{day.year}年{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def zh_day(value: date | datetime | None) -> str:
    """2024年9月12日."""
    day = local(value)
    return f"{day.year}年{day.month}月{day.day}日" if isinstance(day, date) else NOTHING


def zh_short(value: date | datetime | None) -> str:
    """9月12日, for places where the year is plain."""
    day = local(value)
    return f"{day.month}月{day.day}日" if isinstance(day, date) else NOTHING


def zh_month(value: date | datetime | None) -> str:
    """2024年9月."""
    day = local(value)
    return f"{day.year}年{day.month}月" if isinstance(day, date) else NOTHING


def zh_time(value: datetime | None) -> str:
    """9月12日 09:20, in Shanghai time."""
    moment = local(value)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}" if isinstance(moment, datetime) else NOTHING


def zh_moment(value: datetime | None) -> str:
    """2024年9月12日 09:20, in Shanghai time."""
    moment = local(value)
    return f"{zh_day(moment)} {moment:%H:%M}" if isinstance(moment, datetime) else NOTHING


def zh_week(value: date | datetime | None) -> str:
    """第37周: the ISO week (Monday to Sunday) the day falls in."""
    day = local(value)
    return f"第{day.isocalendar().week}周" if isinstance(day, date) else NOTHING


def as_decimal(value: Any) -> Decimal | None:
    """The number behind a value, or None where there is none."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def percent(fraction: Decimal | None) -> str:
    """94.70% for the fraction 0.947027; half a hundredth rounds up, as the press prints it."""
    if fraction is None:
        return NOTHING
    return f"{(fraction * 100).quantize(CENT, ROUND_HALF_UP)}%"


def rate(value: Any) -> str:
    """A rate for print: from {numerator, denominator}, an object with those fields, or a fraction. Nothing to divide by is "—", never 0% or 100%."""
    if isinstance(value, Mapping):
        numerator, denominator = value.get("numerator"), value.get("denominator")
    elif hasattr(value, "denominator") and not isinstance(value, int | float | Decimal):
        numerator, denominator = value.numerator, value.denominator
    else:
        return percent(as_decimal(value))
    top, bottom = as_decimal(numerator), as_decimal(denominator)
    if top is None or not bottom:
        return NOTHING
    return percent(top / bottom)


def money(value: Any) -> str:
    """12,000.00 for an amount in yuan; the caller writes 元."""
    amount = as_decimal(value)
    return NOTHING if amount is None else f"{amount.quantize(CENT, ROUND_HALF_UP):,}"


def count(value: Any) -> str:
    """12,345 for a number of things; "—" where unknown."""
    if type(value) is int:
        return f"{value:,}"
    number = as_decimal(value)
    return NOTHING if number is None else f"{number.normalize():,f}"


def due_words(workdays_left: Any) -> str:
    """What a deadline means now, in workdays left (negative: overdue): 逾期 2 个工作日, 今天到期, 剩 3 个工作日."""
    left = workdays_left if type(workdays_left) is int else as_decimal(workdays_left)
    if left is None:
        return "未设期限"
    if left < 0:
        return f"逾期 {count(-left)} 个工作日"
    if left == 0:
        return "今天到期"
    return f"剩 {count(left)} 个工作日"


def due_tone(workdays_left: Any) -> str:
    """late when overdue, warn within one workday, else idle."""
    left = workdays_left if type(workdays_left) is int else as_decimal(workdays_left)
    if left is None or left > 1:
        return "idle"
    return "late" if left < 0 else "warn"
