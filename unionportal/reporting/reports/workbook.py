"""The annual report as a workbook: one sheet a table, native charts that can be edited, frozen headers, number formats, print set-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from stations.targets import LABELS as PLAN_LABELS
from unionportal.core.common.clock import SHANGHAI
from unionportal.reporting.figures import Rate
from unionportal.reporting.measures import COUNTS, MEDIAN, OPEN_AT_END, RATES, VISITS
from unionportal.reporting.reports.book import Book, Line, VisitedLine, state_words
from unionportal.reporting.reports.evaluation import evaluation_rows
from unionportal.reporting.reports.hardship import COLUMNS as HARDSHIP_COLUMNS
from unionportal.reporting.reports.hardship import aid_rows, hardship_overview, hardship_township_rows
from unionportal.reporting.reports.stations import COLUMNS as STATION_COLUMNS
from unionportal.reporting.reports.stations import overview_rows, plan_rows, target_rows, township_rows
from unionportal.reporting.reports.vocabulary import definitions, revision_rows

BRAND = "#C4161C"
GREY = "#98A2B3"
FACE = "微软雅黑"
Value = str | int | Decimal | Rate | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, how wide, and where its value comes from."""

    heading: str
    measure: str
    width: int = 11


_OF_VISITS = frozenset(visits.id for visits in VISITS)
_VISITS = (Column("走访（家次）", "visits"), Column("企业家次", "enterprise_visits"), Column("企业家数", "enterprises"))
_KEY = (Column("走访人次", "headcount"), Column("覆盖重点企业", "key_covered", 14))
_ISSUES = (
    Column("收集录入", "received"),
    Column("已化解", "resolved"),
    Column("已解释", "explained"),
    Column("未化解", "unresolved"),
    Column("不属职责", "out_of_remit"),
    Column("撤回", "withdrawn"),
    Column("期末未办结", "open_at_end", 12),
    *(Column(rate.name, rate.id, 12) for rate in RATES),
    Column("用时中位数", "median_workdays", 12),
)


def annual_report_xlsx(report: Book) -> bytes:
    """The Excel file."""
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.title.replace("\n", ""), "subject": "年度工作报告"})
    formats = _formats(book)
    _overview(book, formats, report)
    months = _sheet(book, formats, report, "各月", "月份", report.months, (*_VISITS, *_KEY, *_ISSUES))
    _sheet(book, formats, report, "各季度", "季度", report.quarters, (*_VISITS, *_KEY, *_ISSUES))
    townships = _sheet(book, formats, report, "各镇街", "镇街", report.townships, (*_VISITS, *_KEY, *_ISSUES))
    categories = _sheet(book, formats, report, "各类别", "类别", report.categories, _ISSUES)
    wide = (*_VISITS, *_KEY, *_ISSUES)
    year = report.start.year
    _trend(book, months, "各月", wide, len(report.months), f"{year}年各月收集、化解与化解率")
    _bars(book, townships, "各镇街", wide, len(report.townships), f"{year}年各镇街收集录入与已化解件数")
    _bars(book, categories, "各类别", _ISSUES, len(report.categories), f"{year}年各类别收集录入与已化解件数")
    _holders(book, formats, report)
    _trackers(book, formats, report)
    _evaluation(book, formats, report)
    _stations(book, formats, report)
    _hardship(book, formats, report)
    _revisions(book, formats, report)
    _definitions(book, formats, report)
    book.close()
    return buffer.getvalue()


def _formats(book: Workbook) -> dict[str, Format]:
    base = {"font_name": FACE, "font_size": 10.5, "valign": "vcenter"}
    head = {**base, "bold": True, "bg_color": "#F5F7FA", "border": 1, "border_color": "#E3E7EF", "align": "center"}
    return {
        "title": book.add_format({**base, "font_size": 16, "bold": True}),
        "note": book.add_format({**base, "font_color": "#56607A"}),
        "head": book.add_format({**head, "text_wrap": True}),
        "text": book.add_format(base),
        "wrap": book.add_format({**base, "text_wrap": True}),
        "whole": book.add_format({**base, "num_format": "#,##0"}),
        "decimal": book.add_format({**base, "num_format": "0.0"}),
        "money": book.add_format({**base, "num_format": "#,##0.00"}),
        "rate": book.add_format({**base, "num_format": "0.00%"}),
        "dash": book.add_format({**base, "align": "right"}),
    }


def _value(line: Line, measure: str) -> Value:
    if measure in _OF_VISITS:
        return getattr(line.visits, measure) if isinstance(line, VisitedLine) else None
    rates = line.figures.rates
    return rates[measure] if measure in rates else line.figures[measure]


