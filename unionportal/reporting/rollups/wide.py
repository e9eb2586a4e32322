"""Wide rows of a month: a township over all categories, the district over each category and over all. Sums of leaf rows."""

from collections.abc import Sequence
from datetime import date, datetime

from unionportal.reporting.rollups.leaf import SUMMED
from unionportal.reporting.rollups.sql import execute, listed

_WRITTEN = (*SUMMED, "workdays", "issues")


def wide_rows(leaves: str) -> str:
    """A query of month, unit_id, category_id, SUMMED, workdays, issues over a table of leaf rows.

    `workdays` and `issues` are the histogram of the leaves' workdays: so many issues took so many.
    """
    over = "coalesce(unit_id, parent_id) AS unit_id"
    return f"""
    WITH place AS MATERIALIZED (
        SELECT t.id AS unit_id, d.id AS parent_id FROM orgs_unit t LEFT JOIN orgs_unit d ON d.id = t.parent_id AND d.kind = 'district'
    ),
    placed AS NOT MATERIALIZED (SELECT l.*, parent_id FROM {leaves} AS l JOIN place USING (unit_id)),
    -- The whole district is added up from what is added up already: another pass over every leaf would be the dearest part.
    parts AS (
        SELECT month, unit_id, parent_id, category_id, {listed(SUMMED, "sum({0}) AS {0}")} FROM placed
        GROUP BY GROUPING SETS ((month, unit_id, parent_id), (month, parent_id, category_id))
    ),
    sums AS (
        SELECT month, {over}, category_id, {listed(SUMMED)} FROM parts
        UNION ALL
        SELECT month, parent_id, NULL, {listed(SUMMED, "sum({0})::bigint")} FROM parts WHERE category_id IS NULL
        GROUP BY month, parent_id
    ),
    -- So are its bars, from those of its categories.
    narrow AS (
        SELECT month, unit_id, parent_id, category_id, days, count(*) AS issues
        FROM (SELECT month, unit_id, parent_id, category_id, unnest(workdays) AS days FROM placed) AS spent
        GROUP BY GROUPING SETS ((month, unit_id, days), (month, parent_id, category_id, days))
    ),
    bars AS (
        SELECT month, {over}, category_id, days, issues::integer FROM narrow
        UNION ALL
        SELECT month, parent_id, NULL, days, sum(issues)::integer FROM narrow WHERE category_id IS NOT NULL
        GROUP BY month, parent_id, days
    ),
    spread AS (
        SELECT month, unit_id, category_id, array_agg(days ORDER BY days) AS workdays,
            array_agg(issues ORDER BY days) AS issues
        FROM bars GROUP BY month, unit_id, category_id
    )
    SELECT sums.month, sums.unit_id, sums.category_id, {listed(SUMMED)},
        coalesce(workdays, '{{}}') AS workdays, coalesce(issues, '{{}}') AS issues
    FROM sums LEFT JOIN spread ON spread.month = sums.month AND spread.unit_id = sums.unit_id
        AND coalesce(spread.category_id, 0) = coalesce(sums.category_id, 0)
    WHERE sums.unit_id IS NOT NULL"""


def refresh_months(months: Sequence[date], now: datetime) -> None:
    """The wide rows of these months, from the kept leaf rows. Rows over nothing any more become zeros."""
    execute(_REFRESH, {"months": list(months), "now": now})


_KEPT_LEAVES = """(
        SELECT r.* FROM reporting_rollup r JOIN orgs_unit u ON u.id = r.unit_id
        WHERE u.kind = 'township' AND r.category_id IS NOT NULL AND r.month = ANY(%(months)s)
    )"""

_SAME_ROW = """fresh.month = kept.month AND fresh.unit_id = kept.unit_id
    AND coalesce(fresh.category_id, 0) = coalesce(kept.category_id, 0)"""

#: Under the lock nobody else writes: rows are looked up once, and only those that are not right are written.
_REFRESH = f"""
WITH fresh AS MATERIALIZED ({wide_rows(_KEPT_LEAVES)}),
kept AS MATERIALIZED (
    SELECT * FROM reporting_rollup WHERE month = ANY(%(months)s) AND category_id IS NULL
    UNION ALL
    SELECT r.* FROM reporting_rollup r JOIN orgs_unit u ON u.id = r.unit_id
    WHERE r.month = ANY(%(months)s) AND u.kind = 'district' AND r.category_id IS NOT NULL
),
updated AS (
    UPDATE reporting_rollup AS r SET {listed(_WRITTEN, "{0} = fresh.{0}")}, as_of = %(now)s FROM kept JOIN fresh ON {_SAME_ROW}
    WHERE r.id = kept.id AND ({listed(_WRITTEN, "kept.{}")}) IS DISTINCT FROM ({listed(_WRITTEN, "fresh.{}")})
),
zeroed AS (
    UPDATE reporting_rollup AS r SET {listed(SUMMED, "{} = 0")}, workdays = '{{}}', issues = '{{}}', as_of = %(now)s FROM kept
    WHERE r.id = kept.id AND ({listed(SUMMED, "kept.{}")}, kept.workdays) <> ({listed("0" for _ in SUMMED)}, '{{}}')
        AND NOT EXISTS (SELECT FROM fresh WHERE {_SAME_ROW})
)
INSERT INTO reporting_rollup (month, unit_id, category_id, {listed(_WRITTEN)}, open_at_end, as_of)
SELECT month, unit_id, category_id, {listed(_WRITTEN)}, 0, %(now)s FROM fresh
WHERE NOT EXISTS (SELECT FROM kept WHERE {_SAME_ROW})"""
