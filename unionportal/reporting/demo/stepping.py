"""The way of one issue through the workflow: who does what, how many workdays later, and what they note."""

from datetime import date
from enum import Enum, auto
from random import Random

from unionportal.reporting.demo import wording
from unionportal.reporting.demo.people import clerk_of, posted_cadres
from unionportal.reporting.demo.places import HANDED_TO, WORKROOM_OF
from unionportal.reporting.demo.records import PlannedIssue, Step
from unionportal.reporting.demo.timing import Cursor, OutOfTime, Workdays

#: Workdays to the next step: (days, weight).
TO_ASSIGN = ((0, 55), (1, 36), (2, 9))
TO_ACCEPT = ((0, 48), (1, 43), (2, 7), (3, 2))  # one is allowed
TO_FOLLOW_UP = ((0, 36), (1, 52), (2, 9), (3, 3))  # one is allowed
TO_CLOSE = ((0, 62), (1, 28), (2, 10))
LATE, TRANSFERRED, SENT_BACK, NOT_SATISFIED, BASICALLY = 0.10, 0.06, 0.035, 0.045, 0.17
#: The promise of each category in workdays, as loaded with the categories.
PROMISE = {"policy": 3, "mutual_aid": 3} | dict.fromkeys(
    ("union_building", "dispute", "wage_arrears", "safety", "proposal"), 7
)
USUAL_PROMISE = 5


class Fate(Enum):
    """How an issue ends."""

    RESOLVED = auto()
    REOPENED = auto()  # resolved, taken up again, resolved
    UNRESOLVED = auto()
    EXPLAINED = auto()  # after an answer
    EXPLAINED_AT_ONCE = auto()  # on the day it was registered


class Stepper:
    """Appends steps to issues. What does not fit before the last day is tried again, quicker."""

    def __init__(self, workdays: Workdays, rng: Random) -> None:
        self.workdays, self.rng = workdays, rng

    def to_the_end(
        self, issue: PlannedIssue, story: wording.Story, values: dict[str, object], fate: Fate, *, slow: bool
    ) -> None:
        """Every step until the issue is closed."""
        for hurry in (False, False, True, True, True, True):
            issue.steps.clear()
            try:
                _Walk(self, issue, story, values, slow=slow, hurry=hurry).to_the_end(fate)
                return
            except OutOfTime:
                continue
        raise OutOfTime(f"{issue.received_on} {issue.title}")

    def part_of_the_way(
        self,
        issue: PlannedIssue,
        story: wording.Story,
        values: dict[str, object],
        state: str,
        unit: str,
        assigned_on: date,
    ) -> None:
        """Steps until the state in which the last day finds it."""
        _Walk(self, issue, story, values, slow=False, hurry=True).part_of_the_way(state, unit, assigned_on)