def _write(
    sheet: Worksheet, formats: dict[str, Format], row: int, column: int, value: Value, *, decimal: str = "decimal"
) -> None:
    """A figure as a number Excel can count with; where there is none, a dash. Decimals are medians, or money."""
    if value is None or (isinstance(value, Rate) and value.value is None):
        sheet.write_string(row, column, "—", formats["dash"])
    elif isinstance(value, Rate):
        sheet.write_number(row, column, value.numerator / value.denominator, formats["rate"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, formats["wrap"])
    else:
        sheet.write_number(row, column, value, formats[decimal if isinstance(value, Decimal) else "whole"])


def _new_sheet(book: Workbook, formats: dict[str, Format], report: Book, name: str) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, f"{report.title.replace(chr(10), '')} · {name}", formats["title"])
    as_of = report.as_of.astimezone(SHANGHAI)
    demo = "；演示数据，企业与人员均为虚构" if report.is_demo else ""
    sheet.write_string(1, 0, f"统计至 {as_of:%Y年%-m月%-d日 %H:%M}；{state_words(report)}{demo}", formats["note"])
    return sheet


def _sheet(
    book: Workbook,
    formats: dict[str, Format],
    report: Book,
    name: str,
    first: str,
    lines: Sequence[Line],
    columns: Sequence[Column],
) -> Worksheet:
    """A table from row 4 on, its header frozen and repeated on every printed page."""
    sheet = _new_sheet(book, formats, report, name)
    sheet.write_string(3, 0, first, formats["head"])
    sheet.set_column(0, 0, 18)
    for column, spec in enumerate(columns, start=1):
        sheet.set_column(column, column, spec.width)
        sheet.write_string(3, column, spec.heading, formats["head"])
    for row, line in enumerate(lines, start=4):
        sheet.write_string(row, 0, line.label, formats["text"])
        for column, spec in enumerate(columns, start=1):
            _write(sheet, formats, row, column, _value(line, spec.measure))
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    return sheet


def _overview(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    sheet = _new_sheet(book, formats, report, "概览")
    lines = [*([report.before] if report.before else []), report.total, report.since_start]
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, len(lines), 14)
    for column, heading in enumerate(["指标", *(line.label for line in lines)]):
        sheet.write_string(3, column, heading, formats["head"])
    names = [(visits.id, visits.name) for visits in VISITS]
    names += [(count.id, count.name) for count in (*COUNTS[:6], OPEN_AT_END)]
    names += [(rate.id, rate.name) for rate in RATES] + [(MEDIAN.id, MEDIAN.name)]
    for row, (measure, name) in enumerate(names, start=4):
        sheet.write_string(row, 0, name, formats["text"])
        for column, line in enumerate(lines, start=1):
            _write(sheet, formats, row, column, _value(line, measure))
    sheet.freeze_panes(4, 1)
    sheet.set_portrait()


