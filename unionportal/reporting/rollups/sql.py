"""Pieces of SQL the rollups share. Months are Asia/Shanghai months; the expressions match the indexes of 0001_initial."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateField, Func

from unionportal.core.common.clock import SHANGHAI


class MonthOfDate(Func):
    """First of the month of a date column."""

    template = "(date_trunc('month', %(expressions)s::timestamp)::date)"
    output_field = DateField()


class MonthOfMoment(Func):
    """First of the Shanghai month of a timestamp column."""

    template = "(date_trunc('month', %(expressions)s AT TIME ZONE 'Asia/Shanghai')::date)"
    output_field = DateField()


def shanghai_midnight(day: date, *, days: int = 0) -> datetime:
    """The moment a day (or one `days` later) begins in Shanghai."""
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=SHANGHAI)


def execute_by_hash(statement: str, params: Sequence[Any]) -> None:
    """Run a statement over whole cells without nested loops where a hash will do.

    The planner cannot know how many cells an array or a coalesce() lets through, guesses one, and loops over thousands.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL enable_nestloop = on")


#: Leaf cells given as three arrays of one length.
CELLS = "unnest(%s::date[], %s::bigint[], %s::bigint[]) AS cell(month, township_id, category_id)"

#: Which units a township's figures feed: its own and its district's.
MEMBER = """
member AS (
    SELECT t.id AS township_id, u.id AS unit_id
    FROM orgs_unit t JOIN orgs_unit u ON u.id = t.id OR u.id = t.parent_id
    WHERE t.kind IN ('township', 'district') AND u.kind IN ('township', 'district')
)"""

#: The month, quarter and year a month lies in, joined laterally to a table with a column `month`.
PERIODS_OF = """
CROSS JOIN LATERAL (VALUES
    ('month', {month}),
    ('quarter', date_trunc('quarter', {month}::timestamp)::date),
    ('year', date_trunc('year', {month}::timestamp)::date)
) AS p(period, start)"""


def periods_of(month: str) -> str:
    """PERIODS_OF for a column."""
    return PERIODS_OF.format(month=month)
