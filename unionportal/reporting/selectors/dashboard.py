"""The overview: trend, ranking and mix. Issue figures come from the kept months alone; every figure carries the address of its rows."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from unionportal.core.orgs.models import Unit
from unionportal.reporting import freezing
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import MEASURES, RATES_BY_ID
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.definitions import version_words
from unionportal.reporting.selectors.headline import rate_of, resolution_target, small_denominator
from unionportal.reporting.selectors.months import Months, received_by_category, resolved_by_township
from unionportal.reporting.selectors.picker import Period, period_of
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.rows import period_rows_url

TREND_MONTHS = 12
RANKING_HEAD = 10


@dataclass(frozen=True, slots=True)
class FreezeMark:
    """Whether the figures of the page are frozen ones. `revision` 0: they are live, and `apart` says how they stand to its frozen months."""

    revision: int
    frozen_at: datetime | None = None
    month: date | None = None
    moved: bool = False
    definitions: str = ""  # by which versions they were counted
    apart: str = ""


def freeze_mark(place: Place, months: Months) -> FreezeMark:
    """The mark of the page; `moved` where what was recorded since makes other figures than the frozen ones."""
    freeze = place.freeze
    if freeze is None:
        return _live_mark(place, months)
    return FreezeMark(freeze.revision, freeze.frozen_at, freeze.month, freezing.differs(freeze), version_words(freeze))


def _live_mark(place: Place, months: Months) -> FreezeMark:
    """How a longer period, which is live, stands to the sum of its frozen months."""
    frozen, changed = months.since_frozen(place.period)
    if place.period.kind == MONTH or not frozen:
        return FreezeMark(0)
    words = "、".join(f"{MEASURES[name].name} {number:+,d}" for name, number in changed.items() if number)
    if not words:
        return FreezeMark(0, apart=f"已冻结的 {len(frozen)} 个月与冻结时一致")
    return FreezeMark(0, moved=True, apart=f"已冻结的 {len(frozen)} 个月比冻结时：{words}")


def _trend_months(place: Place) -> list[Period]:
    last = period_of(MONTH, place.end)
    return [last.shift(-back) for back in reversed(range(TREND_MONTHS))]


def trend(place: Place, months: Months) -> dict[str, Any]:
    """化解率 of the last twelve months up to the period's end, as the chart component takes it."""
    shown = _trend_months(place)
    last = shown[-1]
    target = resolution_target(place)
    counts = [months.of(month) if month in months else None for month in shown]
    rates = [rate_of(one, "resolution").value if one else None for one in counts]
    return {
        "id": "trend",
        "title": f"化解率（当月收集），近 {TREND_MONTHS} 个月",
        "note": f"虚线：年度目标 {target.normalize():f}%"
        + (f"；{last.start.month}月还没有过完" if last.holds(place.today) else ""),
        "kind": "line",
        "labels": [_axis_label(month, first=month is shown[0]) for month in shown],
        "series": [{"name": "化解率", "values": [None if rate is None else float(rate) for rate in rates]}],
        "unit": "%",
        "decimals": 2,
        "target": float(target),
        "target_label": "年度目标",
        "table_head": "收集月份",
        "links": [place.url("resolution", month) if one else None for month, one in zip(shown, counts, strict=True)],
        "counts": [one["received"] if one else None for one in counts],
    }


def _axis_label(month: Period, *, first: bool) -> str:
    """10月; with the year where the axis begins and where a year does."""
    year = f"{month.start:%y}年" if first or month.start.month == 1 else ""
    return f"{year}{month.start.month}月"


@dataclass(frozen=True, slots=True)
class Rank:
    """A township's line in the ranking."""

    label: str
    value: str
    share: float
    parts: str
    url: str
    page_url: str
    count: int
    few: bool


def ranking(place: Place, townships: list[Unit], period: Period) -> list[Rank]:
    """The townships by 化解率 of a period, frozen as the place is; those with few issues after the others, greyed, then those with none."""
    few, freeze = small_denominator(), place.freeze_of(period)
    known = freeze.revision if freeze else 0
    sums = resolved_by_township(place, period)
    ranks = [
        (unit.code, _rank(period, unit.code, unit.short_name, *sums.get(unit.pk, (0, 0)), few, known))
        for unit in townships
    ]
    ranks.sort(key=lambda pair: _order(*pair))
    return [rank for _, rank in ranks]


def _order(code: str, rank: Rank) -> tuple[bool, bool, float, int, str]:
    return (rank.few, not rank.count, -rank.share, -rank.count, code)


@lru_cache(maxsize=4096)  # nothing else is in a line, and most lines are those of the page before
def _rank(period: Period, code: str, label: str, resolved: int, received: int, few: int, known: int) -> Rank:
    rate = Rate(RATES_BY_ID["resolution"], resolved, received)
    return Rank(
        label=label,
        value=rate.text,
        share=float(rate.value or 0),
        parts=f"{rate.numerator}/{rate.denominator}",
        url=period_rows_url("resolution", period, unit=code, **({"known": known} if known else {})),
        page_url=f"/dashboard/?{period.query}&unit={code}",
        count=rate.denominator,
        few=rate.denominator < few,
    )


def mix(place: Place) -> dict[str, Any]:
    """What the period's issues were about, as the chart component takes it; the commonest first."""
    found = received_by_category(place)
    return {
        "id": "mix",
        "title": f"类别分布，{place.period.this}收集",
        "kind": "hbar",
        "labels": [name for _, name, _ in found],
        "series": [{"name": "收集", "values": [number for *_, number in found]}],
        "unit": "件",
        "decimals": 0,
        "table_head": "类别",
        "links": [place.url("received", category=code) for code, _, _ in found],
        "counts": [number for *_, number in found],
    }
