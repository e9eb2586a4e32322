"""Keep the figures: take what changed from the outbox and recompute only that, or recompute everything.

Each run is one transaction under one advisory lock: the outbox rows it takes, the leaves and the wide rows commit
together or not at all. A run killed anywhere leaves the outbox as it was, and the next run does the same work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from casework.models import RollupOutbox
from casework.workflow import OPEN_STATES
from unionportal.core.common import clock
from unionportal.reporting.rollups import full, grid, leaf, stock, wide
from unionportal.reporting.rollups.leaf import Cell
from unionportal.reporting.rollups.periods import MONTH, months_of, period_until
from unionportal.reporting.rollups.sql import month_of_date, month_of_moment, rows, shanghai_midnight

#: Any constant known to nobody else: refreshers queue here, since two could each miss the other's uncommitted leaves.
LOCK_KEY = 0x726F6C6C  # "roll"
BATCH = 5000


@dataclass(frozen=True, slots=True)
class Run:
    """What one transaction did: outbox rows taken and leaf cells recomputed."""

    taken: int
    cells: int


def refresh() -> int:
    """Work off the outbox, a transaction a batch, and see that every period up to today has rows. Rows taken."""
    total = 0
    while True:
        run = refresh_batch()
        total += run.taken
        if run.taken < BATCH:
            return total


@transaction.atomic
def refresh_batch(limit: int = BATCH) -> Run:
    """One batch. Safe beside any number of others, and of writers."""
    _lock()
    before = grid.kept()
    if before is None:
        _recompute()  # the first run ever, or somebody emptied the table
        return Run(taken=0, cells=0)
    taken, cells = _take(limit)
    _carry_up(cells, before)
    return Run(taken=taken, cells=len(cells))


@transaction.atomic
def recompute(tell: full.Tell = lambda stage: None) -> int:
    """Everything anew from issues and events, into the same table; how many rows were not right."""
    _lock()
    return _recompute(tell)


def _recompute(tell: full.Tell = lambda stage: None) -> int:
    RollupOutbox.objects.all().delete()  # before reading: what commits after this keeps its row for the next run
    return full.compute_all(clock.now(), tell)


@transaction.atomic
def recompute_period(period: str, start: date) -> Run:
    """Every cell of one period anew; later stocks follow."""
    _lock()
    now, months, before = clock.now(), months_of(period, start), grid.kept()
    whole = before is not None and grid.has_every_row(before.first, before.last)
    cells = _cells_of(months)
    if cells:
        leaf.recompute_cells(cells, now)
    wide.refresh_months(months, now)
    covered = grid.span(now.date())
    grid.fit(covered, before, now, whole=whole)
    stock.carry_all(months[0], covered.last, now)
    stock.drop_empty()
    return Run(taken=0, cells=len(cells))


def pending() -> bool:
    """Whether a change waits in the outbox."""
    return RollupOutbox.objects.exists()


def _lock() -> None:
    """One refresher at a time, until the transaction ends. READ COMMITTED: statements after it see the last one's work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def _carry_up(cells: Sequence[Cell], before: grid.Span) -> None:
    """Wide rows and stocks after leaf cells changed, and the rows a new month needs beside those of `before`."""
    now = clock.now()
    # A new unit gets the rows of all its months at once, so the last month tells; a run with nothing to do looks at each.
    whole = grid.has_every_row(before.last if cells else before.first, before.last)
    changed = leaf.recompute_cells(cells, now) if cells else []
    if changed:
        wide.refresh_months(sorted({one.cell.month for one in changed}), now)
    covered = grid.span(now.date())
    grid.fit(covered, before, now, whole=whole)
    moved = [one.cell for one in changed if one.moves_stock]
    if moved:
        stock.carry_cells(moved, covered.last, now)
    if changed:
        stock.drop_empty()


def _take(limit: int) -> tuple[int, list[Cell]]:
    """Empty up to `limit` rows out of the outbox: how many, and every cell their issues stand in now or stood in when queued, in every month they act on.

    An issue acts on the month it was received in and on those in which it was closed or reopened; one that is open was closed before only if it
    was reopened since. A row of the outbox commits with its change, so what one statement takes it also sees.
    """
    statement = """
        WITH taken AS (
            DELETE FROM casework_rollupoutbox WHERE id IN (
                SELECT id FROM casework_rollupoutbox ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING issue_id, township_id, category_id, received_on
        ),
        present AS (
            SELECT id AS issue_id, township_id, category_id, received_on, closed_on,
                reopen_count > 0 OR state <> ALL(%s) AS was_closed FROM casework_issue
            WHERE id IN (SELECT issue_id FROM taken)
        ),
        stands AS (
            SELECT * FROM taken UNION SELECT issue_id, township_id, category_id, received_on FROM present
        ),
        acts AS (
            SELECT issue_id, date_trunc('month', received_on::timestamp)::date AS month FROM stands
            UNION
            SELECT issue_id, date_trunc('month', happened_at AT TIME ZONE 'Asia/Shanghai')::date
            FROM casework_issueevent
            WHERE issue_id IN (SELECT issue_id FROM present WHERE was_closed) AND (to_state = 'closed' OR from_state = 'closed')
            UNION
            SELECT issue_id, date_trunc('month', closed_on::timestamp)::date FROM present WHERE closed_on IS NOT NULL
        )
        SELECT DISTINCT (SELECT count(*) FROM taken), acts.month, stands.township_id, stands.category_id FROM stands JOIN acts USING (issue_id)"""
    found = rows(statement, [limit, sorted(OPEN_STATES)])
    return (found[0][0] if found else 0), [Cell(month, township, category) for _, month, township, category in found]


def _cells_of(months: Sequence[date]) -> list[Cell]:
    """Every cell of these months that has something in it, by the issues or in the kept rows."""
    first, until = months[0], period_until(MONTH, months[-1])
    statement = f"""
        SELECT {month_of_date("received_on")}, township_id, category_id FROM casework_issue
        WHERE received_on >= %(first)s AND received_on < %(until)s
        UNION
        SELECT {month_of_date("closed_on")}, township_id, category_id FROM casework_issue
        WHERE closed_on >= %(first)s AND closed_on < %(until)s
        UNION
        SELECT {month_of_moment("e.happened_at")}, i.township_id, i.category_id
        FROM casework_issue i JOIN casework_issueevent e ON e.issue_id = i.id
        WHERE i.reopen_count > 0 AND (e.to_state = 'closed' OR e.from_state = 'closed')
            AND e.happened_at >= %(first_moment)s AND e.happened_at < %(until_moment)s
        UNION
        SELECT month, unit_id, category_id FROM reporting_rollup r JOIN orgs_unit u ON u.id = r.unit_id
        WHERE u.kind = 'township' AND category_id IS NOT NULL AND month >= %(first)s AND month < %(until)s"""
    moments = {"first_moment": shanghai_midnight(first), "until_moment": shanghai_midnight(until)}
    return [Cell(*row) for row in rows(statement, {"first": first, "until": until, **moments})]
