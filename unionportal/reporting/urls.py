from django.urls import path

from unionportal.reporting import urls_evaluations
from unionportal.reporting.views.analyses import AnalysisListView, AnalysisReopenView, AnalysisView
from unionportal.reporting.views.analysis_files import AnalysisWordView, QuarterWordView
from unionportal.reporting.views.dashboard import DashboardView
from unionportal.reporting.views.drilldown import RowsView
from unionportal.reporting.views.figures import (
    CadresView,
    CadreWeeksView,
    DefinitionsView,
    StateView,
    UnitsView,
    UnitWeeksView,
)
from unionportal.reporting.views.frozen import FrozenMonthsView, FrozenMonthView, FrozenRevisionView
from unionportal.reporting.views.hardship import HardshipRowsView, HardshipView
from unionportal.reporting.views.past import PastView
from unionportal.reporting.views.reflections import OwnReflectionView, ReflectionView
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
from unionportal.reporting.views.sections import CategoriesView, HandlingView, OverdueView, VisitsView
from unionportal.reporting.views.stations import StationRowsView, StationsView
from unionportal.reporting.views.wall import WallView
from unionportal.reporting.views.workbench import QueueView, WorkbenchView

urlpatterns = [
    path("", WorkbenchView.as_view(), name="workbench"),
    path("todo/<slug:key>/", QueueView.as_view(), name="workbench-queue"),
    path("dashboard/", DashboardView.as_view(), name="dashboard"),
    path("dashboard/categories/", CategoriesView.as_view(), name="dashboard-categories"),
    path("dashboard/units/", HandlingView.as_view(), name="dashboard-units"),
    path("dashboard/overdue/", OverdueView.as_view(), name="dashboard-overdue"),
    path("dashboard/visits/", VisitsView.as_view(), name="dashboard-visits"),
    path("dashboard/hardship/", HardshipView.as_view(), name="dashboard-hardship"),
    path("dashboard/hardship/rows/", HardshipRowsView.as_view(), name="dashboard-hardship-rows"),
    path("dashboard/stations/", StationsView.as_view(), name="dashboard-stations"),
    path("dashboard/stations/rows/", StationRowsView.as_view(), name="dashboard-station-rows"),
    path("dashboard/wall/", WallView.as_view(), name="dashboard-wall"),
    path("dashboard/rows/", RowsView.as_view(), name="figure-rows"),
    path("figures/", DefinitionsView.as_view(), name="figures"),
    path("figures/state/", StateView.as_view(), name="figure-state"),
    path("figures/past/", PastView.as_view(), name="figure-past"),
    path("figures/units/", UnitsView.as_view(), name="figure-units"),
    path("figures/cadres/", CadresView.as_view(), name="figure-cadres"),
    path("figures/cadres/<int:pk>/", CadreWeeksView.as_view(), name="figure-weeks"),
    path("figures/places/<str:code>/weeks/", UnitWeeksView.as_view(), name="figure-unit-weeks"),
    path("analyses/", AnalysisListView.as_view(), name="analysis-list"),
    path("analyses/<str:quarter>/mine/", OwnReflectionView.as_view(), name="reflection-own"),
    path("analyses/<str:quarter>/word/", QuarterWordView.as_view(), name="analysis-quarter-word"),
    path("analyses/<str:quarter>/<slug:code>/", AnalysisView.as_view(), name="analysis"),
    path("analyses/<str:quarter>/<slug:code>/word/", AnalysisWordView.as_view(), name="analysis-word"),
    path("analyses/<str:quarter>/<slug:code>/reopen/", AnalysisReopenView.as_view(), name="analysis-reopen"),
    path("reflections/<int:pk>/", ReflectionView.as_view(), name="reflection"),
    path("reflections/<int:pk>/<slug:act>/", ReflectionView.as_view(), name="reflection-act"),
    path("reports/", ReportListView.as_view(), name="report-list"),
    path("reports/months/", FrozenMonthsView.as_view(), name="frozen-months"),
    path("reports/months/<int:year>-<int:month>/", FrozenMonthView.as_view(), name="frozen-month"),
    path("reports/months/<int:year>-<int:month>/<int:revision>/", FrozenRevisionView.as_view(), name="frozen-revision"),
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
    *urls_evaluations.urlpatterns,
]
