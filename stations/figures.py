"""Figures of the stations, and the rows behind each: what the dashboard's section, the yearly summary and the annual report print.

Every figure is counted from the rows its own function gives, so that a number and its list cannot disagree.
Source: docs/domain.md, "Service of the stations".
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from casework.models import Issue, PublicCode
from stations.building_workflow import ProjectState
from stations.counting import Served, Way
from stations.event_flow import SIX_GIFTS
from stations.models import (
    BuildProject,
    CheckInDay,
    Repair,
    ServedCount,
    Station,
    StationChange,
    StationEvent,
    StationRating,
)
from stations.opening import ALL_DAY
from stations.querysets import there_on
from stations.ratings import BAD_STARS
from stations.repair_workflow import MENDED_STATES, RepairState
from stations.services.register import CODE_OWNER
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit

#: Of stations `as_of` a day: open 24 hours then.
ALL_DAY_THEN = Q(hours_then=ALL_DAY)


@dataclass(frozen=True, slots=True)
class StationFigures:
    """What a cut has. Stations are those there were on its last day; everything else happened within it."""

    stations: int = 0
    basic: int = 0
    benchmark: int = 0
    smart: int = 0
    all_day: int = 0
    smart_all_day: int = 0
    opened: int = 0
    withdrawn: int = 0
    renovated: int = 0
    renovations_planned: int = 0
    renovations_planned_ever: int = 0
    events: int = 0
    six_gifts: int = 0
    attendance: int = 0
    attendance_estimated: int = 0
    cost: Decimal = Decimal(0)
    served: Served = field(default_factory=Served)
    reports: int = 0
    repairs: int = 0
    repairs_mended: int = 0
    ratings: int = 0
    ratings_bad: int = 0
    rating_stars: int = 0

    @property
    def rating_average(self) -> float | None:
        """Stars a rating; None where nobody rated."""
        return self.rating_stars / self.ratings if self.ratings else None


@dataclass(frozen=True, slots=True)
class KindLine:
    """How many stations there are of one kind."""

    code: str
    name: str
    stations: int


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """One township's part."""

    township: Unit
    stations: int
    benchmark: int
    smart: int
    all_day: int
    renovated: int
    events: int
    served: Served
    reports: int


def station_rows(cut: Cut) -> QuerySet[Station]:
    """Stations there were on the last day of the cut."""
    return _reach(cut).standing_on(cut.last)


def level_rows(cut: Cut, level: str) -> QuerySet[Station]:
    """Those of a level on that day, whatever they are now."""
    return as_of(station_rows(cut), cut.last).filter(level_then(level))


def all_day_rows(cut: Cut) -> QuerySet[Station]:
    """Those open 24 hours on that day."""
    return as_of(station_rows(cut), cut.last).filter(ALL_DAY_THEN)


def smart_all_day_rows(cut: Cut) -> QuerySet[Station]:
    """智能化型 that were open 24 hours on that day: what the target counts."""
    return level_rows(cut, Station.Level.SMART).filter(ALL_DAY_THEN)


def township_rows(cut: Cut) -> QuerySet[Unit]:
    """Townships with a station on that day."""
    return Unit.objects.filter(pk__in=station_rows(cut).order_by().values("township"))


def opened_rows(cut: Cut) -> QuerySet[Station]:
    """Stations that opened within the cut."""
    return _reach(cut).filter(opened_on__range=(cut.first, cut.last))


def withdrawn_rows(cut: Cut) -> QuerySet[Station]:
    """Stations withdrawn within the cut."""
    return _reach(cut).filter(withdrawn_on__range=(cut.first, cut.last))


def renovated_rows(cut: Cut) -> QuerySet[BuildProject]:
    """Renovations accepted within the cut."""
    return all_renovation_rows(cut).filter(_accepted_within(cut))


def planned_renovation_rows(cut: Cut) -> QuerySet[BuildProject]:
    """Renovations planned for the year the cut ends in, accepted or not."""
    return all_renovation_rows(cut).filter(_planned_within(cut))


def all_renovation_rows(cut: Cut) -> QuerySet[BuildProject]:
    """Renovations planned for any year: a plan runs over several. Cancelled ones are planned no longer."""
    rows = BuildProject.objects.visible_to(cut.scope).filter(kind=BuildProject.Kind.RENOVATION)
    rows = rows.exclude(state=ProjectState.CANCELLED)
    return rows if cut.township is None else rows.filter(township=cut.township)


def event_rows(cut: Cut) -> QuerySet[StationEvent]:
    """Events held within the cut."""
    return _of(StationEvent.objects.held_between(cut.first, cut.last), cut)


