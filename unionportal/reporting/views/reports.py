"""Reports: what there is of each year, asking for one, and those kept, with how far they are and who took them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response
from unionportal.reporting.forms import ReportForm
from unionportal.reporting.models import Report, ReportFormat, ReportKind
from unionportal.reporting.reports.book import report_starts
from unionportal.reporting.reports.jobs import report_ask, report_at_once, report_cancel, report_take
from unionportal.reporting.selectors.reports import ORDER, kept_reports, year_summaries

SHOWN = 20
TONES = {
    Report.State.WAITING: "idle",
    Report.State.RUNNING: "link",
    Report.State.DONE: "ok",
    Report.State.FAILED: "late",
    Report.State.CANCELLED: "idle",
}


class ReportListView(PageView):
    """/reports/"""

    action = "report.view"
    template_name = "reporting/reports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ReportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReportForm(request.POST)
        if form.is_valid():
            kind, start = form.cleaned_data["report"]
            try:
                made = report_ask(kind=kind, start=start, file_format=form.cleaned_data["format"], actor=request.scope)
            except DomainError as error:
                if error.status == 403:
                    raise
                add_errors(form, error)
            else:
                messages.success(request, f"已开始生成{made.label}，进度见下方列表。")
                return redirect("report-list")
        return self.show(form, status=422)

    def show(self, form: ReportForm, status: int = 200) -> HttpResponse:
        page = keyset_page(kept_reports(self.request.scope), self.request, order=ORDER, size=SHOWN)
        context: dict[str, Any] = {
            "form": form,
            "years": year_summaries(),
            "page": page,
            "rows": [(report, TONES[Report.State(report.state)]) for report in page.items],
            "can_manage_templates": self.request.may("report.template"),
        }
        return self.page(context, status=status)


class AnnualReportView(PageView):
    """The report of a year as a file at once, for bookmarks and scripts."""

    action = "report.make"

    def get(self, request: HttpRequest, year: int, file_format: str) -> FileResponse:
        kind = ReportKind.ANNUAL
        if file_format not in ReportFormat.values or not any(start.year == year for start in report_starts(kind)):
            raise NotFound
        start = date(year, 1, 1)
        return attachment_response(report_at_once(kind=kind, start=start, file_format=file_format, actor=request.scope))


class KeptReportView(PageView):
    """/reports/kept/<id>/: what a report is made of, and who took it away."""

    action = "report.view"
    template_name = "reporting/kept_report.html"

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        report = get_or_404(kept_reports(request.scope), pk=report_id)
        others = kept_reports(request.scope).filter(kind=report.kind, start=report.start, state=Report.State.DONE)
        return self.page(
            {
                "report": report,
                "tone": TONES[Report.State(report.state)],
                "revisions": sorted(report.revisions.items()),
                "downloads": report.downloads.select_related("user"),
                "others": others.exclude(pk=report.pk)[:SHOWN],
            }
        )


class KeptReportRowView(PageView):
    """How far a report is: its row of the list, asked for anew until it has ended."""

    action = "report.view"
    template_name = "reporting/_kept_row.html"

    def get(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        report = get_or_404(kept_reports(request.scope), pk=report_id)
        return self.page({"report": report, "tone": TONES[Report.State(report.state)]})


class KeptReportFileView(PageView):
    """The file. Taking it is kept by name and day."""

    action = "report.view"

    def get(self, request: HttpRequest, report_id: UUID) -> FileResponse:
        return attachment_response(report_take(report_id=report_id, actor=request.scope))


class KeptReportCancelView(PageView):
    action = "report.make"

    def post(self, request: HttpRequest, report_id: UUID) -> HttpResponse:
        report = report_cancel(report_id=report_id, actor=request.scope)
        messages.success(request, f"已取消生成{report.label}。")
        return redirect("report-list")
