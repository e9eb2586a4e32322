from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from unionportal.core.audit.services import record
from unionportal.core.common.errors import NotFound
from unionportal.core.common.views import PageView
from unionportal.reporting.reports.annual import report_years
from unionportal.reporting.reports.files import FORMATS, annual_report_file
from unionportal.reporting.selectors.reports import year_summaries


class ReportListView(PageView):
    action = "report.view"
    template_name = "reporting/reports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"years": year_summaries()})


class AnnualReportView(PageView):
    """The report of a year as a file; every download is in the audit trail."""

    action = "report.view"

    def get(self, request: HttpRequest, year: int, file_format: str) -> HttpResponse:
        if file_format not in FORMATS or year not in report_years():
            raise NotFound
        report = annual_report_file(year, file_format)
        record(
            actor=request.scope,
            action="report.download",
            object_type="annual_report",
            object_id=year,
            format=file_format,
        )
        response = HttpResponse(report.content, content_type=report.content_type)
        response.headers["Content-Disposition"] = content_disposition_header(True, report.name)
        response.headers["Cache-Control"] = "private, no-store"
        return response
