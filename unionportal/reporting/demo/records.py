"""What the plan of the demo consists of: plain data, before anything touches the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from unionportal.reporting.demo.firms import Firm
from unionportal.reporting.demo.people import Person


@dataclass(slots=True)
class Step:
    """A move of an issue: who makes it when, and what the form says."""

    at: datetime
    action: str
    by: str
    note: str = ""
    unit: str = ""
    outcome: str = ""
    satisfaction: str = ""


@dataclass(slots=True)
class PlannedIssue:
    """An issue from its registration to where it stands on the demo's last day."""

    uuid: UUID
    category: str
    title: str
    description: str
    township: str
    firm: Firm | None
    received_on: date
    registered_at: datetime
    registrar: str
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class PlannedVisit:
    """A call on an enterprise, as its cadre logs it."""

    uuid: UUID
    cadre: str
    day: date
    logged_at: datetime
    firm: Firm
    kind: str = "routine"
    mode: str = "on_site"
    met: str = ""
    headcount: int = 1
    checks: dict[str, str] = field(default_factory=dict)
    narrative: str = ""
    issues: list[PlannedIssue] = field(default_factory=list)


@dataclass(slots=True)
class PlannedJournal:
    """A week's journal, when it is submitted, and when and with what words it is approved (None: it still waits)."""

    cadre: str
    year: int
    week: int
    at: datetime
    reflections: str
    next_plan: str
    approved_at: datetime | None
    remark: str


@dataclass(slots=True)
class PlannedSession:
    """One time a service activity takes place."""

    uuid: UUID
    day: date
    place: str
    attendance: int
    cost: Decimal
    leaflets: int


@dataclass(slots=True)
class PlannedActivity:
    """A service activity; one still to come is neither held nor ended. `answers`: issue and moment of the steps that name it."""

    uuid: UUID
    kind: str
    title: str
    plan: str
    organiser: str
    township: str
    by: str
    planned_at: datetime
    guests: list[str]
    came: list[str]
    budget: Decimal
    sessions: list[PlannedSession]
    held_at: datetime | None
    ended_at: datetime | None
    summary: str
    issues: list[PlannedIssue] = field(default_factory=list)
    answers: list[tuple[UUID, datetime]] = field(default_factory=list)


@dataclass(slots=True)
class MediationStep:
    """One step of a mediation: the application (`open`) or a move, when and by whom."""

    at: datetime
    action: str
    by: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class PlannedMediation:
    """A case about one issue, by the unit that has it in hand."""

    uuid: UUID
    issue: PlannedIssue
    unit: str
    steps: list[MediationStep] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """The whole demo."""

    people: list[Person]
    firms: list[Firm]
    visits: list[PlannedVisit]
    by_hand: list[PlannedIssue]
    journals: list[PlannedJournal]
    activities: list[PlannedActivity] = field(default_factory=list)
    mediations: list[PlannedMediation] = field(default_factory=list)

    @property
    def issues(self) -> list[PlannedIssue]:
        return [issue for visit in self.visits for issue in visit.issues] + self.by_hand
