"""Reading a workbook: its first sheet as headings and rows, or a Chinese sentence about why not."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange.cells import plain_text
from unionportal.core.common.tables import FORMULA
from unionportal.core.files.content import Unfit

#: Beyond these no filled cell is read.
FARTHEST_ROW, FARTHEST_COLUMN = 20_000, 200
#: What the parts of an .xlsx may come to when unpacked; an honest 20 MB workbook stays below, an archive bomb does not.
MOST_UNPACKED = 300 * 1024**2
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings and filled rows of the first sheet; each row with the number the spreadsheet shows beside it."""

    headings: list[str]
    rows: list[tuple[int, list[Any]]]


def read_sheet(content: bytes, file_format: str, *, most_rows: int) -> Sheet:
    """The first sheet. Raises FieldErrors at `file` for what is no table, has no rows, or has too many."""
    try:
        table = _csv_rows(content) if file_format == "csv" else _xlsx_rows(content)
        lines = [(number, row) for number, row in enumerate(table, start=1) if any(plain_text(cell) for cell in row)]
    except Unfit as problem:
        raise FieldErrors({"file": f"{problem}。"}) from None
    if not lines:
        raise FieldErrors({"file": "第一张工作表是空的。请在模板里填好内容后再上传。"})
    headings = [plain_text(cell) for cell in lines[0][1]]
    rows = [(number, row[: len(headings)]) for number, row in lines[1:]]
    if not rows:
        raise FieldErrors({"file": "表里只有标题，没有内容。请从第二行起填写。"})
    if len(rows) > most_rows:
        raise FieldErrors({"file": f"一次最多导入 {most_rows} 行，这份有 {len(rows)} 行，请分成几份。"})
    return Sheet(headings, rows)


def decoded(content: bytes) -> str:
    """The text of a CSV: UTF-8, or the GB encoding that spreadsheets save in. Raises Unfit."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
        break
    raise Unfit("文件的内容不是 CSV 文本，与文件名不符")


def _csv_rows(content: bytes) -> Iterator[list[Any]]:
    text = decoded(content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",")
    try:
        for row in reader:
            yield [_unquoted(cell) for cell in row[:FARTHEST_COLUMN]]
    except csv.Error:
        raise Unfit("CSV 文件的格式不对，请用表格软件另存为 CSV 后再上传") from None


def _unquoted(cell: str) -> str:
    """Without the apostrophe our own exports put before what would be a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(FORMULA) else cell


def _xlsx_rows(content: bytes) -> list[list[Any]]:
    _refuse_oversized(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError:
        raise Unfit("文件设了密码，请去掉密码后再上传") from None
    except (CalamineError, OSError, ValueError, IndexError):
        raise Unfit("表格文件已损坏，打不开") from None


def _refuse_oversized(content: bytes) -> None:
    """A sheet is read as one rectangle, so a single filled cell far out would cost all the memory there is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheets = [part for part in parts.infolist() if part.filename.startswith("xl/worksheets/")]
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise Unfit("表格展开后太大，请分成几份")
            for part in sheets:
                with parts.open(part) as stream:
                    _refuse_far_cells(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Unfit("表格文件已损坏，打不开") from None


def _refuse_far_cells(stream: Any) -> None:
    left = b""
    while block := stream.read(1024**2):
        for letters, number in _FILLED.findall(left + block):
            if int(number) > FARTHEST_ROW:
                raise Unfit(f"表格填到了第 {int(number)} 行，太长了，请分成几份")
            if _column_number(letters) > FARTHEST_COLUMN:
                raise Unfit(f"{letters.decode()}{number.decode()} 单元格离表格太远，请删去表格以外的内容")
        left = block[-300:]


def _column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
