"""The year's hardship aid in the annual report: its figures under the Chinese names its sentences and tables use. Counted from the present rows, never frozen.

A report goes from hand to hand: no person stands in it, and a township's small numbers are not said.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardship.figures import (
    AidLine,
    HardshipFigures,
    TownshipLine,
    any_hardship,
    by_campaign,
    by_fund,
    by_township,
    figures,
    in_force_rows,
)
from unionportal.core.common.formats import money
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.small_numbers import WITHHELD, unpointed

#: Whether there is anything to say: what the section of the outline hangs on.
FLAG = "有困难帮扶"
#: Measure -> the name a sentence calls it by. What is due today is for today's page, not for a year's report.
NAMES: dict[str, str] = {
    "in_force": "在档困难家庭",
    "deep": "深度困难家庭",
    "relative": "相对困难家庭",
    "sudden": "意外致困家庭",
    "unsorted": "旧标准困难家庭",
    "taken_in": "困难家庭新建档",
    "taken_in_again": "困难家庭再次建档",
    "lifted": "困难家庭脱困",
    "cleared": "困难家庭清档",
    "relapsed": "困难家庭返困",
    "leads_raised": "困难线索",
    "leads_verified": "困难线索已核实",
    "leads_confirmed": "困难线索建档",
    "leads_pending": "困难线索未了结",
    "grants": "帮扶人次",
    "aid": "帮扶金额",
    "orders": "便民服务",
    "orders_settled": "便民服务已结算",
    "services_paid": "便民服务支出",
    "allowance_used": "便民服务已用额度",
    "allowance_limit": "便民服务额度",
    "measures_set": "帮扶措施",
    "measures_done": "帮扶措施完成",
    "measures_overdue": "帮扶措施逾期",
}
#: Columns of the table of townships: what a row calls it.
COLUMNS: dict[str, str] = {
    "in_force": "在档",
    "taken_in": "新建档",
    "lifted": "脱困",
    "leads_raised": "线索",
    "grants": "人次",
    "aid": "金额",
    "measures_overdue": "措施逾期",
}
TOWNSHIPS, AID, NAME = "各镇街困难帮扶", "帮扶发放", "名称"


@dataclass(frozen=True, slots=True)
class HardshipYear:
    """A year of the district's hardship aid; `before`: households in the register when it began."""

    total: HardshipFigures
    before: int
    funds: list[AidLine]
    campaigns: list[AidLine]
    townships: list[TownshipLine]


def hardship_of(first: date, last: date) -> HardshipYear | None:
    """A year up to its last day with rows; None for a district that keeps no files."""
    if not any_hardship():
        return None
    cut = Cut(SYSTEM, first, last)
    townships = list(Unit.objects.filter(kind=Unit.Kind.TOWNSHIP).order_by("code"))
    eve = first - timedelta(days=1)
    before = in_force_rows(Cut(SYSTEM, eve, eve)).count()
    return HardshipYear(figures(cut), before, by_fund(cut), by_campaign(cut), by_township(cut, townships))


def hardship_words(year: HardshipYear | None) -> dict[str, Any]:
    """What sentences and tables may say of hardship aid; dashes where there is none, so that no template fails for want of it."""
    words: dict[str, Any] = {FLAG: year is not None, "期初在档困难家庭": year.before if year else "—"}
    words |= {name: _said(getattr(year.total, key)) if year else "—" for key, name in NAMES.items()}
    words["帮扶资金说明"] = _in_words(year.funds) if year else "—"
    words["四季帮扶说明"] = _in_words(year.campaigns) if year else "—"
    words[AID] = [dict(zip((NAME, "来源", "人次", "金额"), map(_said, row), strict=True)) for row in aid_rows(year)]
    words[TOWNSHIPS] = [
        dict(zip((NAME, *COLUMNS.values()), map(_said, row), strict=True)) for row in hardship_township_rows(year)
    ]
    return words


def aid_rows(year: HardshipYear | None) -> list[tuple[str | int | Decimal, ...]]:
    """A row for every fund, then for every campaign, which are part of the funds'."""
    if year is None or not year.funds:
        return [("—",) * 4]
    parts = (("资金", year.funds), ("其中四季帮扶", year.campaigns))
    return [(line.name, sort, line.grants, line.aid) for sort, lines in parts for line in lines]


def hardship_township_rows(year: HardshipYear | None) -> list[tuple[str | int | Decimal, ...]]:
    """A row for every township, without small numbers, and their sum. Where the number of grants is not said, nor is their money."""
    if year is None:
        return [("—",) * (1 + len(COLUMNS))]
    columns: dict[str, list[Any]] = {
        key: unpointed([getattr(line, key) for line in year.townships]) for key in COLUMNS if key != "aid"
    }
    columns["aid"] = [
        line.aid if isinstance(grants, int) else WITHHELD
        for line, grants in zip(year.townships, columns["grants"], strict=True)
    ]
    rows: list[tuple[str | int | Decimal, ...]] = [
        (line.township.short_name, *(columns[key][place] for key in COLUMNS))
        for place, line in enumerate(year.townships)
    ]
    return [*rows, ("合计", *(getattr(year.total, key) for key in COLUMNS))]


def hardship_overview(year: HardshipYear) -> Iterator[tuple[str, int | Decimal, str]]:
    """Each figure with what it counts."""
    for key in NAMES:
        one = HARDSHIP_MEASURES[key]
        yield f"{one.name}（{one.unit}）", getattr(year.total, key), one.formula


def _in_words(lines: list[AidLine]) -> str:
    return "、".join(f"{line.name}{line.grants}人次{money(line.aid)}元" for line in lines)


def _said(value: Any) -> Any:
    return money(value) if isinstance(value, Decimal) else value
