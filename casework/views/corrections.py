"""The page on which a wrong entry is put right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.forms.corrections import CorrectionForm
from casework.models import Issue
from casework.presentation import actor_name
from casework.selectors import events_of, issue_detail
from casework.services import issue_correct
from casework.services.correct import may_correct
from unionportal.core.common.errors import DomainError, Forbidden, InvalidTransition, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.orgs.models import Enterprise


class IssueCorrectView(PageView):
    action = "issue.correct"
    template_name = "casework/issue_correct.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = issue_detail(request.scope, code)
        if not may_correct(issue, request.scope):
            raise Forbidden("这条诉求您不能更正：登记人只能在登记当天、交办之前更正，之后由区总工作人员更正。")
        form = CorrectionForm(issue=issue, scope=request.scope)
        return self.page({"issue": issue, "form": form, "chosen": issue.enterprise})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        issue = issue_detail(request.scope, code)
        form = CorrectionForm(request.POST, issue=issue, scope=request.scope)
        if not form.is_valid():
            return self._again(request, issue, form)
        try:
            issue_correct(code=code, actor=request.scope, **form.cleaned_data)
        except StaleVersion as error:
            return self._conflict(request, code, form, error)
        except (Forbidden, InvalidTransition):
            raise
        except DomainError as error:
            add_errors(form, error)
            return self._again(request, issue, form)
        messages.success(request, f"{code} 已更正。")
        if Issue.objects.visible_to(request.scope).filter(code=code).exists():
            return redirect("issue-detail", code=code)
        return redirect("issue-list")

    def _again(self, request: HttpRequest, issue: Issue, form: CorrectionForm, status: int = 422) -> HttpResponse:
        chosen = Enterprise.objects.filter(credit_code=form.data.get("enterprise", "")).first()
        return self.page({"issue": issue, "form": form, "chosen": chosen}, status=status)

    def _conflict(self, request: HttpRequest, code: str, form: CorrectionForm, error: StaleVersion) -> HttpResponse:
        """Somebody acted in between: what stands now beside what was sent; the form goes on upon the newest version."""
        issue = issue_detail(request.scope, code)
        last = next(reversed(events_of(issue)), None)
        sent = form.cleaned_data
        data = request.POST.copy()
        data["version"] = str(issue.version)
        conflict = {
            "detail": error.detail,
            "who": actor_name(last) if last else "",
            "at": last.happened_at if last else None,
            "rows": [
                {"label": "类别", "theirs": str(issue.category), "mine": str(sent["category"])},
                {"label": "镇街", "theirs": str(issue.township), "mine": str(sent["township"])},
                {"label": "收集日期", "theirs": zh_day(issue.received_on), "mine": zh_day(sent["received_on"])},
                {"label": "标题", "theirs": issue.title, "mine": sent["title"]},
            ],
        }
        again = CorrectionForm(data, issue=issue, scope=request.scope)
        return self.page(
            {"issue": issue, "form": again, "chosen": sent["enterprise"], "conflict": conflict}, status=409
        )
