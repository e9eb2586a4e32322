"""Rules of the trade, readable by those who work by them, set by the system administrator."""

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.params.definitions import DEFINITIONS
from unionportal.core.params.forms import ParameterForm
from unionportal.core.params.kinds import Definition
from unionportal.core.params.selectors import all_parameters, one_parameter
from unionportal.core.params.services import parameter_set, parameter_withdraw


class ParameterListView(PageView):
    """/parameters/"""

    action = "parameter.view"
    template_name = "params/parameter_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = [(name, list(rows)) for name, rows in groupby(all_parameters(), key=lambda p: p.definition.group)]
        return self.page({"groups": groups})


class ParameterView(PageView):
    """/parameters/<key>/: the value, its history, and the form for a new one."""

    action = "parameter.view"
    template_name = "params/parameter.html"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        definition = defined(key)
        return self.show(definition, ParameterForm(kind=definition.kind, initial={"effective_on": clock.today()}))

    def show(self, definition: Definition, form: ParameterForm, status: int = 200) -> HttpResponse:
        context = {
            "parameter": one_parameter(definition),
            "form": form,
            "can_manage": self.request.may("parameter.manage"),
        }
        return self.page(context, status=status)


class ParameterSetView(ParameterView):
    """/parameters/<key>/set/; opened by GET (after a lost session) it is the parameter's page."""

    action = "parameter.manage"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        definition = defined(key)
        form = ParameterForm(request.POST, kind=definition.kind)
        if form.is_valid():
            try:
                row = parameter_set(key=key, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                day = row.effective_on
                messages.success(request, f"已设置“{definition.name}”，{day.year}年{day.month}月{day.day}日起生效。")
                return redirect("parameter", key=key)
        return self.show(definition, form, status=422)


class ParameterWithdrawView(ParameterView):
    """/parameters/<key>/withdraw/: take back a value that is still to come."""

    action = "parameter.manage"

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        try:
            day = date.fromisoformat(request.POST.get("effective_on", ""))
        except ValueError:
            raise NotFound from None
        parameter_withdraw(key=defined(key).key, effective_on=day, actor=request.scope)
        messages.success(request, "已撤回尚未生效的设置。")
        return redirect("parameter", key=key)


def defined(key: str) -> Definition:
    """The definition, or NotFound."""
    if key not in DEFINITIONS:
        raise NotFound
    return DEFINITIONS[key]
