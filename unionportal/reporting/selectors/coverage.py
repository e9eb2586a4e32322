"""Visits and coverage: times, enterprises and visitors told apart, key enterprises left out, and the quota of each cadre week by week.

All of this is as it is now, whatever is frozen. Key enterprises are those of today, so their coverage is not compared with other periods.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import TruncWeek
from django.urls import reverse

from unionportal.core.accounts.models import User
from unionportal.core.common import formats
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import iso_week
from unionportal.reporting.selectors.headline import coverage_figure, others_of, place_visits, standing
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Figure, Part, Place
from unionportal.reporting.selectors.rows import (
    DEFINITIONS,
    ENTERPRISE_VISITS,
    ENTERPRISES,
    HEADCOUNT,
    KEY_COVERED,
    KEY_GAP,
    KEY_MISSED,
    VISITS,
    WEEK,
    Cut,
    gap_start,
    rows_url,
)
from unionportal.reporting.visiting import QuotaFigures, called_on, key_enterprises, quota_figures
from visits.models import Visit
from visits.quotas import SUNDAY, CadreWeek

#: Weeks the table of quotas has room for, the last ones of the period; and the chart.
QUOTA_WEEKS = 8
CHART_WEEKS = 53
#: Key enterprises named on the page, the longest unvisited first.
LISTED = 10


def visit_figures(place: Place, months: Months) -> list[Figure]:
    """The four counts of visits, which are easily mistaken for each other, and the two of key enterprises."""
    now = _counted(place, place.period.start, place.period.end)
    before = [(period, name, _counted(place, period.start, period.end)) for period, name in others_of(place, months)]

    def figure(measure: str) -> Figure:
        definition = DEFINITIONS[measure]
        standings = [
            standing(place, period, name, now[measure], then[measure], measure, good=1) for period, name, then in before
        ]
        return Figure(
            measure,
            definition.name,
            formats.count(now[measure]),
            place.url(measure),
            now[measure],
            definition.formula,
            standings=standings,
        )

    key = key_enterprises(place.unit).aggregate(
        total=Count("pk"),
        covered=Count("pk", filter=called_on(place.period.start, place.period.end)),
        gap=Count("pk", filter=~called_on(gap_start(place.end), place.end)),
    )
    return [
        figure(VISITS.id),
        figure(ENTERPRISE_VISITS.id),
        figure(ENTERPRISES.id),
        figure(HEADCOUNT.id),
        coverage_figure(place, key["covered"], key["total"]),
        Figure(
            KEY_GAP.id,
            f"{(place.end - gap_start(place.end)).days} 天未走访重点企业",
            formats.count(key["gap"]),
            place.url(KEY_GAP.id),
            key["gap"],
            KEY_GAP.formula,
        ),
    ]


def _counted(place: Place, start: date, end: date) -> dict[str, int]:
    rows = place_visits(place).filter(visited_on__range=(start, end))
    return rows.order_by().aggregate(
        visits=Count("pk"),
        enterprise_visits=Count("enterprise_id"),
        enterprises=Count("enterprise_id", distinct=True),
        headcount=Sum("headcount", default=0),
    )


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """Visits and coverage of one township."""

    name: str
    visits: Part
    enterprises: Part
    headcount: Part
    covered: Part
    missed: Part


def township_lines(place: Place, townships: list[Unit]) -> list[TownshipLine]:
    """Every township, in its order. Two queries for any number."""
    period = place.period
    rows = place_visits(place).filter(visited_on__range=(period.start, period.end)).order_by().values("township_id")
    made: Any = rows.annotate(
        visits=Count("pk"), enterprises=Count("enterprise_id", distinct=True), people=Sum("headcount")
    )
    covered: Any = (
        key_enterprises(place.unit)
        .order_by()
        .values("township_id")
        .annotate(total=Count("pk"), covered=Count("pk", filter=called_on(period.start, period.end)))
    )
    counts = {row["township_id"]: row for row in made}
    key = {row["township_id"]: row for row in covered}
    return [_township_line(place, unit, counts.get(unit.pk, {}), key.get(unit.pk, {})) for unit in townships]


def _township_line(place: Place, unit: Unit, counts: Mapping[str, int], key: Mapping[str, int]) -> TownshipLine:
    def part(measure: str, number: int, words: str = "") -> Part:
        return Part(words or formats.count(number), place.url(measure, unit=unit.code), number)

    covered, total = key.get("covered", 0), key.get("total", 0)
    return TownshipLine(
        unit.short_name,
        part(VISITS.id, counts.get("visits", 0)),
        part(ENTERPRISES.id, counts.get("enterprises", 0)),
        part(HEADCOUNT.id, counts.get("people", 0)),
        part(KEY_COVERED.id, covered, f"{covered}/{total}" if total else formats.NOTHING),
        part(KEY_MISSED.id, total - covered),
    )


@dataclass(frozen=True, slots=True)
class GapLine:
    """A key enterprise nobody called on for too long."""

    enterprise: Enterprise
    words: str


def gap_lines(place: Place) -> list[GapLine]:
    """The key enterprises longest unvisited as the period ended, never visited ones first."""
    cut = Cut(place.scope, place.period.start, place.end, place.unit)
    visits = Visit.objects.filter(enterprise=OuterRef("pk"), visited_on__lte=place.end).order_by()
    latest = visits.values("enterprise").annotate(on=Max("visited_on")).values("on")
    rows = KEY_GAP.rows(cut).select_related("township").annotate(last_visit_on=Subquery(latest))
    return [
        GapLine(one, f"{(place.end - one.last_visit_on).days} 天未走访" if one.last_visit_on else "还没有走访过")
        for one in rows.order_by(F("last_visit_on").asc(nulls_first=True), "pinyin_key", "pk")[:LISTED]
    ]


def weeks_of(place: Place) -> list[date]:
    """The Mondays of the ISO weeks that have a day in the period, up to the present week."""
    monday = place.period.start - timedelta(days=place.period.start.weekday())
    found = []
    while monday <= place.end:
        found.append(monday)
        monday += timedelta(weeks=1)
    return found


def week_url(place: Place, monday: date, **more: Any) -> str:
    """The visits of a whole week."""
    return rows_url(VISITS.id, WEEK, monday, **{"unit": place.unit.code, **more})


def weekly(place: Place) -> dict[str, Any]:
    """Visits week by week, as the chart component takes it."""
    weeks = weeks_of(place)[-CHART_WEEKS:]
    rows = place_visits(place).filter(visited_on__range=(weeks[0], weeks[-1] + timedelta(days=6))).order_by()
    counts = dict(rows.annotate(week=TruncWeek("visited_on")).values_list("week").annotate(Count("pk")))
    numbers = [counts.get(week, 0) for week in weeks]
    return {
        "id": "weekly",
        "title": f"每周{VISITS.name}，{place.period.label}",
        "note": "按整周计" + ("，本周未完" if weeks[-1] + timedelta(days=6) > place.today else ""),
        "kind": "bar",
        "labels": [f"第{iso_week(week)[1]}周" for week in weeks],
        "series": [{"name": "走访", "values": numbers}],
        "unit": "家次",
        "decimals": 0,
        "table_head": "周",
        "links": [week_url(place, week) for week in weeks],
        "counts": numbers,
    }


@dataclass(frozen=True, slots=True)
class QuotaCell:
    """A cadre's week: visits made of visits owed; `running` where there is time left."""

    part: Part
    met: bool
    running: bool


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A cadre's weeks, None where nothing was owed; `whole`: those met of those owed in the whole period."""

    name: str
    cells: list[QuotaCell | None]
    whole: Part


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """Cadres by the last weeks of the period, and the weeks owed and met of all of them."""

    weeks: list[str]
    lines: list[QuotaLine]
    owed: Part
    met: Part


