"""Wide rows: sums of leaves, medians from the histogram, the stock carried from month to month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from casework.models import Category
from unionportal.core.orgs.models import Unit
from unionportal.reporting.measures import COUNT_IDS
from unionportal.reporting.models import Rollup, RollupLeaf
from unionportal.reporting.rollups.leaf import Cell, cell_arrays
from unionportal.reporting.rollups.periods import LENGTH, MONTH, months_between, period_start
from unionportal.reporting.rollups.sql import CELLS, MEMBER, execute_by_hash, periods_of

_UNITS = (Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Span:
    """The months that have rows: from the first with anything in it to the current one."""

    first: date
    last: date

    def periods(self) -> int:
        """How many months, quarters and years these are."""
        months = list(months_between(self.first, self.last))
        return sum(len({period_start(kind, month) for month in months}) for kind in LENGTH)


def span(today: date) -> Span:
    """What the grid of rows must cover today. Without an issue it is the current month."""
    months = RollupLeaf.objects.order_by("month").values_list("month", flat=True)
    this_month = period_start(MONTH, today)
    return Span(first=min(this_month, months.first() or this_month), last=max(this_month, months.last() or this_month))


def fit_grid(covered: Span, now: datetime) -> bool:
    """Add the rows that are missing and drop those outside. True where anything changed."""
    if _grid_fits(covered):
        return False
    with connection.cursor() as cursor:
        cursor.execute(_DROP_OUTSIDE, {"first": covered.first, "last": covered.last})
        cursor.execute(_ADD_MISSING, {"first": covered.first, "last": covered.last, "now": now})
    return True


def _grid_fits(covered: Span) -> bool:
    rows = Rollup.objects.live()
    months = rows.filter(period=MONTH).order_by("start").values_list("start", flat=True)
    if (months.first(), months.last()) != (covered.first, covered.last):
        return False
    units = Unit.objects.filter(kind__in=_UNITS).count()
    return rows.count() == covered.periods() * units * (Category.objects.count() + 1)


_DROP_OUTSIDE = """
DELETE FROM reporting_rollup WHERE status = 'live'
AND (start > %(last)s OR start < date_trunc(period, %(first)s::timestamp)::date)"""

_ADD_MISSING = f"""
INSERT INTO reporting_rollup
    (period, start, unit_id, category_id, {", ".join(COUNT_IDS)}, open_at_end, as_of, revision, status)
