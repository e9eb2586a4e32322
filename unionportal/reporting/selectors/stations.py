"""The stations' section of the dashboard: each figure with its words and the rows it opens. What is counted stands in `stations.figures`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from stations import figures as counts
from stations.counting import WAY_LABELS, WAY_WORDS, Served, Way
from stations.event_flow import SIX_GIFTS
from stations.figures import Cut, StationFigures
from unionportal.core.common import formats
from unionportal.core.orgs.models import Unit
from unionportal.reporting.selectors.place import Figure, Part, Place

ROWS_PATH = "/dashboard/stations/rows/"
#: How the rows of a figure are listed, and in which order.
STATION, RENOVATION, EVENT, COUNT, CHECK_IN, ISSUE = "station", "renovation", "event", "count", "check_in", "issue"
REPAIR, RATING = "repair", "rating"
ORDERS: dict[str, tuple[str, ...]] = {
    STATION: ("code",),
    RENOVATION: ("year", "pk"),
    EVENT: ("-held_on", "-pk"),
    COUNT: ("-start_on", "-pk"),
    CHECK_IN: ("-day", "-pk"),
    ISSUE: ("-received_on", "-pk"),
    REPAIR: ("-opened_on", "-pk"),
    RATING: ("-rated_on", "-pk"),
}


@dataclass(frozen=True, slots=True)
class StationMeasure:
    """What a figure counts, in words, and its rows. `adds`: the column it adds up where it is not their number."""

    id: str
    name: str
    formula: str
    kind: str
    rows: Callable[[Cut], QuerySet]
    adds: str = ""
    unit: str = "个"


def _level(level: str) -> Callable[[Cut], QuerySet]:
    return lambda cut: counts.level_rows(cut, level)


def _attended(way: Way) -> Callable[[Cut], QuerySet]:
    return lambda cut: counts.event_rows(cut).filter(attendance_way=way)


def _served(way: Way) -> Callable[[Cut], QuerySet]:
    return counts.check_in_rows if way == Way.CHECK_IN else lambda cut: counts.count_rows(cut, way)


_THERE = "期末已启用、没有撤销的驿站（暂停的也算）"
#: Every figure of the section by the name its address has. Another one is a line here and a field of `StationFigures`.
MEASURES: dict[str, StationMeasure] = {
    one.id: one
    for one in (
        StationMeasure("stations", "驿站", f"{_THERE}。", STATION, counts.station_rows),
        StationMeasure("benchmark", "标杆型", f"{_THERE}中期末是标杆型的。", STATION, _level("benchmark")),
        StationMeasure("smart", "智能化型", f"{_THERE}中期末是智能化型的。", STATION, _level("smart")),
        StationMeasure(
            "all_day",
            "24小时开放",
            f"{_THERE}中期末24小时开放的。",
            STATION,
            counts.all_day_rows,
        ),
        StationMeasure("opened", "新启用", "启用日期在本期的驿站。", STATION, counts.opened_rows),
        StationMeasure("withdrawn", "撤销", "撤销日期在本期的驿站。", STATION, counts.withdrawn_rows),
        StationMeasure(
            "renovated", "完成提升改造", "验收合格日期在本期的改造项目。", RENOVATION, counts.renovated_rows, unit="家"
        ),
        StationMeasure(
            "renovations_planned",
            "年度提升改造计划",
            "计划年度是本期所在年度的改造项目，验收了的和没验收的都算，取消的不算。",
            RENOVATION,
            counts.planned_renovation_rows,
            unit="家",
        ),
        StationMeasure(
            "renovations_planned_ever",
            "各年提升改造计划",
            "各计划年度的改造项目合计，验收了的和没验收的都算，取消的不算。",
            RENOVATION,
            counts.all_renovation_rows,
            unit="家",
        ),
        StationMeasure(
            "events", "驿站活动", "举办日期在本期的活动，计划中和已取消的不算。", EVENT, counts.event_rows, unit="场"
        ),
        StationMeasure(
            "six_gifts",
            "六送",
            "本期举办的活动中送温暖、送清凉、送健康、送法律、送岗位、送爱心餐的场次。",
            EVENT,
            lambda cut: counts.event_rows(cut).filter(kind__in=[str(kind) for kind in SIX_GIFTS]),
            unit="场",
        ),
        StationMeasure(
            "attendance",
            "活动参加（点数）",
            "本期举办的活动现场点数的参加人次相加；不计入服务人次。",
            EVENT,
            _attended(Way.TALLY),
            adds="attendance",
            unit="人次",
        ),
        StationMeasure(
            "attendance_estimated",
            "活动参加（估算）",
            "本期举办的活动估算的参加人次相加；与点数的不相加，也不计入服务人次。",
            EVENT,
            _attended(Way.ESTIMATE),
            adds="attendance",
            unit="人次",
        ),
        *(
            StationMeasure(
                way.value,
                f"服务人次（{WAY_LABELS[way]}）",
                f"{WAY_WORDS[way]}，本期相加；与其他方式的不相加。",
                CHECK_IN if way == Way.CHECK_IN else COUNT,
                _served(way),
                adds="number",
                unit="人次",
            )
            for way in Way
        ),
        StationMeasure(
            "reports",
            "扫码反映",
            "本期收集、由驿站的维权码反映的问题诉求；不予受理、并案和作废的不算。",
            ISSUE,
            counts.report_rows,
            unit="件",
        ),
        StationMeasure("repairs", "维修", "本期登记的维修，决定不修的不算。", REPAIR, counts.repair_rows, unit="件"),
        StationMeasure(
            "repairs_mended",
            "已修好",
            "本期登记的维修中现在已经修好的，验收过的和等验收的都算。",
            REPAIR,
            counts.mended_rows,
            unit="件",
        ),
        StationMeasure(
            "ratings",
            "职工评价",
            "本期职工在驿站页面或扫码后打的星，一部手机一天只算一次。",
            RATING,
            counts.rating_rows,
            unit="次",
        ),
        StationMeasure(
            "ratings_bad",
            "不满意",
            "本期的职工评价中一星和二星的。",
            RATING,
            counts.bad_rating_rows,
            unit="次",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class TownshipCells:
    """A township's line: its name and its figures with their rows, in the order of `COLUMNS`."""

    name: str
    cells: list[Part]


