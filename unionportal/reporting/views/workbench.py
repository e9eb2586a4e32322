"""The workbench (工作台) and the whole of each queue it shows the head of."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.views import PageView
from unionportal.core.workcal.days import iso_week
from unionportal.reporting import markup
from unionportal.reporting.hints import hint_for
from unionportal.reporting.selectors import workbench as selectors
from unionportal.reporting.selectors.headline import overview
from unionportal.reporting.selectors.months import months_of
from unionportal.reporting.selectors.place import units_of
from unionportal.reporting.selectors.queues import ORDER, find_queue, ordered
from unionportal.reporting.views.dashboard import chosen_unit, home_place
from visits.models import Journal
from visits.plan_selectors import week_items
from visits.selectors import weekly_quota
from visits.weeks import week_of


@dataclass(frozen=True, slots=True)
class Duty:
    """Where somebody who handles no cases works; shown where the policy permits `action`."""

    action: str
    label: str
    url: str
    icon: str
    words: str


DUTIES = (
    Duty("account.manage", "账号", "/accounts/", "user", "开通、停用账号，重置密码"),
    Duty("role.manage", "角色授权", "/accounts/", "audit", "查看和调整每个人的角色"),
    Duty("unit.manage", "单位", "/units/", "unit", "维护镇街、部室和承办单位"),
    Duty("posting.manage", "驻联分工", "/postings/", "users", "安排驻联干部联系的镇街和企业，办理交接"),
    Duty("parameter.manage", "参数", "/parameters/", "settings", "走访任务、办理期限等规则及生效日期"),
    Duty("calendar.manage", "工作日历", "/calendar/", "calendar", "节假日与调休，影响所有期限"),
    Duty("station.keep", "驿站检查维护", "/stations/care/", "station", "每月自查，报修，登记物资"),
    Duty("audit.view", "审计记录", "/audit/", "audit", "谁在什么时候做了什么，只读"),
)


class WorkbenchView(PageView):
    action = "workbench.view"
    template_name = "reporting/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        scope, today = request.scope, clock.today()
        heads = selectors.queue_heads(scope, today)
        is_cadre = scope.has(Role.CADRE)
        return self.page(
            {
                "greeting": greeting(clock.now().hour),
                "notices": panels.render("workbench.notices", request, scope),
                **self.hint(),
                "heads": heads,
                "lines": selectors.next_lines(heads),
                # A cadre's page begins with the quota, a leader's with the figures, everybody else's with the queues.
                "leads": len(heads) == 1 and scope.has(Role.LEADER),
                "tiles": len(heads) > 1 and not is_cadre,
                "quota": quota_card(scope, today) if is_cadre else None,
                "plan": plan_card(scope, today) if is_cadre else None,
                "mine": selectors.my_month(scope, today.replace(day=1), today) if is_cadre else None,
                "headline": self.headline(),
                "duties": [] if heads else [duty for duty in DUTIES if request.may(duty.action)],
            }
        )

    def hint(self) -> dict[str, Any]:
        """Three steps for who works in a role for the first time."""
        hint = hint_for(self.request.scope, cast(User, self.request.user).hinted_roles)
        return {"hint": hint, "hint_role": RoleGrant.Role(hint.role).label} if hint else {}

    def headline(self) -> dict[str, Any] | None:
        """This month's figures for who may open the dashboard."""
        place = home_place(self.request.scope) if self.request.may("dashboard.view") else None
        if place is None:
            return None
        figures, _ = overview(place, months_of(place))
        return {"place": place, "figures": figures, "tiles": markup.tiles(figures)}


class QueueView(PageView):
    """`/todo/<key>/`: all rows of one queue."""

    action = "workbench.view"
    template_name = "reporting/queue.html"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        scope, today = request.scope, clock.today()
        queue = find_queue(scope, key)
        if queue is None:
            raise NotFound
        code = request.GET.get("unit", "")
        township = chosen_unit(units_of(scope), code) if code else None
        page = keyset_page(ordered(queue, scope, today, township=township), request, order=ORDER)
        lines = [selectors.line_of(queue, row, today) for row in page.items]
        return self.page({"queue": queue, "page": page, "lines": lines, "township": township})


def greeting(hour: int) -> str:
    """What one says at this hour."""
    if hour < 5 or hour >= 18:
        return "晚上好"
    return "上午好" if hour < 12 else ("中午好" if hour < 14 else "下午好")


def quota_card(scope: Scope, today: date) -> dict[str, Any]:
    """This week's visits against the quota, and whether the week's journal is in."""
    quota = weekly_quota(scope.user_id, today)
    year, week = iso_week(today)
    journal = Journal.objects.filter(cadre_id=scope.user_id, iso_year=year, iso_week=week).first()
    missing = max(0, quota.owed - quota.done)
    if quota.owed == 0:
        headline = "本周没有走访任务" if not quota.done else f"本周已走访 {quota.done} 家"
    elif missing:
        headline = f"本周还差 {missing} 家"
    else:
        headline = f"本周已走访 {quota.done} 家，任务完成"
    return {"quota": quota, "headline": headline, "words": _quota_words(quota.owed, missing, journal)}


def plan_card(scope: Scope, today: date) -> dict[str, Any]:
    """This week's plan in two numbers, and today's visits of it."""
    items = week_items(scope.user_id, week_of(today))
    return {
        "planned": len(items),
        "done": sum(item.is_done for item in items),
        "today": [item for item in items if item.planned.planned_on == today],
    }


def _quota_words(owed: int, missing: int, journal: Journal | None) -> str:
    first = "本周工作日少，不安排任务" if owed == 0 else ("周日前完成" if missing else "")
    if journal is None:
        second = "周记还没有写"
    elif journal.returned_at:
        second = "周记被退回，请修改后重新提交"
    else:
        second = "周记填写中，还没有提交" if journal.is_open else "周记已提交"
    return "；".join(words for words in (first, second) if words)
