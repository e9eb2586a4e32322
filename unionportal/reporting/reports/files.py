"""A report as a file: what the page downloads and the command writes is the same bytes from the same place."""

from collections.abc import Callable
from dataclasses import dataclass

from unionportal.reporting.reports.annual import AnnualReport, annual_report
from unionportal.reporting.reports.word import annual_report_docx
from unionportal.reporting.reports.workbook import annual_report_xlsx

FORMATS: dict[str, tuple[str, Callable[[AnnualReport], bytes]]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", annual_report_docx),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", annual_report_xlsx),
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file and how to hand it over."""

    name: str
    content_type: str
    content: bytes


def annual_report_file(year: int, file_format: str) -> ReportFile:
    """The annual report of a year in one of FORMATS. Raises FieldErrors for a year without figures."""
    content_type, write = FORMATS[file_format]
    report = annual_report(year)
    return ReportFile(f"{report.file_stem}.{file_format}", content_type, write(report))
