"""Pages of service activities: list, planning, one activity with its acts."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.activity_figures import totals, with_figures
from casework.activity_filters import ActivityFilter
from casework.activity_flow import ACTIVITY_MOVES, STEP_LOOKS, ActivityState
from casework.activity_selectors import linked_rows
from casework.forms.activities import (
    ActivityForm,
    CancelForm,
    FinishForm,
    GuestsForm,
    HoldForm,
    PhotosForm,
    SessionForm,
)
from casework.models import ServiceActivity
from casework.presentation import state_look
from casework.services.activities import activity_create, activity_edit, activity_move, may_manage
from casework.services.activity_issues import why_no_answers
from casework.services.activity_sessions import guests_mark, session_add
from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common import clock, panels
from unionportal.core.common.errors import Conflict, DomainError, Forbidden, StaleVersion
from unionportal.core.common.formats import money, zh_day
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404

ORDER = ("-planned_on", "-id")
TONES = {
    "planned": ("link", "calendar"),
    "held": ("warn", "meeting"),
    "done": ("ok", "check"),
    "cancelled": ("idle", "close"),
}


def activity_look(activity: ServiceActivity) -> dict[str, str]:
    """The state as a chip."""
    tone, icon = TONES[activity.state]
    return {"label": activity.get_state_display(), "tone": tone, "icon": icon}


def activities_whole(scope: Scope) -> QuerySet[ServiceActivity]:
    """The activities a person may see, as a page shows one."""
    return ServiceActivity.objects.visible_to(scope).select_related("organiser", "township", "created_by")


def managed_or_refused(request: HttpRequest, code: str) -> ServiceActivity:
    """The activity, for whoever keeps it."""
    activity = get_or_404(activities_whole(request.scope), code=code)
    if not may_manage(activity, request.scope):
        raise Forbidden("只有区总工会和活动所在镇街可以管理这项活动。")
    return activity


class ActivityListView(PageView):
    action = "activity.view"
    template_name = "casework/activities/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        filters = ActivityFilter(request.GET, queryset=activities_whole(request.scope), request=request)
        since, until = filters.period
        page = keyset_page(with_figures(filters.qs, today), request, order=ORDER)
        return self.page(
            {
                "page": page,
                "rows": [(activity, activity_look(activity)) for activity in page.items],
                "filter": filters,
                "totals": totals(filters.qs, today, since=since, until=until),
                "period": since or until,
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "can_create": request.may("activity.manage"),
            }
        )


class ActivityCreateView(PageView):
    action = "activity.manage"
    template_name = "casework/activities/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": ActivityForm(scope=request.scope)})

    def post(self, request: HttpRequest) -> HttpResponse:
        form, status = ActivityForm(request.POST, scope=request.scope), 422
        if form.is_valid():
            try:
                activity = activity_create(actor=request.scope, **form.cleaned_data)
            except Conflict as error:
                # Sent before, then changed and sent again: say so, and let the next submit be a new activity.
                data = request.POST.copy()
                data["uuid"] = str(uuid4())
                form, status = ActivityForm(data, scope=request.scope), 409
                add_errors(form, error)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已建立，编号 {activity.code}。")
                return redirect("activity", code=activity.code)
        return self.page({"form": form}, status=status)


class ActivityEditView(PageView):
    action = "activity.manage"
    template_name = "casework/activities/form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = managed_or_refused(request, code)
        return self.show(activity, ActivityForm(scope=request.scope, activity=activity))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = managed_or_refused(request, code)
        form = ActivityForm(request.POST, scope=request.scope, activity=activity)
        if form.is_valid():
            try:
                activity_edit(code=code, version=sent_version(request) or 0, actor=request.scope, **form.cleaned_data)
            except StaleVersion:
                return self.show(activity, form, status=409, conflict=_both_sides(activity, form))
            except DomainError as error:
                add_errors(form, error)
                return self.show(activity, form, status=409 if error.status == 409 else 422)
            messages.success(request, "已保存。")
            return redirect("activity", code=code)
        return self.show(activity, form, status=422)

    def show(
        self, activity: ServiceActivity, form: ActivityForm, *, status: int = 200, conflict: Any = None
    ) -> HttpResponse:
        """The page carries the version it was read at, so a second save after a conflict is a decision."""
        return self.page({"form": form, "activity": activity, "conflict": conflict}, status=status)


def _both_sides(activity: ServiceActivity, form: ActivityForm) -> list[dict[str, Any]]:
    given = form.cleaned_data
    rows = [
        ("类型", activity.get_kind_display(), dict(form.fields["kind"].choices)[given["kind"]]),
        ("名称", activity.title, given["title"]),
        ("计划日期", zh_day(activity.planned_on), zh_day(given["planned_on"])),
        ("镇街", activity.place_label, str(given["township"] or "全区")),
        ("主办单位", str(activity.organiser), str(given["organiser"])),
        ("预算", money(activity.budget), money(given["budget"])),
        ("活动方案", activity.plan, given["plan"]),
    ]
    return [{"label": label, "theirs": now, "mine": mine, "changed": now != mine} for label, now, mine in rows]


def _in(*states: str) -> Any:
    return lambda activity: activity.state in states


def _move(action: str, form: Any, icon: str, words: str, *, primary: bool = False, danger: bool = False) -> Act:
    move = ACTIVITY_MOVES[action]
    return Act(
        action,
        move.label,
        icon,
        form,
        lambda a, actor, version, given: activity_move(
            code=a.code, action=action, version=version, actor=actor, text=given.get(move.text, "")
        ),
        may_manage,
        _in(move.source),
        words=words,
        primary=primary,
        danger=danger,
    )


ACTIVITY_ACTS = (
    Act(
        "guests",
        "登记到场企业",
        "enterprise",
        GuestsForm,
        lambda a, actor, version, given: guests_mark(code=a.code, version=version, actor=actor, **given),
        may_manage,
        lambda a: a.may_change and a.invited.all(),
        done="已登记到场企业。",
        submit="保存",
    ),
    _move("cancel", CancelForm, "close-circle", "取消后不能恢复，编号保留。", danger=True),
    Act(
        "session",
        "登记场次",
        "calendar",
        SessionForm,
        lambda a, actor, version, given: session_add(code=a.code, actor=actor, **given),
        may_manage,
        lambda a: a.may_change,
        words="还没举办的场次先填日期和地点，办完后再补人次、经费和资料。",
        done="已登记场次。",
        submit="保存",
    ),
    _move("hold", HoldForm, "check", "登记后，场次计入统计，承办关联诉求的单位会收到消息，可据此反馈。", primary=True),
    _move("finish", FinishForm, "check-circle", "完成后场次和照片不能再改，仍可据此反馈诉求。", primary=True),
)


class ActivityView(ActsView):
    action = "activity.view"
    template_name = "casework/activities/detail.html"
    acts = ACTIVITY_ACTS
    photos_form: PhotosForm | None = None

    def find(self, request: HttpRequest, **where: Any) -> ServiceActivity:
        rows = activities_whole(request.scope).prefetch_related(
            "sessions", "invited__enterprise", "photos__attachment", "steps__actor"
        )
        return get_or_404(rows, code=where["code"])

    def address(self, subject: ServiceActivity) -> str:
        return reverse("activity", args=[subject.code])

    def context(self, request: HttpRequest, subject: ServiceActivity) -> dict[str, Any]:
        today, links = clock.today(), linked_rows(subject, request.scope)
        manages = may_manage(subject, request.scope)
        return {
            "activity": subject,
            "look": activity_look(subject),
            "manages": manages,
            "can_edit": manages and subject.may_change,
            "can_link": manages and subject.state != ActivityState.CANCELLED,
            "can_answer": any(not row.why or (manages and row.issue.is_open) for row in links)
            and request.may("activity.answer")
            and not why_no_answers(subject, today),
            "sessions": [(session, session.held_on > today) for session in subject.sessions.all()],
            "totals": totals(ServiceActivity.objects.filter(pk=subject.pk), today),
            "links": [(row, state_look(row.issue)) for row in links],
            "links_unseen": subject.links.count() - len(links),
            "photos_form": self.photos_form or PhotosForm(),
            "panels": panels.render("activity.main", request, subject),
            "timeline": [_event(step) for step in subject.steps.all()],
        }


def _event(step: Any) -> dict[str, Any]:
    label, tone, icon = STEP_LOOKS[step.action]
    number = next((step.data[name] for name in ("issues", "photos", "enterprises", "visits") if step.data.get(name)), 0)
    unit = {"photos": "张", "enterprises": "家", "visits": "家"}.get(next(iter(step.data), ""), "条")
    text = f"{label}（{number} {unit}）" if number else label
    return {"text": text, "at": step.at, "who": step.actor.display_name, "tone": tone, "icon": icon}
