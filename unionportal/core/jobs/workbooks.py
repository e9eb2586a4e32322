"""Workbooks we hand out around an import: the empty template, and the copy in which what is wrong is marked."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from unionportal.core.common.exchange.cells import plain_text
from unionportal.core.common.exchange.kinds import Column, ImportKind
from unionportal.core.jobs.importing import MARKS, Problem
from unionportal.core.jobs.sheets import Sheet

LISTS = "选项"
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
_INPUT_TITLE, _INPUT_TEXT = 32, 255  # what a spreadsheet shows of a cell's hint


def template_workbook(kind: ImportKind, columns: Sequence[Column]) -> IO[bytes]:
    """Headings, hints and drop-downs on the first sheet; what each column takes on the second."""
    out = TemporaryFile()  # noqa: SIM115  the response closes it
    book = Workbook(out, _OPTIONS)
    must = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FDE8E8"})
    may = book.add_format({"bold": True, "bottom": 1, "bg_color": "#F1F3F5"})
    as_text = book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(kind.label[:31])
    notes = book.add_worksheet("填写说明")
    lists = book.add_worksheet(LISTS)
    lists.hide()
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        # Text cells, so that codes keep their zeros and digits.
        sheet.set_column(place, place, column.width, as_text)
        sheet.write_string(0, place, column.heading, must if column.required else may)
        _add_hint(sheet, lists, place, column, kind.most_rows)
    _fill_notes(book, notes, kind, columns)
    book.close()
    out.seek(0)
    return out


def _add_hint(sheet: Worksheet, lists: Worksheet, place: int, column: Column, most_rows: int) -> None:
    rule: dict[str, Any] = {"validate": "any"}
    if column.choices:
        lists.write_column(0, place, column.choices)
        letter = xl_col_to_name(place, col_abs=True)
        rule = {"validate": "list", "source": f"={LISTS}!{letter}$1:{letter}${len(column.choices)}"}
        rule |= {"error_title": "不在选项中", "error_message": "请从下拉列表里选择。", "error_type": "warning"}
    if column.note:
        rule |= {"input_title": column.heading[:_INPUT_TITLE], "input_message": column.note[:_INPUT_TEXT]}
    if len(rule) > 1:
        sheet.data_validation(1, place, most_rows, place, rule)


def _fill_notes(book: Workbook, notes: Worksheet, kind: ImportKind, columns: Sequence[Column]) -> None:
    head, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    notes.set_column(0, 1, 16)
    notes.set_column(2, 3, 50, wrapped)
    told = [
        f"请填在第一张表“{kind.label}”里，从第二行起一行一条，最多 {kind.most_rows} 行；不要改动标题。",
        *kind.notes,
        "日期可写成 2024-09-12 或 2024年9月12日。红底标题的列必填。",
    ]
    for line, text in enumerate(told):
        notes.write_string(line, 0, text)
    top = len(told) + 1
    for place, heading in enumerate(("列", "是否必填", "填写要求", "示例")):
        notes.write_string(top, place, heading, head)
    for line, column in enumerate(columns, start=top + 1):
        for place, text in enumerate((column.heading, "必填" if column.required else "选填", column.note)):
            notes.write_string(line, place, text)
        notes.write_string(line, 3, column.example)


def marked_copy(sheet: Sheet, problems: Sequence[Problem]) -> IO[bytes]:
    """The sheet as it was sent, wrong cells in red and a last column that says why: mend it and send it again."""
    out = TemporaryFile()  # noqa: SIM115  whoever asked closes it
    with TemporaryDirectory() as folder:
        book = Workbook(out, {"constant_memory": True, "tmpdir": folder, **_OPTIONS})
        _fill_marked(book, sheet, problems)
        book.close()
    out.seek(0)
    return out


def _fill_marked(book: Workbook, sheet: Sheet, problems: Sequence[Problem]) -> None:
    formats = _Formats(book)
    headings = [heading for heading in sheet.headings if heading != MARKS]
    page = book.add_worksheet("标注")
    page.freeze_panes(1, 0)
    page.set_column(0, len(headings) - 1, 16)
    page.set_column(len(headings), len(headings), 60)
    for place, heading in enumerate([*headings, MARKS]):
        page.write_string(0, place, heading, formats.head)
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    for number, cells in sheet.rows:
        found = by_row.get(number, [])
        wrong = {problem.column for problem in found}
        # Rows keep their numbers, so that the list of problems fits the copy; empty rows stay empty.
        line = number - 1
        kept = [(h, cell) for h, cell in zip(sheet.headings, cells, strict=False) if h != MARKS]
        for place, (heading, cell) in enumerate(kept):
            formats.write(page, line, place, cell, marked=heading in wrong)
        if found:
            words = "；".join(f"{p.column}：{p.reason}" if p.column else p.reason for p in found)
            page.write_string(line, len(headings), words[:32_000], formats.marked)


class _Formats:
    """How the cells of a marked copy look."""

    def __init__(self, book: Workbook) -> None:
        red = {"bg_color": "#FAD4D4", "font_color": "#9C0006"}
        day = {"num_format": "yyyy-mm-dd"}
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.marked, self.day, self.marked_day = (book.add_format(each) for each in (red, day, red | day))

    def write(self, page: Worksheet, line: int, place: int, cell: Any, *, marked: bool) -> None:
        if isinstance(cell, date | datetime):
            page.write_datetime(line, place, cell, self.marked_day if marked else self.day)
        elif isinstance(cell, int | float) and not isinstance(cell, bool):
            page.write_number(line, place, cell, self.marked if marked else None)
        elif text := plain_text(cell):
            page.write_string(line, place, text, self.marked if marked else None)
        elif marked:
            page.write_blank(line, place, None, self.marked)
