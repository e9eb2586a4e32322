"""期末未办结 carried from month to month, and the rows that are there because of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.models import SAYS_NOTHING
from unionportal.reporting.rollups.leaf import Cell, cell_arrays
from unionportal.reporting.rollups.sql import CELLS, execute, listed

#: A category's rows are joined by it, those over all categories by having none: each by plain columns, which an index serves.
_EACH, _ALL = "{0}.category_id = pair.category_id", "{0}.category_id IS NULL"


def carry_cells(cells: Sequence[Cell], last: date, now: datetime) -> None:
    """Stocks of the rows above these leaf cells, from the first month of each on."""
    arrays = cell_arrays(cells)
    _carry(_TOUCHED.format(category="cell.category_id"), arrays, last, now, same=_EACH)
    _carry(_TOUCHED.format(category="NULL::bigint"), arrays, last, now, same=_ALL)


def carry_all(since: date, last: date, now: datetime) -> None:
    """Stocks of every row from a month on; what was open before it comes along."""
    for wanted, same in (("IS NOT NULL", _EACH), ("IS NULL", _ALL)):
        pairs = f"""SELECT DISTINCT unit_id, category_id, %s::date AS since FROM reporting_rollup
            WHERE category_id {wanted} AND month >= (%s::date - interval '1 month')"""
        _carry(pairs, [since, since], last, now, same=same)


_TOUCHED = f"""
SELECT u.id AS unit_id, {{category}} AS category_id, min(cell.month) AS since
FROM {CELLS} JOIN orgs_unit t ON t.id = cell.township_id JOIN orgs_unit u
    ON u.id = t.id OR (u.id = t.parent_id AND u.kind = 'district')
GROUP BY 1, 2"""


def _carry(pairs: str, params: list[Any], last: date, now: datetime, *, same: str) -> None:
    # LIMIT 1 keeps each look-up one by the index: the planner cannot know how few months a series has, and would read the whole table.
    statement = f"""
        WITH pair AS MATERIALIZED ({pairs}),
        running AS (
            SELECT pair.unit_id, pair.category_id, m.month, own.open_at_end AS kept,
                coalesce(before.open_at_end, 0)
                    + sum(coalesce(own.open_delta, 0)) OVER (PARTITION BY pair.unit_id, pair.category_id ORDER BY m.month)
                    AS stock
            FROM pair
            LEFT JOIN LATERAL (
                SELECT open_at_end FROM reporting_rollup b WHERE b.unit_id = pair.unit_id AND {same.format("b")}
                    AND b.month = (pair.since - interval '1 month')::date LIMIT 1
            ) AS before ON TRUE
            CROSS JOIN LATERAL (
                SELECT month::date FROM generate_series(pair.since::timestamp, %s::timestamp, interval '1 month') AS month
            ) AS m
            LEFT JOIN LATERAL (
                SELECT open_at_end, open_delta FROM reporting_rollup o WHERE o.unit_id = pair.unit_id
                    AND {same.format("o")} AND o.month = m.month LIMIT 1
            ) AS own ON TRUE
        )
        INSERT INTO reporting_rollup
            (month, unit_id, category_id, open_at_end, as_of, {listed(COLUMN_IDS)}, open_delta, workdays, issues)
        SELECT month, unit_id, category_id, stock, %s, {listed("0" for _ in COLUMN_IDS)}, 0, '{{}}', '{{}}'
        FROM running WHERE stock <> coalesce(kept, 0)
        ON CONFLICT (month, unit_id, category_id) DO UPDATE SET open_at_end = excluded.open_at_end, as_of = excluded.as_of"""
    execute(statement, [*params, last, now])


def drop_empty() -> None:
    """A category's row that says nothing is not kept, so incremental and full runs leave the same rows. Found by an index of just these."""
    says_nothing = " AND ".join(f"{name} = 0" for name in SAYS_NOTHING)
    execute(f"DELETE FROM reporting_rollup WHERE category_id IS NOT NULL AND {says_nothing} AND open_at_end = 0")