class _Walk:
    """One issue under way."""

    def __init__(
        self, stepper: Stepper, issue: PlannedIssue, story: wording.Story, values: dict, *, slow: bool, hurry: bool
    ) -> None:
        self.issue, self.story, self.values = issue, story, values
        self.slow, self.hurry, self.rng = slow, hurry, stepper.rng
        self.cursor = Cursor(stepper.workdays, issue.registered_at, stepper.rng)
        self.unit = self._unit()

    def to_the_end(self, fate: Fate) -> None:
        if fate is Fate.EXPLAINED_AT_ONCE:
            by = self.issue.registrar if self.issue.registrar.startswith("cadre") else "staff"
            self._do("close", by, 0, note=wording.note(self.rng, "explained"), outcome="explained")
            return
        self._assign()
        self._accept()
        if self.rng.random() < TRANSFERRED and not self.hurry:
            self._transfer()
        self._report(self._answer(fate))
        satisfaction = self._satisfaction(fate)
        self._follow_up(satisfaction)
        if satisfaction == "dissatisfied" and fate is not Fate.UNRESOLVED:
            self._again("redo")
        if fate is Fate.UNRESOLVED:
            self._close("unresolved", self.story.why_not)
        elif fate is Fate.EXPLAINED:
            self._close("explained", wording.note(self.rng, "explained"))
        else:
            self._close("resolved", wording.note(self.rng, "close"))
        if fate is Fate.REOPENED:
            self.cursor.later(self.rng.randint(8, 40))
            self._again("reopen")
            self._close("resolved", wording.note(self.rng, "close"))

    def part_of_the_way(self, state: str, unit: str, assigned_on: date) -> None:
        self.unit = unit
        at = self.cursor.later_on(assigned_on)
        self._add(Step(at, "assign", "staff", note=wording.note(self.rng, "assign"), unit=unit))
        if state == "assigned":
            return
        self._do("accept", clerk_of(unit), 0, note=wording.note(self.rng, "accept"))
        if state == "in_progress":
            return
        last = self.cursor.workdays.days[-1] if state == "answered" else self.cursor.workdays.days[-2]
        answer = self.rng.choice(self.story.answers).format_map(self.values)
        self._add(Step(self.cursor.later_on(last), "report", clerk_of(unit), note=answer))
        if state == "followed_up":
            self._follow_up("satisfied")

    # the single steps

    def _assign(self) -> None:
        self._do(
            "assign", self._dispatcher(), self._days(TO_ASSIGN), note=wording.note(self.rng, "assign"), unit=self.unit
        )
        if self.rng.random() < SENT_BACK and not self.hurry:
            self._do("send_back", clerk_of(self.unit), self._days(TO_ACCEPT), note=wording.note(self.rng, "send_back"))
            self.unit = self._another_unit()
            self._do("assign", "staff", self._days(TO_ASSIGN), note="改派。", unit=self.unit)
        self.assigned = self.cursor.day

    def _accept(self) -> None:
        self._do("accept", clerk_of(self.unit), self._days(TO_ACCEPT), note=wording.note(self.rng, "accept"))

    def _transfer(self) -> None:
        self.unit = self._another_unit()
        self._do("transfer", "staff", self._days(TO_ASSIGN), note=wording.note(self.rng, "transfer"), unit=self.unit)
        self._accept()

    def _report(self, answer: str) -> None:
        promise = PROMISE.get(self.issue.category, USUAL_PROMISE)
        if self.hurry:
            days = self.rng.randint(0, 1)
        elif self.slow:
            days = self.rng.randint(38, 70)
        elif self.rng.random() < LATE:
            days = promise + self.rng.randint(1, 6)
        else:
            days = round(promise * self.rng.uniform(0.2, 0.95))
        workdays = self.cursor.workdays
        used = workdays.index(self.cursor.day) - workdays.index(self.assigned)
        self._do("report", clerk_of(self.unit), max(0, days - used), note=answer)

    def _follow_up(self, satisfaction: str) -> None:
        days = self._days(TO_FOLLOW_UP)
        at = self.cursor.later(days)
        by = "staff" if self.rng.random() < 0.25 else self._cadre(at.date())
        text = wording.note(self.rng, f"follow_up:{satisfaction}")
        self._add(Step(at, "follow_up", by, note=text, satisfaction=satisfaction))

    def _again(self, action: str) -> None:
        """Handled once more (redo, or reopened after closing), this time to satisfaction."""
        self._do(action, "staff", self._days(TO_CLOSE), note=wording.note(self.rng, action))
        days = self.rng.randint(0 if self.hurry else 1, 1 if self.hurry else 4)
        self._do("report", clerk_of(self.unit), days, note=wording.note(self.rng, f"{action}_answer"))
        self._follow_up(self.rng.choice(("satisfied", "satisfied", "basically")))

    def _close(self, outcome: str, note: str) -> None:
        self._do("close", "staff", self._days(TO_CLOSE), note=note, outcome=outcome)

    # who and what

    def _do(self, action: str, by: str, days: int, **fields: str) -> None:
        self._add(Step(self.cursor.later(days), action, by, **fields))

    def _add(self, step: Step) -> None:
        self.issue.steps.append(step)

    def _days(self, weighted: tuple[tuple[int, int], ...]) -> int:
        if self.hurry:
            return self.rng.randint(0, 1)
        return self.rng.choices([d for d, _ in weighted], weights=[w for _, w in weighted])[0]

    def _unit(self) -> str:
        options = HANDED_TO[self.issue.category]
        code = self.rng.choices([c for c, _ in options], weights=[w for _, w in options])[0]
        return {"TOWNSHIP": self.issue.township, "WORKROOM": WORKROOM_OF[self.issue.township]}.get(code, code)

    def _another_unit(self) -> str:
        return WORKROOM_OF[self.issue.township] if self.unit == self.issue.township else self.issue.township

    def _dispatcher(self) -> str:
        """The district's staff; a township's clerk for what it handles itself, now and then."""
        if self.unit == self.issue.township and self.rng.random() < 0.35:
            return clerk_of(self.unit)
        return "staff"

    def _cadre(self, on: date) -> str:
        posted = posted_cadres(self.issue.township, on)
        return self.issue.registrar if self.issue.registrar in posted else self.rng.choice(posted)

    def _answer(self, fate: Fate) -> str:
        if fate is Fate.UNRESOLVED:
            return self.story.why_not
        return self.rng.choice(self.story.answers).format_map(self.values)

    def _satisfaction(self, fate: Fate) -> str:
        dice = self.rng.random()
        if fate is Fate.UNRESOLVED:
            return "dissatisfied" if dice < 0.35 else "basically"
        if dice < NOT_SATISFIED and not self.hurry:
            return "dissatisfied"
        return "basically" if dice < NOT_SATISFIED + BASICALLY else "satisfied"