def quotas(place: Place) -> QuotaTable | None:
    """Each cadre's weeks, for readers of the district: a cadre's week runs across townships. Three queries.

    The weeks are those of `/figures/cadres/`, by their Sunday; the one still running is shown and not counted.
    """
    if not place.scope.district:
        return None
    this_sunday = place.today + timedelta(days=6 - place.today.weekday())
    end = min(place.period.end, this_sunday)
    weeks = quota_figures(start=place.period.start, end=end, unit=place.township).weeks
    shown = sorted({week.monday for week in weeks})[-QUOTA_WEEKS:]
    found: dict[int, dict[date, CadreWeek]] = defaultdict(dict)
    for week in weeks:
        found[week.cadre_id][week.monday] = week
    cadres = User.objects.filter(pk__in=found).order_by("pinyin_key", "pk")
    figures = _over(place, weeks)
    url = f"{reverse('figure-unit-weeks', args=[place.unit.code])}?{place.period.query}"
    return QuotaTable(
        weeks=[f"第{iso_week(monday)[1]}周" for monday in shown],
        lines=[_quota_line(place, cadre, found[cadre.pk], shown) for cadre in cadres],
        owed=Part(formats.count(figures.quota_weeks), url, figures.quota_weeks),
        met=Part(formats.count(figures.quota_met), f"{url}&part=met", figures.quota_met),
    )


def _over(place: Place, weeks: Iterable[CadreWeek]) -> QuotaFigures:
    return QuotaFigures(tuple(week for week in weeks if week.monday + SUNDAY <= place.end))


def _quota_line(place: Place, cadre: User, weeks: Mapping[date, CadreWeek], shown: Iterable[date]) -> QuotaLine:
    cells = [_quota_cell(place, weeks[monday]) if monday in weeks else None for monday in shown]
    figures = _over(place, weeks.values())
    url = f"{reverse('figure-weeks', args=[cadre.pk])}?{place.period.query}"
    url += f"&unit={place.unit.code}" if place.township else ""
    whole = Part(f"{figures.quota_met}/{figures.quota_weeks}", url, figures.quota_weeks)
    return QuotaLine(cadre.display_name, cells, whole)


def _quota_cell(place: Place, week: CadreWeek) -> QuotaCell:
    # The visits of a cadre's week are counted wherever they were made.
    url = week_url(place, week.monday, cadre=week.cadre_id, unit="")
    part = Part(f"{week.done}/{week.owed}", url, week.done)
    return QuotaCell(part, week.is_met, running=week.monday + SUNDAY > place.end)
