"""Figures of handling units and of cadres for one period, as their pages list them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from casework.models import Issue
from unionportal.core.accounts.models import Posting, User
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import Figures, handled_rows, registered_rows
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.visiting import (
    QuotaFigures,
    VisitFigures,
    quota_figures,
    visit_figures,
    visit_figures_by_cadre,
)
from visits.models import Visit
from visits.quotas import CadreWeek, journals_handed_in


def unit_lines(scope: Scope, period: Period) -> list[Figures]:
    """Every unit that handles, or did in the period, by code; a township reads its own line."""
    units = Unit.objects.exclude(kind=Unit.Kind.CITY).order_by("code")
    if not scope.district:
        units = units.filter(pk__in=scope.unit_ids)
    rows = handled_rows(period=period.kind, start=period.start, units=list(units))
    return [row for row in rows if row.counts["received"] or row.closed_in_period or row.open_at_end]


@dataclass(frozen=True, slots=True)
class CadreLine:
    """A cadre's work in a period: issues registered, visits made, the weekly quota."""

    cadre: User
    issues: Figures
    visits: VisitFigures
    quota: QuotaFigures


@dataclass(frozen=True, slots=True)
class CadreTable:
    """The lines of a period; for the district also all visits and weeks together, which are not their sums."""

    lines: list[CadreLine]
    visits: VisitFigures | None
    quota: QuotaFigures


def cadre_table(scope: Scope, period: Period, today: date) -> CadreTable:
    """Everybody posted in the period, or who made a visit in it, by name; a cadre reads their own line."""
    end = min(period.end, today)
    cadres = cadres_of(scope, period.start, end)
    ids = [cadre.pk for cadre in cadres]
    issues = registered_rows(period=period.kind, start=period.start, cadre_ids=ids)
    visits = visit_figures_by_cadre(start=period.start, end=end, cadre_ids=ids)
    weeks = defaultdict(list)
    quota = quota_figures(start=period.start, end=end)
    for week in quota.weeks:
        weeks[week.cadre_id].append(week)
    lines = [
        CadreLine(cadre, figures, visits[cadre.pk], QuotaFigures(tuple(weeks[cadre.pk])))
        for cadre, figures in zip(cadres, issues, strict=True)
    ]
    return CadreTable(lines, visit_figures(start=period.start, end=end) if scope.district else None, quota)


#: Parts of the weeks owed: those with as many visits as owed, and those whose journal is handed in.
MET, WRITTEN = "met", "written"


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week in which a cadre owed visits, and whether its journal is handed in."""

    cadre: User
    week: CadreWeek
    is_written: bool


def weeks_owed(period: Period, today: date, *, cadre: User | None = None, unit: Unit | None = None) -> list[WeekLine]:
    """The weeks behind a quota, the newest first: all of them, a cadre's, of a township those in which the cadre was posted there."""
    quota = quota_figures(start=period.start, end=min(period.end, today), unit=unit)
    return _week_lines([week for week in quota.weeks if cadre is None or week.cadre_id == cadre.pk])


def _week_lines(weeks: list[CadreWeek]) -> list[WeekLine]:
    written = journals_handed_in(weeks)
    people = User.objects.in_bulk({week.cadre_id for week in weeks})
    lines = [WeekLine(people[week.cadre_id], week, (week.cadre_id, week.monday) in written) for week in weeks]
    return sorted(lines, key=lambda line: (-line.week.monday.toordinal(), line.cadre.pinyin_key, line.cadre.pk))


def cadre_line(cadre: User, period: Period, today: date) -> CadreLine:
    """One cadre's work in a period."""
    end = min(period.end, today)
    (issues,) = registered_rows(period=period.kind, start=period.start, cadre_ids=[cadre.pk])
    visits = visit_figures_by_cadre(start=period.start, end=end, cadre_ids=[cadre.pk])
    weeks = [week for week in quota_figures(start=period.start, end=end).weeks if week.cadre_id == cadre.pk]
    return CadreLine(cadre, issues, visits[cadre.pk], QuotaFigures(tuple(weeks)))


def cadres_of(scope: Scope, start: date, end: date, township: Unit | None = None) -> list[User]:
    """Everybody posted between two days (to a township, if given), or who made a visit then, by name; a cadre is on their own."""
    postings = Posting.objects.filter(start_on__lte=end).filter(Q(end_on=None) | Q(end_on__gte=start))
    if township is not None:
        postings = postings.filter(Q(township=township) | Q(enterprise__township=township))
    posted = postings.values("cadre")
    visits = Visit.objects.filter(visited_on__range=(start, end))
    visited = (visits if township is None else visits.filter(township=township)).order_by().values("cadre")
    people = User.objects.filter(Q(pk__in=posted) | Q(pk__in=visited))
    if not scope.district:
        people = people.filter(pk=scope.user_id)
    return list(people.order_by("pinyin_key", "pk"))


def oldest_day() -> date | None:
    """The day of the first issue: where the pickers begin."""
    return Issue.objects.order_by("received_on", "pk").values_list("received_on", flat=True).first()
