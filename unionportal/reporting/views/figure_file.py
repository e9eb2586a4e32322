"""The rows behind a figure as a file."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from unionportal.core.audit.services import record
from unionportal.core.common.policy import require
from unionportal.core.common.tables import csv_answer


def figure_file(
    request: HttpRequest, measure: str, name: str, headings: Sequence[str], lines: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """`lines` as CSV, noted in the audit trail with the names of the filters, not what they were set to. Raises Forbidden."""
    require(request.scope, "figure.export")
    record(
        actor=request.scope,
        action="figure.export",
        object_type="export",
        object_id="figure",
        measure=measure,
        filters=sorted(key for key, text in request.GET.items() if text and key not in ("measure", "format")),
    )
    return csv_answer(f"{name}.csv", list(headings), lines)
