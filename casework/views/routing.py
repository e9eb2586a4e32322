"""Rules of assignment: the list with what is wrong, and a form that tries a rule on past issues before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.forms.routing import RoutingRuleForm
from casework.models import RoutingRule
from casework.routing import TryOut, broken_rules, problem_of, try_out
from casework.services.routing import FIELDS, rule_check, rule_save
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import PageView, add_errors, get_or_404


class RoutingListView(PageView):
    """/routing/"""

    action = "routing.manage"
    template_name = "casework/routing_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = RoutingRule.objects.select_related("category", "township", "after", "unit", "person")
        rows = [
            (rule, problem_of(rule) if rule.is_active else "")
            for rule in rules.order_by("-is_active", "position", "pk")
        ]
        return self.page({"rows": rows, "broken": broken_rules()})


class RoutingEditView(PageView):
    """/routing/<pk>/: 试算 shows what the rule would have done, then it can be saved."""

    action = "routing.manage"
    template_name = "casework/routing_form.html"

    def rule(self, pk: int | None) -> RoutingRule:
        return RoutingRule() if pk is None else get_or_404(RoutingRule.objects.all(), pk=pk)

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        rule = self.rule(pk)
        if rule._state.adding:
            initial: dict[str, Any] = {"enterprise_kind": "any", "position": 100, "is_active": True}
        else:
            initial = {name: getattr(rule, f"{name}_id", None) or getattr(rule, name) for name in FIELDS}
        return self.show(rule, RoutingRuleForm(initial=initial, rule=rule))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        rule = self.rule(pk)
        form = RoutingRuleForm(request.POST, rule=rule)
        if not form.is_valid():
            return self.show(rule, form, status=422)
        try:
            if request.POST.get("step") == "save" and request.POST.get("tried") == form.digest():
                rule_save(rule=rule, values=form.cleaned_data, actor=request.scope)
                messages.success(request, "已保存交办规则。")
                return redirect("routing-list")
            draft = RoutingRule(pk=rule.pk, **form.cleaned_data)
            rule_check(draft)
        except DomainError as error:
            add_errors(form, error)
            return self.show(rule, form, status=422)
        unseen = request.POST.get("step") == "save"
        return self.show(rule, form, tried=try_out(draft), unseen=unseen, status=409 if unseen else 200)

    def show(
        self,
        rule: RoutingRule,
        form: RoutingRuleForm,
        *,
        tried: TryOut | None = None,
        unseen: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, Any] = {"rule": rule, "form": form, "tried": tried, "unseen": unseen}
        if tried is not None:
            context["digest"] = form.digest()
        return self.page(context, status=status)


class RoutingCreateView(RoutingEditView):
    """/routing/new/"""
