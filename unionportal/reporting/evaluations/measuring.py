"""What the indicators of a year come to for every cadre and township, by the selectors of the pages: the same number of queries for any number of either."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from unionportal.core.accounts.models import Posting
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.reporting.evaluations.indicators import Measured
from unionportal.reporting.figures import rollup_rows
from unionportal.reporting.rollups.periods import YEAR, months_between
from unionportal.reporting.selectors.people import CadreLine, cadre_table
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.visiting import QuotaFigures, coverage_by_township, quota_figures
from visits.evaluation_results import results
from visits.evaluation_workflow import CADRE, TOWNSHIP
from visits.meeting_figures import Attendance, attendance, unit_attendance
from visits.models import EvaluationRound
from visits.quotas import CadreWeek, journals_handed_in, weeks_by_township


@dataclass(frozen=True, slots=True)
class Who:
    """A cadre or a township that is measured; `key` is its user name or code, `note` what is particular about its year."""

    subject: str
    pk: int
    key: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """One of those measured, with what each indicator came to by its id."""

    who: Who
    measured: Mapping[str, Measured] = field(default_factory=dict)


def year_period(year: int) -> Period:
    return Period(YEAR, date(year, 1, 1))


def take_cadres(found: EvaluationRound, today: date, *, outcomes: bool) -> list[Taken]:
    """Every cadre posted in the year, or who made a visit in it, by name, measured over the own postings. `outcomes`: with what reviewers gave."""
    period = year_period(found.year)
    end = min(period.end, today)
    lines = cadre_table(SYSTEM, period, today).lines
    ids = [line.cadre.pk for line in lines]
    duties = _duties(ids, period.start, end)
    came = attendance(found.year, ids)
    handed_in = journals_handed_in([week for line in lines for week in line.quota.weeks])
    best = _best(found, CADRE) if outcomes else None
    return [
        Taken(
            Who(CADRE, line.cadre.pk, line.cadre.username, str(line.cadre), duties[line.cadre.pk].note),
            _of_cadre(line, duties[line.cadre.pk].months, came[line.cadre.pk], handed_in, best),
        )
        for line in lines
    ]


def take_townships(found: EvaluationRound, today: date, *, outcomes: bool) -> list[Taken]:
    """Every township, by code."""
    period = year_period(found.year)
    end = min(period.end, today)
    townships = list(Unit.objects.filter(kind=Unit.Kind.TOWNSHIP, is_active=True).order_by("code"))
    figures = {row.unit.pk: row for row in rollup_rows(period=YEAR, start=period.start, units=townships)}
    covered = coverage_by_township(start=period.start, end=end)
    weeks = weeks_by_township(quota_figures(start=period.start, end=end).weeks)
    handed_in = journals_handed_in([week for of_one in weeks.values() for week in of_one])
    came = unit_attendance(found.year, [unit.pk for unit in townships])
    best = _best(found, TOWNSHIP) if outcomes else None
    months = len(list(months_between(period.start, end)))
    return [
        Taken(
            Who(TOWNSHIP, unit.pk, unit.code, unit.short_name),
            {
                **_of_weeks(QuotaFigures(tuple(weeks[unit.pk])), handed_in),
                "coverage": _rate(covered.get(unit.pk)),
                **_of_issues(figures[unit.pk].counts if unit.pk in figures else {}, months),
                "attendance": Measured(Decimal(came[unit.pk].present), came[unit.pk].meetings),
                "outcome": _outcome(best, unit.pk),
            },
        )
        for unit in townships
    ]


def _of_cadre(
    line: CadreLine,
    months: int,
    came: Attendance,
    handed_in: Collection[tuple[int, date]],
    best: Mapping[int, Decimal] | None,
) -> dict[str, Measured]:
    return {
        **_of_weeks(line.quota, handed_in),
        "coverage": _rate(line.visits.coverage),
        **_of_issues(line.issues.counts, months),
        "attendance": Measured(Decimal(came.present), came.meetings),
        "outcome": _outcome(best, line.cadre.pk),
    }


def _of_weeks(quota: QuotaFigures, handed_in: Collection[tuple[int, date]]) -> dict[str, Measured]:
    weeks: tuple[CadreWeek, ...] = quota.weeks
    written = sum((week.cadre_id, week.monday) in handed_in for week in weeks)
    return {
        "quota": Measured(Decimal(quota.quota_met), quota.quota_weeks),
        "journals": Measured(Decimal(written), len(weeks)),
    }


def _of_issues(counts: Mapping[str, int], months: int) -> dict[str, Measured]:
    """`months` on duty make the target of issues; nobody is measured by it who was not on duty."""

    def count(name: str) -> int:
        return counts.get(name, 0)

    late = count("closed_with_deadline") - count("closed_on_time")
    return {
        "received": Measured(Decimal(count("received")), months * int(value("evaluations.issues_a_month"))),
        "resolution": Measured(Decimal(count("resolved")), count("received")),
        "overdue": Measured(Decimal(late), count("closed_with_deadline")),
        "satisfaction": Measured(Decimal(count("satisfied")), count("rated")),
    }


def _rate(rate: Any) -> Measured:
    return Measured(Decimal(rate.numerator), rate.denominator) if rate else Measured(Decimal(), 0)


def _outcome(best: Mapping[int, Decimal] | None, pk: int) -> Measured:
    """Not measured while scores are not to be seen; 0 for who nominated nothing."""
    return Measured(Decimal(), 0) if best is None else Measured(best.get(pk, Decimal()), 100)


def _best(found: EvaluationRound, subject: str) -> dict[int, Decimal]:
    """Author or township -> the highest average of its nominations."""
    best: dict[int, Decimal] = {}
    for result in (line for lines in results(found).values() for line in lines):
        nomination = result.nomination
        if subject == CADRE:
            owners = [author.user_id for author in nomination.authors.all()]
        else:
            owners = [nomination.unit_id] if nomination.unit_id else []
        for owner in owners:
            best[owner] = max(best.get(owner, Decimal()), result.average or Decimal())
    return best


@dataclass(slots=True)
class Duty:
    """A cadre's year: the days on duty, joined where they touch, oldest first; and the postings that began or ended in it, in words."""

    spans: list[tuple[date, date]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def add(self, begin: date, until: date) -> None:
        """Days of a further posting; they come by their beginning."""
        if self.spans and (begin - self.spans[-1][1]).days <= 1:
            self.spans[-1] = (self.spans[-1][0], max(self.spans[-1][1], until))
        else:
            self.spans.append((begin, until))

    @property
    def months(self) -> int:
        """Calendar months with a day on duty."""
        return len({month for first, last in self.spans for month in months_between(first, last)})

    @property
    def note(self) -> str:
        """What to say of who was not in the same postings all year."""
        if not self.spans:
            return "本年没有驻联分工，只有走访记录。"
        return f"本年分工有变动：{'，'.join(self.changes)}。各项只按本人的分工计。" if self.changes else ""


def _duties(cadres: Collection[int], start: date, end: date) -> dict[int, Duty]:
    """Cadre -> the year's duty, from the postings cut to it. One query."""
    found = {cadre: Duty() for cadre in cadres}
    postings = Posting.objects.filter(Q(end_on=None) | Q(end_on__gte=start), cadre__in=cadres, start_on__lte=end)
    rows = postings.order_by("start_on", "pk").values_list(
        "cadre_id", "start_on", "end_on", "township__short_name", "enterprise__name"
    )
    for cadre, first, last, township, enterprise in rows:
        begin, until = max(first, start), min(last or end, end)
        found[cadre].add(begin, until)
        if (begin, until) != (start, end):
            found[cadre].changes.append(f"{township or enterprise}{zh_day(begin)}至{zh_day(until)}")
    return found
