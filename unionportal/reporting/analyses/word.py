"""Quarterly analyses as a Word document in the layout of official papers: one place, or all that are published of a quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from unionportal.core.common.formats import count, zh_moment
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.orgs.models import Unit
from unionportal.reporting.analyses.judging import is_few, late_share, others_of, rising, slow_units
from unionportal.reporting.analyses.sheet import Column, Sheet
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.selectors.place import Place

_COUNTS = (("收集录入", "received"), ("已化解", "resolved"))
_RATES = ("resolution", "closing", "satisfaction")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One place's quarter: its figures, the moment they are of, and the text; a draft says so."""

    place: Place
    sheet: Sheet
    known_at: datetime
    text: str
    is_draft: bool


def analyses_word(chapters: Sequence[Chapter], *, title: str) -> bytes:
    """The chapters one after the other, each under its place's name."""
    issuer = Unit.objects.filter(kind=Unit.Kind.DISTRICT).values_list("name", flat=True).first() or ""
    word = Gongwen(title=f"{issuer}\n{title}", subject="季分析")
    if any(chapter.is_draft for chapter in chapters):
        word.note("尚未发布，以下为草稿")
    for chapter in chapters:
        _chapter(word, chapter)
    return word.content()


def _chapter(word: Gongwen, chapter: Chapter) -> None:
    place, sheet = chapter.place, chapter.sheet
    word.heading(f"{place.name}{place.period.label}分析")
    word.paragraph(f"数据截至{zh_moment(chapter.known_at)}。")
    word.subheading("分析")
    for line in _lines(chapter.text) or ["还没有写分析。"]:
        word.paragraph(line)
    word.subheading("主要指标")
    _measures(word, place, sheet)
    _rising(word, place, sheet)
    _repeats(word, sheet)
    _units(word, sheet)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _measures(word: Gongwen, place: Place, sheet: Sheet) -> None:
    others = [(name, column) for _, name, column in reversed(others_of(place, sheet))]
    columns = [*others, (place.period.this, sheet.now)]
    values = [_values(column) for _, column in columns]
    rows = [(name, *(each[name] for each in values)) for name in values[0]]
    word.table(f"{place.name}主要指标", ("指标", *(name for name, _ in columns)), rows, together=True)


def _values(column: Column) -> dict[str, str]:
    found = {"走访（家次）": count(column.visits)}
    found |= {name: count(column.counts[measure]) for name, measure in _COUNTS}
    found |= {RATES_BY_ID[one].name: column.rate(one).text for one in _RATES}
    found["用时中位数（工作日）"] = "—" if column.median_workdays is None else column.median_workdays
    found["用时九成值（工作日）"] = "—" if column.p90_workdays is None else str(column.p90_workdays)
    found["期末未办结"] = count(column.open_at_end)
    return found


def _rising(word: Gongwen, place: Place, sheet: Sheet) -> None:
    word.subheading("上升类别")
    rows = sorted((row for row in rising(sheet.categories) if not is_few(row)), key=lambda row: -row.more)
    if not rows:
        word.paragraph("没有上升的类别。")
        return
    cells = [
        (row.name, _number(row.before), _number(row.year_ago), count(row.received), f"+{row.more}") for row in rows
    ]
    heads = ("类别", place.period.before, place.period.year_ago, place.period.this, "增加")
    word.table(f"{place.name}上升类别", heads, cells)


def _repeats(word: Gongwen, sheet: Sheet) -> None:
    word.subheading("多次反映企业")
    if not sheet.repeats:
        word.paragraph("没有多次反映的企业。")
        return
    if sheet.repeat_count > len(sheet.repeats):
        word.paragraph(f"共{sheet.repeat_count}家，列出件数最多的{len(sheet.repeats)}家。")
    cells = [(row.name, count(row.received), count(row.repeated)) for row in sheet.repeats]
    word.table("多次反映企业", ("企业", "本季诉求", "其中同类重复"), cells, widths=(16, 5, 6))


def _units(word: Gongwen, sheet: Sheet) -> None:
    word.subheading("偏慢单位")
    rows = slow_units(sheet)
    if not rows:
        word.paragraph("没有按时办结率低于平均的承办单位。")
        return
    cells = [
        (
            row.name,
            count(row.held),
            f"{row.late}/{row.with_deadline}",
            f"{100 * late_share(row):.2f}%",
            "—" if row.median is None else f"{row.median:g}",
            "—" if row.p90 is None else str(row.p90),
        )
        for row in rows
    ]
    heads = ("承办单位", "承办", "逾期/有期限办结", "逾期占比", "用时中位数", "用时九成值")
    word.table("偏慢单位", heads, cells)


def _number(value: int | None) -> str:
    return "—" if value is None else count(value)
