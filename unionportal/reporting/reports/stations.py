"""The year's stations in the annual report: their figures under the Chinese names its sentences and tables use. Counted from the present rows, never frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from stations.building_selectors import PlanOfUnit, plans_of, standings_of
from stations.counting import WAY_LABELS, Served, Way
from stations.figures import (
    KindLine,
    StationFigures,
    TownshipLine,
    any_stations,
    by_kind,
    by_township,
    figures,
)
from stations.targets import LABELS, Standing
from unionportal.core.common.formats import money
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import district
from unionportal.reporting.selectors.stations import share_of, value_of
from unionportal.reporting.station_measures import STATION_MEASURES, TARGETS

#: Whether there is anything to say: what the section of the outline hangs on.
FLAG = "有驿站"
#: Measure -> the name a sentence calls it by.
NAMES: dict[str, str] = {
    "stations": "驿站数",
    "basic": "驿站基本型",
    "benchmark": "驿站标杆型",
    "smart": "驿站智能化型",
    "all_day": "驿站全天开放",
    "opened": "驿站新启用",
    "withdrawn": "驿站撤销",
    "renovated": "驿站提升改造",
    "renovations_planned": "驿站改造计划",
    "renovations_planned_ever": "驿站改造各年计划",
    "events": "驿站活动",
    "six_gifts": "驿站六送",
    "attendance": "驿站活动参加",
    "attendance_estimated": "驿站活动参加估算",
    "reports": "驿站反映",
    "repairs": "驿站维修",
    "repairs_mended": "驿站维修已修好",
    "ratings": "驿站评价",
    "ratings_bad": "驿站评价不满意",
}
#: Columns of the table of townships: what a row calls it.
COLUMNS: dict[str, str] = {
    "stations": "驿站",
    "benchmark": "标杆型",
    "smart": "智能化型",
    "all_day": "全天开放",
    "renovated": "提升改造",
    "events": "活动",
    **{way.value: WAY_LABELS[way] for way in Way},
    "reports": "反映",
}
#: Columns of the table of plans, in the order of `targets.LABELS`.
PLAN_COLUMNS = ("新建", "改造", "标杆型", "全天开放")
TOWNSHIPS, NAME = "各镇街驿站", "名称"


@dataclass(frozen=True, slots=True)
class StationYear:
    """A year of the district's stations."""

    total: StationFigures
    kinds: list[KindLine]
    townships: list[TownshipLine]
    targets: list[Standing]
    plans: list[PlanOfUnit]


def stations_of(first: date, last: date) -> StationYear | None:
    """The stations of a year up to its last day with rows; None for a district that has none."""
    if not any_stations():
        return None
    cut = Cut(SYSTEM, first, last)
    townships = list(Unit.objects.filter(kind=Unit.Kind.TOWNSHIP).order_by("code"))
    return StationYear(
        figures(cut),
        by_kind(cut),
        by_township(cut, townships),
        standings_of(townships, last),
        plans_of(SYSTEM, [district(), *townships], last.year),
    )


def station_words(year: StationYear | None) -> dict[str, Any]:
    """What sentences and tables may say of the stations; dashes where there are none, so that no template fails for want of them."""
    served = year.total.served if year else Served()
    words: dict[str, Any] = {FLAG: year is not None}
    words |= {name: getattr(year.total, measure) if year else "—" for measure, name in NAMES.items()}
    words |= {f"驿站{WAY_LABELS[way]}": served.of(way) if year else "—" for way in Way}
    words["驿站活动经费"] = money(year.total.cost) if year else "—"
    words["驿站评价平均"] = _stars(year)
    words["驿站服务说明"] = served.added_words if year else "—"
    words["驿站类型说明"] = "、".join(f"{line.name}{line.stations}个" for line in year.kinds) if year else "—"
    words["驿站目标说明"] = _target_words(year) if year else "—"
    words["驿站计划说明"] = _plan_words(year) if year else "—"
    words["驿站目标"] = [
        dict(zip((NAME, "现有", "应有", "还差", "占比"), row, strict=True)) for row in target_rows(year)
    ]
    words["驿站计划"] = [_plan_row(row) for row in plan_rows(year)]
    words[TOWNSHIPS] = [dict(zip((NAME, *COLUMNS.values()), row, strict=True)) for row in township_rows(year)]
    return words


def _plan_row(row: tuple[str | int, ...]) -> dict[str, str | int]:
    """A unit's plan as the report's table has it: accepted and planned in one cell."""
    name, *numbers = row
    pairs = zip(PLAN_COLUMNS, numbers[::2], numbers[1::2], strict=True)
    return {NAME: name} | {
        column: "—" if planned == "—" else f"{accepted}/{planned}" for column, planned, accepted in pairs
    }


def _stars(year: StationYear | None) -> str:
    average = year.total.rating_average if year else None
    return "—" if average is None else f"{average:.1f}"


def township_rows(year: StationYear | None) -> list[tuple[str | int, ...]]:
    """A row for every township, and their sum; ways of counting are added each for itself."""
    if year is None:
        return [("—",) * (1 + len(COLUMNS))]
    rows: list[tuple[str | int, ...]] = [(line.township.short_name, *_numbers(line)) for line in year.townships]
    return [*rows, ("合计", *_numbers(year.total))]


def overview_rows(year: StationYear) -> Iterator[tuple[str, int, str]]:
    """Each figure with what it counts; targets and plans have tables of their own."""
    for key, measure in STATION_MEASURES.items():
        if key not in TARGETS:
            yield measure.name, int(value_of(year.total, key)), measure.formula
    for line in year.kinds:
        yield f"其中{line.name}", line.stations, "期末驿站按类型。"


def target_rows(year: StationYear | None) -> list[tuple[str | int, ...]]:
    """The targets set from above: what there is, what must be, what is missing, and the share where the target is one."""
    if year is None:
        return [("—",) * 5]
    return [(row.label, row.have, row.need, row.lacks, share_of(year.total, row.key) or "—") for row in year.targets]


def plan_rows(year: StationYear | None) -> list[tuple[str | int, ...]]:
    """Every unit that has a plan of the year, the district first: planned and accepted of each number."""
    planned = [plan for plan in year.plans if plan.plan] if year else []
    return [
        (_place(plan.unit), *(number for row in plan.rows for number in (row.planned, row.accepted)))
        for plan in planned
    ] or [("—",) * (1 + 2 * len(LABELS))]


def _place(unit: Unit) -> str:
    return "全区" if unit.kind == Unit.Kind.DISTRICT else unit.short_name


def _plan_words(year: StationYear) -> str:
    """The district's plan in a sentence; empty where it has none."""
    first = year.plans[0] if year.plans else None
    if first is None or first.plan is None:
        return ""
    return "、".join(f"{row.label}计划{row.planned}个、完成{row.accepted}个" for row in first.rows)


def _target_words(year: StationYear) -> str:
    return "；".join(
        f"{row.label}应有{row.need}个、现有{row.have}个，{f'还差{row.lacks}个' if row.lacks else '达到'}"
        for row in year.targets
    )


def _numbers(row: TownshipLine | StationFigures) -> tuple[int, ...]:
    return tuple(int(value_of(row, key)) for key in COLUMNS)
