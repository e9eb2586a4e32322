"""What a work queue is, and a line of it on the workbench."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import workdays_between


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of waiting work. `due` is the date field that orders it; `since` says the field is when the wait began, not a deadline.

    `action` is the move of casework.workflow the button leads to ("" where the reader only looks), `waits` the words beside
    the date. `on_bench` False: a list the dashboard points at, not work of one's own. `rare`: left off the bench while it is empty.
    """

    key: str
    label: str
    roles: frozenset[str]
    rows: Callable[[Scope, date], QuerySet]
    due: str
    waits: str
    action: str = ""
    verb: str = "查看"
    since: bool = False
    empty: str = ""
    on_bench: bool = True
    rare: bool = False
    #: The day is counted in calendar days, not workdays.
    calendar: bool = False
    #: Every row has the date (a constraint of the issue says so): then the index on it gives the order.
    dated: bool = False
    #: Rows of a table of its own: they come with what a line shows, and all have the day.
    ready: bool = False
    #: Where the township of such a row stands.
    place: str = "township"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `urgency` sorts: overdue first, then by days left, then what has no deadline, the longest wait first."""

    key: str
    title: str
    url: str
    chip: str
    tone: str
    icon: str
    words: str
    verb: str
    verb_url: str
    urgency: tuple[int, int]


def days_left(due: date, today: date) -> int:
    """Workdays until a day; negative once it has passed, even where only a weekend lies between."""
    if due < today:
        return -max(1, workdays_between(due, today))
    return workdays_between(today, due)
