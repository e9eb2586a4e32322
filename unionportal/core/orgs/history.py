"""The history of union facts in words, for components/timeline.html."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from unionportal.core.common.formats import count, money, zh_day
from unionportal.core.orgs.models import UnionFacts

LOOKS: dict[str, tuple[str, str]] = {
    "none": ("idle", "unit"),
    "preparing": ("warn", "clock"),
    "own": ("ok", "check"),
    "joint": ("ok", "check"),
}


def timeline(rows: Iterable[UnionFacts]) -> list[dict[str, Any]]:
    """What changed when, newest first. `rows` first to last."""
    rows = list(rows)
    found = [_entry(rows[0], "；".join(_all(rows[0])))] if rows else []
    found += [_entry(row, "；".join(_changes(last, row))) for last, row in pairwise(rows)]
    return found[::-1]


def _entry(row: UnionFacts, text: str) -> dict[str, Any]:
    tone, icon = LOOKS[row.union_state]
    return {
        "text": text,
        "day": zh_day(row.since) if row.since else "此前",
        "who": row.recorded_by.display_name if row.recorded_by else "",
        "at": row.recorded_at,
        "tone": tone,
        "icon": icon,
    }


def _words(row: UnionFacts) -> dict[str, str]:
    return {
        "建会情况": row.get_union_state_display(),
        "会员": f"{count(row.union_members)} 人" if row.union_members is not None else "",
        "职工": f"{count(row.employees)} 人" if row.employees is not None else "",
        "届满": zh_day(row.union_term_ends_on) if row.union_term_ends_on else "",
        "年缴经费": f"{money(row.yearly_dues)} 元" if row.yearly_dues is not None else "",
    }


def _all(row: UnionFacts) -> list[str]:
    return [f"{name} {value}" for name, value in _words(row).items() if value]


def _changes(before: UnionFacts, after: UnionFacts) -> list[str]:
    old = _words(before)
    return [
        f"{name} {old[name] or '未填'} → {value or '未填'}"
        for name, value in _words(after).items()
        if value != old[name]
    ]
