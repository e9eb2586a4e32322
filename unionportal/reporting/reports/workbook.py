"""A report as a workbook: the tables of its text, one sheet each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from stations.targets import LABELS as PLAN_LABELS
from unionportal.core.common.clock import SHANGHAI
from unionportal.reporting.measures import (
    CLOSED_IN_PERIOD,
    COUNTS,
    MEDIAN,
    OPEN_AT_END,
    P90,
    RATES,
    VISIT_SHARES,
    VISITS,
)
from unionportal.reporting.models import ReportKind
from unionportal.reporting.reports.book import Book, CategoryLine, Line, VisitedLine, state_words
from unionportal.reporting.reports.evaluation import evaluation_rows
from unionportal.reporting.reports.hardship import COLUMNS as HARDSHIP_COLUMNS
from unionportal.reporting.reports.hardship import aid_rows, hardship_overview, hardship_township_rows
from unionportal.reporting.reports.sheets import Sheets, Value
from unionportal.reporting.reports.stations import COLUMNS as STATION_COLUMNS
from unionportal.reporting.reports.stations import overview_rows, plan_rows, target_rows, township_rows
from unionportal.reporting.reports.vocabulary import definitions, revision_rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, how wide, and where its value comes from."""

    heading: str
    measure: str
    width: int = 7


#: How wide the names are that a row begins with.
_NAME = 14
_VISITS = (
    Column("走访（家次）", "visits"),
    Column("企业家次", "enterprise_visits"),
    Column("企业家数", "enterprises"),
    Column("走访人次", "headcount"),
    Column("覆盖重点企业", "key_covered"),
    Column("重点企业覆盖率", "coverage"),
    Column("应走访周次", "quota_weeks"),
    Column("走访达标周次", "quota_met"),
    Column("走访达标率", "quota"),
)
_ISSUES = (
    Column("收集录入", "received"),
    Column("已化解", "resolved"),
    Column("已解释", "explained"),
    Column("未化解", "unresolved"),
    Column("不属职责", "out_of_remit"),
    Column("撤回", "withdrawn"),
    Column("期末未办结", "open_at_end"),
    *(Column(rate.name, rate.id) for rate in RATES),
    Column("用时中位数", "median_workdays"),
    Column("用时九成值", "p90_workdays"),
    Column("本期办结", "closed_in_period"),
)
_PLACES = (*_VISITS, *_ISSUES)
_CATEGORIES = (*_ISSUES, Column("上期收集", "received_before"))
#: The overview's lines, in the words of the definitions.
_OVERVIEW = (
    *((one.id, one.name) for one in (*VISITS, *VISIT_SHARES)),
    *((count.id, count.name) for count in (*COUNTS[:6], OPEN_AT_END, CLOSED_IN_PERIOD)),
    *((rate.id, rate.name) for rate in RATES),
    *((waited.id, waited.name) for waited in (MEDIAN, P90)),
)
_SHOWN_IN_CHARTS = ("received", "resolved", "resolution")


def report_xlsx(report: Book) -> bytes:
    """The Excel file of a report of any kind."""
    buffer = BytesIO()
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = report.title.replace("\n", "")
    book.set_properties({"title": title, "subject": ReportKind(report.kind).label})
    sheets = Sheets(book, title=title, note=_note(report))
    for write in _CONTENTS[report.kind]:
        write(sheets, report)
    book.close()
    return buffer.getvalue()


def _note(report: Book) -> str:
    demo = "；演示数据，企业与人员均为虚构" if report.is_demo else ""
    return f"统计至 {report.as_of.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}；{state_words(report)}{demo}"


def _value(line: Line, measure: str) -> Value:
    if measure == "received_before":
        return line.received_before if isinstance(line, CategoryLine) else None
    if isinstance(line, VisitedLine):
        for source in (line.visits, line.quota):
            if hasattr(source, measure):
                return getattr(source, measure)
    rates = line.figures.rates
    return rates[measure] if measure in rates else line.figures[measure]


