"""A report as a file: what the page downloads and the command writes is the same bytes from the same place."""

from dataclasses import dataclass

from unionportal.reporting.reports.annual import AnnualReport, annual_report

FORMATS: dict[str, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file and how to hand it over."""

    name: str
    content_type: str
    content: bytes


def annual_report_file(year: int, file_format: str) -> ReportFile:
    """The annual report of a year in one of FORMATS. Raises FieldErrors for a year without figures."""
    report = annual_report(year)
    return ReportFile(f"{report.file_stem}.{file_format}", FORMATS[file_format], _content(report, file_format))


def _content(report: AnnualReport, file_format: str) -> bytes:
    # The office libraries are big, and most processes never write a report: they are loaded where one is written.
    if file_format == "docx":
        from unionportal.reporting.reports.word import annual_report_docx

        return annual_report_docx(report)
    from unionportal.reporting.reports.workbook import annual_report_xlsx

    return annual_report_xlsx(report)