def count_rows(cut: Cut, way: str) -> QuerySet[ServedCount]:
    """Tallies or estimates of days within the cut; an estimate by the day it begins (it stays within a month)."""
    return _of(ServedCount.objects.filter(way=way), cut).filter(start_on__range=(cut.first, cut.last))


def check_in_rows(cut: Cut) -> QuerySet[CheckInDay]:
    """Days with check-ins within the cut."""
    return _of(CheckInDay.objects.all(), cut).filter(day__range=(cut.first, cut.last))


def report_rows(cut: Cut) -> QuerySet[Issue]:
    """Issues reported by the codes of stations, received within the cut; without those that are not counted as received."""
    codes = PublicCode.objects.filter(
        owner_kind=CODE_OWNER, owner_uuid__in=_reach(cut).order_by().values("uuid")
    ).order_by()
    issues = Issue.objects.counted().filter(source_kind=Issue.Source.CODE, source_uuid__in=codes.values("uuid"))
    return issues.filter(received_on__range=(cut.first, cut.last)).visible_to(cut.scope)


def repair_rows(cut: Cut) -> QuerySet[Repair]:
    """Repairs registered within the cut; those dropped were no defects."""
    repairs = _at(Repair.objects.exclude(state=RepairState.DROPPED), cut)
    return repairs.filter(opened_on__range=(cut.first, cut.last))


def mended_rows(cut: Cut) -> QuerySet[Repair]:
    """Of these, those that are mended by now, verified or not yet."""
    return repair_rows(cut).filter(state__in=MENDED_STATES)


def rating_rows(cut: Cut) -> QuerySet[StationRating]:
    """One-tap ratings given within the cut."""
    return _at(StationRating.objects.all(), cut).filter(rated_on__range=(cut.first, cut.last))


def bad_rating_rows(cut: Cut) -> QuerySet[StationRating]:
    """Of these, the dissatisfied ones."""
    return rating_rows(cut).filter(stars__lte=BAD_STARS)


def figures(cut: Cut) -> StationFigures:
    """Every figure of a cut, in eight queries however many stations."""
    there = there_on(cut.last)
    stations = (
        as_of(_reach(cut), cut.last)
        .order_by()
        .aggregate(
            stations=Count("pk", filter=there),
            **{level: Count("pk", filter=there & level_then(level)) for level in Station.Level.values},
            all_day=Count("pk", filter=there & ALL_DAY_THEN),
            smart_all_day=Count("pk", filter=there & level_then(Station.Level.SMART) & ALL_DAY_THEN),
            opened=Count("pk", filter=Q(opened_on__range=(cut.first, cut.last))),
            withdrawn=Count("pk", filter=Q(withdrawn_on__range=(cut.first, cut.last))),
        )
    )
    renovations = (
        all_renovation_rows(cut)
        .order_by()
        .aggregate(
            renovated=Count("pk", filter=_accepted_within(cut)),
            renovations_planned=Count("pk", filter=_planned_within(cut)),
            renovations_planned_ever=Count("pk"),
        )
    )
    held = (
        event_rows(cut)
        .order_by()
        .aggregate(
            events=Count("pk"),
            six_gifts=Count("pk", filter=Q(kind__in=[str(kind) for kind in SIX_GIFTS])),
            counted=Sum("attendance", filter=Q(attendance_way=Way.TALLY)),
            estimated=Sum("attendance", filter=Q(attendance_way=Way.ESTIMATE)),
            cost_sum=Sum("cost"),
        )
    )
    repaired = (
        repair_rows(cut)
        .order_by()
        .aggregate(repairs=Count("pk"), repairs_mended=Count("pk", filter=Q(state__in=MENDED_STATES)))
    )
    rated = (
        rating_rows(cut)
        .order_by()
        .aggregate(ratings=Count("pk"), ratings_bad=Count("pk", filter=Q(stars__lte=BAD_STARS)), total=Sum("stars"))
    )
    return StationFigures(
        **stations,
        **renovations,
        events=held["events"],
        six_gifts=held["six_gifts"],
        attendance=held["counted"] or 0,
        attendance_estimated=held["estimated"] or 0,
        cost=held["cost_sum"] or Decimal(0),
        served=served(cut),
        reports=report_rows(cut).count(),
        **repaired,
        ratings=rated["ratings"],
        ratings_bad=rated["ratings_bad"],
        rating_stars=rated["total"] or 0,
    )


