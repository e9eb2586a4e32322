"""Sheets of a workbook: one a table, its header frozen and repeated on every printed page, numbers as numbers, native charts that can be edited."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from unionportal.reporting.figures import Rate

BRAND, LINE, GREY, RULE = "#C4161C", "#1F5FBF", "#98A2B3", "#E3E7EF"
FACE = "微软雅黑"
#: A share is a Rate or a Fraction; None is a dash.
Value = str | int | Decimal | Fraction | Rate | date | None
#: What decimals are: workdays to one place, or money.
Decimals = Literal["decimal", "money"]
#: Rows above a table: title, note, one empty; the header stands in the fourth.
HEADER = 3
_LINE_HEIGHT = 16
_HEAD_HEIGHT = 18
_MARGINS = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.7}


class Sheets:
    """Writes tables and charts into a workbook; `title` and `note` stand above every table."""

    def __init__(self, book: Workbook, *, title: str, note: str) -> None:
        self._book, self._title, self._note = book, title, note
        base = {"font_name": FACE, "font_size": 10.5, "valign": "vcenter"}
        head = {**base, "bold": True, "bg_color": "#F5F7FA", "border": 1, "border_color": RULE, "align": "center"}
        looks: dict[str, dict[str, object]] = {
            "title": {**base, "font_size": 16, "bold": True},
            "note": {**base, "font_color": "#56607A"},
            "head": {**head, "text_wrap": True},
            "text": {**base, "text_wrap": True},
            "whole": {**base, "num_format": "#,##0"},
            "decimal": {**base, "num_format": "0.0"},
            "money": {**base, "num_format": "#,##0.00"},
            "rate": {**base, "num_format": "0.00%"},
            "day": {**base, "num_format": "yyyy-mm-dd"},
            "dash": {**base, "align": "right"},
        }
        self._formats = {name: book.add_format(look) for name, look in looks.items()}

    def table(
        self,
        name: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[Value]],
        *,
        widths: Sequence[int],
        decimals: Decimals = "money",
        upright: bool = False,
    ) -> Worksheet:
        """A sheet of its own with a table, landscape unless `upright`, printed one page wide; the first column stays in sight.

        Long headings go over several lines, so that a table of many columns can still be read when it is printed.
        """
        sheet = self._new(name, upright=upright)
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(HEADER, column, heading, self._formats["head"])
        sheet.set_row(HEADER, _HEAD_HEIGHT * max(_lines(*pair) for pair in zip(headings, widths, strict=True)))
        for row, values in enumerate(rows, start=HEADER + 1):
            for column, value in enumerate(values):
                self._write(sheet, row, column, value, decimals)
            lines = max((_lines(value, width) for value, width in zip(values, widths, strict=True)), default=1)
            if lines > 1:  # not every program finds the height of a row by itself
                sheet.set_row(row, _LINE_HEIGHT * lines)
        sheet.freeze_panes(HEADER + 1, 1)
        sheet.repeat_rows(HEADER)
        sheet.repeat_columns(0)
        return sheet

    def trend(self, sheet: Worksheet, rows: int, title: str, columns: tuple[int, int, int]) -> None:
        """Below the table: columns of two counts with the line of a rate on the second axis; nothing where there are no rows."""
        if not rows:
            return
        *counts, rate = columns
        chart = self._counts("column", sheet, rows, counts)
        line = self._book.add_chart({"type": "line"})
        look = {"line": {"color": LINE, "width": 2.25}, "marker": {"type": "circle"}, "y2_axis": True}
        line.add_series(_series(sheet, rows, rate, look))
        chart.combine(line)
        chart.set_y_axis({"name": "件", "major_gridlines": {"visible": True, "line": {"color": RULE}}})
        line.set_y2_axis({"name": "化解率", "num_format": "0%"})
        _place(chart, sheet, rows, title, height=340)

    def bars(self, sheet: Worksheet, rows: int, title: str, columns: tuple[int, int]) -> None:
        """Below the table: lying bars of two counts, first row on top; nothing where there are no rows."""
        if not rows:
            return
        chart = self._counts("bar", sheet, rows, columns)
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"name": "件", "major_gridlines": {"visible": True, "line": {"color": RULE}}})
        _place(chart, sheet, rows, title, height=max(320, 30 * rows + 120))

    def _counts(self, kind: str, sheet: Worksheet, rows: int, columns: Sequence[int]) -> Chart:
        chart = self._book.add_chart({"type": kind})
        for column, colour in zip(columns, (GREY, BRAND), strict=True):
            chart.add_series(_series(sheet, rows, column, {"fill": {"color": colour}}))
        return chart

    def _new(self, name: str, *, upright: bool) -> Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)  # A4
        sheet.set_portrait() if upright else sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # wide; as long as it is
        sheet.set_margins(**_MARGINS)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.set_row(0, 28)
        sheet.write_string(0, 0, f"{self._title} · {name}", self._formats["title"])
        sheet.write_string(1, 0, self._note, self._formats["note"])
        return sheet

    def _write(self, sheet: Worksheet, row: int, column: int, value: Value, decimals: Decimals) -> None:
        """A figure as a number Excel can count with; where there is none, a dash."""
        if isinstance(value, Rate):
            value = Fraction(value.numerator, value.denominator) if value.denominator else None
        if value is None:
            sheet.write_string(row, column, "—", self._formats["dash"])
        elif isinstance(value, str):
            sheet.write_string(row, column, value, self._formats["text"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats["day"])
        elif isinstance(value, Fraction):
            sheet.write_number(row, column, float(value), self._formats["rate"])
        else:
            sheet.write_number(row, column, value, self._formats[decimals if isinstance(value, Decimal) else "whole"])


def _lines(value: Value, width: int) -> int:
    """Lines a text needs in a column so wide; a Chinese character takes two places, and none is cut in half."""
    places = sum(1 if char.isascii() else 2 for char in value) if isinstance(value, str) else 1
    return -(-places // (width - width % 2))


def _series(sheet: Worksheet, rows: int, column: int, look: dict[str, object]) -> dict[str, object]:
    """A series over the table's rows, named by its heading."""
    first, last, name = HEADER + 1, HEADER + rows, sheet.get_name()
    return {
        "name": [name, HEADER, column],
        "categories": [name, first, 0, last, 0],
        "values": [name, first, column, last, column],
        **look,
    }


def _place(chart: Chart, sheet: Worksheet, rows: int, title: str, *, height: int) -> None:
    chart.set_title({"name": title, "name_font": {"name": FACE, "size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": height})
    sheet.insert_chart(HEADER + 3 + rows, 1, chart)
