"""Word templates of reports: the one in force, uploading another, going back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.views import PageView
from unionportal.reporting.forms import TemplateForm
from unionportal.reporting.models import ReportFormat, ReportKind
from unionportal.reporting.reports.files import CONTENT_TYPES
from unionportal.reporting.reports.template_words import template_words
from unionportal.reporting.reports.templates import layout_of, template_upload, template_use
from unionportal.reporting.selectors.reports import templates_by_kind


class ReportTemplatesView(PageView):
    """/reports/templates/"""

    action = "report.template"
    template_name = "reporting/report_templates.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"kinds": templates_by_kind()})


class ReportTemplateView(PageView):
    """/reports/templates/annual/: its versions, the words it may use, and the form to upload one."""

    action = "report.template"
    template_name = "reporting/report_template.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self.show(kind, TemplateForm())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        form = TemplateForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = template_upload(kind=kind, upload=form.cleaned_data["file"], actor=request.scope)
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                for problem in error.fields.get("file", error.detail).splitlines():
                    form.add_error("file", problem)
            else:
                messages.success(request, f"模板第{made.version}版已启用，以后生成的 Word 报告都用它。")
                return redirect("report-template", kind)
        return self.show(kind, form, status=422)

    def show(self, kind: str, form: TemplateForm, status: int = 200) -> HttpResponse:
        found = next((one for one in templates_by_kind() if one.kind == kind), None)
        if found is None:
            raise NotFound
        context: dict[str, Any] = {"one": found, "form": form, "words": template_words(kind)}
        return self.page(context, status=status)


class ReportTemplateUseView(PageView):
    """Put a version in force; 0 is the built-in one."""

    action = "report.template"

    def post(self, request: HttpRequest, kind: str, version: int) -> HttpResponse:
        template_use(kind=kind, version=version, actor=request.scope)
        messages.success(request, f"已启用模板第{version}版。" if version else "已恢复内置模板。")
        return redirect("report-template", kind)


class ReportTemplateFileView(PageView):
    """A version's Word file, to be changed and uploaded again."""

    action = "report.template"

    def get(self, request: HttpRequest, kind: str, version: int) -> HttpResponse:
        layout = layout_of(kind, version)
        name = f"{ReportKind(kind).label}模板{f'第{version}版' if version else '（内置）'}.docx"
        response = HttpResponse(layout.content, content_type=CONTENT_TYPES[ReportFormat.WORD])
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        response.headers["Cache-Control"] = "private, no-store"
        return response
