"""Pieces of SQL the rollups share. Months are Asia/Shanghai months; the expressions match the indexes of the migrations."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateField, Func

from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common.clock import SHANGHAI


class MonthOfDate(Func):
    """First of the month of a date column."""

    template = "(date_trunc('month', %(expressions)s::timestamp)::date)"
    output_field = DateField()


def shanghai_midnight(day: date, *, days: int = 0) -> datetime:
    """The moment a day (or one `days` later) begins in Shanghai."""
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=SHANGHAI)


def execute(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def rows(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Run a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def month_of_date(column: str) -> str:
    """First of the month of a date column."""
    return f"(date_trunc('month', {column}::timestamp)::date)"


def month_of_moment(column: str) -> str:
    """First of the Shanghai month of a moment."""
    return f"(date_trunc('month', {column} AT TIME ZONE 'Asia/Shanghai')::date)"


def listed(names: Iterable[str], pattern: str = "{}") -> str:
    """Names put into a pattern each, with commas between."""
    return ", ".join(pattern.format(name) for name in names)


#: Leaf cells given as three arrays of one length.
CELLS = "unnest(%s::date[], %s::bigint[], %s::bigint[]) AS cell(month, township_id, category_id)"

#: States as SQL text; they come from the workflow's own enumeration.
UNCOUNTED = "(" + ", ".join(f"'{state}'" for state in sorted(UNCOUNTED_STATES)) + ")"
