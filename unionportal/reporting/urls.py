from django.urls import path

from unionportal.reporting.views.dashboard import DashboardView
from unionportal.reporting.views.drilldown import RowsView
from unionportal.reporting.views.frozen import FrozenMonthsView, FrozenMonthView
from unionportal.reporting.views.report_templates import (
    ReportTemplateFileView,
    ReportTemplatesView,
    ReportTemplateUseView,
    ReportTemplateView,
)
from unionportal.reporting.views.reports import (
    AnnualReportView,
    KeptReportCancelView,
    KeptReportFileView,
    KeptReportRowView,
    KeptReportView,
    ReportListView,
)
from unionportal.reporting.views.workbench import QueueView, WorkbenchView

urlpatterns = [
    path("", WorkbenchView.as_view(), name="workbench"),
    path("todo/<slug:key>/", QueueView.as_view(), name="workbench-queue"),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("dashboard/rows/", RowsView.as_view(), name="figure-rows"),
    path("reports/", ReportListView.as_view(), name="report-list"),
    path("reports/months/", FrozenMonthsView.as_view(), name="frozen-months"),
    path("reports/months/<int:year>-<int:month>/", FrozenMonthView.as_view(), name="frozen-month"),
    path("reports/annual/<int:year>.<slug:file_format>", AnnualReportView.as_view(), name="annual-report"),
    path("reports/kept/<uuid:report_id>/", KeptReportView.as_view(), name="kept-report"),
    path("reports/kept/<uuid:report_id>/row/", KeptReportRowView.as_view(), name="kept-report-row"),
    path("reports/kept/<uuid:report_id>/file/", KeptReportFileView.as_view(), name="kept-report-file"),
    path("reports/kept/<uuid:report_id>/cancel/", KeptReportCancelView.as_view(), name="kept-report-cancel"),
    path("reports/templates/", ReportTemplatesView.as_view(), name="report-templates"),
    path("reports/templates/<slug:kind>/", ReportTemplateView.as_view(), name="report-template"),
    path(
        "reports/templates/<slug:kind>/<int:version>/use/", ReportTemplateUseView.as_view(), name="report-template-use"
    ),
    path(
        "reports/templates/<slug:kind>/<int:version>.docx",
        ReportTemplateFileView.as_view(),
        name="report-template-file",
    ),
]
