"""Lets the plan happen through the services, each step at its historic moment, in one transaction: a half-loaded demo cannot be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from casework.services.mediation_parties import PartyInput
from casework.services.mediations import mediation_move, mediation_open
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import Posting, User
from unionportal.core.accounts.services import account_create, posting_create, posting_hand_over, role_grant
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.notify.services import silence
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.services import enterprise_create, unit_create
from unionportal.core.workcal.demo_clock import start_demo_clock
from unionportal.reporting.demo import (
    evaluations,
    hardship,
    hardship_leads,
    hardship_money,
    hardship_process,
    month_ends,
    people,
    places,
    station_service,
)
from unionportal.reporting.demo.gatherings import Gatherings
from unionportal.reporting.demo.mediating import CLAIMED, OPEN
from unionportal.reporting.demo.meetings import MeetingPlayer
from unionportal.reporting.demo.plan import make_plan
from unionportal.reporting.demo.planning import PlanPlayer
from unionportal.reporting.demo.quarterly import QuarterPlayer
from unionportal.reporting.demo.records import (
    MediationStep,
    Plan,
    PlannedIssue,
    PlannedJournal,
    PlannedMediation,
    PlannedVisit,
    Step,
)
from unionportal.reporting.demo.session import long_session
from unionportal.reporting.demo.sheets import SheetFiller
from unionportal.reporting.demo.station_care import CarePlayer
from unionportal.reporting.demo.stations import StationsPlayer
from unionportal.reporting.demo.trackers import TrackerFiller
from unionportal.reporting.rollups.refresh import recompute
from visits.models import Journal
from visits.services import IssueInput, VisitInput, journal_approve, journal_submit, visit_log

#: When the district was set up, and where its clock stands once it is loaded: a Monday.
SET_UP_AT = datetime(2023, 3, 27, 9, 0, tzinfo=clock.SHANGHAI)
DEMO_STARTS_AT = datetime(2025, 1, 20, 9, 0, tzinfo=clock.SHANGHAI)

Say = Callable[[str], None]


def is_loaded() -> bool:
    """Whether the demo district is here. It came in one transaction, so its last unit tells for all."""
    return Unit.objects.filter(code=places.HANDLING_UNITS[-1][0]).exists() and Issue.objects.exists()


def is_empty() -> bool:
    """Whether the database holds no district yet, so that a demo cannot mix with real work."""
    return not (Unit.objects.exists() or User.objects.exists() or Enterprise.objects.exists())


@transaction.atomic
def load(*, password: str, say: Say) -> None:
    """Build the district and let two years happen. Raises FieldErrors for a password that is refused."""
    say("编排两年的走访与诉求…")
    plan = make_plan()
    loader = _Loader(plan, say)
    # Nobody wants to read two years of messages.
    with long_session(), silence():
        with clock.at(SET_UP_AT):
            loader.set_up(password)
        loader.play()
        loader.stations(password)
        say("困难职工档案…")
        hardship.play(password, loader.units)
        hardship_process.play()
        hardship_money.play()
        hardship_leads.play(loader.units)
    start_demo_clock(at=DEMO_STARTS_AT)
    say("计算月、季、年统计…")
    recompute()
    loader.revise()
    # Its lock keeps the year's figures, so they come first.
    say("2024年度评议…")
    with silence():
        evaluations.play(loader.users, loader.units)


@dataclass(slots=True)
class _Known:
    """What is known of an issue under way."""

    code: str
    version: int


class _Loader:
    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan, self.say = plan, say
        self.units: dict[str, Unit] = {}
        self.users: dict[str, User] = {}
        self.enterprises: dict[str, Enterprise] = {}
        self.categories = {c.code: c for c in Category.objects.all()}
        self.scopes: dict[str, Scope] = {}
        self.issues: dict[UUID, _Known] = {}
        self.journals: dict[tuple[int, int, int], Journal] = {}
        self.gatherings = Gatherings(
            self.units, self.enterprises, self._actor, code_of=lambda uuid: self.issues[uuid].code
        )
        self.mediations: dict[UUID, int] = {}
        self.sheets = SheetFiller()
        self.trackers = TrackerFiller()

    # the district

    def set_up(self, password: str) -> None:
        self.say("建立单位、企业与账号…")
        self._units()
        for firm in self.plan.firms:
            self.enterprises[firm.credit_code] = enterprise_create(
                credit_code=firm.credit_code,
                name=firm.name,
                township=self.units[firm.township],
                actor=SYSTEM,
                is_key=firm.is_key,
                industry=firm.industry,
                address=firm.address,
                contact_name=firm.contact_name,
                contact_phone=firm.contact_phone,
                employees=firm.employees,
                union_state=firm.union_state,
                union_members=firm.union_members,
                union_term_ends_on=firm.union_term_ends_on,
            )
        encoded = make_password(password)
        for person in self.plan.people:
            user = account_create(
                username=person.username,
                display_name=person.display_name,
                password=password,
                actor=SYSTEM,
                must_change_password=False,
                encoded_password=encoded,
            )
            role_grant(user=user, role=person.role, unit=self.units[person.unit], actor=SYSTEM)
            self.users[person.username] = user
        self._postings()

    def _units(self) -> None:
        def create(code: str, kind: str, name: str, short_name: str, parent: str | None) -> None:
            above = self.units[parent] if parent else None
            self.units[code] = unit_create(
                code=code, kind=kind, name=name, short_name=short_name, parent=above, actor=SYSTEM
            )

        district = places.DISTRICT[0]
        create(places.CITY[0], "city", *places.CITY[1:], None)
        create(district, "district", *places.DISTRICT[1:], places.CITY[0])
        for township in places.TOWNSHIPS:
            create(township.code, "township", f"{township.name}总工会", township.name, district)
        for code, kind, name, short_name in places.HANDLING_UNITS:
            create(code, kind, name, short_name, district)

    def _postings(self) -> None:
        for cadre, digits in people.TOWNSHIPS_OF.items():
            for township in digits:
                unit = self.units[f"{places.DISTRICT[0]}{township}"]
                posting_create(cadre=self.users[cadre], township=unit, start_on=people.FIRST_DAY, actor=SYSTEM)
        for cadre, township in people.SINGLE_POSTINGS:
            self._single(cadre, township, people.FIRST_DAY)

    def _single(self, cadre: str, township: str, start_on: date) -> None:
        firm = next(f for f in self.plan.firms if f.township == township)
        enterprise = self.enterprises[firm.credit_code]
        posting_create(cadre=self.users[cadre], enterprise=enterprise, start_on=start_on, actor=SYSTEM)

    # the two years

    def play(self) -> None:
        """Everything in the order it happened, month by month on the progress line."""
        month = ""
        for at, act, what in sorted(self._happenings(), key=lambda h: h[0]):
            if f"{at:%Y-%m}" != month:
                month = f"{at:%Y-%m}"
                self.say(f"{at.year}年{at.month}月…")
            with clock.at(at):
                act(what, at)

    def revise(self) -> None:
        """What was recorded after a month was frozen, as its second revision."""
        month_ends.revise(self._first_day(), self._actor("staff", month_ends.REVISED_AT))

    def stations(self, password: str) -> None:
        """The stations, as they stand at the end, and how they were built, cared for and used."""
        self.say("驿站…")
        at = DEMO_STARTS_AT - timedelta(days=5)
        with clock.at(at):
            player = StationsPlayer(self.units, self.users, self.enterprises, make_password(password), password)
            player.play(self._actor("staff", at))
        CarePlayer(self.units, self.users, self._actor).play()
        station_service.play(self._actor)

    def _happenings(self) -> Iterator[tuple[datetime, Callable[[Any, datetime], None], Any]]:
        yield datetime.combine(people.HAND_OVER_ON, time(8), clock.SHANGHAI), self._hand_over, None
        for visit in self.plan.visits:
            yield visit.logged_at, self._visit, visit
        for issue in self.plan.by_hand:
            yield issue.registered_at, self._register, issue
        for issue in self.plan.issues:
            for step in issue.steps:
                yield step.at, self._move, (issue, step)
        for journal in self.plan.journals:
            yield journal.at, self._journal, journal
            if journal.approved_at is not None:
                yield journal.approved_at, self._approve, journal
        yield from self.gatherings.happenings(self.plan.activities)
        for case in self.plan.mediations:
            for each in case.steps:
                yield each.at, self._mediate, (case, each)
        yield from MeetingPlayer(self.units, self.users, self._actor).happenings()
        yield from PlanPlayer(self.plan.visits, self.users, self._actor).happenings()
        yield from QuarterPlayer(self.units, self.users, self._actor).happenings()
        yield from month_ends.freezes(self._first_day())

    def _first_day(self) -> date:
        return min(issue.received_on for issue in self.plan.issues)

    def _hand_over(self, _: None, at: datetime) -> None:
        """The leaver keeps one enterprise; the township goes to the successor. Everybody's reach is looked up anew."""
        leaver = self.users[people.HAND_OVER_FROM]
        posting = Posting.objects.get(cadre=leaver, township=self.units[people.HAND_OVER_TOWNSHIP])
        posting_hand_over(
            posting=posting, successor=self.users[people.HAND_OVER_TO], on=people.HAND_OVER_ON, actor=SYSTEM
        )
        self._single(people.HAND_OVER_FROM, people.HAND_OVER_TOWNSHIP, people.HAND_OVER_ON)
        self.scopes.clear()

    def _visit(self, visit: PlannedVisit, at: datetime) -> None:
        wanted = VisitInput(
            id=visit.uuid,
            visited_on=visit.day,
            kind=visit.kind,
            mode=visit.mode,
            enterprise=visit.firm.credit_code,
            met=visit.met,
            headcount=visit.headcount,
            checks=visit.checks,
            narrative=visit.narrative,
            checklist=self.sheets.checklist(visit),
            issues=tuple(
                IssueInput(id=i.uuid, title=i.title, category=i.category, description=i.description)
                for i in visit.issues
            ),
        )
        row, _ = visit_log(visit=wanted, actor=self._actor(visit.cadre, at), now=at)
        self.sheets.day_log(row, self._actor(visit.cadre, at))
        journal = row.journal
        self.journals[journal.cadre_id, journal.iso_year, journal.iso_week] = journal
        if visit.issues:
            raised = Issue.objects.filter(source_uuid=visit.uuid).values_list("uuid", "code", "version")
            self.issues.update({uuid: _Known(code, version) for uuid, code, version in raised})

    def _register(self, issue: PlannedIssue, at: datetime) -> None:
        row = issue_register(
            uuid=issue.uuid,
            title=issue.title,
            description=issue.description,
            category=self.categories[issue.category],
            township=self.units[issue.township],
            enterprise=self.enterprises[issue.firm.credit_code] if issue.firm else None,
            received_on=issue.received_on,
            actor=self._actor(issue.registrar, at),
            now=at,
        )
        self.issues[issue.uuid] = _Known(row.code, row.version)

    def _move(self, what: tuple[PlannedIssue, Step], at: datetime) -> None:
        issue, step = what
        known, actor = self.issues[issue.uuid], self._actor(step.by, at)
        if step.action == "report":
            self.trackers.fill(issue, known.code, at.date(), actor)
        if self.gatherings.answer(issue.uuid, known.version, step, actor):
            known.version += 1
            return
        row = issue_move(
            code=known.code,
            action=step.action,
            version=known.version,
            actor=actor,
            now=at,
            note=step.note,
            unit=self.units[step.unit] if step.unit else None,
            outcome=step.outcome,
            satisfaction=step.satisfaction,
        )
        known.version = row.version

    def _mediate(self, what: tuple[PlannedMediation, MediationStep], at: datetime) -> None:
        """The issue's log grows with a case that opens or ends, and its version with it."""
        case, step = what
        known, actor = self.issues[case.issue.uuid], self._actor(step.by, at)
        if step.action == OPEN:
            row = mediation_open(
                uuid=case.uuid,
                issue_code=known.code,
                organisation=self.units[case.unit],
                manner="oral",
                applied_on=step.given["day"],
                kind="pay",
                matter=case.issue.title,
                reason=case.issue.description,
                people=1,
                applicant=PartyInput("applicant", f"陈师傅{places.MARK}", phone="0575-00000001"),  # no such exchange
                respondent=PartyInput("respondent", case.issue.firm.name if case.issue.firm else ""),
                amount_claimed=CLAIMED,
                actor=actor,
                now=at,
            )
            self.mediations[case.uuid] = row.pk
        else:
            number = self.mediations[case.uuid]
            mediation_move(mediation_id=number, action=step.action, actor=actor, now=at, **step.given)
        known.version = Issue.objects.values_list("version", flat=True).get(code=known.code)

    def _journal(self, journal: PlannedJournal, at: datetime) -> None:
        actor = self._actor(journal.cadre, at)
        key = actor.user_id, journal.year, journal.week
        row = self.journals[key]
        self.journals[key] = journal_submit(
            journal_id=row.pk,
            version=row.version,
            actor=actor,
            reflections=journal.reflections,
            next_plan=journal.next_plan,
            now=at,
        )

    def _approve(self, journal: PlannedJournal, at: datetime) -> None:
        row = self.journals[self.users[journal.cadre].pk, journal.year, journal.week]
        journal_approve(
            journal_id=row.pk, version=row.version, text=journal.remark, actor=self._actor("leader", at), now=at
        )

    def _actor(self, username: str, at: datetime) -> Scope:
        if username not in self.scopes:
            self.scopes[username] = build_scope(self.users[username], on=at.date())
        return self.scopes[username]
