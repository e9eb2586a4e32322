"""Tables as files: CSV line by line, workbooks by constant memory. Text of people is never a formula, in either."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

#: What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """Hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV that spreadsheet programs open as it is: UTF-8 with its mark, CRLF, dates as 2024-09-12."""
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(headings)
    for row in rows:
        yield writer.writerow([plain(value) for value in row])


def csv_answer(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """The same as a download that no shared cache keeps."""
    return StreamingHttpResponse(
        csv_lines(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "",
            "Cache-Control": "private, no-store",
        },
    )


def plain(value: Any) -> Any:
    """A cell of a CSV; text that would be a formula gets an apostrophe before it."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def workbook(title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """The same as an Excel file, written row by row to a temporary file and rewound: memory stays the same however many rows."""
    out = TemporaryFile()  # noqa: SIM115  the response closes it
    # Rows wait in a folder that goes also when reading them is broken off.
    with TemporaryDirectory() as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        book = Workbook(out, options)
        _fill(book, title, headings, rows)
        book.close()
    out.seek(0)
    return out


def _fill(book: Workbook, title: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(title[:31])
    head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(headings) - 1, 16)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, head)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int | Decimal):
                sheet.write_number(number, column, value)
            elif value not in (None, ""):
                sheet.write_string(number, column, str(value))
