"""The people and places of the casework tests, by name."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.test import Client

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, Unit

#: A Wednesday with plain working weeks on both sides.
WEDNESDAY = datetime(2024, 9, 4, 9, 30, tzinfo=SHANGHAI)
CREDIT_CODES = ("91330602MA00000018", "91330602MA00000026", "91330602MA00000034")


@dataclass
class Cast:
    """A district with two townships, a workroom below the first, two departments, and one person a role."""

    now: datetime = WEDNESDAY
    users: dict[str, User] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.city = _unit("330600", "city", "绍兴市总工会（演示）", None)
        self.district = _unit("330602", "district", "越城区总工会（演示）", self.city)
        self.jishan = _unit("330602006", "township", "稽山街道总工会（演示）", self.district)
        self.fusheng = _unit("330602108", "township", "富盛镇总工会（演示）", self.district)
        self.workroom = _unit("W-JISHAN", "workroom", "稽山八字桥工作室（演示）", self.jishan)
        self.legal = _unit("D-LEGAL", "department", "权益保障部（演示）", self.district)
        self.desk = _unit("D-LEGAL-1", "workroom", "权益窗口（演示）", self.legal)
        self.finance = _unit("D-FINANCE", "department", "财务部（演示）", self.district)
        self.plant = _enterprise(CREDIT_CODES[0], "光典芯元微电子（演示）", self.jishan)
        self.quarry = _enterprise(CREDIT_CODES[1], "富盛石材（演示）", self.fusheng)
        self.dues = Category.objects.get(code="dues_refund")
        self._person("staff", "staff", self.district)
        self._person("leader", "leader", self.district)
        self._person("registrar", "cadre", self.district, posted=self.jishan)
        self._person("colleague", "cadre", self.district, posted=self.jishan)
        self._person("outsider", "cadre", self.district, posted=self.fusheng)
        self._person("clerk", "township", self.jishan)
        self._person("neighbour", "township", self.fusheng)
        self._person("handler", "handler", self.legal)
        self._person("workroom_handler", "handler", self.workroom)
        self._person("other_handler", "handler", self.finance)
        self._person("auditor", "auditor", self.district)

    def _person(self, name: str, role: str, unit: Unit, *, posted: Unit | None = None) -> User:
        user = User.objects.create(username=name, display_name=f"{name}（演示）")
        RoleGrant.objects.create(user=user, role=role, unit=unit)
        if posted is not None:
            Posting.objects.create(cadre=user, township=posted, start_on=date(2023, 4, 1))
        self.users[name] = user
        return user

    def scope(self, name: str) -> Scope:
        """The person's reach today, read anew."""
        return build_scope(self.users[name], on=self.now.date())

    def client(self, name: str) -> Client:
        """A browser in which the person is signed in."""
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(
                self.users[name], backend="unionportal.core.accounts.backends.SignedInBackend"
            )
        return self.clients[name]

    def post(self, issue: Issue, action: str, who: str, **payload: Any) -> Any:
        """One move through the API, upon the version in `issue` unless told."""
        return self.client(who).post(
            f"/api/v1/issues/{issue.code}/actions/{action}/",
            {"version": issue.version, **payload},
            content_type="application/json",
        )

    def issue(self, **changes: Any) -> Issue:
        """An issue just registered by `registrar` at the plant."""
        facts = {
            "uuid": uuid4(),
            "title": "返还款未到账",
            "description": "企业不了解申领流程。",
            "category": self.dues,
            "township": self.jishan,
            "enterprise": self.plant,
            "received_on": self.now.date(),
            "now": self.now,
            "actor": self.scope("registrar"),
        }
        return issue_register(**{**facts, **changes})

    def move(self, issue: Issue, action: str, who: str, **given: Any) -> Issue:
        """One move on the newest version."""
        issue.refresh_from_db(fields=["version"])
        facts = {"version": issue.version, "now": self.now, "actor": self.scope(who)}
        return issue_move(code=issue.code, action=action, **{**facts, **given})

    def issue_in(self, state: str, **changes: Any) -> Issue:
        """An issue brought to a state by the shortest way; in hand, the legal department holds it. `followed` is answered and followed up."""
        issue = self.issue(**changes)
        for action, who, given in PATHS[state]:
            given = {**given, **({"unit": self.legal} if action == "assign" else {})}
            issue = self.move(issue, action, who, **given)
        return issue


_ASSIGN = ("assign", "staff", {})
_ACCEPT = ("accept", "handler", {})
_REPORT = ("report", "handler", {"note": "已受理，预计五个工作日到账。"})
_FOLLOW = ("follow_up", "registrar", {"satisfaction": "satisfied"})
_EXTEND = ("extend", "handler", {"days": 3, "note": "等财务出具凭证。"})
_PAUSE = ("pause", "staff", {"note": "等企业补材料。"})
_CLOSE = ("close", "staff", {"outcome": "resolved"})
PATHS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "registered": [],
    "assigned": [_ASSIGN],
    "in_progress": [_ASSIGN, _ACCEPT],
    "wished": [_ASSIGN, _ACCEPT, _EXTEND],
    "paused": [_ASSIGN, _ACCEPT, _PAUSE],
    "answered": [_ASSIGN, _ACCEPT, _REPORT],
    "followed": [_ASSIGN, _ACCEPT, _REPORT, _FOLLOW],
    "closed": [_ASSIGN, _ACCEPT, _REPORT, _FOLLOW, _CLOSE],
    "rejected": [("reject", "staff", {"note": "重复登记。"})],
    "voided": [("void", "staff", {"note": "测试登记。"})],
}


def _unit(code: str, kind: str, name: str, parent: Unit | None) -> Unit:
    return Unit.objects.create(code=code, kind=kind, name=name, short_name=name.removesuffix("（演示）"), parent=parent)


def _enterprise(code: str, name: str, township: Unit) -> Enterprise:
    return Enterprise.objects.create(credit_code=code, name=name, township=township)
