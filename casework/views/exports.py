"""The issue list as CSV (line by line) or Excel."""

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from casework.exporting import COLUMNS, XLSX_ROWS, export_rows
from casework.filters import IssueListFilter
from casework.models import Issue
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.tables import XLSX_TYPE, csv_lines, workbook
from unionportal.core.common.views import PageView

FORMATS = ("csv", "xlsx")


class IssueExportView(PageView):
    """`?format=csv|xlsx` and the filters of the list, exactly as they stand in its address."""

    action = "issue.export"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
        wanted = request.GET.get("format", "csv")
        if wanted not in FORMATS:
            raise NotFound("没有这种格式。")
        filters = IssueListFilter(request.GET, queryset=Issue.objects.visible_to(request.scope), request=request)
        if not filters.form.is_valid():
            # A filter nobody can read must not widen into the whole list.
            raise FieldErrors(
                {name: str(errors[0]) for name, errors in filters.form.errors.items()},
                "筛选条件有误，请回到列表改正后再导出。",
            )
        issues = filters.qs
        if wanted == "xlsx" and issues.order_by()[: XLSX_ROWS + 1].count() > XLSX_ROWS:
            raise FieldErrors({}, f"超过 {XLSX_ROWS} 条，请缩小范围，或导出 CSV。")
        record(
            actor=request.scope,
            action="issue.export",
            object_type="export",
            object_id="issues",
            format=wanted,
            filters=sorted(name for name in filters.form.fields if request.GET.get(name)),
        )
        name = f"问题诉求-{clock.today():%Y%m%d}.{wanted}"
        if wanted == "xlsx":
            book = workbook("问题诉求", list(COLUMNS), export_rows(issues))
            answer: StreamingHttpResponse = FileResponse(
                book, as_attachment=True, filename=name, content_type=XLSX_TYPE
            )
        else:
            answer = StreamingHttpResponse(
                csv_lines(list(COLUMNS), export_rows(issues)),
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": content_disposition_header(True, name) or ""},
            )
        answer["Cache-Control"] = "private, no-store"
        return answer
