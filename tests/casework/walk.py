"""A random life of an issue and of those around it: any step that anybody or the portal can make, by people who may and who may not."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

from casework.mediation_workflow import UNFINISHED_STATES
from casework.models import Category, Consultation, Issue, Mediation, SubIssue
from casework.services import issue_correct, issue_move
from casework.services.consultations import (
    consultable_units,
    consultation_conclude,
    consultation_join,
    consultation_leave,
)
from casework.services.mediation_parties import PartyInput
from casework.services.mediations import mediation_move, mediation_open
from casework.services.public import rated_this_round, result_rate
from casework.services.recount import digest, recount_apply, recount_preview
from casework.services.reporters import ReporterInput, track_link_renew
from casework.services.standing import permitted_moves, units_for
from casework.services.subissues import subissue_register, subissue_tie, subissue_untie
from casework.services.sweeps import remind_overdue, supervise_overdue
from casework.workflow import MOVES, UNCOUNTED_STATES, Move
from tests.casework.cast import WEDNESDAY, Cast
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import LIBRARY_YEARS
from unionportal.core.workcal.models import CalendarYear
from unionportal.core.workcal.services import calendar_year_set

MOVERS = ("staff", "leader", "registrar", "colleague", "clerk", "handler", "workroom_handler", "admin")
#: The end of the last year whose calendar is known: deadlines reach into a year that is not.
LAST_DAYS = datetime(LIBRARY_YEARS[-1], 12, 28, 9, 30, tzinfo=SHANGHAI)


@dataclass
class Walk:
    """One life. `subject` is the issue most steps are about; `reached` counts the steps that were made, by name."""

    cast: Cast
    chance: Random
    reached: Counter[str]
    scopes: dict[str, Scope] = field(init=False)

    def __post_init__(self) -> None:
        self.now = self.cast.now = self.chance.choice([WEDNESDAY, LAST_DAYS])
        self.scopes = {who: self.cast.scope(who) for who in MOVERS}
        with clock.at(self.now):
            self.subject = self.cast.issue(reporter=ReporterInput(privacy="open", name="陈示例"))
            self.main = self.cast.issue(title="主诉求")
            self.token = track_link_renew(code=self.subject.code, actor=self.scopes["registrar"])

    def wait(self) -> None:
        """Hours or days go by, and now and then the portal does its own work."""
        self.now += timedelta(hours=self.chance.randrange(24 * 3))
        if self.one_in(6):
            with clock.at(self.now):
                sweep(self.now)

    def step(self) -> None:
        """One step, mostly one that can be made; a refused one changes nothing at all."""
        issue = Issue.objects.get(pk=self.subject.pk)
        anything = self.one_in(8)
        with clock.at(self.now):
            if self.one_in(4):
                likely = [name for name, (fits, _) in BESIDE.items() if anything or fits(self, issue)]
                name = self.rather(likely or list(BESIDE), lambda each: each)
                make: Callable[[], object] = partial(BESIDE[name][1], self, issue)
            else:
                if self.one_in(6) or issue.state in UNCOUNTED_STATES:
                    issue = self.chance.choice(list(Issue.objects.order_by("pk")))
                name, make = self.some_move(issue, anything)
            before = everything()
            try:
                make()
            except DomainError:
                assert everything() == before
            else:
                self.reached[name] += 1

    def one_in(self, number: int) -> bool:
        return self.chance.randrange(number) == 0

    def some_move(self, issue: Issue, anything: bool) -> tuple[str, Callable[[], object]]:
        """A move of the table with whatever its form asks, or something else than it asks."""
        today = clock.local_date(self.now)
        asked = self.chance.sample(MOVERS, 5)
        options = [(who, move) for who in asked for move in permitted_moves(issue, self.scopes[who], today)]
        if anything or not options:
            options = [(who, move) for who in MOVERS for move in MOVES]  # mostly refused
        move = self.rather([move for _, move in options], lambda each: each.action)
        who = self.chance.choice([person for person, theirs in options if theirs == move])
        facts = {"code": issue.code, "action": move.action, "actor": self.scopes[who]}
        version = issue.version - self.one_in(10)
        given = self.payload(issue, who, move)
        return move.action, partial(issue_move, version=version, now=self.now, **facts, **given)

    def payload(self, issue: Issue, who: str, move: Move) -> dict[str, Any]:
        """What the form asks, each now and then left out or wrong."""
        given: dict[str, Any] = {"note": self.mostly("写明情况。", wrong="")}
        if "unit" in move.fields:
            units = units_for(issue, self.scopes[who], move.action).order_by("code")
            peopled = {self.cast.legal, self.cast.workroom, self.cast.jishan}  # by the movers
            given["unit"] = self.mostly(*(unit for unit in units if unit in peopled), wrong=None)
        if "units" in move.fields:
            given["units"] = self.chance.sample(list(consultable_units(issue).order_by("code")), 2)
            given["bodies"] = self.mostly(["区人力社保局"], [], wrong=[" "])
        if "mode" in move.fields:
            given["mode"] = self.mostly("", "visit", "phone", wrong="link")
        if move.action == "report":
            given["answer"] = "已办理。" if given["note"] else ""
        if move.action == "reject":
            given["answer"] = self.mostly("请向住建局反映。", wrong="")
        if "days" in move.fields:
            given["days"] = self.mostly(1, 5, wrong=21)
        if "main" in move.fields:
            given["main"] = self.mostly(self.main, wrong=issue)
        if "outcome" in move.fields:
            given["outcome"] = self.mostly(*sorted(move.outcomes), wrong="")
        if "satisfaction" in move.fields:
            given["satisfaction"] = self.mostly("satisfied", "basically", "dissatisfied", wrong="")
        return given

    def rather(self, options: list[Any], name: Callable[[Any], str]) -> Any:
        """One of them, rather one that was made seldom so far."""
        weights = [1 / (1 + self.reached[name(option)]) ** 2 for option in options]
        return self.chance.choices(options, weights)[0]

    def mostly(self, *right: Any, wrong: Any) -> Any:
        return wrong if self.one_in(10) or not right else self.chance.choice(right)

    def who(self, *likely: str) -> Scope:
        """One of those who may, now and then anybody."""
        return self.scopes[self.chance.choice(MOVERS) if self.one_in(10) else self.chance.choice(likely)]


def everything() -> list[dict[str, Any]]:
    return list(Issue.objects.order_by("pk").values())


def sweep(now: datetime) -> None:
    """The portal's own work, twice: the second finds nothing left to do."""
    remind_overdue(now=now)
    supervise_overdue(now=now)
    after = everything()
    assert remind_overdue(now=now) == supervise_overdue(now=now) == 0
    assert everything() == after