def _lines(sheets: Sheets, name: str, first: str, lines: Sequence[Line], columns: Sequence[Column]) -> Worksheet:
    """A row a line of figures."""
    rows = [(line.label, *(_value(line, column.measure) for column in columns)) for line in lines]
    widths = (_NAME, *(column.width for column in columns))
    headings = (first, *(column.heading for column in columns))
    return sheets.table(name, headings, rows, widths=widths, decimals="decimal")


def _places_of(columns: Sequence[Column]) -> tuple[int, int, int]:
    """Where the figures of a chart stand: 收集录入, 已化解, 化解率."""
    names = [column.measure for column in columns]
    received, resolved, resolution = (names.index(name) + 1 for name in _SHOWN_IN_CHARTS)
    return received, resolved, resolution


def _overview(sheets: Sheets, report: Book) -> None:
    lines = [line for line in (report.before, report.year_ago, report.total, report.since_start) if line is not None]
    rows = [(name, *(_value(line, measure) for line in lines)) for measure, name in _OVERVIEW]
    headings = ("指标", *(line.label for line in lines))
    widths = (26, *[16] * len(lines))
    sheets.table("概览", headings, rows, widths=widths, decimals="decimal", upright=True)


def _months(sheets: Sheets, report: Book) -> None:
    sheet = _lines(sheets, "各月", "月份", report.months, _PLACES)
    if report.kind == ReportKind.ANNUAL:
        sheets.trend(sheet, len(report.months), f"{report.label}各月收集、化解与化解率", _places_of(_PLACES))


def _trend(sheets: Sheets, report: Book) -> None:
    """The months up to the period, which may be of two years."""
    lines = [replace(line, label=f"{line.figures.start:%Y年%-m月}") for line in report.trend]
    sheet = _lines(sheets, "近12个月", "月份", lines, _PLACES)
    sheets.trend(sheet, len(lines), "近12个月收集、化解与化解率", _places_of(_PLACES))


def _quarters(sheets: Sheets, report: Book) -> None:
    _lines(sheets, "各季度", "季度", report.quarters, _PLACES)


def _townships(sheets: Sheets, report: Book) -> None:
    sheet = _lines(sheets, "各镇街", "镇街", report.townships, _PLACES)
    title = f"{report.label}各镇街收集录入与已化解件数"
    sheets.bars(sheet, len(report.townships), title, _places_of(_PLACES)[:2])


def _categories(sheets: Sheets, report: Book) -> None:
    """With the share each has of what was received."""
    received = report.total.figures.counts["received"]
    share = [Fraction(line.figures.counts["received"], received) if received else None for line in report.categories]
    rows = [
        (line.label, *(_value(line, column.measure) for column in _CATEGORIES), part)
        for line, part in zip(report.categories, share, strict=True)
    ]
    headings = ("类别", *(column.heading for column in _CATEGORIES), "占比")
    widths = (_NAME, *(column.width for column in _CATEGORIES), 7)
    sheet = sheets.table("各类别", headings, rows, widths=widths, decimals="decimal")
    title = f"{report.label}各类别收集录入与已化解件数"
    sheets.bars(sheet, len(rows), title, _places_of(_CATEGORIES)[:2])


def _holders(sheets: Sheets, report: Book) -> None:
    """Who handled the period's issues; as of now, which the appendix says."""
    headings = ("收集录入", "已交办", "按时签收", "按时签收率", "有期限办结", "按时办结", "按时办结率", "期末超期")
    rows = [
        (
            *(line.label, line.received, line.assigned, line.accepted_on_time, line.acceptance),
            *(line.closed_with_deadline, line.closed_on_time, line.closing, line.overdue),
        )
        for line in report.holders
    ]
    sheets.table("各承办单位", ("承办单位", *headings), rows, widths=(18, *[12] * len(headings)))


def _overdue(sheets: Sheets, report: Book) -> None:
    rows = [(row.code, row.category, row.township, row.holder, row.due_on) for row in report.overdue.longest]
    headings = ("编号", "类别", "镇街", "承办单位", "办理期限")
    sheets.table("超期清单", headings, rows, widths=(18, 16, 14, 18, 14), upright=True)


