"""Writing a report to a file, for the commands."""

from datetime import date
from pathlib import Path

from django.core.management.base import CommandError

from unionportal.core.common.errors import DomainError
from unionportal.reporting.models import ReportFormat
from unionportal.reporting.reports.files import report_file
from unionportal.reporting.reports.templates import layout_in_force


def export(kind: str, start: date, file_format: str, output: Path) -> str:
    """Write the report; returns the line to print. Raises CommandError with what is wrong, in words."""
    try:
        layout = layout_in_force(kind) if file_format == ReportFormat.WORD else None
        report = report_file(kind, start, file_format, layout=layout)
        output.write_bytes(report.content)
    except DomainError as error:
        raise CommandError("；".join(error.fields.values()) or error.detail) from None
    except OSError as error:
        raise CommandError(f"无法写入 {output}：{error.strerror}") from None
    return f"{output}　{len(report.content)} 字节"
