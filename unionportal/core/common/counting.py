"""Running numbers without gaps: the next of a year (YC-2024-000123), or of whatever else a table of counters is kept by."""

from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model
from psycopg import sql

_NEXT = sql.SQL(
    "INSERT INTO {table} ({keys}, {counted}) VALUES ({values}, 1) "
    "ON CONFLICT ({keys}) DO UPDATE SET {counted} = {table}.{counted} + 1 RETURNING {counted}"
)


def next_number(counter: type[Model], *, counted: str = "last", **of: Any) -> int:
    """Count one more in the row of `counter` that `of` names, which is made where it is missing, and return the number: 1 at first.

    The row stays locked until the transaction ends, so two never get the same number, and one that is rolled back leaves no gap.
    """
    statement = _NEXT.format(
        table=sql.Identifier(counter._meta.db_table),
        keys=sql.SQL(", ").join([_column(counter, name) for name in of]),
        values=sql.SQL(", ").join([sql.Placeholder() for _ in of]),
        counted=_column(counter, counted),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(of.values()))
        (number,) = cursor.fetchone()
    return int(number)


def _column(counter: type[Model], name: str) -> sql.Identifier:
    return sql.Identifier(str(cast(Field, counter._meta.get_field(name)).column))


def next_code(prefix: str, counter: type[Model], year: int, *, digits: int = 4) -> str:
    """The next code of a year, as `KN-2024-0001`."""
    return f"{prefix}-{year}-{next_number(counter, year=year):0{digits}d}"
