"""The menu, by role, and the page context every template may rely on."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common import clock
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.notify.bell import bell
from unionportal.core.workcal.demo_clock import is_demo
from visits.offline import PARTS


@dataclass(frozen=True, slots=True)
class Entry:
    """One menu entry; `action` is the policy action that must be allowed for it to show."""

    label: str
    url: str
    icon: str
    action: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A menu entry as a template needs it."""

    label: str
    url: str
    icon: str
    section: str
    active: bool
    badge: str = ""


MENU = (
    Entry("工作台", "/", "home", "workbench.view"),
    Entry("走访", "/visits/", "visit", "visit.view"),
    Entry("周计划", "/plan/", "calendar", "plan.view"),
    Entry("周记", "/journals/", "journal", "journal.view"),
    Entry("月交流", "/meetings/", "meeting", "meeting.view"),
    Entry("季分析", "/analyses/", "chart", "analysis.view"),
    Entry("年评议", "/evaluations/", "star", "evaluation.view"),
    Entry("问题诉求", "/issues/", "issue", "issue.view"),
    Entry("走访覆盖", "/coverage/", "enterprise", "coverage.view", "台账"),
    Entry("服务活动", "/activities/", "meeting", "activity.view", "台账"),
    Entry("驿站", "/stations/", "station", "station.view", "台账"),
    Entry("调解", "/mediations/", "meeting", "mediation.view", "台账"),
    Entry("一函两书", "/papers/", "flag", "paper.view", "台账"),
    Entry("困难帮扶", "/hardship/", "heart", "hardship.view", "台账"),
    Entry("经验库", "/library/", "idea", "practice.view", "台账"),
    Entry("企业", "/enterprises/", "enterprise", "enterprise.view", "台账"),
    Entry("导入", "/imports/", "upload", "import.run", "台账"),
    Entry("驾驶舱", "/dashboard/", "dashboard", "dashboard.view", "看板与报表"),
    Entry("报表", "/reports/", "report", "report.view", "看板与报表"),
    Entry("统计指标", "/figures/", "table", "figure.define", "看板与报表"),
    Entry("专项台账", "/trackers/", "table", "tracker.figures", "看板与报表"),
    Entry("导出", "/exports/", "download", "export.run", "看板与报表"),
    Entry("分工", "/postings/", "users", "posting.view", "系统"),
    Entry("账号", "/accounts/", "user", "account.view", "系统"),
    Entry("单位", "/units/", "unit", "unit.view", "系统"),
    Entry("维权码", "/codes/", "flag", "code.manage", "系统"),
    Entry("诉求类别", "/categories/", "table", "category.manage", "系统"),
    Entry("检查表", "/checklists/", "check-circle", "checklist.manage", "系统"),
    Entry("常用答复", "/standard-answers/", "reply", "standard_answer.manage", "系统"),
    Entry("交办规则", "/routing/", "assign", "routing.manage", "系统"),
    Entry("参数", "/parameters/", "settings", "parameter.view", "系统"),
    Entry("工作日历", "/calendar/", "calendar", "parameter.view", "系统"),
    Entry("删除证明", "/erasures/", "report", "hardship.certificates", "系统"),
    Entry("审计", "/audit/", "audit", "audit.view", "系统"),
)

TABS = (
    Entry("工作台", "/", "home", "workbench.view"),
    Entry("走访", "/visits/", "visit", "visit.view"),
    Entry("记一次走访", "/visits/new/", "plus", "visit.create"),
    Entry("诉求", "/issues/", "issue", "issue.view"),
    Entry("驿站", "/stations/", "station", "station.own"),
    Entry("帮扶", "/hardship/", "heart", "hardship.write"),
    Entry("我的", "/me/", "user", "workbench.view"),
)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The same for every template of one request: a page with panels renders several."""
    known = getattr(request, "page_context", None)
    if known is None:
        known = request.page_context = _page_context(request)
    return known


def _page_context(request: HttpRequest) -> dict[str, Any]:
    """`nav`, `tabs`, `search_url`, `clock`, the person's roles in words and whether the big button logs a visit; for signed-in people only."""
    context: dict[str, Any] = {"clock": {"today": clock.today(), "now": clock.now(), "is_demo": is_demo()}}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    for name, entries in _LISTS.items():
        active = frozenset(entry.url for entry in entries if _is_here(entry, request.path))
        context[name] = _items(name, request.scope.roles, active)
    context["search_url"] = "/issues/" if request.may("issue.view") else ""
    context["role_words"] = " · ".join(label for code, label in RoleGrant.Role.choices if request.scope.has(code))
    context["bell"] = bell(user.pk, unread=user.unread)
    context["can_log_visit"] = request.may("visit.create")
    context["keeps_phone"] = any(request.may(part.action) for part in PARTS.values())
    return context


_LISTS = {"nav": MENU, "tabs": TABS}


def _is_here(entry: Entry, path: str) -> bool:
    return path == entry.url if entry.url == "/" else path.startswith(entry.url)


@lru_cache(maxsize=512)  # the policy asks for nothing but roles
def _items(name: str, roles: frozenset[str], active: frozenset[str]) -> tuple[NavItem, ...]:
    """What these roles may open, those in `active` marked."""
    anybody = Scope(user_id=0, roles=roles)
    return tuple(
        NavItem(entry.label, entry.url, entry.icon, entry.section, entry.url in active)
        for entry in _LISTS[name]
        if allowed(anybody, entry.action)
    )
