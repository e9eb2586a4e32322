"""Leaf cells, recomputed from issues and events. Set-based: one statement a table, however many cells."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.expressions import RawSQL

from casework.models import Issue, IssueEvent
from casework.workflow import UNCOUNTED_STATES, State
from unionportal.reporting.measures import COUNT_IDS, COUNTS, MEDIAN
from unionportal.reporting.rollups.sql import CELLS, MonthOfDate, MonthOfMoment

_CLOSED = State.CLOSED.value
#: Events that take an issue out of the open stock or put it back; a step that leaves a closed issue closed does neither.
STOCK_MOVES = (Q(to_state=_CLOSED) | Q(from_state=_CLOSED)) & ~Q(to_state=F("from_state"))


class Cell(NamedTuple):
    """Month × township × category."""

    month: date
    township_id: int
    category_id: int


def cell_arrays(cells: Sequence[Cell]) -> list[list[Any]]:
    """Cells as the three arrays of `sql.CELLS`."""
    return [[c.month for c in cells], [c.township_id for c in cells], [c.category_id for c in cells]]


def recompute_cells(cells: Sequence[Cell]) -> None:
    """Bring these leaf cells, and only these, up to the present issues and events."""
    arrays = cell_arrays(cells)
    _insert_leaves(_issues_in(arrays), _moves_in(arrays), zeros=arrays)
    _replace_histogram(_issues_in(arrays), arrays)
    _drop_empty_leaves(arrays)


def recompute_all() -> None:
    """Every leaf cell anew. Readers see the old ones until the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reporting_rollupleaf")
        cursor.execute("DELETE FROM reporting_rolluphistogram")
    _insert_leaves(Issue.objects.all(), IssueEvent.objects.all())
    _insert_histogram(Issue.objects.all())
    _drop_empty_leaves()


def _issues_in(arrays: list[list[Any]]) -> QuerySet[Issue]:
    """Issues that stand in the cells, by the index on township, category and month."""
    picked = f"""SELECT i.id FROM {CELLS} JOIN casework_issue i
        ON i.township_id = cell.township_id AND i.category_id = cell.category_id
        AND (date_trunc('month', i.received_on::timestamp)::date) = cell.month"""
    return Issue.objects.filter(pk__in=RawSQL(picked, arrays))


def _moves_in(arrays: list[list[Any]]) -> QuerySet[IssueEvent]:
    """Closings and reopenings that happened in the cells' months to issues of their township and category."""
    # Fenced by MATERIALIZED: a month's moves are read once, not once a cell.
    picked = f"""WITH happened AS MATERIALIZED (
            SELECT e.id, i.township_id, i.category_id,
                (date_trunc('month', e.happened_at AT TIME ZONE 'Asia/Shanghai')::date) AS month
            FROM casework_issueevent e JOIN casework_issue i ON i.id = e.issue_id
            WHERE (e.to_state = 'closed' OR e.from_state = 'closed') AND e.to_state <> e.from_state
                AND (date_trunc('month', e.happened_at AT TIME ZONE 'Asia/Shanghai')::date) = ANY(%s)
        )
        SELECT happened.id FROM happened JOIN {CELLS} USING (month, township_id, category_id)"""
    return IssueEvent.objects.filter(pk__in=RawSQL(picked, [sorted(set(arrays[0])), *arrays]))


def _cohort(issues: QuerySet[Issue]) -> QuerySet:
    """One row a cell: the counts of `measures.COUNTS` over the issues received in it."""
    counts = {measure.id: Count("pk", filter=measure.condition) for measure in COUNTS}
    cells = issues.counted().order_by().annotate(month=MonthOfDate("received_on"))
    return cells.values("month", "township_id", "category_id").annotate(**counts)


def _moves(events: QuerySet[IssueEvent]) -> QuerySet:
    """One row a cell: reopenings less closings that happened in it, of issues that count."""
    step = Case(When(to_state=_CLOSED, then=Value(-1)), default=Value(1))
    counted = events.filter(STOCK_MOVES).exclude(issue__state__in=sorted(UNCOUNTED_STATES)).order_by()
    cells = counted.annotate(
        month=MonthOfMoment("happened_at"), township_id=F("issue__township_id"), category_id=F("issue__category_id")
    )
    return cells.values("month", "township_id", "category_id").annotate(delta=Sum(step))


def _insert_leaves(issues: QuerySet[Issue], events: QuerySet[IssueEvent], zeros: list[list[Any]] | None = None) -> None:
    """Insert or overwrite leaves; `zeros` are cells that must be written though nothing is left in them."""
    cohort_sql, cohort_params = _cohort(issues).query.sql_with_params()
    moves_sql, moves_params = _moves(events).query.sql_with_params()
    counts = ", ".join(COUNT_IDS)
    nothing = ", ".join("0" for _ in COUNT_IDS)
    emptied = f"UNION ALL SELECT month, township_id, category_id, {nothing}, 0 FROM {CELLS}" if zeros else ""
    statement = f"""
        WITH cohort AS ({cohort_sql}), moves AS ({moves_sql})
        INSERT INTO reporting_rollupleaf (month, township_id, category_id, {counts}, open_delta)
        SELECT month, township_id, category_id, {", ".join(f"sum({name})" for name in COUNT_IDS)}, sum(open_delta)
        FROM (
            SELECT month, township_id, category_id, {counts}, received AS open_delta FROM cohort
            UNION ALL SELECT month, township_id, category_id, {nothing}, delta FROM moves
            {emptied}
        ) AS parts
        GROUP BY month, township_id, category_id
        ON CONFLICT (township_id, category_id, month) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in (*COUNT_IDS, "open_delta"))}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, [*cohort_params, *moves_params, *(zeros or [])])


def _replace_histogram(issues: QuerySet[Issue], arrays: list[list[Any]]) -> None:
    statement = f"""DELETE FROM reporting_rolluphistogram h USING {CELLS}
        WHERE h.month = cell.month AND h.township_id = cell.township_id AND h.category_id = cell.category_id"""
    with connection.cursor() as cursor:
        cursor.execute(statement, arrays)
    _insert_histogram(issues)


def _insert_histogram(issues: QuerySet[Issue]) -> None:
    spread = issues.filter(MEDIAN.condition).order_by().annotate(month=MonthOfDate("received_on"))
    rows = spread.values("month", "township_id", "category_id", "workdays_to_close").annotate(issues=Count("pk"))
    sql, params = rows.query.sql_with_params()
    statement = f"""
        INSERT INTO reporting_rolluphistogram (month, township_id, category_id, workdays, issues)
        SELECT month, township_id, category_id, workdays_to_close, issues FROM ({sql}) AS spread"""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _drop_empty_leaves(arrays: list[list[Any]] | None = None) -> None:
    """A leaf that says nothing is not kept, so incremental and full runs leave the same rows.

    A cell without issues received in it has no counts at all, so two columns tell.
    """
    where = "l.received = 0 AND l.open_delta = 0"
    statement = f"DELETE FROM reporting_rollupleaf l WHERE {where}"
    if arrays is not None:
        statement = f"""DELETE FROM reporting_rollupleaf l USING {CELLS}
            WHERE l.month = cell.month AND l.township_id = cell.township_id
            AND l.category_id = cell.category_id AND {where}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, arrays or [])
