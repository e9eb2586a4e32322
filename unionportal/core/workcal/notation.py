"""How a year's differing days are written: one line a day or span, as people copy them from the State Council's notice.

2026-10-01 至 2026-10-07 休 国庆节
2026-10-10 班 国庆节调休
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_SPAN = 31
_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_LINE = re.compile(rf"^{_DAY}(?:\s*(?:至|到|~|—|－)\s*{_DAY})?\s+(休|班)(?:\s+(\S.*))?$")
EXAMPLE = "2026-10-01 至 2026-10-07 休 国庆节"


@dataclass(frozen=True, slots=True)
class Special:
    """One day that is named or differs from Monday to Friday."""

    day: date
    is_workday: bool
    name: str


class Unreadable(Exception):
    """A line that cannot be taken; the text says which and why."""


def parse(text: str, *, year: int) -> list[Special]:
    """The days of a year's text, in order. Raises Unreadable naming the first bad line.

    Days of the December before may be given too: a New Year's make-up day can fall there.
    """
    found: dict[date, tuple[int, Special]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        for special in _days(line.strip(), number, year):
            if special.day in found:
                raise Unreadable(f"第 {number} 行：{special.day} 在第 {found[special.day][0]} 行已经写过。")
            found[special.day] = (number, special)
    return [special for _, special in sorted(found.values(), key=lambda pair: pair[1].day)]


def _days(line: str, number: int, year: int) -> Iterable[Special]:
    match = _LINE.match(line)
    if match is None:
        raise Unreadable(f"第 {number} 行看不懂：“{line[:40]}”。请按“{EXAMPLE}”的样子写，休表示放假，班表示上班。")
    *parts, nature, name = match.groups()
    try:
        first = date(*map(int, parts[:3]))
        last = date(*map(int, parts[3:])) if parts[3] else first
    except ValueError:
        raise Unreadable(f"第 {number} 行：没有这一天。") from None
    if last < first or (last - first).days >= LONGEST_SPAN:
        raise Unreadable(f"第 {number} 行：起止日期不对。")
    if first < date(year - 1, 12, 1) or last > date(year, 12, 31):
        raise Unreadable(f"第 {number} 行：日期不在{year}年（可以写上一年12月的调休日）。")
    name = (name or "").strip()
    if len(name) > 30:
        raise Unreadable(f"第 {number} 行：说明不超过 30 个字。")
    for offset in range((last - first).days + 1):
        yield Special(first + timedelta(days=offset), nature == "班", name)


def write(specials: Iterable[Special]) -> str:
    """The text that `parse` reads back, neighbouring days of one kind and name joined."""
    lines: list[str] = []
    spans: list[list[Special]] = []
    for special in specials:
        last = spans[-1][-1] if spans else None
        if last and (last.day + timedelta(days=1), last.is_workday, last.name) == (
            special.day,
            special.is_workday,
            special.name,
        ):
            spans[-1].append(special)
        else:
            spans.append([special])
    for span in spans:
        days = f"{span[0].day}" if len(span) == 1 else f"{span[0].day} 至 {span[-1].day}"
        lines.append(f"{days} {'班' if span[0].is_workday else '休'} {span[0].name}".rstrip())
    return "\n".join(lines)
