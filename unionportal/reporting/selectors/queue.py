"""What a work queue is, and a line of it on the workbench."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from unionportal.core.common.scope import Scope


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
    #: Where the township of a row stands.
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