def _holders(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    """Who handled the year's issues; as of now, which the sheet says."""
    headings = ("收集录入", "已交办", "按时签收", "按时签收率", "有期限办结", "按时办结", "按时办结率", "期末超期")
    rows = [
        (
            *(line.label, line.received, line.assigned, line.accepted_on_time, line.acceptance),
            *(line.closed_with_deadline, line.closed_on_time, line.closing, line.overdue),
        )
        for line in report.holders
    ]
    _plain(book, formats, report, "各承办单位", ("承办单位", *headings), rows, widths=(18, *[12] * len(headings)))


def _trackers(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    headings = ("台账", "栏目", "合计", "单位", "诉求数", "已填")
    rows: list[tuple[Value, ...]] = [
        (sums.tracker.name, each.label, *_total(each.kind, each.unit, total), sums.issues, filled)
        for sums in report.trackers
        for each, total, filled in sums.sums
    ]
    _plain(book, formats, report, "专项台账", headings, rows, widths=(24, 20, 16, 8, 10, 10))


def _evaluation(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    rows = [tuple(row.values()) for row in evaluation_rows(report.evaluation)]
    if report.evaluation is None:
        rows = [("尚未公布", *rows[0][1:])]
    headings = ("等次", "类别", "题目", "作者", "镇街", "平均分")
    _plain(book, formats, report, "年评议", headings, rows, widths=(12, 16, 40, 30, 14, 10))


def _stations(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    """Two sheets where the district has stations: each figure with its words, and the townships. Ways of counting have columns of their own."""
    if report.stations is None:
        return
    added = ("服务人次怎么加", report.stations.total.served.added_words, "只有写明各部分时才相加。")
    figures: list[tuple[Value, ...]] = [*overview_rows(report.stations), added]
    _plain(book, formats, report, "驿站", ("指标", "数量", "口径"), figures, widths=(24, 24, 70))
    headings = ("镇街", *STATION_COLUMNS.values())
    widths = (16, *[11] * len(STATION_COLUMNS))
    _plain(book, formats, report, "各镇街驿站", headings, township_rows(report.stations), widths=widths)
    targets = ("目标", "现有", "应有", "还差", "占比")
    _plain(book, formats, report, "驿站目标", targets, target_rows(report.stations), widths=(28, 10, 10, 10, 12))
    plan = ("单位", *(f"{label}{part}" for label in PLAN_LABELS.values() for part in ("计划", "完成")))
    _plain(book, formats, report, "驿站计划", plan, plan_rows(report.stations), widths=(16, *[14] * (len(plan) - 1)))


def _hardship(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    """Three sheets where the district keeps hardship files: each figure with its words, what was paid, and the townships without small numbers."""
    if report.hardship is None:
        return
    figures = list(hardship_overview(report.hardship))
    _plain(book, formats, report, "困难帮扶", ("指标", "数量", "口径"), figures, widths=(24, 18, 70))
    paid = ("名称", "来源", "人次", "金额（元）")
    _plain(book, formats, report, "帮扶发放", paid, aid_rows(report.hardship), widths=(30, 16, 10, 16))
    headings = ("镇街", *HARDSHIP_COLUMNS.values())
    widths = (16, *[12] * len(HARDSHIP_COLUMNS))
    _plain(book, formats, report, "各镇街困难帮扶", headings, hardship_township_rows(report.hardship), widths=widths)


def _total(kind: str, unit: str, total: Decimal | None) -> tuple[Value, str]:
    return (total, "元") if kind == "money" else (None if total is None else int(total), unit)


def _revisions(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    rows = [tuple(row.values()) for row in revision_rows(report)]
    _plain(book, formats, report, "数据版次", ("月份", "版次", "说明"), rows, widths=(18, 12, 30))


def _definitions(book: Workbook, formats: dict[str, Format], report: Book) -> None:
    _plain(book, formats, report, "口径", ("指标", "口径"), definitions(report), widths=(26, 90))


def _plain(
    book: Workbook,
    formats: dict[str, Format],
    report: Book,
    name: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Value]],
    *,
    widths: Sequence[int],
) -> None:
    """A sheet of rows that are not lines of figures."""
    sheet = _new_sheet(book, formats, report, name)
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, heading, formats["head"])
    for row, values in enumerate(rows, start=4):
        for column, value in enumerate(values):
            _write(sheet, formats, row, column, value, decimal="money")
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)


def _column_of(columns: Sequence[Column], measure: str) -> int:
    return next(index for index, spec in enumerate(columns, start=1) if spec.measure == measure)


def _series(name: str, sheet: str, column: int, rows: int, **looks: object) -> dict[str, object]:
    """A chart series over the table's rows."""
    return {
        "name": name,
        "categories": [sheet, 4, 0, 3 + rows, 0],
        "values": [sheet, 4, column, 3 + rows, column],
        **looks,
    }


def _trend(book: Workbook, target: Worksheet, sheet: str, columns: Sequence[Column], rows: int, title: str) -> None:
    """Columns of received and resolved with the line of 化解率 on the second axis; nothing where there are no rows."""
    if not rows:
        return
    chart = book.add_chart({"type": "column"})
    for name, measure, colour in (("收集录入", "received", GREY), ("已化解", "resolved", BRAND)):
        chart.add_series(_series(name, sheet, _column_of(columns, measure), rows, fill={"color": colour}))
    line = book.add_chart({"type": "line"})
    look = {"line": {"color": "#1F5FBF", "width": 2.25}, "marker": {"type": "circle"}, "y2_axis": True}
    line.add_series(_series("化解率", sheet, _column_of(columns, "resolution"), rows, **look))
    chart.combine(line)
    chart.set_title({"name": title, "name_font": {"name": FACE, "size": 12}})
    chart.set_y_axis({"name": "件", "major_gridlines": {"visible": True, "line": {"color": "#E3E7EF"}}})
    line.set_y2_axis({"name": "化解率", "num_format": "0%"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 340})
    target.insert_chart(rows + 6, 0, chart)


def _bars(book: Workbook, target: Worksheet, sheet: str, columns: Sequence[Column], rows: int, title: str) -> None:
    """Lying bars, first row on top; nothing where there are no rows."""
    if not rows:
        return
    chart = book.add_chart({"type": "bar"})
    for name, measure, colour in (("收集录入", "received", GREY), ("已化解", "resolved", BRAND)):
        chart.add_series(_series(name, sheet, _column_of(columns, measure), rows, fill={"color": colour}))
    chart.set_title({"name": title, "name_font": {"name": FACE, "size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"name": "件", "major_gridlines": {"visible": True, "line": {"color": "#E3E7EF"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": max(320, 30 * rows + 120)})
    target.insert_chart(rows + 6, 0, chart)
