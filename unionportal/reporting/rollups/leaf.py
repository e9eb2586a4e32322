"""Leaf rows (month × township × category), computed from issues and, where one was reopened, its events."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BooleanField, Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from casework.models import Issue
from unionportal.reporting.measures import (
    CLOSED_IN_PERIOD,
    COLUMN_IDS,
    COUNT_IDS,
    COUNTS,
    FLOW_IDS,
    FLOWS,
    MEDIAN,
)
from unionportal.reporting.rollups.known import shadows
from unionportal.reporting.rollups.sql import (
    CELLS,
    UNCOUNTED,
    MonthOfDate,
    listed,
    month_of_date,
    month_of_moment,
    rows,
)

#: What is summed from leaf to wide row; the spread of workdays and the stock are carried otherwise.
SUMMED = (*COLUMN_IDS, "open_delta")


class Cell(NamedTuple):
    """Month × township × category."""

    month: date
    township_id: int
    category_id: int


def cell_arrays(cells: Sequence[Cell]) -> list[str]:
    """Cells as the three arrays of `sql.CELLS`, each written as PostgreSQL reads it: the driver would take milliseconds for a thousand."""
    return [f"{{{','.join(map(str, column))}}}" for column in (zip(*cells, strict=True) if cells else ((), (), ()))]


#: Townships from one id to another, both included.
Townships = tuple[int, int]


def fresh_leaves(
    cells: Sequence[Cell] | None = None, known_at: datetime | None = None, townships: Townships | None = None
) -> tuple[str, list[Any]]:
    """A query of month, unit_id, category_id, SUMMED, workdays for these cells (also the empty ones), or for all that say something.

    `known_at`: from the events recorded by that moment. The stock of an issue never reopened is told by its columns; only reopened ones ask the log.
    `townships`: only of these.
    """
    before, params = "", []
    if cells is not None:
        before, params = f"cell AS MATERIALIZED (SELECT * FROM {CELLS}),", cell_arrays(cells)
    elif known_at is not None:
        past, params = shadows(known_at)
        before = f"{past},"
    statement, more = _leaves(before, cells is not None, townships)
    return statement, [*params, *more]


@lru_cache(maxsize=8)  # the same text for every refresh
def _leaves(before: str, some: bool, townships: Townships | None) -> tuple[str, tuple[Any, ...]]:
    """`before`: what the WITH list begins with. `some`: only the cells in its `cell`."""
    issues = Issue.objects.all()
    if townships:
        issues = issues.filter(township_id__gte=townships[0], township_id__lte=townships[1])
    cohort, cohort_params = _cohort(_in_cells(issues, "received_on") if some else issues).query.sql_with_params()
    closings, closings_params = _closings(_in_cells(issues, "closed_on") if some else issues).query.sql_with_params()
    reopened, reopened_params = _reopened(some, townships)
    wanted = "WHERE cohort.received > 0 OR closings.month IS NOT NULL OR reopened.delta <> 0"
    if some:
        wanted = "RIGHT JOIN cell USING (month, township_id, category_id)"
    statement = f"""
        WITH {before} cohort AS ({cohort}), closings AS ({closings}), reopened AS ({reopened})
        SELECT month, township_id AS unit_id, category_id,
            {listed(COUNT_IDS, "coalesce(cohort.{0}, 0)::integer AS {0}")},
            {listed(FLOW_IDS, "coalesce(closings.{0}, 0)::integer AS {0}")},
            (coalesce(cohort.received, 0) - coalesce(closings.closed_once, 0) + coalesce(reopened.delta, 0))::integer AS open_delta,
            coalesce(cohort.workdays, '{{}}') AS workdays
        FROM cohort FULL JOIN closings USING (month, township_id, category_id)
            FULL JOIN reopened USING (month, township_id, category_id) {wanted}"""
    return statement, (*cohort_params, *closings_params, *reopened_params)


class Changed(NamedTuple):
    """A leaf row that was not right, and whether its issues open or closed in number, so that stocks follow."""

    cell: Cell
    moves_stock: bool


def recompute_cells(cells: Sequence[Cell], now: datetime) -> list[Changed]:
    """Bring these leaf rows, and only these, up to the present issues and events: those that changed. Stocks are left to `stock`."""
    fresh, params = fresh_leaves(cells)
    written = (*SUMMED, "workdays")
    # One refresher at a time: no row can appear between the look and the INSERT, and an UPDATE costs a third of ON CONFLICT.
    found = rows(
        f"""WITH wrong AS MATERIALIZED (
            SELECT fresh.*, old.id AS old_id, coalesce(old.open_delta, 0) AS old_delta FROM ({fresh}) AS fresh
                LEFT JOIN reporting_rollup AS old USING (month, unit_id, category_id)
            WHERE ({listed(written, "old.{}")}) IS DISTINCT FROM ({listed(written, "fresh.{}")})
        ),
        updated AS (
            UPDATE reporting_rollup AS kept SET {listed(written, "{0} = wrong.{0}")}, as_of = %s
            FROM wrong WHERE kept.id = wrong.old_id
        ),
        added AS (
            INSERT INTO reporting_rollup (month, unit_id, category_id, {listed(written)}, issues, open_at_end, as_of)
            SELECT month, unit_id, category_id, {listed(written)}, '{{}}', 0, %s FROM wrong WHERE old_id IS NULL
        )
        SELECT month, unit_id, category_id, open_delta <> old_delta FROM wrong""",
        [*params, now, now],
    )
    return [Changed(Cell(month, township, category), moves) for month, township, category, moves in found]


def _in_cells(issues: QuerySet[Issue], day: str) -> QuerySet[Issue]:
    """Those that stand in a `cell` by one of their days, by the index on township, category and its month."""
    place = f"(casework_issue.township_id, casework_issue.category_id, {month_of_date(f'casework_issue.{day}')})"
    within = f"{place} IN (SELECT township_id, category_id, month FROM cell)"
    return issues.filter(RawSQL(within, [], output_field=BooleanField()))


def _cohort(issues: QuerySet[Issue]) -> QuerySet:
    """One row a cell: the counts of `measures.COUNTS` over the issues received in it, and their workdays to close, sorted."""
    counts = {measure.id: Count("pk", filter=measure.condition) for measure in COUNTS}
    spent = ArrayAgg("workdays_to_close", filter=MEDIAN.condition, order_by=["workdays_to_close"])
    return _by_cell(issues.counted(), "received_on").annotate(**counts, workdays=spent)


def _closings(issues: QuerySet[Issue]) -> QuerySet:
    """One row a cell: the counts of `measures.FLOWS` over the issues closed in it, and how many of these were closed but once."""
    counts = {measure.id: Count("pk", filter=measure.condition) for measure in FLOWS}
    closed = _by_cell(issues.filter(CLOSED_IN_PERIOD.condition), "closed_on")
    return closed.annotate(**counts, closed_once=Count("pk", filter=Q(reopen_count=0)))


def _by_cell(issues: QuerySet[Issue], day: str) -> QuerySet:
    return issues.order_by().annotate(month=MonthOfDate(day)).values("month", "township_id", "category_id")


def _reopened(some: bool, townships: Townships | None) -> tuple[str, list[Any]]:
    """One row a cell: of the issues that count and were ever reopened, the reopenings less the closings that happened in it, by the log."""
    happened = month_of_moment("e.happened_at")
    place = f"cell.township_id = i.township_id AND cell.category_id = i.category_id AND cell.month = {happened}"
    statement = f"""
        SELECT {happened} AS month, i.township_id, i.category_id,
            sum(CASE WHEN e.to_state = 'closed' THEN -1 ELSE 1 END) AS delta
        FROM casework_issue i JOIN casework_issueevent e ON e.issue_id = i.id {f"JOIN cell ON {place}" if some else ""}
        WHERE i.reopen_count > 0 AND i.state NOT IN {UNCOUNTED} AND (e.to_state = 'closed') <> (e.from_state = 'closed')
            {"AND i.township_id BETWEEN %s AND %s" if townships else ""}
        GROUP BY 1, 2, 3"""
    return statement, list(townships or [])
