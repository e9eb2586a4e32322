"""Who held an issue how long, read off its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.models import IssueEvent
from casework.workflow import State
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import workdays_between

#: While an issue is in one of these, its holder owes work.
HELD = frozenset({State.ASSIGNED, State.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Holding:
    """One stay with a unit. `end` None: it is there now. `workdays`: after the day it came, up to the day it left (or today)."""

    unit: Unit
    start: datetime
    end: datetime | None
    workdays: int
    left_by: str = ""


def holdings(events: Sequence[IssueEvent], now: datetime) -> list[Holding]:
    """The stays in order; an answer ends one, a redo or a reopening begins another. `events` first to last."""
    found: list[Holding] = []
    begun: IssueEvent | None = None
    for event in events:
        if begun is not None and (event.unit_id != begun.unit_id or event.to_state not in HELD):
            found.append(_stay(begun, event.happened_at, event.action))
            begun = None
        if begun is None and event.unit_id is not None and event.to_state in HELD:
            begun = event
    if begun is not None:
        found.append(_stay(begun, None, "", now))
    return found


def _stay(begun: IssueEvent, end: datetime | None, left_by: str, now: datetime | None = None) -> Holding:
    last = end or now or begun.happened_at
    days = workdays_between(clock.local_date(begun.happened_at), clock.local_date(last))
    if begun.unit is None:
        raise ValueError("nobody held it")
    return Holding(begun.unit, begun.happened_at, end, days, left_by)