def _trackers(sheets: Sheets, report: Book) -> None:
    headings = ("台账", "栏目", "合计", "单位", "诉求数", "已填")
    rows: list[tuple[Value, ...]] = [
        (sums.tracker.name, each.label, *_total(each.kind, each.unit, total), sums.issues, filled)
        for sums in report.trackers
        for each, total, filled in sums.sums
    ]
    sheets.table("专项台账", headings, rows, widths=(24, 20, 16, 8, 10, 10))


def _evaluation(sheets: Sheets, report: Book) -> None:
    rows = [tuple(row.values()) for row in evaluation_rows(report.evaluation)]
    if report.evaluation is None:
        rows = [("尚未公布", *rows[0][1:])]
    headings = ("等次", "类别", "题目", "作者", "镇街", "平均分")
    sheets.table("年评议", headings, rows, widths=(12, 16, 40, 30, 14, 10))


def _stations(sheets: Sheets, report: Book) -> None:
    """Four sheets where the district has stations: each figure with its words, and the townships. Ways of counting have columns of their own."""
    if report.stations is None:
        return
    added = ("服务人次怎么加", report.stations.total.served.added_words, "只有写明各部分时才相加。")
    figures: list[tuple[Value, ...]] = [*overview_rows(report.stations), added]
    sheets.table("驿站", ("指标", "数量", "口径"), figures, widths=(24, 24, 70))
    headings = ("镇街", *STATION_COLUMNS.values())
    widths = (16, *[11] * len(STATION_COLUMNS))
    sheets.table("各镇街驿站", headings, township_rows(report.stations), widths=widths)
    targets = ("目标", "现有", "应有", "还差", "占比")
    sheets.table("驿站目标", targets, target_rows(report.stations), widths=(28, 10, 10, 10, 12))
    plan = ("单位", *(f"{label}{part}" for label in PLAN_LABELS.values() for part in ("计划", "完成")))
    sheets.table("驿站计划", plan, plan_rows(report.stations), widths=(16, *[14] * (len(plan) - 1)))


def _hardship(sheets: Sheets, report: Book) -> None:
    """Three sheets where the district keeps hardship files: each figure with its words, what was paid, and the townships without small numbers."""
    if report.hardship is None:
        return
    figures = list(hardship_overview(report.hardship))
    sheets.table("困难帮扶", ("指标", "数量", "口径"), figures, widths=(24, 18, 70))
    paid = ("名称", "来源", "人次", "金额（元）")
    sheets.table("帮扶发放", paid, aid_rows(report.hardship), widths=(30, 16, 10, 16))
    headings = ("镇街", *HARDSHIP_COLUMNS.values())
    widths = (16, *[12] * len(HARDSHIP_COLUMNS))
    sheets.table("各镇街困难帮扶", headings, hardship_township_rows(report.hardship), widths=widths)


def _total(kind: str, unit: str, total: Decimal | None) -> tuple[Value, str]:
    return (total, "元") if kind == "money" else (None if total is None else int(total), unit)


def _revisions(sheets: Sheets, report: Book) -> None:
    rows = [tuple(row.values()) for row in revision_rows(report)]
    sheets.table("数据版次", ("月份", "版次", "说明"), rows, widths=(18, 12, 30), upright=True)


def _definitions(sheets: Sheets, report: Book) -> None:
    sheets.table("口径", ("指标", "口径"), definitions(report), widths=(26, 90))


Writer = Callable[[Sheets, Book], None]
_CONTENTS: dict[str, tuple[Writer, ...]] = {
    ReportKind.ANNUAL: (
        *(_overview, _months, _quarters, _townships, _categories, _holders),
        *(_trackers, _evaluation, _stations, _hardship, _revisions, _definitions),
    ),
    ReportKind.QUARTERLY: (
        *(_overview, _trend, _months, _categories, _townships),
        *(_holders, _overdue, _revisions, _definitions),
    ),
    ReportKind.MONTHLY: (
        *(_overview, _trend, _categories, _townships),
        *(_holders, _overdue, _revisions, _definitions),
    ),
}
