"""The stations' section of the dashboard: each figure with its words and the rows it opens. What is counted stands in `stations.figures`."""

from dataclasses import dataclass

from stations import figures as counts
from stations.building_selectors import PlanOfUnit, plans_of, standings_of
from stations.counting import WAY_LABELS, Way
from stations.figures import StationFigures
from stations.targets import Standing
from unionportal.core.common import formats
from unionportal.core.orgs.models import Unit
from unionportal.reporting.row_measures import Number
from unionportal.reporting.selectors.place import Figure, Part, Place
from unionportal.reporting.selectors.row_figures import Line, Section, cut_of
from unionportal.reporting.station_measures import STATION_MEASURES, STATION_SHARES

STATIONS = Section("/dashboard/stations/", STATION_MEASURES)
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
#: What a target counts -> the measure that opens its rows.
_OF_TARGET = {
    "township": "townships_covered",
    "benchmark": "benchmark",
    "benchmark_townships": "benchmark",
    "smart_all_day": "smart_all_day",
}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target set from above: the rule, how things stand on the last day, and the share where the rule is one."""

    standing: Standing
    have: Part
    share: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A number of a unit's yearly plan: planned, accepted (with its projects), and where the rest is."""

    label: str
    planned: int
    accepted: Part
    lacks: int
    not_begun: int
    under_way: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of the place's year, and of those of its townships that have one; `lines` empty where the place has none."""

    year: int
    note: str
    lines: list[PlanLine]
    townships: list[Line]


def station_figures(place: Place, found: StationFigures) -> list[Figure]:
    """The tiles: stations, renovations, events, people served each way apart, reports, repairs, ratings."""

    def part(key: str, words: str) -> Part:
        return STATIONS.part(place, key, words, value_of(found, key))

    def figure(key: str, *parts: Part) -> Figure:
        return STATIONS.figure(place, key, value_of(found, key), *parts)

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
            part("cost", "经费"),
        ),
        *(figure(way.value) for way in Way),
        figure("reports"),
        figure("repairs", part("repairs_mended", "已修好")),
        figure("ratings", part("ratings_bad", "不满意"), *_stars(place, found)),
    ]


def township_lines(place: Place, townships: list[Unit]) -> list[Line]:
    """Every township of the place, each number with its rows."""
    return [
        Line(
            line.township.short_name,
            [STATIONS.part(place, key, "", value_of(line, key), township=line.township) for key in COLUMNS],
        )
        for line in counts.by_township(cut_of(place), townships)
    ]


def kind_parts(place: Place) -> list[Part]:
    """Stations by kind."""
    return [
        Part(line.name, STATIONS.url(place, "stations", kind=line.code), line.stations)
        for line in counts.by_kind(cut_of(place))
    ]


def target_lines(place: Place, townships: list[Unit], found: StationFigures) -> list[TargetLine]:
    """The targets over the townships of the place, as of its last day."""
    return [
        TargetLine(
            standing,
            STATIONS.part(place, _OF_TARGET[standing.key], "", standing.have),
            share_of(found, standing.key),
        )
        for standing in standings_of(townships, place.end)
    ]


def share_of(found: StationFigures, key: str) -> str:
    """The share a target is about (of `STATION_SHARES`), empty where it is about none."""
    if key not in STATION_SHARES:
        return ""
    return formats.rate({"numerator": getattr(found, key), "denominator": found.stations})


def yearly_plan(place: Place, townships: list[Unit]) -> Plan:
    """The plan of the year the place's period ends in."""
    own = [unit for unit in townships if unit != place.unit]
    first, *others = plans_of(place.scope, [place.unit, *own], place.end.year)
    return Plan(
        place.end.year,
        first.plan.note if first.plan else "",
        _plan_lines(place, first) if first.plan else [],
        [Line(each.unit.short_name, _plan_cells(place, each)) for each in others if each.plan],
    )


def value_of(found: StationFigures | counts.TownshipLine, key: str) -> Number:
    """A figure by the key of its measure."""
    if key in WAY_LABELS:
        return found.served.of(key)
    return STATION_MEASURES[key].number(getattr(found, key))


def _plan_lines(place: Place, plan: PlanOfUnit) -> list[PlanLine]:
    return [
        PlanLine(
            row.label,
            row.planned,
            STATIONS.part(place, f"plan_{row.key}", "", row.accepted),
            row.lacks,
            row.not_begun,
            row.under_way,
        )
        for row in plan.rows
    ]


def _plan_cells(place: Place, plan: PlanOfUnit) -> list[Part]:
    return [
        Part(f"{row.accepted}/{row.planned}", STATIONS.url(place, f"plan_{row.key}", plan.unit), row.accepted)
        for row in plan.rows
    ]


def _stars(place: Place, found: StationFigures) -> list[Part]:
    """The mean of the ratings, which opens them."""
    average = found.rating_average
    if average is None:
        return []
    return [Part(f"平均 {average:.1f} 星", STATIONS.url(place, "ratings"), found.ratings)]
