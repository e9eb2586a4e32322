"""Pages of exports: my exports, asking for one, fetching it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.exchange.kinds import Selection, export_kind
from unionportal.core.common.pagination import count_label, keyset_page
from unionportal.core.common.policy import require
from unionportal.core.common.views import PageView, add_errors
from unionportal.core.jobs.forms import ExportForm
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.presentation import job_look
from unionportal.core.jobs.responses import result_response
from unionportal.core.jobs.services import export_ask, export_ask_again, job_cancel, result_fetch

ORDER = ("-asked_at", "-id")
PAGE = 20
#: What an address says besides the filters of a list.
NO_FILTERS = frozenset({"of", "format", "after", "before"})


class ExportListView(PageView):
    """/exports/: mine, newest first. Asked by htmx it is the list alone, which asks again until nothing runs."""

    action = "export.run"
    template_name = "jobs/exports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        jobs = Job.objects.visible_to(request.scope).filter(way=Job.Way.EXPORT)
        page = keyset_page(jobs.with_downloads(), request, order=ORDER, size=PAGE)
        context = {"page": page, "rows": [job_look(job) for job in page.items]}
        context["active"] = any(not job.is_finished for job in page.items)
        return self.page(context, template="jobs/_export_list.html" if request.htmx else "")


class ExportAskView(PageView):
    """/exports/new/?of=issues&state=open: what would be taken out, and as what."""

    action = "export.run"
    template_name = "jobs/export_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        kind, file_format = request.GET.get("of", ""), request.GET.get("format", Job.Format.XLSX.value)
        form = ExportForm(scope=request.scope, initial=ExportForm.opening(kind, file_format))
        return self.show(form, kind, self.chosen(request, kind))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ExportForm(request.POST, scope=request.scope)
        kind = request.GET.get("of", "")
        if form.is_valid():
            wanted = form.cleaned_data
            try:
                export_ask(
                    kind=wanted["kind"],
                    file_format=wanted["format"],
                    params=filters_of(request.GET) if kind == wanted["kind"] else {},
                    id=wanted["id"],
                    actor=request.scope,
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已开始导出，完成后在这里下载。")
                return redirect("exports")
        return self.show(form, kind, self.chosen(request, kind), status=422)

    @staticmethod
    def chosen(request: HttpRequest, kind: str) -> Selection | None:
        if not kind:
            return None
        try:
            wanted = export_kind(kind)
        except FieldErrors:
            return None
        require(request.scope, wanted.action)
        return wanted.select(filters_of(request.GET), request.scope)

    def show(self, form: ExportForm, kind: str, chosen: Selection | None, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "chosen": chosen, "title": "新的导出"}
        if chosen is not None:
            context |= {"title": f"导出{export_kind(kind).label}", "count": count_label(chosen.rows)}
        return self.page(context, status=status)


def filters_of(query: QueryDict) -> dict[str, str]:
    """The filters of a list in an address."""
    return {name: str(value) for name, value in query.items() if value and name not in NO_FILTERS}


class ExportAgainView(PageView):
    action = "export.run"

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        export_ask_again(job_id=job_id, actor=request.scope)
        messages.success(request, "已重新开始导出。")
        return redirect("exports")


class ExportCancelView(PageView):
    action = "export.run"

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        job_cancel(job_id=job_id, way=Job.Way.EXPORT, actor=request.scope)
        messages.success(request, "已取消。")
        return redirect("exports")


class ExportFileView(PageView):
    action = "export.run"

    def get(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        return result_response(result_fetch(job_id=job_id, way=Job.Way.EXPORT, actor=request.scope))
