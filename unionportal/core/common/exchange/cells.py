"""Reading the cells of a workbook: what a spreadsheet makes of numbers, dates and codes, turned into what services take."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from unionportal.core.common.exchange.kinds import BadCell

#: From here on a spreadsheet's number has lost digits.
_EXACT = 10**15
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?")
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
Read = Callable[[Any], Any]


def plain_text(value: Any) -> str:
    """A cell as a person sees it: whole numbers without decimals, days as 2024-09-12."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value).strip()


def text(most: int) -> Read:
    """Text of at most so many characters. A long number that lost its last digits in the spreadsheet is refused."""

    def read(value: Any) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _EXACT:
            raise BadCell("这一格被存成了数字，末几位已经丢失。请把整列设为“文本”格式后重新填写。")
        found = plain_text(value)
        if len(found) > most:
            raise BadCell(f"最多 {most} 个字，现有 {len(found)} 个字。")
        return found

    return read


def day(value: Any) -> date:
    """A date cell, or text such as 2024-09-12, 2024/9/12, 2024年9月12日, 20240912."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    typed = plain_text(value)
    match = _DAY.fullmatch(typed) or _COMPACT_DAY.fullmatch(typed)
    if match:
        try:
            return date(*(int(part) for part in match.groups()))
        except ValueError:
            raise BadCell("没有这一天，请核对日期。") from None
    raise BadCell("请填日期，如 2024-09-12 或 2024年9月12日。")


def whole(least: int, most: int) -> Read:
    """A whole number in a range."""

    def read(value: Any) -> int:
        typed = plain_text(value).replace(",", "").replace("，", "")
        if not re.fullmatch(r"-?\d{1,12}", typed):
            raise BadCell("请填整数。")
        if not least <= int(typed) <= most:
            raise BadCell(f"应在 {least} 到 {most} 之间。")
        return int(typed)

    return read


def money(value: Any) -> Decimal:
    """Yuan to the cent, from 0 on."""
    typed = plain_text(value).replace(",", "").replace("，", "").removesuffix("元").strip()
    if not re.fullmatch(r"\d{1,10}(\.\d{1,2}0*)?", typed):
        raise BadCell("请填金额，单位元，最多两位小数，如“12000.00”。")
    return Decimal(typed)


def yes_no(value: Any) -> bool:
    """是 or 否."""
    typed = plain_text(value)
    if typed not in ("是", "否"):
        raise BadCell("请填“是”或“否”。")
    return typed == "是"


def one_of(choices: Iterable[tuple[Any, str]]) -> Read:
    """One of (code, label) pairs, by label or by code."""
    pairs = list(choices)
    found = {label: code for code, label in pairs} | {str(code): code for code, _ in pairs}
    words = "、".join(label for _, label in pairs)

    def read(value: Any) -> Any:
        typed = plain_text(value)
        if typed not in found:
            raise BadCell(f"请填：{words}。")
        return found[typed]

    return read


def known(names: Iterable[tuple[str, Any]], *, missing: str, ambiguous: str = "") -> Read:
    """One of the objects, by any of its names; `missing` and `ambiguous` say what is wrong, with {} for what was typed."""
    found: dict[str, list[Any]] = defaultdict(list)
    for name, thing in names:
        if name and thing not in found[name]:
            found[name].append(thing)

    def read(value: Any) -> Any:
        typed = plain_text(value)
        things = found.get(typed, [])
        if not things:
            raise BadCell(missing.format(typed))
        if len(things) > 1:
            raise BadCell(ambiguous.format(typed))
        return things[0]

    return read
