"""A job's result on its way to a person."""

from django.http import FileResponse

from unionportal.core.common.tables import XLSX_TYPE
from unionportal.core.jobs.models import Job

CSV_TYPE = "text/csv; charset=utf-8"


def result_response(job: Job) -> FileResponse:
    """The file under its Chinese name; never kept by a cache."""
    kind = XLSX_TYPE if job.result_name.endswith(".xlsx") else CSV_TYPE
    answer = FileResponse(job.result.open("rb"), as_attachment=True, filename=job.result_name, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    return answer
