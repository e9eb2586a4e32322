"""/enterprises/<code>/merge/: says first what would go along, then merges."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.merging import going_along
from unionportal.core.orgs.models import Enterprise
from unionportal.core.orgs.record_forms import MergeForm
from unionportal.core.orgs.selectors import alike, enterprises
from unionportal.core.orgs.services import enterprise_merge, merge_problem


class MergeView(PageView):
    """Staff names the entry that stays; the second sending, with what was shown, merges."""

    action = "enterprise.manage"
    template_name = "orgs/enterprise_merge.html"

    def get(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = self._found(credit_code)
        return self._show(enterprise, MergeForm(initial={"main": request.GET.get("main", "")[:18]}))

    def post(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = self._found(credit_code)
        form = MergeForm(request.POST)
        if not form.is_valid():
            return self._show(enterprise, form, status=422)
        main = Enterprise.objects.filter(credit_code=form.cleaned_data["main"]).select_related("township").first()
        if problem := merge_problem(enterprise, main):
            form.add_error("main", problem)
            return self._show(enterprise, form, status=422)
        assert main is not None, "merge_problem says so"
        if request.POST.get("shown") != main.credit_code:
            return self._show(enterprise, form, main=main, along=going_along(enterprise))
        try:
            enterprise_merge(
                credit_code=credit_code,
                main_code=main.credit_code,
                reason=form.cleaned_data["reason"],
                actor=request.scope,
            )
        except DomainError as error:
            add_errors(form, error)
            status = 422 if isinstance(error, FieldErrors) else error.status
            return self._show(enterprise, form, status=status)
        messages.success(request, f"已把“{enterprise.name}”并入“{main.name}”。")
        return redirect("enterprise-detail", credit_code=main.credit_code)

    def _found(self, credit_code: str) -> Enterprise:
        return get_or_404(enterprises(self.request.scope).filter(merged_into=None), credit_code=credit_code)

    def _show(self, enterprise: Enterprise, form: MergeForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.page({"enterprise": enterprise, "form": form, "alike": alike(enterprise), **more}, status=status)
