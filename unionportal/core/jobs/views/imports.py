"""Pages of imports: choosing a workbook, what its check found, confirming, what was written."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.exchange.kinds import import_kind, import_kinds
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.tables import XLSX_TYPE
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.jobs.forms import ImportForm
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.presentation import job_look
from unionportal.core.jobs.responses import result_response
from unionportal.core.jobs.services import import_ask, import_confirm, job_cancel, result_fetch
from unionportal.core.jobs.workbooks import template_workbook

ORDER = ("-asked_at", "-id")
PAGE = 20


class ImportListView(PageView):
    """/imports/: the form, the templates, and what I brought in before."""

    action = "import.run"
    template_name = "jobs/imports.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, ImportForm(scope=request.scope, initial=ImportForm.opening()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES, scope=request.scope)
        if form.is_valid():
            wanted = form.cleaned_data
            try:
                job = import_ask(
                    kind=wanted["kind"], upload=wanted["file"], dry_run=True, id=wanted["id"], actor=request.scope
                )
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已上传。检查不会写入任何内容。")
                return redirect("import", job_id=job.pk)
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
        jobs = Job.objects.visible_to(request.scope).filter(way=Job.Way.IMPORT)
        page = keyset_page(jobs, request, order=ORDER, size=PAGE)
        context = {
            "form": form,
            "kinds": [kind for kind in import_kinds() if allowed(request.scope, kind.action)],
            "page": page,
            "rows": [job_look(job) for job in page.items],
        }
        return self.page(context, status=status)


class ImportView(PageView):
    """/imports/<id>/: one check or one import. Asked by htmx it is the part that changes, which asks again until it has ended."""

    action = "import.run"
    template_name = "jobs/import.html"

    def get(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        mine = Job.objects.visible_to(request.scope).filter(way=Job.Way.IMPORT)
        job = get_or_404(mine.select_related("written_by"), pk=job_id)
        context = {"job": job, "look": job_look(job), "written": getattr(job, "written_by", None)}
        return self.page(context, template="jobs/_import.html" if request.htmx else "")


class ImportConfirmView(PageView):
    action = "import.run"

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        job = import_confirm(job_id=job_id, actor=request.scope)
        messages.success(request, "已开始写入。")
        return redirect("import", job_id=job.pk)


class ImportCancelView(PageView):
    action = "import.run"

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        job_cancel(job_id=job_id, way=Job.Way.IMPORT, actor=request.scope)
        messages.success(request, "已取消，没有写入任何内容。")
        return redirect("import", job_id=job_id)


class ImportFileView(PageView):
    """The marked-up copy."""

    action = "import.run"

    def get(self, request: HttpRequest, job_id: UUID) -> FileResponse:
        return result_response(result_fetch(job_id=job_id, way=Job.Way.IMPORT, actor=request.scope))


class TemplateView(PageView):
    """The empty workbook of a kind."""

    action = "import.run"

    def get(self, request: HttpRequest, kind: str) -> FileResponse:
        try:
            wanted = import_kind(kind)
        except DomainError:
            raise NotFound("没有这种模板。") from None
        require(request.scope, wanted.action)
        book = template_workbook(wanted, wanted.columns(request.scope))
        return FileResponse(book, as_attachment=True, filename=f"{wanted.label}-导入模板.xlsx", content_type=XLSX_TYPE)
