"""Week plans of the demo: a few cadres plan the week before the demo's Monday, that week and the next, each on the Friday before.

What they planned for the week before is mostly what they then did; the weeks to come follow the portal's own suggestions. No visit is made or moved for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import is_workday
from unionportal.reporting.demo.records import PlannedVisit
from unionportal.reporting.demo.visiting import random_uuid
from visits.planning import suggestions
from visits.services.plans import planned_visit_add

#: The Monday on which the demo's clock starts, and the weeks on both sides.
WEEKS = (date(2025, 1, 13), date(2025, 1, 20), date(2025, 1, 27))
#: Who plans, and how many visits a week.
CADRES = {"cadre01": 3, "cadre05": 2, "cadre11": 4, "cadre15": 2, "cadre18": 2}
NOTES = ("", "", "带送温暖物资", "看消防通道", "了解春节放假和工资发放")


@dataclass
class PlanPlayer:
    """Lets the plans be made through the services; `actor` gives a person's reach on a moment, `visits` are those the demo makes."""

    visits: list[PlannedVisit]
    users: dict[str, User]
    actor: Callable[[str, datetime], Scope]

    def __post_init__(self) -> None:
        self.rng = Random("demo:plans")

    def happenings(self) -> Iterator[tuple[datetime, Callable[[Any, datetime], None], Any]]:
        """Every moment of planning, as the loader plays it. The last two weeks are planned on the demo's last Friday."""
        for number, monday in enumerate(WEEKS):
            friday = min(monday, WEEKS[1]) - timedelta(days=3)
            for place, cadre in enumerate(CADRES):
                yield datetime.combine(friday, time(17, 10 + 20 * number + place), SHANGHAI), self.plan, (cadre, monday)

    def plan(self, what: tuple[str, date], at: datetime) -> None:
        cadre, monday = what
        days = [day for n in range(7) if is_workday(day := monday + timedelta(days=n))]
        wanted = CADRES[cadre]
        done = [(v.firm.credit_code, v.day, "routine") for v in self.visits if v.cadre == cadre and v.day in days]
        found = [
            (each.enterprise.credit_code, days[n % len(days)], each.kind)
            for n, each in enumerate(suggestions(self.users[cadre].pk, monday, at.date()))
        ]
        codes: set[str] = set()
        for code, day, kind in [*done[: wanted - 1], *found]:
            if code not in codes and len(codes) < wanted:
                codes.add(code)
                planned_visit_add(
                    uuid=random_uuid(self.rng),
                    enterprise=code,
                    planned_on=day,
                    kind=kind,
                    note=self.rng.choice(NOTES),
                    actor=self.actor(cadre, at),
                    now=at,
                )
