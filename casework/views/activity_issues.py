"""Pages between service activities and issues: linking from either side, and answering many in one step."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.activity_selectors import LinkRow, activities_for, fitting_issues, found_issues, linked_rows
from casework.forms.activities import AnswerManyForm
from casework.models import Issue, Reporter, ServiceActivity
from casework.presentation import state_look
from casework.selectors import issue_detail
from casework.services.activity_issues import (
    Answered,
    holders_ask,
    issue_unlink,
    issues_answer,
    issues_link,
    why_no_answers,
)
from casework.views.activities import activities_whole, activity_look, managed_or_refused
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition
from unionportal.core.common.views import PageView, add_errors, get_or_404


class ActivityLinkView(PageView):
    """/activities/<code>/issues/: suggestions and a search on GET, `issues` ticked (or `unlink`) on POST."""

    action = "activity.manage"
    template_name = "casework/activities/link.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(request, managed_or_refused(request, code))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = managed_or_refused(request, code)
        try:
            if undone := request.POST.get("unlink", ""):
                issue_unlink(code=code, issue_code=undone, actor=request.scope)
                messages.success(request, f"已取消关联 {undone}。")
            else:
                number = issues_link(code=code, issues=request.POST.getlist("issues"), actor=request.scope)
                messages.success(request, f"已关联 {number} 条诉求。" if number else "这些诉求已经关联过。")
        except FieldErrors as error:
            return self.show(request, activity, "；".join(error.fields.values()), 422)
        except InvalidTransition as error:
            return self.show(request, activity, error.detail, 409)
        return redirect(f"{reverse('activity', args=[code])}#links")

    def show(
        self, request: HttpRequest, activity: ServiceActivity, problem: str = "", status: int = 200
    ) -> HttpResponse:
        query = request.GET.get("q", "").strip()
        found = found_issues(activity, request.scope, query) if query else fitting_issues(activity, request.scope)
        ticked = set(request.POST.getlist("issues"))
        rows = [(issue, state_look(issue), issue.code in ticked) for issue in found]
        linked = linked_rows(activity, request.scope)
        return self.page(
            {"activity": activity, "query": query, "rows": rows, "linked": linked, "problem": problem}, status=status
        )


class ActivityAnswerView(PageView):
    """/activities/<code>/answer/: what would become of each linked issue, then what did."""

    action = "activity.answer"
    template_name = "casework/activities/answer.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = get_or_404(activities_whole(request.scope), code=code)
        return self.show(request, activity)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        activity = get_or_404(activities_whole(request.scope), code=code)
        if "ask" in request.POST:
            return self.ask(request, activity)
        ticked = request.POST.getlist("rows")
        form = self.form(request, linked_rows(activity, request.scope), request.POST)
        if not form.is_valid():
            return self.show(request, activity, form=form, status=422)
        try:
            results = issues_answer(
                code=code, rows=AnswerManyForm.rows(ticked), actor=request.scope, **form.cleaned_data
            )
        except InvalidTransition as error:
            form.add_error(None, error.detail)
            return self.show(request, activity, form=form, status=409)
        except DomainError as error:
            add_errors(form, error)
            return self.show(request, activity, form=form, status=422)
        done = sum(1 for result in results if result.done)
        if done:
            messages.success(request, f"已反馈 {done} 条诉求。")
        return self.show(request, activity, form=form if done < len(results) else None, results=results)

    def ask(self, request: HttpRequest, activity: ServiceActivity) -> HttpResponse:
        try:
            units = holders_ask(code=activity.code, actor=request.scope)
        except InvalidTransition as error:
            messages.warning(request, error.detail)
        else:
            messages.success(request, f"已提醒 {units} 个承办单位。")
        return redirect("activity-answer", code=activity.code)

    def form(self, request: HttpRequest, rows: list[LinkRow], data: Any = None) -> AnswerManyForm:
        mine = [row.issue.pk for row in rows if not row.why]
        followed = Reporter.objects.filter(Q(issue__in=mine) | Q(issue__main__in=mine))
        return AnswerManyForm(data, with_answer=bool(mine) and followed.exists())

    def show(
        self,
        request: HttpRequest,
        activity: ServiceActivity,
        *,
        form: AnswerManyForm | None = None,
        results: list[Answered] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        rows = linked_rows(activity, request.scope)
        ticked = set(request.POST.getlist("rows"))
        lines = [(row, state_look(row.issue), _ticked(row, ticked, fresh=request.method == "GET")) for row in rows]
        titles = {row.issue.code: row.issue.title for row in rows}
        barred = why_no_answers(activity, clock.today())
        return self.page(
            {
                "activity": activity,
                "look": activity_look(activity),
                "barred": barred,
                "lines": lines,
                "answerable": sum(1 for row in rows if not row.why) if not barred else 0,
                "others": any(row.why and row.issue.state in ("assigned", "in_progress") for row in rows),
                "can_ask": request.may("activity.manage") and not barred,
                "unseen": activity.links.count() - len(rows),
                "form": form or self.form(request, rows),
                "results": [(result, titles.get(result.code, "")) for result in results or []],
            },
            status=status,
        )


def _ticked(row: LinkRow, ticked: set[str], *, fresh: bool) -> bool:
    """Ticked from the start where it can be answered; as it was sent afterwards, whatever the version has become."""
    if row.why:
        return False
    return fresh or any(value.partition(":")[0] == row.issue.code for value in ticked)


class IssueActivitiesView(PageView):
    """/issues/<code>/activities/: link this issue to an activity."""

    action = "activity.manage"
    template_name = "casework/activities/pick.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(request, issue_detail(request.scope, code))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = issue_detail(request.scope, code)
        chosen = request.POST.get("activity", "")
        if not chosen:
            return self.show(request, issue, "请选择一项服务活动。", 422)
        try:
            issues_link(code=chosen, issues=[issue.code], actor=request.scope)
        except FieldErrors as error:
            return self.show(request, issue, "；".join(error.fields.values()), 422)
        except InvalidTransition as error:
            return self.show(request, issue, error.detail, 409)
        messages.success(request, f"已关联到服务活动 {chosen}。")
        return redirect("issue-detail", code=issue.code)

    def show(self, request: HttpRequest, issue: Issue, problem: str = "", status: int = 200) -> HttpResponse:
        query = request.GET.get("q", "").strip()
        found = activities_for(issue, request.scope, query)
        return self.page(
            {
                "issue": issue,
                "query": query,
                "rows": [(activity, activity_look(activity)) for activity in found],
                "problem": problem,
            },
            status=status,
        )
