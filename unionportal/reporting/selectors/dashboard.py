"""Figures of the dashboard. Issue figures come from the rollups alone; every figure carries the address of its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q

from casework.models import Category
from unionportal.core.common import formats
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value as parameter
from unionportal.reporting.figures import OUTCOME_IDS, Figures, Span, figures_over, rates_of, rollup_rows, visits_behind
from unionportal.reporting.measures import COUNT_IDS, MEASURES, RATES_BY_ID
from unionportal.reporting.rollups.periods import MONTH, YEAR
from unionportal.reporting.selectors.picker import Period, period_of
from unionportal.reporting.selectors.rows import (
    ALL,
    DEFINITIONS,
    IN_HAND,
    KEY_COVERED,
    KEY_MISSED,
    VISITS,
    called_on,
    key_enterprises,
    rows_url,
)

TREND_MONTHS = 12
RANKING_HEAD = 10
#: The version of the definitions behind the figures on these pages.
DEFINITIONS_VERSION = max(measure.version for measure in (*MEASURES.values(), *RATES_BY_ID.values()))


Counts = Mapping[str, int]
_NOTHING: Counts = dict.fromkeys(COUNT_IDS, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """A number beside a figure, with its own rows."""

    words: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the value as printed, the rows behind it and how many they are, what it means, its parts and standing."""

    id: str
    label: str
    value: str
    url: str
    count: int
    hint: str
    parts: list[Part] = field(default_factory=list)
    fraction: tuple[Part, ...] = ()
    standing: str = ""
    tone: str = "idle"
    few: bool = False

    @property
    def short(self) -> str:
        """The label where the period is plain already."""
        return self.label.split("（本")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A reader looking at one unit for one period."""

    scope: Scope
    unit: Unit
    period: Period
    today: date

    @property
    def is_district(self) -> bool:
        return self.unit.kind == Unit.Kind.DISTRICT

    @property
    def township(self) -> Unit | None:
        return None if self.is_district else self.unit

    def url(self, measure: str, period: Period | None = None, **more: Any) -> str:
        """Where the rows of a measure of this place are listed."""
        span = period or self.period
        more.setdefault("unit", self.unit.code)
        return rows_url(measure, span.kind, span.start, **more)

    def all_url(self, measure: str) -> str:
        """The same since the first row."""
        return rows_url(measure, ALL, None, unit=self.unit.code)


def units_of(scope: Scope) -> list[Unit]:
    """The units whose figures a person may open, the widest first: the district and its townships, or one's own townships."""
    if scope.district:
        kinds = [Unit.Kind.DISTRICT.value, Unit.Kind.TOWNSHIP.value]
        return sorted(
            Unit.objects.filter(kind__in=kinds), key=lambda unit: (unit.kind != Unit.Kind.DISTRICT, unit.code)
        )
    return list(Unit.objects.filter(pk__in=scope.township_ids).order_by("code"))


Found = Mapping[tuple[str, date], Figures]


def found_for(place: Place) -> Found:
    """All kept figures of the place's unit that its page shows: the period and the one before, twelve months, every year."""
    months = _trend_months(place)
    return figures_over(place.unit, [_beside(place), Span(MONTH, months[0].start, months[-1].start), Span(YEAR)])


def _beside(place: Place) -> Span:
    return Span(place.period.kind, place.period.shift(-1).start, place.period.start)


def headline(place: Place, found: Found | None = None) -> list[Figure]:
    """The tiles: visits, key enterprises, issues received and resolved, the two rates, each beside the period before or the total.

    `found` None: read here (a page that shows nothing else of the unit).
    """
    if found is None:
        found = figures_over(place.unit, [_beside(place), Span(YEAR)])
    before = place.period.shift(-1)
    current = _counts(found, place.period)
    previous = _counts(found, before)
    visits, visits_before = _visits(place, before)
    return [
        _visit_figure(place, visits, visits_before),
        _key_figure(place),
        _received_figure(place, current["received"], previous["received"]),
        _resolved_figure(place, current),
        _resolution_figure(place, current, _counts_of_all_years(found)),
        _closing_figure(place, current),
    ]


def _counts(found: Found, period: Period) -> Counts:
    row = found.get((period.kind, period.start))
    return row.counts if row else _NOTHING


def _place_visits(place: Place) -> Any:
    unit = None if place.is_district else place.unit
    return visits_behind("visits", start=None, end=place.today, unit=unit).visible_to(place.scope)


def _visits(place: Place, before: Period) -> tuple[int, int]:
    rows = _place_visits(place).filter(visited_on__range=(before.start, place.period.end))
    counts = rows.aggregate(
        now=Count("pk", filter=Q(visited_on__gte=place.period.start)),
        before=Count("pk", filter=Q(visited_on__lt=place.period.start)),
    )
    return counts["now"], counts["before"]


