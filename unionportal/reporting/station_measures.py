"""What every figure of the stations means, as data. What is counted stands in `stations.figures`."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from stations import figures as counts
from stations.building_selectors import accepted_rows
from stations.counting import WAY_LABELS, WAY_WORDS, Way
from stations.event_flow import SIX_GIFTS
from stations.targets import LABELS as PLAN_LABELS
from unionportal.core.orgs.cuts import Cut
from unionportal.reporting.definitions import Kind, RateMeasure
from unionportal.reporting.row_measures import MONEY, RowMeasure

#: How the rows of a figure are listed.
STATION, RENOVATION, EVENT, COUNT, CHECK_IN, ISSUE = "station", "renovation", "event", "count", "check_in", "issue"
REPAIR, RATING, TOWNSHIP = "repair", "rating", "township"


def _measure(
    key: str, name: str, formula: str, lists: str, rows: Callable[[Cut], QuerySet], **more: Any
) -> tuple[str, RowMeasure]:
    return key, RowMeasure("station", key, name, formula, lists, rows, **more)


def _planned(key: str, label: str) -> tuple[str, RowMeasure]:
    formula = f"计划年度是本期所在年度、目标为“{label}”并已验收合格的建设项目；一个项目可以同时计入几项。"
    return _measure(
        f"plan_{key}",
        f"年度计划完成：{label}",
        formula,
        RENOVATION,
        lambda cut: accepted_rows(cut, key),
        kind=Kind.COHORT,
    )


def _level(level: str) -> Callable[[Cut], QuerySet]:
    return lambda cut: counts.level_rows(cut, level)


def _attended(way: Way) -> Callable[[Cut], QuerySet]:
    return lambda cut: counts.event_rows(cut).filter(attendance_way=way)


def _served(way: Way) -> Callable[[Cut], QuerySet]:
    return counts.check_in_rows if way == Way.CHECK_IN else lambda cut: counts.count_rows(cut, way)


_THERE = "期末已启用、没有撤销的驿站（暂停的也算）"
#: Every figure of the section by the name its address has. Another one is a line here and a field of `StationFigures`.
STATION_MEASURES: dict[str, RowMeasure] = dict(
    (
        _measure("stations", "驿站", f"{_THERE}。", STATION, counts.station_rows, kind=Kind.STOCK),
        _measure("benchmark", "标杆型", f"{_THERE}中期末是标杆型的。", STATION, _level("benchmark"), kind=Kind.STOCK),
        _measure("smart", "智能化型", f"{_THERE}中期末是智能化型的。", STATION, _level("smart"), kind=Kind.STOCK),
        _measure(
            "all_day",
            "24小时开放",
            f"{_THERE}中期末24小时开放的。",
            STATION,
            counts.all_day_rows,
            kind=Kind.STOCK,
        ),
        _measure("opened", "新启用", "启用日期在本期的驿站。", STATION, counts.opened_rows),
        _measure("withdrawn", "撤销", "撤销日期在本期的驿站。", STATION, counts.withdrawn_rows),
        _measure(
            "renovated", "完成提升改造", "验收合格日期在本期的改造项目。", RENOVATION, counts.renovated_rows, unit="家"
        ),
        _measure(
            "renovations_planned",
            "年度提升改造计划",
            "计划年度是本期所在年度的改造项目，验收了的和没验收的都算，取消的不算。",
            RENOVATION,
            counts.planned_renovation_rows,
            kind=Kind.COHORT,
            unit="家",
        ),
        _measure(
            "renovations_planned_ever",
            "各年提升改造计划",
            "各计划年度的改造项目合计，验收了的和没验收的都算，取消的不算。",
            RENOVATION,
            counts.all_renovation_rows,
            kind=Kind.CUMULATIVE,
            unit="家",
        ),
        _measure(
            "events", "驿站活动", "举办日期在本期的活动，计划中和已取消的不算。", EVENT, counts.event_rows, unit="场"
        ),
        _measure(
            "six_gifts",
            "六送",
            "本期举办的活动中送温暖、送清凉、送健康、送法律、送岗位、送爱心餐的场次。",
            EVENT,
            lambda cut: counts.event_rows(cut).filter(kind__in=[str(kind) for kind in SIX_GIFTS]),
            unit="场",
        ),
        _measure(
            "attendance",
            "活动参加（点数）",
            "本期举办的活动现场点数的参加人次相加；不计入服务人次。",
            EVENT,
            _attended(Way.TALLY),
            adds="attendance",
            unit="人次",
        ),
        _measure(
            "attendance_estimated",
            "活动参加（估算）",
            "本期举办的活动估算的参加人次相加；与点数的不相加，也不计入服务人次。",
            EVENT,
            _attended(Way.ESTIMATE),
            adds="attendance",
            unit="人次",
        ),
        _measure(
            "cost",
            "活动经费",
            "本期举办、有经费的活动的经费相加。",
            EVENT,
            lambda cut: counts.event_rows(cut).filter(cost__gt=0),
            adds="cost",
            unit=MONEY,
        ),
        *(
            _measure(
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
        _measure(
            "reports",
            "扫码反映",
            "本期收集、由驿站的维权码反映的问题诉求；不予受理、并案和作废的不算。",
            ISSUE,
            counts.report_rows,
            unit="件",
        ),
        _measure("repairs", "维修", "本期登记的维修，决定不修的不算。", REPAIR, counts.repair_rows, unit="件"),
        _measure(
            "repairs_mended",
            "已修好",
            "本期登记的维修中现在已经修好的，验收过的和等验收的都算。",
            REPAIR,
            counts.mended_rows,
            kind=Kind.COHORT,
            unit="件",
        ),
        _measure(
            "ratings",
            "职工评价",
            "本期职工在驿站页面或扫码后打的星，一部手机一天只算一次。",
            RATING,
            counts.rating_rows,
            unit="次",
        ),
        _measure(
            "ratings_bad",
            "不满意",
            "本期的职工评价中一星和二星的。",
            RATING,
            counts.bad_rating_rows,
            unit="次",
        ),
        _measure(
            "smart_all_day",
            "24小时智能化",
            f"{_THERE}中期末既是智能化型又24小时开放的。",
            STATION,
            counts.smart_all_day_rows,
            kind=Kind.STOCK,
        ),
        _measure(
            "townships_covered",
            "有驿站的镇街",
            "期末至少有一个驿站的镇街。",
            TOWNSHIP,
            counts.township_rows,
            kind=Kind.STOCK,
        ),
        *(_planned(key, label) for key, label in PLAN_LABELS.items()),
    )
)
#: Of these, what a target or a yearly plan counts: no field of `StationFigures`.
TARGETS: frozenset[str] = frozenset({"townships_covered", *(f"plan_{key}" for key in PLAN_LABELS)})
#: Shares the targets are about, by the key of the figure that is the numerator.
STATION_SHARES: dict[str, RateMeasure] = {
    "benchmark": RateMeasure(
        "station_benchmark_share", "标杆型占比", "标杆型 ÷ 驿站", "station_benchmark", "stations", Kind.STOCK
    ),
    "smart_all_day": RateMeasure(
        "station_smart_share",
        "24小时智能化占比",
        "24小时智能化 ÷ 驿站",
        "station_smart_all_day",
        "stations",
        Kind.STOCK,
    ),
}
