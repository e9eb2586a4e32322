"""What the demo's units wrote into the trackers of issues they answered, from a random source of its own: no issue gets a step more or less."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from casework.services.trackers import tracker_fill
from unionportal.core.common.scope import Scope
from unionportal.reporting.demo.records import PlannedIssue

#: Of ten issues answered, this many have their tracker filled in.
FILLED = 0.8
STEPS_OF_UNION = ("宣传发动", "成立筹备组", "召开会员大会", "上级批复", "挂牌运行")


class TrackerFiller:
    """Values for issues of the demo, in the order in which they are answered."""

    def __init__(self) -> None:
        self.rng = Random("demo:trackers")
        self.answered: set[str] = set()
        self.kinds: dict[str, Callable[[PlannedIssue, date], dict[str, Any]]] = {
            "dues_refund": self._refund,
            "union_building": self._union,
            "wage_arrears": self._arrears,
            "recruitment": self._posts,
            "training": self._sessions,
        }

    def fill(self, issue: PlannedIssue, code: str, answered: date, actor: Scope) -> None:
        """Fill in the tracker of an issue that is answered for the first time, where its category has one."""
        values = self.kinds.get(issue.category)
        if values is None or code in self.answered:
            return
        self.answered.add(code)
        if self.rng.random() < FILLED:
            tracker_fill(code=code, version=0, values=values(issue, answered), actor=actor)

    def _refund(self, issue: PlannedIssue, answered: date) -> dict[str, Any]:
        applied = self.rng.randint(8, 240) * 500
        paid = applied if self.rng.random() < 0.7 else applied * 9 // 10
        return {
            "amount_applied": str(applied),
            "applied_on": str(issue.received_on),
            "amount_paid": str(paid),
            "paid_on": str(answered),
        }

    def _union(self, issue: PlannedIssue, answered: date) -> dict[str, Any]:
        done = self.rng.randint(2, len(STEPS_OF_UNION))
        days = (answered - issue.received_on).days
        taken = {step: issue.received_on + timedelta(days=days * i // done) for i, step in enumerate(STEPS_OF_UNION)}
        steps = {step: str(taken[step]) for step in STEPS_OF_UNION[:done]}
        return {"progress": steps, "members": str(self.rng.randint(18, 260))}

    def _arrears(self, issue: PlannedIssue, answered: date) -> dict[str, Any]:
        people = self.rng.randint(1, 14)
        amount = people * self.rng.randint(30, 130) * 100
        recovered = amount if self.rng.random() < 0.75 else amount * 3 // 5
        return {"people": str(people), "amount": str(amount), "recovered": str(recovered)}

    def _posts(self, issue: PlannedIssue, answered: date) -> dict[str, Any]:
        posts = self.rng.randint(3, 40)
        return {"posts": str(posts), "hired": str(self.rng.randint(posts // 3, posts))}

    def _sessions(self, issue: PlannedIssue, answered: date) -> dict[str, Any]:
        sessions = self.rng.randint(1, 4)
        return {"sessions": str(sessions), "people": str(sessions * self.rng.randint(12, 60))}
