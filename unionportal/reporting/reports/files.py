"""A report as a file: what the page hands out and the command writes is the same content from the same place."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from unionportal.core.common.downloads import WORD_TYPE
from unionportal.reporting.models import ReportFormat
from unionportal.reporting.reports.book import Book, report_book
from unionportal.reporting.reports.charts import charts_of
from unionportal.reporting.reports.vocabulary import vocabulary

CONTENT_TYPES: dict[str, str] = {
    ReportFormat.WORD: WORD_TYPE,
    ReportFormat.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.PDF: "application/pdf",
}
BUILT_IN = "内置版式"

#: Told how far the work is, in percent.
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Layout:
    """The Word template used: its bytes, and its version (0: the built-in one)."""

    version: int
    content: bytes

    @property
    def name(self) -> str:
        return f"自定义模板第{self.version}版" if self.version else "内置模板"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file and what it is made of."""

    name: str
    content_type: str
    content: bytes
    as_of: datetime
    revisions: Mapping[str, int]


def report_file(
    kind: str, start: date, file_format: str, *, layout: Layout | None = None, progress: Progress = lambda percent: None
) -> ReportFile:
    """A report of a period in a ReportFormat; `layout` for Word. Raises FieldErrors for a period without figures."""
    progress(5)
    with _one_moment():
        book = report_book(kind, start)
    progress(50)
    content = _content(book, file_format, layout)
    progress(90)
    return ReportFile(
        f"{book.file_stem}.{file_format}", CONTENT_TYPES[file_format], content, book.as_of, book.revisions
    )


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every figure as it stood at one moment, though others go on recording. A request's own transaction is left as it is."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _content(book: Book, file_format: str, layout: Layout | None) -> bytes:
    # The office libraries are big, and most processes never write a report: they are loaded where one is written.
    if file_format == ReportFormat.EXCEL:
        from unionportal.reporting.reports.workbook import report_xlsx

        return report_xlsx(book)
    if file_format == ReportFormat.PDF:
        from unionportal.reporting.reports.pdf import report_pdf

        return report_pdf(book.kind, vocabulary(book, template=BUILT_IN), charts_of(book))
    from unionportal.reporting.reports.word import built_in_template, report_docx

    used = layout or Layout(0, built_in_template(book.kind))
    return report_docx(used.content, vocabulary(book, template=used.name), charts_of(book))
