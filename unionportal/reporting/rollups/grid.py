"""Rows over all categories are there for every unit and month, zero or not, so that a chart has no holes and lists have a skeleton."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min

from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.models import SAYS_NOTHING, Rollup
from unionportal.reporting.rollups import stock
from unionportal.reporting.rollups.periods import MONTH, add_months, months_between, period_start
from unionportal.reporting.rollups.sql import execute, listed, rows


@dataclass(frozen=True, slots=True)
class Span:
    """The months that have rows: from the first with anything in it to the current one."""

    first: date
    last: date


def span(today: date) -> Span:
    """What the rows must cover today. Without an issue it is the current month."""
    busy = Rollup.objects.filter(category=None).exclude(**SAYS_NOTHING)
    found = busy.aggregate(first=Min("month"), last=Max("month"))
    this_month = period_start(MONTH, today)
    return Span(first=min(this_month, found["first"] or this_month), last=max(this_month, found["last"] or this_month))


def kept() -> Span | None:
    """The months that have rows; None before the first run."""
    found = Rollup.objects.filter(category=None).aggregate(first=Min("month"), last=Max("month"))
    return Span(**found) if found["first"] else None


def fit(covered: Span, before: Span | None, now: datetime, *, whole: bool) -> None:
    """Add the rows that are missing, with what was open before them, and drop those outside.

    `before`: the months that had rows before this run wrote any. What is open at the end of the last of them is open in the months that follow, also
    of units and categories nothing happened to, and however many months went by unseen.
    `whole`: whether none of those was missing.
    """
    execute("DELETE FROM reporting_rollup WHERE month < %s OR month > %s", [covered.first, covered.last])
    if before == covered and whole:
        return
    execute(ADD_MISSING.format(table="reporting_rollup"), {"first": covered.first, "last": covered.last, "now": now})
    if before is not None:
        stock.carry_all(min(add_months(before.last, 1), covered.last) if whole else covered.first, covered.last, now)


def has_every_row(first: date, last: date) -> bool:
    """Whether each unit has a row over all categories in each of these months."""
    months = len(list(months_between(first, last)))
    ((every,),) = rows(
        """SELECT (SELECT count(*) FROM reporting_rollup WHERE category_id IS NULL AND month BETWEEN %s AND %s)
            = (SELECT count(*) FROM orgs_unit WHERE kind IN ('district', 'township')) * %s""",
        [first, last, months],
    )
    return every


#: Rows of zeros over all categories, for every unit and month that has none.
ADD_MISSING = f"""
INSERT INTO {{table}} (month, unit_id, category_id, {listed(COLUMN_IDS)}, open_delta, open_at_end, workdays, issues, as_of)
SELECT m.month::date, u.id, NULL, {listed("0" for _ in COLUMN_IDS)}, 0, 0, '{{{{}}}}', '{{{{}}}}', %(now)s
FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS m(month) CROSS JOIN orgs_unit u
WHERE u.kind IN ('district', 'township') AND NOT EXISTS (
    SELECT FROM {{table}} r WHERE r.month = m.month::date AND r.unit_id = u.id AND r.category_id IS NULL
)"""
