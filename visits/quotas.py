"""The weekly quota over many cadres and weeks: the rows behind 应走访周次 and 走访达标周次, and behind 周记提交率."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from unionportal.core.accounts.models import Posting
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.core.workcal.days import iso_week, week_workdays
from visits.models import Journal, Visit

SUNDAY = timedelta(days=6)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class CadreWeek:
    """A week in which a cadre owed visits, and how many were made."""

    cadre_id: int
    monday: date
    owed: int
    done: int

    @property
    def is_met(self) -> bool:
        return self.done >= self.owed


def owed_in_week(monday: date, workdays: int) -> int:
    """Visits a posted cadre owes in a week; none in a week of few workdays. Parameters visits.weekly_quota, visits.quota_min_workdays."""
    if workdays < value("visits.quota_min_workdays", on=monday):
        return 0
    return int(value("visits.weekly_quota", on=monday))


def cadre_weeks_owed(*, first: date | None, end: date, township: Unit | None = None) -> list[CadreWeek]:
    """Every week whose Sunday lies from `first` (None: the first posting) to `end`, for every cadre who owed visits in it.

    By week and cadre. `township`: of the cadres posted to it, or to an enterprise in it. Two queries for any number of either.
    """
    postings = Posting.objects.filter(start_on__lte=end)
    if township is not None:
        postings = postings.filter(Q(township=township) | Q(enterprise__township=township))
    spans = list(postings.values_list("cadre_id", "start_on", "end_on"))
    if not spans:
        return []
    begin = first or min(start for _, start, _ in spans)
    mondays = list(_mondays(begin, end))
    if not mondays:
        return []
    done = _visits_by_week({cadre for cadre, _, _ in spans}, mondays[0], mondays[-1] + SUNDAY)
    return [
        CadreWeek(cadre, monday, owed, done.get((cadre, monday), 0))
        for monday in mondays
        if (owed := owed_in_week(monday, week_workdays(*iso_week(monday))))
        for cadre in sorted(
            {who for who, start, until in spans if start <= monday + SUNDAY and (until is None or until >= monday)}
        )
    ]


def _mondays(first: date, end: date) -> Iterator[date]:
    """The Mondays of the weeks that end from one day to another."""
    monday = first - timedelta(days=first.weekday())
    while monday + SUNDAY <= end:
        yield monday
        monday += WEEK


def _visits_by_week(cadre_ids: set[int], first: date, last: date) -> dict[tuple[int, date], int]:
    visits = Visit.objects.filter(cadre_id__in=cadre_ids, visited_on__range=(first, last)).order_by()
    counts = visits.annotate(monday=TruncWeek("visited_on")).values_list("cadre_id", "monday").annotate(Count("pk"))
    return {(cadre, monday): number for cadre, monday, number in counts}


def weeks_by_township(weeks: Collection[CadreWeek]) -> defaultdict[int, list[CadreWeek]]:
    """Township -> those of the weeks in which the cadre was posted to it or to an enterprise in it, as `cadre_weeks_owed(township=)`. One query."""
    found: defaultdict[int, list[CadreWeek]] = defaultdict(list)
    if not weeks:
        return found
    spans: defaultdict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    postings = Posting.objects.filter(cadre__in={week.cadre_id for week in weeks})
    for cadre, start, until, own, firms in postings.values_list(
        "cadre_id", "start_on", "end_on", "township_id", "enterprise__township_id"
    ):
        spans[cadre].append((start, until, own or firms))
    for week in weeks:
        there = {
            township
            for start, until, township in spans[week.cadre_id]
            if start <= week.monday + SUNDAY and (until is None or until >= week.monday)
        }
        for township in there:
            found[township].append(week)
    return found


def journals_handed_in(weeks: Collection[CadreWeek]) -> set[tuple[int, date]]:
    """(cadre, Monday) of those of the weeks whose journal is handed in. Whoever owes visits owes the week's journal. One query."""
    if not weeks:
        return set()
    years = {iso_week(week.monday)[0] for week in weeks}
    journals = Journal.objects.handed_in().filter(iso_year__in=years, cadre__in={week.cadre_id for week in weeks})
    rows = journals.values_list("cadre_id", "iso_year", "iso_week")
    return {(cadre, date.fromisocalendar(year, week, 1)) for cadre, year, week in rows}