def _standing(place: Place, now: int, before: int) -> tuple[str, str]:
    """How a count stands to the period before. A period still running is not measured against a whole one."""
    if place.period.holds(place.today):
        return f"{place.period.before}全{place.period.before[-1]} {before}", "idle"
    change = now - before
    if change == 0:
        return f"与{place.period.before}持平", "idle"
    return f"较{place.period.before} {change:+d}", "ok" if change > 0 else "warn"


def _visit_figure(place: Place, now: int, before: int) -> Figure:
    standing, tone = _standing(place, now, before)
    url = place.url(VISITS.id)
    return Figure(VISITS.id, VISITS.name, formats.count(now), url, now, VISITS.formula, standing=standing, tone=tone)


def _key_figure(place: Place) -> Figure:
    counts = key_enterprises(place.unit).aggregate(
        total=Count("pk"), covered=Count("pk", filter=called_on(place.period.start, place.period.end))
    )
    total, covered = counts["total"], counts["covered"]
    missed = [Part(f"{total - covered} 家{place.period.this}未到", place.url(KEY_MISSED.id), total - covered)]
    return Figure(
        KEY_COVERED.id,
        KEY_COVERED.name,
        f"{covered}/{total}" if total else formats.NOTHING,
        place.url(KEY_COVERED.id),
        covered,
        KEY_COVERED.formula,
        parts=missed if total > covered else [],
        standing="全部走访到" if total and total == covered else "",
        tone="warn" if total > covered else "ok",
    )


def _received_figure(place: Place, now: int, before: int) -> Figure:
    # More issues is neither good nor bad news: no colour.
    standing, _ = _standing(place, now, before)
    hint = DEFINITIONS["received"].formula
    return Figure("received", "收集诉求", formats.count(now), place.url("received"), now, hint, standing=standing)


def _resolved_figure(place: Place, counts: Counts) -> Figure:
    in_hand = counts["received"] - sum(counts[outcome] for outcome in OUTCOME_IDS)
    parts = [Part(f"在办 {in_hand}", place.url(IN_HAND.id), in_hand)]
    parts += [
        Part(f"{name} {counts[measure]}", place.url(measure), counts[measure])
        for measure, name in (("explained", "已解释"), ("unresolved", "未化解"))
        if counts[measure] or measure == "explained"
    ]
    hint = DEFINITIONS["resolved"].formula
    number = counts["resolved"]
    return Figure("resolved", "已化解", formats.count(number), place.url("resolved"), number, hint, parts=parts)


def _rate_figure(place: Place, rate_id: str, label: str, counts: Counts) -> Figure:
    rate = rates_of(counts)[rate_id]
    measure = rate.measure
    fraction = tuple(
        Part(str(number), place.url(part), number)
        for part, number in ((measure.numerator, rate.numerator), (measure.denominator, rate.denominator))
    )
    hint = f"{measure.name} = {measure.formula}。"
    few = rate.denominator < parameter("figures.small_denominator")
    return Figure(rate_id, label, rate.text, place.url(rate_id), rate.denominator, hint, fraction=fraction, few=few)


def _resolution_figure(place: Place, counts: Counts, ever: Counts) -> Figure:
    figure = _rate_figure(place, "resolution", f"化解率（{place.period.this}收集）", counts)
    total = rates_of(ever)["resolution"]
    parts = [Part(f"累计 {total.text}", place.all_url("resolution"), total.denominator)] if total.denominator else []
    return replace(figure, parts=parts)


def _counts_of_all_years(found: Found) -> Counts:
    """Everything since the first row: the sum of the year rows."""
    years = [row for (kind, _), row in found.items() if kind == YEAR]
    return {name: sum(year.counts[name] for year in years) for name in COUNT_IDS}


def _closing_figure(place: Place, counts: Counts) -> Figure:
    figure = _rate_figure(place, "closing", "按时办结率", counts)
    late = counts["closed_with_deadline"] - counts["closed_on_time"]
    parts = [Part(f"逾期 {late}", place.url("closed_late"), late)]
    return replace(figure, parts=parts, tone="late" if late else "idle")


@dataclass(frozen=True, slots=True)
class Totals:
    """累计: everything since the first row."""

    since: date | None
    figures: list[Figure]