#: Measures of the table of townships.
COLUMNS = (
    "stations",
    "benchmark",
    "smart",
    "all_day",
    "renovated",
    "events",
    *(way.value for way in Way),
    "reports",
)


def cut_of(place: Place) -> Cut:
    """The part of the stations a place is about."""
    return Cut(place.scope, place.period.start, place.end, place.township)


def measure_url(place: Place, measure: str, **more: Any) -> str:
    """Where the rows of a figure are listed."""
    unit = {"unit": place.unit.code} if place.township else {}
    query = urlencode({"measure": measure} | unit | {name: value for name, value in more.items() if value})
    return f"{ROWS_PATH}?{query}&{place.period.query}"


def station_figures(place: Place, found: StationFigures) -> list[Figure]:
    """The tiles: stations, renovations, events, people served each way apart, reports, repairs, ratings."""

    def part(measure: str, words: str, tone: str = "idle") -> Part:
        number = _number(found, measure)
        return Part(f"{words} {formats.count(number)}", measure_url(place, measure), number, tone)

    def figure(measure: str, *parts: Part, remark: str = "") -> Figure:
        one, number = MEASURES[measure], _number(found, measure)
        url = measure_url(place, measure)
        return Figure(one.id, one.name, formats.count(number), url, number, one.formula, parts=[*parts], remark=remark)

    return [
        figure(
            "stations",
            part("benchmark", "标杆型"),
            part("smart", "智能化型"),
            part("all_day", "24小时"),
            part("opened", "新启用"),
        ),
        figure("renovated", part("renovations_planned", "本年计划"), part("renovations_planned_ever", "各年计划")),
        figure(
            "events",
            part("six_gifts", "六送"),
            part("attendance", "参加（点数）"),
            part("attendance_estimated", "参加（估算）"),
            remark=f"经费 {formats.money(found.cost)} 元",
        ),
        *(figure(way.value) for way in Way),
        figure("reports"),
        figure("repairs", part("repairs_mended", "已修好")),
        figure("ratings", part("ratings_bad", "不满意"), remark=_stars(found)),
    ]


def township_cells(place: Place, townships: list[Unit]) -> list[TownshipCells]:
    """Every township of the place, each number with its rows."""
    return [
        TownshipCells(line.township.short_name, [_cell(place, line, measure) for measure in COLUMNS])
        for line in counts.by_township(cut_of(place), townships)
    ]


def kind_parts(place: Place) -> list[Part]:
    """Stations by kind."""
    return [
        Part(line.name, measure_url(place, "stations", kind=line.code), line.stations)
        for line in counts.by_kind(cut_of(place))
    ]


def _stars(found: StationFigures) -> str:
    average = found.rating_average
    return "" if average is None else f"平均 {average:.1f} 星"


def _cell(place: Place, line: counts.TownshipLine, measure: str) -> Part:
    number = line.served.of(measure) if measure in WAY_LABELS else int(getattr(line, measure))
    url = f"{ROWS_PATH}?measure={measure}&unit={line.township.code}&{place.period.query}"
    return Part(formats.count(number), url, number)


def _number(found: StationFigures, measure: str) -> int:
    served: Served = found.served
    return served.of(measure) if measure in WAY_LABELS else int(getattr(found, measure))
