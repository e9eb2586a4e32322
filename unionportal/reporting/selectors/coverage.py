"""Visits and coverage: times, enterprises and visitors told apart, key enterprises left out, and the quota of each cadre week by week.

No freeze keeps visits: all of this is as it is now. Key enterprises are those of today, so their coverage is not compared with other periods.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import TruncWeek

from unionportal.core.accounts.models import Posting, User
from unionportal.core.common import formats
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import iso_week, week_workdays
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
    called_on,
    gap_start,
    key_enterprises,
    rows_url,
)
from visits.models import Visit
from visits.selectors import owed_in_week

#: Weeks a quota table has room for, the last ones of the period; and the chart.
QUOTA_WEEKS = 8
CHART_WEEKS = 53
#: Key enterprises named on the page, the longest unvisited first.
LISTED = 10


def visit_figures(place: Place, months: Months) -> list[Figure]:
    """The four counts of visits, which are easily mistaken for each other, and the two of key enterprises."""
    now = _counted(place, place.period.start, place.period.end)
    before = [(period, name, _counted(place, period.start, period.end)) for period, name in others_of(place, months)]

    def figure(measure: str, rows: str = "") -> Figure:
        definition = DEFINITIONS[measure]
        standings = (
            []
            if rows
            else [
                standing(place, period, name, now[measure], then[measure], measure, good=1)
                for period, name, then in before
            ]
        )
        return Figure(
            measure,
            definition.name,
            formats.count(now[measure]),
            place.url(measure),
            now[rows or measure],
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
        figure(HEADCOUNT.id, rows=VISITS.id),  # people cannot be listed: the visits they made can
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
    def part(measure: str, number: int, words: str = "", rows: int | None = None) -> Part:
        url = place.url(measure, unit=unit.code)
        return Part(words or formats.count(number), url, number if rows is None else rows)

    visits, covered, total = counts.get("visits", 0), key.get("covered", 0), key.get("total", 0)
    return TownshipLine(
        unit.short_name,
        part(VISITS.id, visits),
        part(ENTERPRISES.id, counts.get("enterprises", 0)),
        part(HEADCOUNT.id, counts.get("people", 0), rows=visits),
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
        "title": f"每周走访（家次），{place.period.label}",
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
    """A cadre's week: visits made of visits owed, met or not; `owed` 0 where nothing was owed, `running` where there is time left."""

    part: Part
    owed: int
    met: bool
    running: bool


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A cadre's weeks."""

    name: str
    cells: list[QuotaCell]
    met: int
    owing: int


@dataclass(frozen=True, slots=True)
class QuotaTable:
    """Cadres by weeks, and in how many cases of those with a quota it was met."""

    weeks: list[str]
    lines: list[QuotaLine]
    met: int
    owing: int


def quotas(place: Place) -> QuotaTable | None:
    """Each cadre's visits against the weekly quota, for readers of the district: a cadre's week runs across townships. Three queries."""
    if not place.scope.district:
        return None
    weeks = weeks_of(place)[-QUOTA_WEEKS:]
    until = weeks[-1] + timedelta(days=6)
    postings = Posting.objects.filter(start_on__lte=until).exclude(end_on__lt=weeks[0])
    if place.township:
        postings = postings.filter(township=place.township)
    posted = list(postings.values_list("cadre_id", "start_on", "end_on"))
    cadres = list(User.objects.filter(pk__in={cadre for cadre, _, _ in posted}).order_by("pinyin_key", "pk"))
    visits = Visit.objects.filter(cadre__in=cadres, visited_on__range=(weeks[0], until)).order_by()
    rows = visits.annotate(week=TruncWeek("visited_on")).values_list("cadre_id", "week").annotate(Count("pk"))
    done = Counter({(cadre, week): number for cadre, week, number in rows})
    owed = {week: owed_in_week(week, week_workdays(*iso_week(week))) for week in weeks}
    lines = []
    for cadre in cadres:
        spans = [(start, end) for who, start, end in posted if who == cadre.pk]
        lines.append(_quota_line(place, cadre, {w: owed[w] if _in_force(spans, w) else 0 for w in weeks}, done))
    return QuotaTable(
        weeks=[f"第{iso_week(week)[1]}周" for week in weeks],
        lines=lines,
        met=sum(line.met for line in lines),
        owing=sum(line.owing for line in lines),
    )


def _in_force(spans: Iterable[tuple[date, date | None]], monday: date) -> bool:
    sunday = monday + timedelta(days=6)
    return any(start <= sunday and (end is None or end >= monday) for start, end in spans)


def _quota_line(place: Place, cadre: User, owed: Mapping[date, int], done: Mapping[tuple[int, date], int]) -> QuotaLine:
    cells = []
    for week, number in owed.items():
        made = done[cadre.pk, week]
        words = f"{made}/{number}" if number else str(made)
        # The visits of a cadre's week are counted wherever they were made.
        url = week_url(place, week, cadre=cadre.pk, unit="")
        running = made < number and week + timedelta(days=6) >= place.today
        cells.append(QuotaCell(Part(words, url, made), number, made >= number, running))
    owing = [cell for cell in cells if cell.owed and not cell.running]
    return QuotaLine(cadre.display_name, cells, sum(cell.met for cell in owing), len(owing))
