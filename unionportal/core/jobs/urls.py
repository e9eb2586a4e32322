from django.urls import path

from unionportal.core.jobs.views import exports, imports

urlpatterns = [
    path("exports/", exports.ExportListView.as_view(), name="exports"),
    path("exports/new/", exports.ExportAskView.as_view(), name="export-ask"),
    path("exports/<uuid:job_id>/again/", exports.ExportAgainView.as_view(), name="export-again"),
    path("exports/<uuid:job_id>/cancel/", exports.ExportCancelView.as_view(), name="export-cancel"),
    path("exports/<uuid:job_id>/file/", exports.ExportFileView.as_view(), name="export-file"),
    path("imports/", imports.ImportListView.as_view(), name="imports"),
    path("imports/template/<str:kind>/", imports.TemplateView.as_view(), name="import-template"),
    path("imports/<uuid:job_id>/", imports.ImportView.as_view(), name="import"),
    path("imports/<uuid:job_id>/confirm/", imports.ImportConfirmView.as_view(), name="import-confirm"),
    path("imports/<uuid:job_id>/cancel/", imports.ImportCancelView.as_view(), name="import-cancel"),
    path("imports/<uuid:job_id>/file/", imports.ImportFileView.as_view(), name="import-file"),
]
