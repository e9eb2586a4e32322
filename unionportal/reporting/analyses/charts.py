"""The charts of an analysis, as the chart component takes them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from unionportal.reporting.analyses.sheet import CategoryRow, Sheet
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place

#: Categories a chart has room for.
CHARTED = 10


def trend(place: Place, sheet: Sheet) -> dict[str, Any]:
    """Received and resolved of a year's months up to the quarter's end."""
    months = [Period(MONTH, date.fromisoformat(f"{row.month}-01")) for row in sheet.months]
    span = f"{months[0].label}至{months[-1].label}" if months else ""
    return {
        "id": "analysis-trend",
        "title": f"收集与化解（按收集月份），{span}",
        "kind": "line",
        "labels": [
            f"{month.start:%y}年{month.start.month}月"
            if not number or month.start.month == 1
            else f"{month.start.month}月"
            for number, month in enumerate(months)
        ],
        "series": [
            {"name": "收集录入", "values": [row.received for row in sheet.months]},
            {
                "name": "已化解",
                "values": [row.resolved for row in sheet.months],
                "style": "dashed",
                "links": [place.url("resolved", month) for month in months],
            },
        ],
        "unit": "件",
        "decimals": 0,
        "table_head": "收集月份",
        "links": [place.url("received", month) for month in months],
        "counts": [row.received for row in sheet.months],
    }


def category_chart(place: Place, sheet: Sheet) -> dict[str, Any]:
    """The commonest categories beside the other quarters."""
    shown = list(sheet.categories)[:CHARTED]
    series = [{"name": place.period.label, "values": [row.received for row in shown]}]
    if sheet.before is not None:
        series.append(_other_quarter(place, place.period.shift(-1), shown, [row.before for row in shown]))
    if sheet.year_ago is not None:
        series.append(_other_quarter(place, place.period.year_before(), shown, [row.year_ago for row in shown]))
    return {
        "id": "analysis-categories",
        "title": f"各类别收集件数，{place.period.label}",
        "kind": "hbar",
        "labels": [row.name for row in shown],
        "series": series,
        "unit": "件",
        "decimals": 0,
        "table_head": "类别",
        "links": [place.url("received", category=row.code) for row in shown],
        "counts": [row.received for row in shown],
    }


def _other_quarter(
    place: Place, period: Period, shown: Sequence[CategoryRow], values: list[int | None]
) -> dict[str, Any]:
    links = [place.url("received", period, category=row.code) for row in shown]
    return {"name": period.label, "values": values, "links": links}