SELECT DISTINCT p.period, p.start, u.id, c.id, {", ".join("0" for _ in COUNT_IDS)}, 0, %(now)s::timestamptz, 0, 'live'
FROM generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 month') AS m(month)
{periods_of("m.month::date")}
CROSS JOIN orgs_unit u
CROSS JOIN (SELECT id FROM casework_category UNION ALL SELECT NULL) AS c
WHERE u.kind IN ('district', 'township')
ON CONFLICT (period, start, unit_id, category_id) WHERE status = 'live' DO NOTHING"""


def refresh_sums(now: datetime, cells: Sequence[Cell] | None = None) -> None:
    """Counts and medians of the wide rows these leaf cells feed; without cells, of every row."""
    params: list[Any] = []
    if cells is None:
        target = _ALL_TARGETS
        within = "TRUE"
    else:
        target = _TOUCHED_TARGETS
        within = "date_trunc('year', month::timestamp)::date = ANY(%s)"
        params += [*cell_arrays(cells)]
    years = [] if cells is None else [sorted({cell.month.replace(month=1) for cell in cells})]
    statement = _SUMS.format(target=target, within=within)
    execute_by_hash(statement, [*params, *years, *years, now])


_ALL_TARGETS = "SELECT period, start, unit_id, category_id FROM reporting_rollup WHERE status = 'live'"
_TOUCHED_TARGETS = f"""
SELECT DISTINCT p.period, p.start, m.unit_id, c.category_id
FROM {CELLS} JOIN member m USING (township_id)
{periods_of("cell.month")}
CROSS JOIN LATERAL (VALUES (cell.category_id), (NULL)) AS c(category_id)"""

_SAME_CELL = """{0}.period = {1}.period AND {0}.start = {1}.start AND {0}.unit_id = {1}.unit_id
        AND coalesce({0}.category_id, 0) = coalesce({1}.category_id, 0)"""
_NAMED = ("median_workdays", *COUNT_IDS)

#: A leaf row once for every wide row it feeds, of those wanted: 3 periods x 2 units x (its category, all). Spread out first, so that
#: the join with what is wanted has plain columns on both sides and can hash.
_FEEDS = f"""(
        SELECT p.period, p.start, m.unit_id, coalesce(c.category_id, 0) AS category_key, l.*
        FROM (SELECT * FROM {{table}} WHERE {{{{within}}}}) AS l JOIN member m USING (township_id)
        {periods_of("l.month")}
        CROSS JOIN LATERAL (VALUES (l.category_id), (NULL)) AS c(category_id)
        OFFSET 0
    ) AS l JOIN target t ON t.period = l.period AND t.start = l.start AND t.unit_id = l.unit_id
        AND t.category_key = l.category_key"""
_CELL = "t.period, t.start, t.unit_id, t.category_id"

_SUMS = f"""
WITH {MEMBER},
target AS MATERIALIZED (SELECT wanted.*, coalesce(category_id, 0) AS category_key FROM ({{target}}) AS wanted),
summed AS (
    SELECT {_CELL}, {", ".join(f"sum(l.{name}) AS {name}" for name in COUNT_IDS)}
    FROM {_FEEDS.format(table="reporting_rollupleaf")}
    GROUP BY {_CELL}
),
spread AS (
    SELECT {_CELL}, l.workdays, sum(l.issues) AS issues
    FROM {_FEEDS.format(table="reporting_rolluphistogram")}
    GROUP BY {_CELL}, l.workdays
),
ranked AS (
    SELECT *, sum(issues) OVER (cell ORDER BY workdays) AS so_far, sum(issues) OVER cell AS total
    FROM spread WINDOW cell AS (PARTITION BY period, start, unit_id, category_id)
),
middle AS (
    SELECT period, start, unit_id, category_id,
        (min(workdays) FILTER (WHERE so_far * 2 >= total) + min(workdays) FILTER (WHERE so_far * 2 > total)) / 2.0
            AS median_workdays
    FROM ranked GROUP BY period, start, unit_id, category_id
)
UPDATE reporting_rollup AS kept
SET {", ".join(f"{name} = fresh.{name}" for name in _NAMED)}, as_of = %s::timestamptz
FROM (
    SELECT t.period, t.start, t.unit_id, t.category_id, middle.median_workdays,
        {", ".join(f"coalesce(summed.{name}, 0) AS {name}" for name in COUNT_IDS)}
    FROM target t
    LEFT JOIN summed ON {_SAME_CELL.format("summed", "t")}
    LEFT JOIN middle ON {_SAME_CELL.format("middle", "t")}
) AS fresh
WHERE {_SAME_CELL.format("kept", "fresh")} AND kept.status = 'live'
    AND ({", ".join(f"kept.{name}" for name in _NAMED)})
    IS DISTINCT FROM ({", ".join(f"fresh.{name}" for name in _NAMED)})"""


def refresh_stock(now: datetime, cells: Sequence[Cell] | None = None) -> None:
    """`open_at_end` of every period, for the units and categories of these cells; without cells, for all.

    The stock is what all months up to the end added, so a change of an old month moves every later row.
    """
    pairs, params = "SELECT DISTINCT unit_id, category_id FROM reporting_rollup WHERE status = 'live'", []
    if cells is not None:
        pairs, params = _TOUCHED_PAIRS, cell_arrays(cells)
    execute_by_hash(_STOCK.format(pairs=pairs), [*params, now])


_TOUCHED_PAIRS = f"""
SELECT DISTINCT m.unit_id, c.category_id FROM {CELLS} JOIN member m USING (township_id)
CROSS JOIN LATERAL (VALUES (cell.category_id), (NULL)) AS c(category_id)"""

_STOCK = f"""
WITH {MEMBER},
pairs AS ({{pairs}}),
added AS (
    SELECT m.unit_id, l.category_id, l.month, sum(l.open_delta) AS open_delta
    FROM reporting_rollupleaf l JOIN member m USING (township_id)
    GROUP BY GROUPING SETS ((m.unit_id, l.category_id, l.month), (m.unit_id, l.month))
),
running AS (
    SELECT r.unit_id, r.category_id, r.start AS month,
        sum(coalesce(added.open_delta, 0)) OVER (PARTITION BY r.unit_id, r.category_id ORDER BY r.start) AS stock
    FROM reporting_rollup r
    JOIN pairs ON pairs.unit_id = r.unit_id AND coalesce(pairs.category_id, 0) = coalesce(r.category_id, 0)
    LEFT JOIN added ON added.unit_id = r.unit_id AND added.month = r.start
        AND coalesce(added.category_id, 0) = coalesce(r.category_id, 0)
    WHERE r.period = 'month' AND r.status = 'live'
),
at_end AS (
    SELECT DISTINCT ON (p.period, p.start, l.unit_id, l.category_id)
        p.period, p.start, l.unit_id, l.category_id, l.stock
    FROM running l
    {periods_of("l.month")}
    ORDER BY p.period, p.start, l.unit_id, l.category_id, l.month DESC
)
UPDATE reporting_rollup r SET open_at_end = at_end.stock, as_of = %s::timestamptz
FROM at_end
WHERE {_SAME_CELL.format("r", "at_end")} AND r.status = 'live' AND r.open_at_end <> at_end.stock"""