def served(cut: Cut) -> Served:
    """People served, each way apart. Two queries."""
    entered = dict(
        _of(ServedCount.objects.filter(start_on__range=(cut.first, cut.last)), cut)
        .order_by()
        .values_list("way")
        .annotate(total=Sum("number"))
    )
    checked = check_in_rows(cut).order_by().aggregate(total=Sum("number"))["total"] or 0
    return Served(entered.get(Way.TALLY.value, 0), checked, entered.get(Way.ESTIMATE.value, 0))


def by_kind(cut: Cut) -> list[KindLine]:
    """Stations there were on the last day, by kind in the catalogue's order; kinds without any are left out. One query."""
    rows = station_rows(cut).order_by("kind__position").values_list("kind__code", "kind__name")
    return [KindLine(code, name, number) for code, name, number in rows.annotate(n=Count("pk"))]


def by_township(cut: Cut, townships: list[Unit]) -> list[TownshipLine]:
    """The same for every township in the order given, in as many queries however many there are."""
    graded = as_of(station_rows(cut), cut.last).order_by().values_list("township")
    numbers = graded.annotate(
        stations=Count("pk"),
        benchmark=Count("pk", filter=level_then("benchmark")),
        smart=Count("pk", filter=level_then("smart")),
        all_day=Count("pk", filter=ALL_DAY_THEN),
    )
    stations = {township: standing for township, *standing in numbers}
    renovated = _counts(renovated_rows(cut), "township")
    events = _counts(event_rows(cut), "station__township")
    ways = {way: _sums(count_rows(cut, way)) for way in (Way.TALLY, Way.ESTIMATE)}
    checked = _sums(check_in_rows(cut))
    reports = _counts(report_rows(cut).annotate(at=_township_reported_at()), "at")
    lines = []
    for unit in townships:
        number, benchmark, smart, all_day = stations.get(unit.pk, (0, 0, 0, 0))
        line = TownshipLine(
            township=unit,
            stations=number,
            benchmark=benchmark,
            smart=smart,
            all_day=all_day,
            renovated=renovated.get(unit.pk, 0),
            events=events.get(unit.pk, 0),
            served=Served(ways[Way.TALLY].get(unit.pk, 0), checked.get(unit.pk, 0), ways[Way.ESTIMATE].get(unit.pk, 0)),
            reports=reports.get(unit.pk, 0),
        )
        lines.append(line)
    return lines


def _township_reported_at() -> Subquery:
    """The township of the station whose code an issue came by; the issue's own may be another."""
    codes = PublicCode.objects.filter(uuid=OuterRef(OuterRef("source_uuid")), owner_kind=CODE_OWNER)
    return Subquery(
        Station.objects.filter(uuid__in=codes.order_by().values("owner_uuid")).order_by().values("township")
    )


def any_stations() -> bool:
    """Whether the district has stations at all: without any, reports say nothing of them."""
    return Station.objects.exists()


def _accepted_within(cut: Cut) -> Q:
    return Q(accepted_on__range=(cut.first, cut.last))


def _planned_within(cut: Cut) -> Q:
    return Q(year=cut.last.year)


def as_of(stations: QuerySet[Station], day: date) -> QuerySet[Station]:
    """With level and hours as they were on a day, in words: what the next change after it says was before, else as they are now."""
    later = StationChange.objects.filter(station=OuterRef("pk"), on__gt=day).order_by("on", "id")
    levels = (When(level=level.value, then=Value(level.label)) for level in Station.Level)
    return stations.annotate(
        level_then=Coalesce(Subquery(later.filter(field="level").values("before")[:1]), Case(*levels)),
        hours_then=Coalesce(
            Subquery(later.filter(field="hours").values("before")[:1]),
            Case(When(open_all_day=True, then=Value(ALL_DAY)), default=Value("")),
        ),
    )


def level_then(level: str) -> Q:
    """Of stations `as_of` a day: of the level then."""
    return Q(level_then=Station.Level(level).label)


def _reach(cut: Cut) -> QuerySet[Station]:
    stations = Station.objects.visible_to(cut.scope)
    return stations if cut.township is None else stations.filter(township=cut.township)


def _of(rows: QuerySet, cut: Cut) -> QuerySet:
    rows = rows.visible_to(cut.scope)
    return rows if cut.township is None else rows.filter(station__township=cut.township)


def _at(rows: QuerySet, cut: Cut) -> QuerySet:
    """Rows at the stations of the cut, whoever else may see one of them."""
    return rows.filter(station__in=_reach(cut).order_by().values("pk"))


def _counts(rows: QuerySet, township: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(township).annotate(n=Count("pk")))


def _sums(rows: QuerySet) -> dict[int, int]:
    return dict(rows.order_by().values_list("station__township").annotate(n=Sum("number")))
