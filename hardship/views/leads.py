"""The list of leads, a lead's page with its acts, the form that brings one, the reveal of its numbers."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.models import Issue
from casework.views.acts import Act, ActsView
from hardship.forms.leads import AssignForm, ConfirmForm, DismissForm, LeadForm, RevealForm, VerifyForm
from hardship.lead_filters import LeadFilter
from hardship.lead_personal import lead_name, lead_reveal, lead_seen_by
from hardship.lead_selectors import lead_detail, lead_list, lead_row, lead_whole
from hardship.models import HardshipFile, Lead, LeadLook
from hardship.selectors import LOOKS_SHOWN
from hardship.services.lead_decisions import (
    lead_assign,
    lead_confirm,
    lead_dismiss,
    lead_verify,
    may_decide,
    may_verify,
)
from hardship.services.leads import LeadInput, is_about_hardship, lead_raise, may_raise_in
from hardship.views.files import PersonalPage
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, InvalidTransition
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.views import add_errors, get_or_404
from unionportal.core.orgs.models import Enterprise, Unit

ORDER = ("-raised_on", "-id")
LABELS = {"id": "身份证号", "phone": "电话"}


class LeadListView(PersonalPage):
    """/hardship/leads/."""

    action = "lead.view"
    template_name = "hardship/leads/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = LeadFilter(request.GET, queryset=lead_list(request.scope), request=request)
        page = keyset_page(filters.qs, request, order=ORDER)
        sight, today = lead_seen_by(request.scope, page.items), clock.today()
        context = {
            "page": page,
            "rows": [lead_row(lead, sight, today) for lead in page.items],
            "filter": filters,
            "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
            "may_raise": request.may("lead.raise"),
            "may_sense": request.may("sensing.view"),
        }
        return self.page(context)


class LeadCreateView(PersonalPage):
    """/hardship/leads/new/: an application; with ?issue= what an issue told."""

    action = "lead.raise"
    template_name = "hardship/leads/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        issue = self.issue(request)
        initial = {"unit_name": issue.enterprise.name} if issue is not None and issue.enterprise is not None else {}
        return self.show(issue, self.form(request, issue, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        issue = self.issue(request)
        form = self.form(request, issue, request.POST)
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            uuid, township = given.pop("uuid"), given.pop("township", None)
            given["enterprise"] = _enterprise(given["unit_name"], issue)
            try:
                lead = lead_raise(
                    uuid=uuid,
                    given=LeadInput(**given),
                    actor=request.scope,
                    township=township,
                    issue_code=issue.code if issue is not None else "",
                )
            except DomainError as error:
                add_errors(form, error)
                status = error.status if error.status == 409 else 422
            else:
                messages.success(request, f"已登记线索 {lead.code}，请在期限内核实。")
                return redirect("lead", code=lead.code)
        return self.show(issue, form, status)

    def issue(self, request: HttpRequest) -> Issue | None:
        code = request.GET.get("issue", "")
        if not code:
            return None
        issues = Issue.objects.visible_to(request.scope).select_related("category__parent", "township", "enterprise")
        issue = get_or_404(issues, code=code)
        if not is_about_hardship(issue):
            raise InvalidTransition("只有困难帮扶类的诉求可以登记为线索。")
        return issue

    def form(self, request: HttpRequest, issue: Issue | None, data: Any = None, **options: Any) -> LeadForm:
        return LeadForm(data, townships=_townships(request.scope), from_issue=issue is not None, **options)

    def show(self, issue: Issue | None, form: LeadForm, status: int = 200) -> HttpResponse:
        return self.page({"issue": issue, "form": form}, status=status)


def _townships(scope: Scope) -> QuerySet[Unit]:
    """Those the person brings leads from."""
    townships = Unit.objects.townships().active()
    if scope.has(Role.STAFF):
        return townships
    return townships.filter(pk__in=[unit.pk for unit in townships if may_raise_in(scope, unit)])


def _enterprise(name: str, issue: Issue | None) -> Enterprise | None:
    """The enterprise of the register that bears just this name: the issue's, or the only one."""
    if issue is not None and issue.enterprise is not None and issue.enterprise.name == name.strip():
        return issue.enterprise
    found = list(Enterprise.objects.filter(name=name.strip(), is_active=True)[:2]) if name.strip() else []
    return found[0] if len(found) == 1 else None


def _calls(service: Any) -> Any:
    def run(lead: Lead, actor: Scope, version: int | None, given: dict[str, Any]) -> object:
        return service(code=lead.code, actor=actor, version=version, **given)

    return run


