"""A district with a history made through the services, for tests of the workbench and the dashboard.

Today is Thursday 12 September 2024, 10:00. Every step is done by the person whose step it is.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.people import District, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.rollups.refresh import refresh
from visits.models import Visit
from visits.services import VisitInput, visit_log

TODAY = date(2024, 9, 12)
NOW = datetime.combine(TODAY, time(10), tzinfo=SHANGHAI)


def at(day: date) -> datetime:
    """Ten o'clock on a day."""
    return datetime.combine(day, time(10), tzinfo=SHANGHAI)


@dataclass
class Cases:
    """Makes visits and issues in any state; `clerks` and `cadres` by township code, made when first needed."""

    district: District
    staff: User
    clerks: dict[str, User] = field(default_factory=dict)
    cadres: dict[str, User] = field(default_factory=dict)

    def clerk(self, township: Unit) -> User:
        if township.code not in self.clerks:
            self.clerks[township.code] = self.district.township_clerk(township)
        return self.clerks[township.code]

    def cadre(self, township: Unit) -> User:
        if township.code not in self.cadres:
            self.cadres[township.code] = self.district.cadre([township])
        return self.cadres[township.code]

    def visit(self, enterprise: Enterprise, on: date, cadre: User | None = None) -> Visit:
        """A visit logged on its own day."""
        actor = scope_of(cadre or self.cadre(enterprise.township), on=on)
        visit = VisitInput(id=uuid4(), visited_on=on, enterprise=enterprise.credit_code)
        return visit_log(visit=visit, actor=actor, now=at(on))[0]

    def registered(self, on: date, township: Unit, *, category: str = "training", title: str = "培训需求") -> Issue:
        """Registered by the township's cadre."""
        return issue_register(
            uuid=uuid4(),
            title=title,
            description="",
            category=Category.objects.get(code=category),
            township=township,
            received_on=on,
            actor=scope_of(self.cadre(township), on=on),
            now=at(on),
        )

    def step(self, issue: Issue, action: str, actor: User, on: date, **given: object) -> Issue:
        """One move of the workflow, on a day."""
        return issue_move(
            code=issue.code, action=action, version=issue.version, actor=scope_of(actor, on=on), now=at(on), **given
        )

    def assigned(self, on: date, township: Unit, *, to: Unit | None = None, **facts: str) -> Issue:
        issue = self.registered(on, township, **facts)
        return self.step(issue, "assign", self.staff, on, unit=to or township)

    def in_progress(self, on: date, township: Unit, **facts: str) -> Issue:
        return self.step(self.assigned(on, township, **facts), "accept", self.clerk(township), on)

    def answered(self, on: date, township: Unit, *, after: int = 0, **facts: str) -> Issue:
        """Answered so many days after it was assigned."""
        issue = self.in_progress(on, township, **facts)
        return self.step(issue, "report", self.clerk(township), on + timedelta(after), note="已办理")

    def followed_up(self, on: date, township: Unit, *, after: int = 0, **facts: str) -> Issue:
        issue = self.answered(on, township, after=after, **facts)
        return self.step(issue, "follow_up", self.cadre(township), on + timedelta(after), satisfaction="satisfied")

    def closed(self, on: date, township: Unit, *, outcome: str = "resolved", after: int = 0, **facts: str) -> Issue:
        issue = self.followed_up(on, township, after=after, **facts)
        return self.step(issue, "close", self.staff, on + timedelta(after), outcome=outcome)

    def redone(self, on: date, township: Unit, times: int, **facts: str) -> Issue:
        """Answered and sent back to be done again, so many times."""
        issue = self.answered(on, township, **facts)
        for _ in range(times - 1):
            issue = self.step(issue, "redo", self.staff, on, note="没有解决")
            issue = self.step(issue, "report", self.clerk(township), on, note="再次办理")
        return self.step(issue, "redo", self.staff, on, note="没有解决")

    def settle(self) -> None:
        """Bring the figures up to the events."""
        refresh()


def make_history(cases: Cases) -> None:
    """September and August 2024 in three townships, every outcome and every waiting state among them."""
    jishan, didang, fusheng = (cases.district.township(c) for c in ("330602006", "330602007", "330602108"))
    for number, township in enumerate((jishan, jishan, didang, fusheng), start=1):
        cases.district.enterprise(number, township=township, is_key=number != 2)
    enterprise = cases.district.enterprise
    for day in (1, 8, 20):
        cases.visit(enterprise(1), date(2024, 8, day))
    cases.visit(enterprise(3), date(2024, 8, 2))
    cases.visit(enterprise(1), date(2024, 9, 2))
    cases.visit(enterprise(2), date(2024, 9, 10))
    for day in range(1, 12):
        cases.closed(date(2024, 8, day), jishan)
    cases.closed(date(2024, 8, 5), jishan, after=30)
    cases.closed(date(2024, 8, 6), didang, outcome="explained", category="policy")
    cases.closed(date(2024, 8, 6), didang, outcome="unresolved", category="safety")
    cases.closed(date(2024, 9, 2), jishan)
    cases.closed(date(2024, 9, 3), didang, category="dues_refund")
    cases.registered(date(2024, 9, 9), jishan, title="车间高温")
    cases.assigned(date(2024, 9, 11), jishan, title="食堂卫生")
    cases.in_progress(date(2024, 8, 12), jishan, title="工资拖欠")
    cases.in_progress(date(2024, 9, 11), didang, title="用工招聘")
    cases.answered(date(2024, 9, 9), jishan, after=1, title="消防培训讲师")
    cases.followed_up(date(2024, 9, 9), didang, title="经费返还")
    cases.redone(date(2024, 9, 9), fusheng, 3, title="食堂饭菜")
    sent_back = cases.assigned(date(2024, 9, 10), jishan, title="停车难")
    cases.step(sent_back, "send_back", cases.clerk(jishan), date(2024, 9, 11), note="地址不清")
    rejected = cases.registered(date(2024, 9, 4), didang)
    cases.step(rejected, "reject", cases.staff, date(2024, 9, 5), note="不属诉求")
    cases.settle()