def correct(walk: Walk, issue: Issue) -> None:
    cast = walk.cast
    places = [(cast.jishan, cast.plant), (cast.fusheng, cast.quarry), (cast.fusheng, None)]
    place, enterprise = walk.chance.choice(places)
    issue_correct(
        code=issue.code,
        version=issue.version,
        reason="登记有误。",
        category=Category.objects.get(code=walk.chance.choice(["dues_refund", "policy"])),
        township=place,
        enterprise=enterprise,
        received_on=issue.received_on - timedelta(days=walk.chance.randrange(21)),
        title=walk.chance.choice(["返还款未到账", "返还款少到账"]),
        description=issue.description,
        actor=walk.who("staff"),
        now=walk.now,
    )


def rate(walk: Walk, issue: Issue) -> None:
    satisfaction = walk.mostly("satisfied", "basically", "dissatisfied", wrong="")
    result_rate(token=walk.token, satisfaction=satisfaction, comment="已收到。", now=walk.now)


def split_off(walk: Walk, issue: Issue) -> None:
    subissue_register(
        code=issue.code,
        uuid=uuid4(),
        title="食堂座位不够",
        description="",
        category=walk.cast.dues,
        actor=walk.who("staff", "clerk"),
        now=walk.now,
    )


def tie(walk: Walk, issue: Issue) -> None:
    upper, lower = walk.chance.sample([issue.code, walk.main.code], 2)
    subissue_tie(code=upper, child_code=lower, actor=walk.who("staff"), now=walk.now)


def untie(walk: Walk, issue: Issue) -> None:
    ties = SubIssue.objects.order_by("pk").values_list("parent__code", "child__code")
    upper, lower = walk.chance.choice([*ties, (issue.code, issue.code)])
    subissue_untie(code=upper, child_code=lower, note="分开办理。", actor=walk.who("staff"), now=walk.now)