LEAD_ACTS = (
    Act(
        "assign",
        "安排核实",
        "assign",
        AssignForm,
        _calls(lead_assign),
        lambda lead, scope: allowed(scope, "lead.assign"),
        lambda lead: lead.is_pending,
        words="核实人在有结果之前能看到姓名，查看号码要写明理由。",
        done="已通知核实人。",
        submit="安排",
    ),
    Act(
        "dismiss",
        "排除",
        "close",
        DismissForm,
        _calls(lead_dismiss),
        lambda lead, scope: allowed(scope, "lead.dismiss") and may_decide(lead, scope),
        lambda lead: lead.is_pending,
        words="排除的线索留有记录；部门数据再说同样的内容时不会再产生。",
        done="已排除。",
        danger=True,
    ),
    Act(
        "verify",
        "登记核实",
        "check",
        VerifyForm,
        _calls(lead_verify),
        lambda lead, scope: allowed(scope, "lead.verify") and may_verify(lead, scope),
        lambda lead: lead.state == Lead.State.OPEN,
        words="写下看到、问到的；是否建档由帮扶专员决定。",
        done="已登记核实情况。",
        submit="保存",
        primary=True,
    ),
    Act(
        "confirm",
        "建立档案",
        "heart",
        ConfirmForm,
        _calls(lead_confirm),
        lambda lead, scope: allowed(scope, "lead.confirm") and may_decide(lead, scope),
        lambda lead: lead.state == Lead.State.VERIFIED and lead.found != Lead.Found.UNTRUE,
        words="建立一份起草中的档案，接着按流程申请、调查、评议。",
        done="已建立档案。接着登记家庭成员和收支明细。",
        primary=True,
    ),
)


class LeadView(ActsView, PersonalPage):
    """/hardship/leads/<code>/: why, what was found, what was decided."""

    action = "lead.view"
    template_name = "hardship/leads/lead.html"
    acts = LEAD_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Lead:
        return get_or_404(lead_detail(request.scope), code=where["code"])

    def address(self, subject: Lead) -> str:
        return reverse("lead", args=[subject.code])

    def context(self, request: HttpRequest, subject: Lead) -> dict[str, Any]:
        issues, files = Issue.objects.visible_to(request.scope), HardshipFile.objects.visible_to(request.scope)
        sight = lead_seen_by(request.scope, [subject], way=LeadLook.Way.PAGE)
        return {
            **lead_whole(subject, sight, clock.today()),
            "may_reveal": sight.reaches(subject) and bool(subject.id_sealed or subject.phone_sealed),
            "looks": subject.looks.exclude(way=LeadLook.Way.NAME).select_related("actor")[:LOOKS_SHOWN],
            "name_looks": subject.looks.filter(way=LeadLook.Way.NAME).count(),
            "may_open_issue": subject.issue_id is not None and issues.filter(pk=subject.issue_id).exists(),
            "may_open_file": subject.file_id is not None and files.filter(pk=subject.file_id).exists(),
        }

    def after(self, request: HttpRequest, subject: Lead, act: Act, result: Any) -> HttpResponse:
        """A new file is gone on with at once; whoever may no longer see the lead goes to the list."""
        if isinstance(result, HardshipFile):
            return redirect("hardship-file", code=result.code)
        return super().after(request, subject, act, result)


class LeadRevealView(PersonalPage):
    """/hardship/leads/<code>/reveal/: asks for the reason, then shows the numbers once."""

    action = "lead.reveal"
    template_name = "hardship/leads/reveal.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.show(request, code, RevealForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form = RevealForm(request.POST)
        found: dict[str, str] = {}
        if form.is_valid():
            try:
                found = lead_reveal(code=code, actor=request.scope, reason=form.cleaned_data["reason"])
            except DomainError as error:
                add_errors(form, error)
        return self.show(request, code, form, found)

    def show(
        self, request: HttpRequest, code: str, form: RevealForm, found: dict[str, str] | None = None
    ) -> HttpResponse:
        lead = get_or_404(lead_list(request.scope), code=code)
        sight = lead_seen_by(request.scope, [lead], way=LeadLook.Way.PAGE)
        context = {
            "lead": lead,
            "form": form,
            "name": lead_name(lead, sight),
            "shown": [(LABELS[name], text) for name, text in (found or {}).items()],
        }
        return self.page(context, status=422 if form.is_bound and not found else 200)
