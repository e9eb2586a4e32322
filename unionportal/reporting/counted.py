"""Months of handling units and of cadres, counted from the issues when read (decision 0012).

The same conditions as in the kept rows, grouped by who holds or who registered an issue instead of by where it comes from.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from casework.models import Category, Issue, IssueEvent
from casework.workflow import UNCOUNTED_STATES, State
from unionportal.core.common import clock
from unionportal.reporting.behind import issues_in
from unionportal.reporting.measures import (
    CLOSED_IN_PERIOD,
    COUNT_IDS,
    COUNTS,
    FLOW_IDS,
    FLOWS,
    MEDIAN,
    OPEN_AT_END,
    RECEIVED,
)
from unionportal.reporting.monthly import Month, Months
from unionportal.reporting.rollups.periods import MONTH, months_between, period_end
from unionportal.reporting.rollups.sql import MonthOfDate, shanghai_midnight

#: Whose an issue is: the unit that holds it now (or held it when it was closed), or the person who registered it.
HOLDER, CADRE = "holder_id", "registered_by_id"

_Owned = tuple[date, int]


def counted_months(
    whose: str, *, first: date, last: date, ids: Collection[int], category: Category | None = None
) -> Months:
    """A row for every month from `first` to `last` and every one of `ids`. Five queries for any number of either."""
    end = period_end(MONTH, last)
    mine = Q(**{f"{whose}__in": ids}) if category is None else Q(**{f"{whose}__in": ids}, category=category)
    received = issues_in(RECEIVED.id, first=first, end=end).filter(mine)
    closed = issues_in(CLOSED_IN_PERIOD.id, first=first, end=end).filter(mine)
    cohort = _by_month(received, whose, "received_on", {measure.id: measure.condition for measure in COUNTS})
    flows = _by_month(
        closed,
        whose,
        "closed_on",
        {measure.id: measure.condition for measure in FLOWS} | {"closed_once": Q(reopen_count=0)},
    )
    spread = _spread(issues_in(MEDIAN.id, first=first, end=end).filter(mine), whose)
    moved = _reopened(mine, whose, first, end)
    stock = _totals(issues_in(OPEN_AT_END.id, first=None, end=first - timedelta(days=1)).filter(mine), whose)
    now, kind = clock.now(), None if category is None else category.pk
    found: dict[tuple[date, int, int | None], Month] = {}
    for month in months_between(first, last):
        for who in ids:
            counts, flow = cohort[month, who], flows[month, who]
            stock[who] += counts["received"] - flow["closed_once"] + moved[month, who]
            bars = sorted(spread[month, who].items())
            found[month, who, kind] = Month(
                as_of=now,
                open_at_end=stock[who],
                workdays=[days for days, _ in bars],
                issues=[number for _, number in bars],
                counts=tuple(counts[name] for name in COUNT_IDS),
                flows=tuple(flow[name] for name in FLOW_IDS),
            )
    return found


def _by_month(
    issues: QuerySet[Issue], whose: str, day: str, conditions: Mapping[str, Q]
) -> defaultdict[_Owned, Counter[str]]:
    """The counts of a month, by the names of their conditions."""
    counts = {name: Count("pk", filter=condition) for name, condition in conditions.items()}
    rows = issues.order_by().annotate(month=MonthOfDate(day)).values("month", whose).annotate(**counts)
    found: defaultdict[_Owned, Counter[str]] = defaultdict(Counter)
    for row in rows:
        found[row["month"], row[whose]].update({name: row[name] for name in counts})
    return found


def _spread(issues: QuerySet[Issue], whose: str) -> defaultdict[_Owned, Counter[int]]:
    """How many issues received in a month took how many workdays."""
    rows = issues.order_by().annotate(month=MonthOfDate("received_on")).values_list("month", whose, "workdays_to_close")
    found: defaultdict[_Owned, Counter[int]] = defaultdict(Counter)
    for month, who, days, number in rows.annotate(number=Count("pk")):
        found[month, who][days] += number
    return found


def _reopened(mine: Q, whose: str, first: date, end: date) -> Counter[_Owned]:
    """Of the issues ever reopened, the reopenings less the closings that happened in a month, by the log."""
    issues = Issue.objects.filter(mine, reopen_count__gt=0).exclude(state__in=sorted(UNCOUNTED_STATES))
    steps = IssueEvent.objects.filter(
        Q(to_state=State.CLOSED.value) ^ Q(from_state=State.CLOSED.value),
        issue__in=issues,
        happened_at__gte=shanghai_midnight(first),
        happened_at__lt=shanghai_midnight(end, days=1),
    )
    step: Any = Case(When(to_state=State.CLOSED.value, then=Value(-1)), default=Value(1))
    month = TruncMonth("happened_at", tzinfo=clock.SHANGHAI)
    rows = steps.order_by().annotate(month=month).values_list("month", f"issue__{whose}").annotate(delta=Sum(step))
    return Counter({(moment.date(), who): delta for moment, who, delta in rows})


def _totals(issues: QuerySet[Issue], whose: str) -> Counter[int]:
    return Counter(dict(issues.order_by().values_list(whose).annotate(number=Count("pk"))))