def mediate(walk: Walk, issue: Issue) -> None:
    mediation_open(
        uuid=uuid4(),
        issue_code=issue.code,
        organisation=walk.cast.workroom,
        manner="oral",
        applied_on=clock.local_date(walk.now),
        kind="pay",
        matter="补发加班费差额",
        reason="旺季加班按固定金额发放。",
        people=1,
        applicant=PartyInput(role="applicant", name="陈示例"),
        respondent=PartyInput(role="respondent", name="光典芯元微电子（演示）"),
        actor=walk.who("staff", "clerk"),
        now=walk.now,
    )


def end_mediation(walk: Walk, issue: Issue) -> None:
    mediation = Mediation.objects.filter(issue=issue).order_by("pk").last()
    action = walk.mostly("not_accept", "withdraw", wrong="confirm")
    day = clock.local_date(walk.now)
    mediation_move(
        mediation_id=mediation.pk if mediation else 0,
        action=action,
        actor=walk.who("staff"),
        now=walk.now,
        day=day,
        note="双方自行和解。",
    )


def join(walk: Walk, issue: Issue) -> None:
    unit = walk.chance.choice([walk.cast.finance, walk.cast.workroom, walk.cast.legal])
    consultation_join(consultation_id=last_consultation(issue), actor=walk.who("staff"), units=[unit], now=walk.now)


def leave(walk: Walk, issue: Issue) -> None:
    consultation = Consultation.objects.filter(pk=last_consultation(issue)).first()
    if consultation is not None:
        party = walk.chance.choice(list(consultation.parties.order_by("pk")))
        consultation_leave(consultation_id=consultation.pk, party=party, actor=walk.who("staff"), now=walk.now)


def conclude(walk: Walk, issue: Issue) -> None:
    anyway = walk.mostly(True, wrong=False)
    consultation_conclude(
        consultation_id=last_consultation(issue),
        decision="按考勤核算。",
        anyway=anyway,
        actor=walk.who("staff"),
        now=walk.now,
    )


def last_consultation(issue: Issue) -> int:
    """Its number; 0, which nobody has, where there was none."""
    return Consultation.objects.filter(issue=issue).order_by("-pk").values_list("pk", flat=True).first() or 0


def enter_the_calendar(walk: Walk, issue: Issue) -> None:
    """The coming year is published, and what was counted without it is counted again, by whoever saw the preview."""
    year = LIBRARY_YEARS[-1] + 1
    days = walk.chance.choice(["01-01", "01-01 至 {year}-01-05"]).format(year=year)
    calendar_year_set(year=year, source="示例通知", days=f"{year}-{days} 休 示例假", actor=walk.who("admin"))
    staff = walk.scopes["staff"]
    recount_apply(seen=digest(recount_preview(staff)), actor=staff, now=walk.now)
    assert recount_preview(staff) == []


def _consulting(walk: Walk, issue: Issue) -> bool:
    return Consultation.objects.filter(issue=issue, state=Consultation.State.OPEN).exists()


def _mediating(walk: Walk, issue: Issue) -> bool:
    return Mediation.objects.filter(issue=issue, state__in=UNFINISHED_STATES).exists()


def _tied(walk: Walk, issue: Issue) -> bool:
    return SubIssue.objects.exists()


#: Steps that are no moves of the table, by name: when they are likely to be possible, and what makes them.
BESIDE: dict[str, tuple[Callable[[Walk, Issue], bool], Callable[[Walk, Issue], None]]] = {
    "correct": (lambda walk, issue: issue.state not in ("voided", "merged"), correct),
    "rate": (lambda walk, issue: issue.state == "answered" and not rated_this_round(issue), rate),
    "split off": (lambda walk, issue: issue.is_open and not _tied(walk, issue), split_off),
    "tie": (lambda walk, issue: issue.is_open and not _tied(walk, issue), tie),
    "untie": (_tied, untie),
    "mediate": (lambda walk, issue: issue.is_open and not _mediating(walk, issue), mediate),
    "end of a mediation": (_mediating, end_mediation),
    "join": (_consulting, join),
    "leave": (_consulting, leave),
    "conclude": (_consulting, conclude),
    "calendar": (
        lambda walk, issue: walk.now >= LAST_DAYS and not CalendarYear.objects.exists(),
        enter_the_calendar,
    ),
}
