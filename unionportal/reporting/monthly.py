"""One month of figures as it is read, whether from a kept row, a frozen one, or counted just now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from unionportal.reporting.measures import COUNT_IDS


class Month(NamedTuple):
    """The values of a row, without the weight of a model. `issues[n]` closed issues took `workdays[n]` workdays."""

    as_of: datetime
    open_at_end: int
    workdays: list[int]
    issues: list[int]  # empty: one each
    counts: tuple[int, ...]  # in the order of COUNT_IDS
    flows: tuple[int | None, ...]  # in the order of FLOW_IDS; None: frozen before they were counted


#: By month, whose it is (a unit's or a person's id) and category (None: all).
Months = Mapping[tuple[date, int, int | None], Month]


def month_row(as_of: datetime, open_at_end: int, workdays: list[int], issues: list[int], *columns: Any) -> Month:
    """A row from its values, the columns in the order of COLUMN_IDS."""
    return Month(as_of, open_at_end, workdays, issues, columns[: len(COUNT_IDS)], columns[len(COUNT_IDS) :])
