"""Everything anew: all rows are computed beside the kept ones, and only rows that differ are written."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField

from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.rollups.grid import ADD_MISSING
from unionportal.reporting.rollups.leaf import SUMMED, fresh_leaves
from unionportal.reporting.rollups.periods import MONTH, period_start
from unionportal.reporting.rollups.sql import execute, listed, rows
from unionportal.reporting.rollups.wide import wide_rows

_VALUES = (*SUMMED, "workdays", "issues", "open_at_end")
#: For sorts and hashes of a whole table; one such run at a time, by the advisory lock.
_MEMORY = "128MB"


#: What a full computation does, in order; whoever waits is told which of them it is at.
STAGES = ("读取诉求和办理记录", "汇总镇街、全区和类别", "推算各期存量", "核对并改正统计数据")

Tell = Callable[[int], None]


def compute_all(now: datetime, tell: Tell = lambda stage: None) -> int:
    """Compute every row from issues and events and bring the kept ones up to it; how many rows were not right.

    Readers see the old ones until the commit. `tell` hears the number of the stage that begins.
    """
    _build(now, tell=tell)
    tell(3)
    changed = _write()
    execute("DROP TABLE fresh_rollup")
    return changed


@transaction.atomic
def rows_known_at(moment: datetime, *, unit_ids: Sequence[int], category_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """The rows as they would have been kept at a moment: month, unit_id, category_id, open_at_end, workdays, issues and the counts.

    Computed from the whole log each time: for a question now and then, not for a page of every day.
    """
    _build(moment, known_at=moment)
    found = rows(
        f"""SELECT month, unit_id, category_id, open_at_end, workdays, issues, {listed(COLUMN_IDS)} FROM fresh_rollup
        WHERE unit_id = ANY(%s) AND (category_id IS NULL OR category_id = ANY(%s))""",
        [list(unit_ids), list(category_ids)],
    )
    execute("DROP TABLE fresh_rollup")
    return found


#: The stock after a row, and the month of the next row of its series.
_STOCK = """(sum(open_delta) OVER series)::integer AS open_at_end, lead(month) OVER series AS following"""
_SERIES = "WINDOW series AS (PARTITION BY unit_id, category_id ORDER BY month)"


def _build(now: datetime, known_at: datetime | None = None, tell: Tell = lambda stage: None) -> None:
    """All rows, in the temporary table `fresh_rollup`."""
    tell(0)
    execute(f"SET LOCAL work_mem = '{_MEMORY}'")
    execute("DROP TABLE IF EXISTS fresh_rollup")
    fresh, params = _halves() if known_at is None else fresh_leaves(known_at=known_at)
    execute(
        f"""CREATE TEMP TABLE fresh_rollup ON COMMIT DROP AS
        SELECT month, unit_id, category_id, {listed(SUMMED)}, workdays, '{{}}'::integer[] AS issues, {_STOCK},
            %s::timestamptz AS as_of FROM ({fresh}) AS leaves {_SERIES}""",
        [now, *params],
    )
    tell(1)
    execute(
        f"""INSERT INTO fresh_rollup (month, unit_id, category_id, {listed(SUMMED)}, workdays, issues, open_at_end, following, as_of)
        SELECT wide.*, {_STOCK}, %s FROM ({wide_rows("fresh_rollup")}) AS wide {_SERIES}""",
        [now],
    )
    tell(2)
    first, last = _span(now)
    execute(_STANDING, {"last": last, "now": now})
    execute(ADD_MISSING.format(table="fresh_rollup"), {"first": first, "last": last, "now": now})


def _halves() -> tuple[str, list[Any]]:
    """All leaves, of one half of the townships and of the other: PostgreSQL gives each to a worker of its own where it has two to spare."""
    ids = Unit.objects.filter(kind=Unit.Kind.TOWNSHIP).order_by("pk").values_list("pk", flat=True)
    middle = ids[len(ids) // 2] if ids else 1
    (low, low_params), (high, high_params) = (
        fresh_leaves(townships=part) for part in ((0, middle - 1), (middle, BigIntegerField.MAX_BIGINT))
    )
    return f"({low}) UNION ALL ({high})", [*low_params, *high_params]


def _span(now: datetime) -> tuple[date, date]:
    """From the first month with anything in it to the current one."""
    ((first, last),) = rows("SELECT min(month), max(month) FROM fresh_rollup")
    this_month = period_start(MONTH, clock.local_date(now))
    return min(this_month, first or this_month), max(this_month, last or this_month)


#: A row for every month in which something stays open though nothing happens.
_STANDING = f"""
INSERT INTO fresh_rollup (month, unit_id, category_id, {listed(SUMMED)}, workdays, issues, open_at_end, as_of)
SELECT m.month::date, unit_id, category_id, {listed("0" for _ in SUMMED)}, '{{}}', '{{}}', open_at_end, %(now)s
FROM fresh_rollup CROSS JOIN LATERAL generate_series(
    fresh_rollup.month + interval '1 month', coalesce(following - interval '1 month', %(last)s::timestamp), interval '1 month'
) AS m(month)
WHERE open_at_end <> 0 AND coalesce(following > fresh_rollup.month + interval '1 month', fresh_rollup.month < %(last)s)"""

_SAME_CELL = "fresh.month = kept.month AND fresh.unit_id = kept.unit_id"
#: Rows of a category and rows over all, each compared by plain columns: a hash on an expression costs twice as much.
_KINDS_OF_ROWS = (
    ("kept.category_id IS NOT NULL", "fresh.category_id = kept.category_id"),
    ("kept.category_id IS NULL", "fresh.category_id IS NULL"),
)


def _write() -> int:
    """Delete rows that are not right, write those that are missing: how many of either, whichever is more (a row put right is both)."""
    # Temporary tables have no statistics, and the kept one's may be from before its first row: never a loop in a loop.
    execute("SET LOCAL enable_nestloop = off")
    deleted = sum(_delete_wrong(kept, same) for kept, same in _KINDS_OF_ROWS)
    written = 0
    ((missing,),) = rows("SELECT (SELECT count(*) FROM fresh_rollup) - (SELECT count(*) FROM reporting_rollup)")
    if missing:  # every row that is left is right, so the numbers tell
        written = execute(
            f"""INSERT INTO reporting_rollup (month, unit_id, category_id, {listed(_VALUES)}, as_of)
            SELECT month, unit_id, category_id, {listed(_VALUES)}, as_of FROM fresh_rollup fresh
            WHERE NOT EXISTS (
                SELECT FROM reporting_rollup kept WHERE {_SAME_CELL} AND coalesce(kept.category_id, 0) = coalesce(fresh.category_id, 0)
            )
            ORDER BY month"""  # what is refreshed together lies together
        )
    execute("SET LOCAL enable_nestloop = on")
    return max(deleted, written)


def _delete_wrong(kept: str, same_category: str) -> int:
    return execute(
        f"""DELETE FROM reporting_rollup AS kept WHERE {kept} AND NOT EXISTS (
            SELECT FROM fresh_rollup fresh WHERE {_SAME_CELL} AND {same_category}
            AND ({listed(_VALUES, "fresh.{}")}) IS NOT DISTINCT FROM ({listed(_VALUES, "kept.{}")}))"""
    )
