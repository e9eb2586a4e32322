"""Leaf rows (month × township × category), computed from issues and, where one was reopened, its events."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet
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


def cell_arrays(cells: Sequence[Cell]) -> list[list[Any]]:
    """Cells as the three arrays of `sql.CELLS`."""
    return [[c.month for c in cells], [c.township_id for c in cells], [c.category_id for c in cells]]


def fresh_leaves(cells: Sequence[Cell] | None = None, known_at: datetime | None = None) -> tuple[str, list[Any]]:
    """A query of month, unit_id, category_id, SUMMED, workdays for these cells (also the empty ones), or for all that say something.

    `known_at`: from the events recorded by that moment. The stock of an issue never reopened is told by its columns; only reopened ones ask the log.
    """
    arrays = None if cells is None else cell_arrays(cells)
    cohort, cohort_params = _cohort(_issues_in(arrays, "received_on")).query.sql_with_params()
    closings, closings_params = _closings(_issues_in(arrays, "closed_on")).query.sql_with_params()
    reopened, reopened_params = _reopened(arrays)
    past, past_params = ("", []) if known_at is None else shadows(known_at)
    past = past and f"{past},"
    all_cells, wanted = "", "WHERE cohort.received > 0 OR closings.month IS NOT NULL OR reopened.delta <> 0"
    if arrays is not None:
        all_cells, wanted = f"RIGHT JOIN {CELLS} USING (month, township_id, category_id)", ""
    statement = f"""
        WITH {past}cohort AS ({cohort}), closings AS ({closings}), reopened AS ({reopened})
        SELECT month, township_id AS unit_id, category_id,
            {listed(COUNT_IDS, "coalesce(cohort.{0}, 0)::integer AS {0}")},
            {listed(FLOW_IDS, "coalesce(closings.{0}, 0)::integer AS {0}")},
            (coalesce(cohort.received, 0) - coalesce(closings.closed_once, 0) + coalesce(reopened.delta, 0))::integer AS open_delta,
            coalesce(cohort.workdays, '{{}}') AS workdays
        FROM cohort FULL JOIN closings USING (month, township_id, category_id)
            FULL JOIN reopened USING (month, township_id, category_id) {all_cells} {wanted}"""
    return statement, [*past_params, *cohort_params, *closings_params, *reopened_params, *(arrays or [])]


def recompute_cells(cells: Sequence[Cell], now: datetime) -> list[Cell]:
    """Bring these leaf rows, and only these, up to the present issues and events: those that changed. Stocks are left to `stock`."""
    fresh, params = fresh_leaves(cells)
    written = (*SUMMED, "workdays")
    # Rows that are right are left out before: to look at them by ON CONFLICT would lock, and so write, each.
    changed = rows(
        f"""INSERT INTO reporting_rollup
            (month, unit_id, category_id, {listed(written)}, issues, open_at_end, as_of)
        SELECT month, unit_id, category_id, {listed(written, "fresh.{}")}, '{{}}', 0, %s FROM ({fresh}) AS fresh
            LEFT JOIN reporting_rollup AS old USING (month, unit_id, category_id)
        WHERE ({listed(written, "old.{}")}) IS DISTINCT FROM ({listed(written, "fresh.{}")})
        ON CONFLICT (month, unit_id, category_id) DO UPDATE
        SET {listed(written, "{0} = excluded.{0}")}, as_of = excluded.as_of
        RETURNING month, unit_id, category_id""",
        [now, *params],
    )
    return [Cell(*row) for row in changed]


def _issues_in(arrays: list[list[Any]] | None, day: str) -> QuerySet[Issue]:
    """Issues that stand in the cells by one of their days, by the index on township, category and its month."""
    if arrays is None:
        return Issue.objects.all()
    closed = "AND i.state = 'closed'" if day == "closed_on" else ""
    picked = f"""SELECT i.id FROM {CELLS} JOIN casework_issue i
        ON i.township_id = cell.township_id AND i.category_id = cell.category_id
        AND {month_of_date(f"i.{day}")} = cell.month {closed}"""
    return Issue.objects.filter(pk__in=RawSQL(picked, arrays))


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


def _reopened(arrays: list[list[Any]] | None) -> tuple[str, list[Any]]:
    """One row a cell: of the issues that count and were ever reopened, the reopenings less the closings that happened in it, by the log."""
    happened, by_event = month_of_moment("e.happened_at"), ""
    if arrays is not None:
        place = "cell.township_id = i.township_id AND cell.category_id = i.category_id"
        by_event = f"JOIN {CELLS} ON {place} AND cell.month = {happened}"
    statement = f"""
        SELECT {happened} AS month, i.township_id, i.category_id,
            sum(CASE WHEN e.to_state = 'closed' THEN -1 ELSE 1 END) AS delta
        FROM casework_issue i JOIN casework_issueevent e ON e.issue_id = i.id {by_event}
        WHERE i.reopen_count > 0 AND i.state NOT IN {UNCOUNTED} AND (e.to_state = 'closed') <> (e.from_state = 'closed')
        GROUP BY 1, 2, 3"""
    return statement, arrays or []
