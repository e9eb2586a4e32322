"""Leaf rows (month × township × category), computed from issues and, where one was reopened, its events."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, QuerySet
from django.db.models.expressions import RawSQL

from casework.models import Issue
from unionportal.reporting.measures import COUNT_IDS, COUNTS, MEDIAN
from unionportal.reporting.rollups.known import shadows
from unionportal.reporting.rollups.sql import (
    CELLS,
    UNCOUNTED,
    MonthOfDate,
    execute,
    listed,
    month_of_date,
    month_of_moment,
)

#: What is summed from leaf to wide row; the spread of workdays and the stock are carried otherwise.
SUMMED = (*COUNT_IDS, "open_delta")


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
    cohort, cohort_params = _cohort(_issues_in(arrays)).query.sql_with_params()
    moves, moves_params = _moves(arrays)
    counts = listed(COUNT_IDS, "coalesce(cohort.{0}, 0)::integer AS {0}")
    past, past_params = ("", []) if known_at is None else shadows(known_at)
    past = past and f"{past},"
    all_cells, wanted = "", "WHERE cohort.received > 0 OR moves.delta <> 0"
    if arrays is not None:
        all_cells, wanted = f"RIGHT JOIN {CELLS} USING (month, township_id, category_id)", ""
    statement = f"""
        WITH {past}cohort AS ({cohort}), moves AS ({moves})
        SELECT month, township_id AS unit_id, category_id, {counts},
            (coalesce(cohort.received, 0) + coalesce(moves.delta, 0))::integer AS open_delta,
            coalesce(cohort.workdays, '{{}}') AS workdays
        FROM cohort FULL JOIN moves USING (month, township_id, category_id) {all_cells} {wanted}"""
    return statement, [*past_params, *cohort_params, *moves_params, *(arrays or [])]


def recompute_cells(cells: Sequence[Cell], now: datetime) -> None:
    """Bring these leaf rows, and only these, up to the present issues and events. Stocks are left to `stock`."""
    fresh, params = fresh_leaves(cells)
    written = (*SUMMED, "workdays")
    execute(
        f"""INSERT INTO reporting_rollup AS kept
            (month, unit_id, category_id, {listed(written)}, issues, open_at_end, as_of)
        SELECT month, unit_id, category_id, {listed(written)}, '{{}}', 0, %s FROM ({fresh}) AS fresh
        ON CONFLICT (month, unit_id, category_id) DO UPDATE
        SET {listed(written, "{0} = excluded.{0}")}, as_of = excluded.as_of
        WHERE ({listed(written, "kept.{}")}) IS DISTINCT FROM ({listed(written, "excluded.{}")})""",
        [now, *params],
    )


def _issues_in(arrays: list[list[Any]] | None) -> QuerySet[Issue]:
    """Issues that stand in the cells, by the index on township, category and month."""
    if arrays is None:
        return Issue.objects.all()
    picked = f"""SELECT i.id FROM {CELLS} JOIN casework_issue i
        ON i.township_id = cell.township_id AND i.category_id = cell.category_id
        AND {month_of_date("i.received_on")} = cell.month"""
    return Issue.objects.filter(pk__in=RawSQL(picked, arrays))


def _cohort(issues: QuerySet[Issue]) -> QuerySet:
    """One row a cell: the counts of `measures.COUNTS` over the issues received in it, and their workdays to close, sorted."""
    counts = {measure.id: Count("pk", filter=measure.condition) for measure in COUNTS}
    spent = ArrayAgg("workdays_to_close", filter=MEDIAN.condition, order_by=["workdays_to_close"])
    cells = issues.counted().order_by().annotate(month=MonthOfDate("received_on"))
    return cells.values("month", "township_id", "category_id").annotate(**counts, workdays=spent)


def _moves(arrays: list[list[Any]] | None) -> tuple[str, list[Any]]:
    """One row a cell: reopenings less closings that happened in it, of issues that count."""
    closed, happened = month_of_date("i.closed_on"), month_of_moment("e.happened_at")
    by_column = by_event = ""
    if arrays is not None:
        place = "cell.township_id = i.township_id AND cell.category_id = i.category_id"
        by_column = f"JOIN {CELLS} ON {place} AND cell.month = {closed}"
        by_event = f"JOIN {CELLS} ON {place} AND cell.month = {happened}"
    statement = f"""
        SELECT month, township_id, category_id, sum(delta) AS delta FROM (
            SELECT {closed} AS month, i.township_id, i.category_id, -count(*) AS delta
            FROM casework_issue i {by_column} WHERE i.state = 'closed' AND i.reopen_count = 0 GROUP BY 1, 2, 3
            UNION ALL
            SELECT {happened}, i.township_id, i.category_id, sum(CASE WHEN e.to_state = 'closed' THEN -1 ELSE 1 END)
            FROM casework_issue i JOIN casework_issueevent e ON e.issue_id = i.id {by_event}
            WHERE i.reopen_count > 0 AND i.state NOT IN {UNCOUNTED}
                AND (e.to_state = 'closed') <> (e.from_state = 'closed')
            GROUP BY 1, 2, 3
        ) AS moved GROUP BY 1, 2, 3"""
    return statement, [*(arrays or []), *(arrays or [])]
