"""Pages of the enterprise register and the unit tree."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from unionportal.core.common import clock, panels
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.filters import EnterpriseFilter
from unionportal.core.orgs.forms import INDUSTRIES, EnterpriseForm, MoveForm, UnitEditForm, UnitForm
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.record_selectors import kept_of, risk_looks, with_risks
from unionportal.core.orgs.selectors import alike, enterprises, enterprises_named, unit_tree
from unionportal.core.orgs.services import (
    enterprise_create,
    enterprise_update,
    enterprises_move,
    unit_create,
    unit_update,
)


class EnterpriseListView(PageView):
    action = "enterprise.view"
    template_name = "orgs/enterprise_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = EnterpriseFilter(request.GET, queryset=with_risks(enterprises(request.scope)))
        page = keyset_page(filters.qs, request, order=("pinyin_key", "id"))
        return self.page(
            {
                "page": page,
                "rows": [(enterprise, risk_looks(enterprise)) for enterprise in page.items],
                "filter": filters,
                "can_manage": request.may("enterprise.manage"),
                "can_export": request.may("enterprise.export"),
            }
        )


class EnterpriseDetailView(PageView):
    action = "enterprise.view"
    template_name = "orgs/enterprise_detail.html"

    def get(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = get_or_404(with_risks(enterprises(request.scope)), credit_code=credit_code)
        return self.page(
            {
                "enterprise": enterprise,
                **kept_of(enterprise, request.scope, clock.today()),
                "moves": enterprise.moves.select_related("from_township").order_by("-moved_on"),
                "industry": dict(INDUSTRIES).get(enterprise.industry, ""),
                "panels": panels.render("enterprise.main", request, enterprise),
                "can_manage": request.may("enterprise.manage"),
                "alike": alike(enterprise) if request.may("enterprise.manage") else [],
            }
        )


class EnterpriseCreateView(PageView):
    action = "enterprise.manage"
    template_name = "orgs/enterprise_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": EnterpriseForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EnterpriseForm(request.POST)
        if form.is_valid():
            try:
                enterprise = enterprise_create(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已登记“{enterprise.name}”。")
                return redirect("enterprise-detail", credit_code=enterprise.credit_code)
        return self.page({"form": form}, status=422)


class EnterpriseEditView(PageView):
    action = "enterprise.manage"
    template_name = "orgs/enterprise_form.html"

    def get(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = get_or_404(enterprises(request.scope), credit_code=credit_code)
        return self.page({"form": EnterpriseForm(instance=enterprise), **self.context(enterprise)})

    def post(self, request: HttpRequest, credit_code: str) -> HttpResponse:
        enterprise = get_or_404(enterprises(request.scope), credit_code=credit_code)
        version = request.POST.get("version", "")
        form = EnterpriseForm(request.POST, instance=get_or_404(Enterprise.objects.all(), pk=enterprise.pk))
        if form.is_valid():
            try:
                enterprise_update(
                    enterprise=enterprise,
                    version=int(version) if version.isdigit() else 0,
                    actor=request.scope,
                    **form.cleaned_data,
                )
            except DomainError as error:
                add_errors(form, error)
                status = 422 if isinstance(error, FieldErrors) else error.status
                return self.page({"form": form, **self.context(enterprise)}, status=status)
            messages.success(request, "已保存。")
            return redirect("enterprise-detail", credit_code=credit_code)
        return self.page({"form": form, **self.context(enterprise)}, status=422)

    @staticmethod
    def context(enterprise: Enterprise) -> dict[str, Any]:
        """The page always carries the version it was read at, so a second save after a conflict is a decision."""
        return {"enterprise": enterprise, "version": enterprise.version}


class EnterpriseMoveView(PageView):
    """Enterprises that go to another township, as when one is split."""

    action = "enterprise.manage"
    template_name = "orgs/enterprise_move.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": MoveForm(initial={"moved_on": clock.today()})})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MoveForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                named = enterprises_named(given["enterprises"].splitlines(), request.scope)
                moved = enterprises_move(
                    enterprises=named, township=given["township"], moved_on=given["moved_on"], actor=request.scope
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已把 {len(moved)} 家企业迁到{given['township']}。")
                return redirect(f"{reverse('enterprise-list')}?township={given['township'].code}")
        return self.page({"form": form}, status=422)


class UnitListView(PageView):
    action = "unit.view"
    template_name = "orgs/unit_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"rows": unit_tree(), "can_manage": request.may("unit.manage")})


class UnitCreateView(PageView):
    action = "unit.manage"
    template_name = "orgs/unit_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": UnitForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UnitForm(request.POST)
        if form.is_valid():
            try:
                unit = unit_create(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已新增“{unit.name}”。")
                return redirect("unit-list")
        return self.page({"form": form}, status=422)


class UnitEditView(PageView):
    action = "unit.manage"
    template_name = "orgs/unit_form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        unit = get_or_404(Unit.objects.all(), code=code)
        initial = {"name": unit.name, "short_name": unit.short_name, "is_active": unit.is_active}
        return self.page({"form": UnitEditForm(initial=initial), "unit": unit})

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        unit = get_or_404(Unit.objects.all(), code=code)
        form = UnitEditForm(request.POST)
        if form.is_valid():
            unit_update(unit=unit, actor=request.scope, **form.cleaned_data)
            messages.success(request, "已保存。")
            return redirect("unit-list")
        return self.page({"form": form, "unit": unit}, status=422)
