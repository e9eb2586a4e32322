"""How the rows behind a figure of the stations are listed, on the page and in its file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from stations.building_selectors import with_money
from unionportal.core.common.formats import zh_day
from unionportal.reporting import station_measures as measures
from unionportal.reporting.selectors.row_figures import Column, Listing

_AT = Column("镇街", lambda row: row.station.township.short_name)
_STATION_NAME = Column("驿站", lambda row: row.station.name, lambda row: reverse("station", args=[row.station.code]))
_SERVED = Column("驿站", lambda row: row.station.name, lambda row: reverse("station-served", args=[row.station.code]))
_NUMBER = Column("人次", lambda row: row.number)


def _without_tokens(rows: QuerySet) -> QuerySet:
    return rows.defer("search_tokens")


def _accepted(project: Any) -> date | str:
    return project.accepted_on or project.get_state_display()


def _days(count: Any) -> str:
    days = (count.start_on, count.end_on)
    return "至".join(zh_day(day) for day in dict.fromkeys(days))


#: By `RowMeasure.lists`.
STATION_LISTINGS: Mapping[str, Listing] = {
    measures.STATION: Listing(
        ("code",),
        (
            Column("驿站", lambda row: row.name, lambda row: reverse("station", args=[row.code]), lambda row: row.code),
            Column("镇街", lambda row: row.township.short_name),
            Column("类型", lambda row: str(row.kind)),
            Column("现在等级", lambda row: f"{row.get_level_display()}{' · 24小时' if row.open_all_day else ''}"),
            Column("启用日期", lambda row: row.opened_on),
        ),
        along=("township", "kind"),
        read=_without_tokens,
    ),
    measures.RENOVATION: Listing(
        ("year", "pk"),
        (
            Column(
                "项目",
                lambda row: row.name,
                lambda row: reverse("build-project", args=[row.pk]),
                lambda row: row.station.name if row.station else "",
            ),
            Column("镇街", lambda row: row.township.short_name),
            Column("计划年度", lambda row: f"{row.year}年"),
            Column("验收日期", _accepted),
            Column("支出（元）", lambda row: row.spent),
        ),
        along=("station", "township"),
        read=with_money,
    ),
    measures.EVENT: Listing(
        ("-held_on", "-pk"),
        (
            Column(
                "活动",
                lambda row: row.title,
                lambda row: reverse("station-event", args=[row.code]),
                lambda row: f"{row.code} · {row.station.name}",
            ),
            _AT,
            Column("类型", lambda row: row.get_kind_display()),
            Column("举办日期", lambda row: row.held_on),
            Column("参加人次", lambda row: row.attendance),
            Column("计数方式", lambda row: row.get_attendance_way_display()),
            Column("经费（元）", lambda row: row.cost),
        ),
        along=("station__township",),
    ),
    measures.COUNT: Listing(
        ("-start_on", "-pk"),
        (_SERVED, _AT, Column("日期", _days), _NUMBER, Column("依据", lambda row: row.basis or "当天点数")),
        along=("station__township",),
    ),
    measures.CHECK_IN: Listing(
        ("-day", "-pk"), (_SERVED, _AT, Column("日期", lambda row: row.day), _NUMBER), along=("station__township",)
    ),
    measures.REPAIR: Listing(
        ("-opened_on", "-pk"),
        (
            Column(
                "维修", lambda row: row.what, lambda row: reverse("repair", args=[row.pk]), lambda row: row.station.name
            ),
            _AT,
            Column("登记日期", lambda row: row.opened_on),
            Column("状态", lambda row: row.get_state_display()),
        ),
        along=("station__township",),
    ),
    measures.RATING: Listing(
        ("-rated_on", "-pk"),
        (_STATION_NAME, _AT, Column("日期", lambda row: row.rated_on), Column("星", lambda row: row.stars)),
        along=("station__township",),
    ),
    measures.ISSUE: Listing(
        ("-received_on", "-pk"),
        (
            Column(
                "诉求",
                lambda row: row.title,
                lambda row: reverse("issue-detail", args=[row.code]),
                lambda row: row.code,
            ),
            Column("镇街", lambda row: row.township.short_name),
            Column("类别", lambda row: row.category.name),
            Column("收集日期", lambda row: row.received_on),
            Column("状态", lambda row: row.get_outcome_display() or row.get_state_display()),
            Column("办结日期", lambda row: row.closed_on),
        ),
        along=("category", "township"),
        read=_without_tokens,
    ),
    measures.TOWNSHIP: Listing(
        ("code",),
        (Column("镇街", lambda row: row.short_name, lambda row: f"/dashboard/stations/?unit={row.code}"),),
    ),
}
