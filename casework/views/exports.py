"""The issue list as CSV (line by line) or Excel; a long one is handed on to an export job."""

from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from casework.exporting import COLUMNS, DIRECT_ROWS, EXPORT, export_rows
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.tables import XLSX_TYPE, csv_lines, workbook
from unionportal.core.common.views import PageView

FORMATS = ("csv", "xlsx")
#: What the list's address says besides its filters.
NO_FILTERS = frozenset({"format", "after", "before"})


class IssueExportView(PageView):
    """`?format=csv|xlsx` and the filters of the list, exactly as they stand in its address."""

    action = "issue.export"

    def get(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
        wanted = request.GET.get("format", "csv")
        if wanted not in FORMATS:
            raise NotFound("没有这种格式。")
        params = {name: str(value) for name, value in request.GET.items() if value and name not in NO_FILTERS}
        # A filter nobody can read must not widen into the whole list: it is refused.
        chosen = EXPORT.select(params, request.scope)
        if chosen.rows.order_by()[: DIRECT_ROWS + 1].count() > DIRECT_ROWS:
            return redirect(f"{reverse('export-ask')}?{urlencode({'of': EXPORT.code, 'format': wanted, **params})}")
        record(
            actor=request.scope,
            action="issue.export",
            object_type="export",
            object_id="issues",
            format=wanted,
            filters=list(chosen.names),
        )
        name = f"问题诉求-{clock.today():%Y%m%d}.{wanted}"
        if wanted == "xlsx":
            book = workbook("问题诉求", list(COLUMNS), export_rows(chosen.rows))
            answer: StreamingHttpResponse = FileResponse(
                book, as_attachment=True, filename=name, content_type=XLSX_TYPE
            )
        else:
            answer = StreamingHttpResponse(
                csv_lines(list(COLUMNS), export_rows(chosen.rows)),
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": content_disposition_header(True, name) or ""},
            )
        answer["Cache-Control"] = "private, no-store"
        return answer
