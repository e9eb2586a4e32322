"""Files on their way to a person: under a Chinese name, kept by no cache."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def word_answer(name: str, content: bytes) -> HttpResponse:
    """A Word file; `name` comes without its ending."""
    return HttpResponse(
        content,
        content_type=WORD_TYPE,
        headers={
            "Content-Disposition": content_disposition_header(True, f"{name}.docx") or "",
            "Cache-Control": "private, no-store",
        },
    )
