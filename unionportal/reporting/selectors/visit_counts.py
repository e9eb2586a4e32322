"""What the tiles count from visits and key enterprises, in one statement: six queries by the ORM took longer than all of the issues' figures.

The conditions are those of `selectors.rows` (`visit_rows`, `key_enterprises`, `called_on`), which list the rows of each number; that they agree is
tested number by number. A place is always within its reader's reach (`views.dashboard.chosen_unit`), so nothing else narrows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from unionportal.core.common.spelled import planned_rows
from unionportal.reporting.rollups.periods import MONTH, period_start
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place

_HERE = " AND {of}township_id = %(township)s"
_SPAN = "(SELECT count(*) FROM visits_visit v WHERE visited_on BETWEEN %(start{n})s AND %(end{n})s{here})"
_COUNTS = """
SELECT {spans}, (SELECT min(visited_on) FROM visits_visit v WHERE visited_on <= %(today)s{here}),
    (SELECT coalesce(sum(number), 0) FROM visits_visittotal v WHERE month < %(month)s{here})
        + (SELECT count(*) FROM visits_visit v WHERE visited_on BETWEEN %(month)s AND %(today)s{here}),
    key.covered, key.total
FROM (SELECT count(*) AS total, count(*) FILTER (WHERE EXISTS (
        SELECT FROM visits_visit v WHERE v.enterprise_id = e.id AND visited_on BETWEEN %(start0)s AND %(end0)s
    )) AS covered FROM orgs_enterprise e WHERE is_key AND is_active{here_of_key}) AS key"""


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """Visits of the place's period and of those it is compared with, in their order; all since the first, and when that was; key enterprises."""

    now: int
    before: list[int]
    first: date | None
    ever: int
    key_covered: int
    key_total: int


def visit_counts(place: Place, others: Sequence[Period]) -> VisitCounts:
    """One query."""
    spans = [place.period, *others]
    values: dict[str, object] = {"today": place.today, "month": period_start(MONTH, place.today)}
    for number, span in enumerate(spans):
        values |= {f"start{number}": span.start, f"end{number}": min(span.end, place.today)}
    here = here_of_key = ""
    if place.township:
        values["township"] = place.township.pk
        here, here_of_key = _HERE.format(of="v."), _HERE.format(of="e.")
    columns = ", ".join(_SPAN.format(n=number, here=here) for number in range(len(spans)))
    ((now, *before, first, ever, covered, total),) = planned_rows(
        _COUNTS.format(spans=columns, here=here, here_of_key=here_of_key), values
    )
    return VisitCounts(now, before, first, ever, covered, total)