def totals(place: Place, found: Found) -> Totals:
    """The district's (or township's) figures since the beginning, as the press prints them; from the year rows."""
    counts = _counts_of_all_years(found)
    seen = _place_visits(place).aggregate(number=Count("pk"), first=Min("visited_on"))
    rate = rates_of(counts)["resolution"]

    def figure(measure: str, label: str, number: int) -> Figure:
        hint = DEFINITIONS[measure].formula.replace("本期", "累计期间")
        return Figure(measure, label, formats.count(number), place.all_url(measure), number, hint)

    hint = f"{rate.measure.name} = {rate.measure.formula}。"
    return Totals(
        since=seen["first"],
        figures=[
            figure("visits", "走访（家次）", seen["number"]),
            figure("received", "收集录入诉求", counts["received"]),
            figure("resolved", "已化解", counts["resolved"]),
            Figure("resolution", "化解率", rate.text, place.all_url("resolution"), rate.denominator, hint),
        ],
    )


def _trend_months(place: Place) -> list[Period]:
    last = period_of(MONTH, min(place.period.end, place.today))
    return [last.shift(-back) for back in reversed(range(TREND_MONTHS))]


def trend(place: Place, found: Found) -> dict[str, Any]:
    """化解率 of the last twelve months up to the period's end, as the chart component takes it."""
    months = _trend_months(place)
    last = months[-1]
    rows = {start: row for (kind, start), row in found.items() if kind == MONTH}
    target = Decimal(str(parameter("figures.resolution_target")))
    return {
        "id": "trend",
        "title": "化解率（当月收集），近 12 个月",
        "note": f"虚线：年度目标 {target.normalize():f}%"
        + (f"；{last.start.month}月还没有过完" if last.holds(place.today) else ""),
        "kind": "line",
        "labels": [_axis_label(month, first=month is months[0]) for month in months],
        "series": [{"name": "化解率", "values": [_percent(rows.get(month.start)) for month in months]}],
        "unit": "%",
        "decimals": 2,
        "target": float(target),
        "target_label": "年度目标",
        "table_head": "收集月份",
        "links": [place.url("resolution", month) if month.start in rows else None for month in months],
        "counts": [rows[month.start]["received"] if month.start in rows else None for month in months],
    }


def _axis_label(month: Period, *, first: bool) -> str:
    """10月; with the year where the axis begins and where a year does."""
    year = f"{month.start:%y}年" if first or month.start.month == 1 else ""
    return f"{year}{month.start.month}月"


def _percent(row: Figures | None) -> float | None:
    """化解率 for a chart or a bar; None over nothing."""
    rate = row.rates["resolution"].value if row else None
    return None if rate is None else float(rate)


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


def ranking(place: Place, townships: list[Unit]) -> list[Rank]:
    """The townships by 化解率 of the year; those with few issues after the others, greyed, then those with none."""
    year = period_of(YEAR, place.period.start)
    few = int(parameter("figures.small_denominator"))
    rows = rollup_rows(period=YEAR, start=year.start, units=townships)
    rows.sort(key=lambda row: _standing_of(row, few))
    return [_rank(place, year, row, few) for row in rows]


def _standing_of(row: Figures, few: int) -> tuple[bool, bool, float, int, str]:
    received = int(row.counts["received"])
    return (received < few, not received, -(_percent(row) or 0), -received, row.unit.code)


def _rank(place: Place, year: Period, row: Figures, few: int) -> Rank:
    rate = row.rates["resolution"]
    return Rank(
        label=row.unit.short_name,
        value=rate.text,
        share=_percent(row) or 0,
        parts=f"{rate.numerator}/{rate.denominator}",
        url=place.url("resolution", year, unit=row.unit.code),
        page_url=f"?{year.query}&unit={row.unit.code}",
        count=rate.denominator,
        few=rate.denominator < few,
    )


def mix(place: Place) -> dict[str, Any]:
    """What the period's issues were about, as the chart component takes it; the commonest first."""
    found = rollup_rows(
        period=place.period.kind, start=place.period.start, units=[place.unit], categories=Category.objects.all()
    )
    cells = [(row.category, row.counts["received"]) for row in found if row.category and row.counts["received"]]
    cells.sort(key=lambda cell: -cell[1])
    return {
        "id": "mix",
        "title": f"类别分布，{place.period.this}收集",
        "kind": "hbar",
        "labels": [category.name for category, _ in cells],
        "series": [{"name": "收集", "values": [received for _, received in cells]}],
        "unit": "件",
        "decimals": 0,
        "table_head": "类别",
        "links": [place.url("received", category=category.code) for category, _ in cells],
        "counts": [received for _, received in cells],
    }


def as_of(place: Place, found: Found) -> datetime | None:
    """When the figures of this place and period last changed."""
    row = found.get((place.period.kind, place.period.start))
    return row.as_of if row else None
