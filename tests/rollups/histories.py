"""Random but repeatable lives of issues, played through the services as people would."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from casework.models import Category, Issue
from casework.services import issue_correct, issue_move, issue_register
from casework.services.barriers import barrier
from casework.services.bars import barred
from casework.services.consultations import consultation_conclude
from casework.services.correct import FINAL
from casework.services.mediation_parties import PartyInput
from casework.services.mediations import mediation_move, mediation_open
from casework.services.public import result_rate
from casework.services.reporters import ReporterInput, track_link_renew
from casework.services.subissues import subissue_register
from casework.workflow import OPEN_STATES, Move, Outcome, Satisfaction, State, Who, moves_from
from tests.people import District, scope_of
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import Role, Scope

BEGIN = date(2024, 10, 20)
CATEGORIES = ("wage_arrears", "policy", "safety")
TOWNSHIPS = ("330602006", "330602007", "330602108")


@dataclass
class Player:
    """Plays one numbered choice after another on a district, with time that only goes forward."""

    district: District
    day: date = BEGIN
    issues: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.staff = scope_of(self.district.staff())
        handler = self.district.handler(self.district.department)
        self.units = [self.district.department, *(self.district.township(code) for code in TOWNSHIPS)]
        clerks = [self.district.township_clerk(unit) for unit in self.units[1:]]
        #: Who acts for whom: one scope with every holder's unit, so that a history never stops for want of a person.
        reach = [scope_of(person) for person in (handler, *clerks)]
        self.holder = Scope(
            user_id=handler.pk,
            roles=frozenset({Role.HANDLER}),
            unit_ids=frozenset(u for scope in reach for u in scope.unit_ids),
        )

    @property
    def now(self) -> datetime:
        """Ten to midnight in Shanghai: a day that UTC, too, would call by this date; `early` is one it would not."""
        return datetime.combine(self.day, time(23, 50), tzinfo=SHANGHAI)

    def wait(self, days: int) -> None:
        """Let days go by."""
        self.day += timedelta(days=days)

    def register(self, choice: int) -> Issue:
        """A new issue, received up to 70 days ago, in one of three townships and categories."""
        issue = issue_register(
            uuid=uuid.UUID(int=choice * 10_000 + len(self.issues) + 1),
            title="返还款未到账",
            description="",
            category=Category.objects.get(code=CATEGORIES[choice % 3]),
            township=self.district.township(TOWNSHIPS[choice // 3 % 3]),
            received_on=self.day - timedelta(days=choice % 71),
            reporter=ReporterInput(privacy="anonymous"),
            actor=self.staff,
            now=self.now,
        )
        self.issues.append(issue.code)
        return issue

    def move(self, choice: int) -> Issue | None:
        """One permitted move of one issue; None where it has none."""
        if not self.issues:
            return None
        issue = Issue.objects.get(code=self.issues[choice % len(self.issues)])
        moves = [
            m
            for m in moves_from(issue.state)
            if not barred(issue, m, self.day, self._who(m))
            and not barrier(issue, m)
            and ("main" not in m.required or self._main_for(issue))
        ]
        if not moves:
            return None
        return self.make(issue, moves[choice // 7 % len(moves)], choice)

    def make(self, issue: Issue, move: Move, choice: int) -> Issue:
        """The move with whatever it asks for."""
        given: dict[str, Any] = {"note": "按规定办理"}
        if "unit" in move.required or (issue.holder_id is None and "unit" in move.required_unheld):
            others = [unit for unit in self.units if unit.pk != issue.holder_id]
            given["unit"] = others[choice % len(others)]
        if "outcome" in move.required:
            outcomes = sorted(move.outcomes)
            given["outcome"] = outcomes[choice // 11 % len(outcomes)]
        if "satisfaction" in move.required:
            given["satisfaction"] = list(Satisfaction)[choice // 13 % 3].value
        if "main" in move.required:
            given["main"] = self._main_for(issue)
        if "days" in move.required:
            given["days"] = 1 + choice % 3
        if move.action in ("report", "reject"):
            given["answer"] = "结果见说明"
        if "bodies" in move.fields:
            given["bodies"] = ["区人力社保局"]
        actor = self._who(move)
        return issue_move(
            code=issue.code, action=move.action, version=issue.version, actor=actor, now=self.now, **given
        )

    def _main_for(self, issue: Issue) -> Issue | None:
        """An open issue this one can be merged into."""
        others = Issue.objects.filter(code__in=self.issues, state__in=OPEN_STATES).exclude(pk=issue.pk)
        return None if issue.merged_issues.exists() else others.order_by("code").first()

    def _who(self, move: Move) -> Scope:
        return self.staff if Who.STAFF in move.who else self.holder

    def close(self, issue: Issue, *, outcome: str = Outcome.RESOLVED, days: int = 1) -> Issue:
        """The whole loop to a close, `days` after the present one in all."""
        by = self.make_named
        issue = by(issue, "assign", unit=self.district.department)
        issue = by(issue, "accept")
        self.wait(days)
        issue = by(issue, "report", note="已补发")
        issue = by(issue, "follow_up", satisfaction=Satisfaction.SATISFIED)
        return by(issue, "close", outcome=outcome)

    def make_named(self, issue: Issue, action: str, **given: Any) -> Issue:
        """A move by its name."""
        actor = self.holder if action in ("accept", "report", "send_back") else self.staff
        if action == "report":
            given["answer"] = "已补发"
        return issue_move(code=issue.code, action=action, version=issue.version, actor=actor, now=self.now, **given)

    def correct(self, choice: int) -> None:
        """A wrong township, category or day of an issue is put right: the cell it leaves is told as well as the one it enters."""
        if not self.issues:
            return
        issue = Issue.objects.get(code=self.issues[choice % len(self.issues)])
        if issue.state in FINAL:
            return
        issue_correct(
            code=issue.code,
            version=issue.version,
            reason="登记有误",
            category=Category.objects.get(code=CATEGORIES[choice // 5 % 3]),
            township=self.district.township(TOWNSHIPS[choice // 3 % 3]),
            enterprise=None,
            received_on=issue.received_on - timedelta(days=choice % 40),
            title=f"{issue.title}{issue.version}"[-80:],
            description=issue.description,
            actor=self.staff,
            now=self.now,
        )

    def beside(self, choice: int) -> None:
        """A step that is no move of the table: a rating by the reporter's link, a consultation or a mediation ended, else one begun or a part split off."""
        if not self.issues:
            return
        issue = Issue.objects.get(code=self.issues[choice % len(self.issues)])
        consultation = issue.consultations.filter(state="open").first()
        mediation = issue.mediations.filter(state="applied").first()
        with suppress(DomainError):
            if consultation is not None:
                consultation_conclude(
                    consultation_id=consultation.pk, decision="照办。", anyway=True, actor=self.staff, now=self.now
                )
            elif mediation is not None:
                mediation_move(
                    mediation_id=mediation.pk,
                    action="withdraw",
                    day=self.day,
                    note="和解。",
                    actor=self.staff,
                    now=self.now,
                )
            elif issue.state == State.ANSWERED:
                token = track_link_renew(code=issue.code, actor=self.staff)
                result_rate(token=token, satisfaction=list(Satisfaction)[choice // 7 % 3].value, now=self.now)
            elif choice % 2:
                self.mediate(issue)
            else:
                self.split_off(issue, choice)

    def mediate(self, issue: Issue) -> None:
        mediation_open(
            uuid=uuid.UUID(int=issue.pk * 10_000 + issue.version),
            issue_code=issue.code,
            organisation=self.district.workroom,
            manner="oral",
            applied_on=self.day,
            kind="pay",
            matter="补发加班费差额",
            reason="少发两个月。",
            people=1,
            applicant=PartyInput(role="applicant", name="陈示例"),
            respondent=PartyInput(role="respondent", name="越城第一机械有限公司（演示）"),
            actor=self.staff,
            now=self.now,
        )

    def split_off(self, issue: Issue, choice: int) -> None:
        part = subissue_register(
            code=issue.code,
            uuid=uuid.UUID(int=choice * 10_000 + len(self.issues) + 1),
            title="食堂座位不够",
            description="",
            category=Category.objects.get(code=CATEGORIES[choice % 3]),
            actor=self.staff,
            now=self.now,
        )
        self.issues.append(part.code)

    def play(self, steps: Sequence[tuple[str, int]]) -> None:
        """All steps in order: wait, register, move, correct, or a step beside the table."""
        for name, choice in steps:
            self.wait(choice % 80) if name == "wait" else getattr(self, name)(choice)


#: So that a test names no state by accident that the workflow does not have.
ALL_STATES = tuple(State)
