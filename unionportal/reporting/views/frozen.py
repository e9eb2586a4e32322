"""Frozen months: what each was published with, what came since, and staff's two buttons."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors
from unionportal.reporting import freezing
from unionportal.reporting.exporting import COLUMNS, export_lines
from unionportal.reporting.models import Freeze
from unionportal.reporting.rollups.periods import MONTH, period_label
from unionportal.reporting.selectors.frozen import frozen_month, frozen_months, frozen_revision
from unionportal.reporting.selectors.rows import ISSUE_ORDER
from unionportal.reporting.views.figure_file import figure_file


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="修订原因",
        max_length=freezing.REASON_LENGTH,
        help_text="写明为什么改、依据是什么；修订后不能删除。",
        error_messages={"required": "请写明修订原因。"},
    )


class FrozenMonthsView(PageView):
    """/reports/months/"""

    action = "report.view"
    template_name = "reporting/frozen_months.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"months": frozen_months(clock.today())})


class FrozenRevisionView(PageView):
    """/reports/months/2024-09/2/: a revision's figures, what it changed and the issues behind it; `format=csv` gives these as a file."""

    action = "report.view"
    template_name = "reporting/frozen_revision.html"

    def get(self, request: HttpRequest, year: int, month: int, revision: int) -> HttpResponse | StreamingHttpResponse:
        freeze = Freeze.objects.filter(month=first_of(year, month), revision=revision).first()
        if freeze is None:
            raise NotFound("这个月没有这一版冻结数据。")
        found = frozen_revision(freeze, request.scope)
        name = f"{found.label}第{freeze.revision}版修订涉及的诉求"
        if request.GET.get("format") == "csv":
            lines = export_lines("issue", found.causes.order_by(*ISSUE_ORDER))
            return figure_file(request, "revision_causes", name, list(COLUMNS["issue"]), lines)
        rows = found.causes.select_related("township", "category", "holder", "enterprise")
        context: dict[str, Any] = {
            "revision": found,
            "name": name,
            "page": keyset_page(rows.defer("search_tokens", "description"), request, order=ISSUE_ORDER),
            "count": found.seen,
            "may_export": request.may("figure.export"),
        }
        return self.page(context)


class FrozenMonthView(PageView):
    """/reports/months/2024-09/: its revisions; staff freeze it, and revise it with a reason."""

    action = "report.view"
    template_name = "reporting/frozen_month.html"

    def get(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        return self.show(first_of(year, month), ReasonForm())

    def post(self, request: HttpRequest, year: int, month: int) -> HttpResponse:
        first = first_of(year, month)
        form = ReasonForm(request.POST)
        if "reason" not in request.POST:
            freezing.month_freeze(month=first, actor=request.scope)
            messages.success(request, f"{period_label(MONTH, first)}的数据已冻结。")
            return redirect("frozen-month", year, month)
        if form.is_valid():
            try:
                made = freezing.month_revise(month=first, reason=form.cleaned_data["reason"], actor=request.scope)
            except DomainError as error:
                if error.status == 403:
                    raise
                add_errors(form, error)
            else:
                messages.success(request, f"已修订为第{made.revision}版。")
                return redirect("frozen-month", year, month)
        return self.show(first, form, status=422)

    def show(self, first: date, form: ReasonForm, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "month": frozen_month(first, clock.today()),
            "form": form,
            "can_freeze": self.request.may("figure.freeze"),
        }
        return self.page(context, status=status)


def first_of(year: int, month: int) -> date:
    """The first of a month that has been; NotFound for anything else."""
    try:
        first = date(year, month, 1)
    except ValueError:
        raise NotFound from None
    if not any(state.month == first for state in freezing.month_states(clock.today())):
        raise NotFound
    return first
