"""A report's figures under the Chinese names its sentences use: plain data, the same for Word and PDF, and for templates that clerks write.

Counts are numbers; rates and medians are text as it stands in reports (94.70%, —).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from casework.tracker_figures import TrackerSum
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.formats import count, money, zh_day
from unionportal.reporting.figures import Figures
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.measures import (
    CLOSED_IN_PERIOD,
    CLOSED_TOTAL,
    COUNTS,
    HELD,
    MEDIAN,
    OPEN_AT_END,
    OVERDUE_AT_END,
    P90,
    RATES,
    VISIT_SHARES,
    VISITS,
)
from unionportal.reporting.models import Freeze
from unionportal.reporting.rates import PERCENT
from unionportal.reporting.reports.book import Book, CategoryLine, Line, VisitedLine, state_words
from unionportal.reporting.reports.evaluation import evaluation_rows, evaluation_words
from unionportal.reporting.reports.hardship import NAMES as HARDSHIP_NAMES
from unionportal.reporting.reports.hardship import hardship_words
from unionportal.reporting.reports.stations import station_words
from unionportal.reporting.reports.units import HolderLine
from unionportal.reporting.selectors.categories import rising_least
from unionportal.reporting.selectors.definitions import said
from unionportal.reporting.selectors.headline import PARTIAL, small_denominator
from unionportal.reporting.station_measures import STATION_MEASURES, STATION_SHARES

#: Measure -> the name a sentence calls it by.
COUNT_NAMES: dict[str, str] = {
    "received": "收集录入",
    "resolved": "已化解",
    "explained": "已解释",
    "unresolved": "未化解",
    "out_of_remit": "不属职责",
    "withdrawn": "撤回",
    "assigned": "已交办",
    "accepted_on_time": "按时签收",
    "closed_with_deadline": "有期限办结",
    "closed_on_time": "按时办结",
    "answered": "已反馈",
    "followed_up": "已回访",
    "rated": "有效评价",
    "satisfied": "满意",
    "answered_ever": "曾反馈",
    "redone": "发回重办",
}
VISIT_NAMES: dict[str, str] = {
    "visits": "走访次数",
    "enterprise_visits": "企业家次",
    "enterprises": "企业家数",
    "headcount": "走访人次",
    "key_covered": "重点企业覆盖",
    "key_total": "重点企业",
}
#: What a report prints for a name that stays as it is only because staff's own templates say it.
PRINTED: dict[str, str] = {"走访次数": "走访（家次）"}
NAME, SHARE = "名称", "占比"
_TOP = 3


def vocabulary(book: Book, *, template: str) -> dict[str, Any]:
    """Everything a sentence or a table of the report may say. `template` names the layout used."""
    received = book.total.figures.counts["received"]
    categories = [_category_row(line, received) for line in book.categories]
    return {
        "标题": book.title,
        "单位": book.unit.name,
        "期间": _span(book),
        "期次": book.label,
        "年": book.start.year,
        "本期": _row(book.total),
        "有上期": book.before is not None,
        "上期": _row_or_dashes(book.before, book.total),
        "有上年同期": book.year_ago is not None,
        "上年同期": _row_or_dashes(book.year_ago, book.total),
        "累计": _row(book.since_start),
        "推行": f"{book.started_on:%Y年%-m月}",
        "比较": _comparison(book),
        "主要指标": list(headline_rows(book)),
        "各月": [_row(line) for line in book.months],
        "近月": [_row(line) for line in book.trend],
        "各季度": [_row(line) for line in book.quarters],
        "各镇街": [_row(line) for line in book.townships],
        "各类别": categories or [_blank(_BLANK_CATEGORY)],
        "类别要点": _ranked(categories, "收集录入"),
        "上升类别": _rising(book.categories) if book.is_complete else "",
        "其他结果": "、".join(_outcomes(book.total.figures)),
        "走访最多": _extreme(book.months, most=True),
        "走访最少": _extreme(book.months, most=False),
        "各单位": [_holder_row(line) for line in book.holders] or [_blank(_BLANK_HOLDER)],
        "偏慢单位": _slow(book),
        "小基数": small_denominator(),
        "超期": book.overdue.count,
        "超期列出": len(book.overdue.longest),
        "超期清单": [_overdue_row(row) for row in book.overdue.longest] or [_blank(_BLANK_OVERDUE)],
        "台账": [row for sums in book.trackers for row in tracker_rows(sums)] or [_blank(_BLANK_TRACKER)],
        "评议": evaluation_words(book.evaluation, book.start.year),
        "评议结果": evaluation_rows(book.evaluation),
        **station_words(book.stations),
        **hardship_words(book.hardship),
        "统计时间": f"{book.as_of.astimezone(SHANGHAI):%Y年%-m月%-d日%H时%M分}",
        "数据状态": state_words(book),
        "现时数据": _counted_now(book),
        "各月版次": revision_rows(book),
        "模板": template,
        "口径": [{NAME: name, "公式": formula} for name, formula in definitions(book, on_paper=True)],
        "落款日期": f"{book.written_on:%Y年%-m月%-d日}",
        "演示": "演示数据，企业与人员均为虚构" if book.is_demo else "",
    }


def definitions(book: Book, *, on_paper: bool = False) -> list[tuple[str, str]]:
    """The name of every measure the report states, with its formula and its version, for the appendix. `on_paper`: with what its tables call it."""
    stated: list[Any] = [
        *VISITS,
        *VISIT_SHARES,
        *COUNTS,
        CLOSED_TOTAL,
        CLOSED_IN_PERIOD,
        OPEN_AT_END,
        MEDIAN,
        P90,
        *RATES,
        HELD,
        OVERDUE_AT_END,
    ]
    if book.stations:
        stated += [*STATION_MEASURES.values(), *STATION_SHARES.values()]
    if book.hardship:
        stated += [HARDSHIP_MEASURES[key] for key in HARDSHIP_NAMES]
    return [
        (
            _printed_name(m) if on_paper else m.name,
            f"{m.formula.removesuffix('。')}（口径第{m.version}版，{zh_day(m.effective_on)}起{_frozen_by(book, m)}）",
        )
        for m in stated
    ]


def _printed_name(measure: Any) -> str:
    """A measure's name, and what the narrow tables of the report call it where that is another word."""
    name = (COUNT_NAMES | VISIT_NAMES).get(measure.id, measure.name)
    short = PRINTED.get(name, name)
    return measure.name if short == measure.name else f"{measure.name}（表中称{short}）"


def _frozen_by(book: Book, measure: Any) -> str:
    """The months that were frozen by another version of a definition, and by which."""
    months: dict[int, list[str]] = defaultdict(list)
    for month, freeze in book.freezes.items():
        version = said(measure.id, freeze).edition.version
        if version != measure.version:
            months[version].append(f"{month:%Y年%-m月}")
    return "".join(f"；{'、'.join(labels)}按冻结时的第{version}版" for version, labels in sorted(months.items()))


def _counted_now(book: Book) -> str:
    """What a report counts as it is now, whatever is frozen: 走访、承办单位、超期和台账."""
    *first, last = (
        *("走访", "承办单位", "超期", "台账"),
        *(["驿站"] if book.stations else []),
        *(["困难帮扶"] if book.hardship else []),
    )
    return f"{'、'.join(first)}和{last}"


#: What a table without a unit in its head calls a measure.
_WITH_UNITS = {name: f"{name}（工作日）" for name in ("用时中位数", "用时九成值")}


def headline_rows(book: Book) -> list[dict[str, Any]]:
    """The main measures: this period beside the one before, the year before and the whole time."""
    lines = [("上期", book.before), ("上年同期", book.year_ago), ("本期", book.total), ("累计", book.since_start)]
    shown = [*(VISIT_NAMES[key] for key in ("visits", "enterprise_visits", "enterprises", "headcount"))]
    shown += ["重点企业覆盖率", "走访达标率", *(COUNT_NAMES[m.id] for m in COUNTS[:6]), "期末未办结", "本期办结"]
    shown += [*(rate.name for rate in RATES), "用时中位数", "用时九成值"]
    rows = {key: _row_or_dashes(line, book.total) for key, line in lines}
    heads = PRINTED | _WITH_UNITS
    return [{NAME: heads.get(name, name)} | {key: row[name] for key, row in rows.items()} for name in shown]


def revision_rows(book: Book) -> list[dict[str, str]]:
    """Each month of the period: which revision its figures are of."""
    return [
        {
            NAME: f"{month:%Y年%-m月}",
            "版次": f"第{freeze.revision}版" if freeze else "未冻结",
            "时间": _frozen_words(freeze) if freeze else "实时数据",
        }
        for month, freeze in book.freezes.items()
    ]


def _frozen_words(freeze: Freeze) -> str:
    day = zh_day(freeze.frozen_at)
    return f"{day}修订：{freeze.reason}" if freeze.revision > 1 else f"{day}冻结"


def tracker_rows(sums: TrackerSum) -> list[dict[str, Any]]:
    """A tracker's sums, a row a field that adds up."""
    return [
        {
            NAME: sums.tracker.name,
            "栏目": field.label,
            "诉求数": sums.issues,
            "已填": number,
            "合计": _tracker_total(field.kind, field.unit, total),
        }
        for field, total, number in sums.sums
    ]


def _tracker_total(kind: str, unit: str, total: Decimal | None) -> str:
    if total is None:
        return "—"
    return f"{money(total)}元" if kind == "money" else f"{count(int(total))}{unit}"


def _row(line: Line) -> dict[str, Any]:
    row = {NAME: line.label} | _issue_figures(line.figures)
    return row | _visit_figures(line) if isinstance(line, VisitedLine) else row


def _row_or_dashes(line: Line | None, like: Line) -> dict[str, Any]:
    """A period there are no figures of says — everywhere, so that no sentence fails for want of it."""
    return dict.fromkeys(_row(like), "—") if line is None else _row(line)


def _issue_figures(figures: Figures) -> dict[str, Any]:
    """Counts, rates, stock, what was closed in the period, and how long it took."""
    rates = figures.rates
    return (
        {name: figures.counts[measure] for measure, name in COUNT_NAMES.items()}
        | {"已办结": figures.closed, "期末未办结": figures.open_at_end, "本期办结": _or_dash(figures.closed_in_period)}
        | {"用时中位数": number(figures.median_workdays), "用时九成值": _or_dash(figures.p90_workdays)}
        | {rate.name: rates[rate.id].text for rate in RATES}
    )


def _visit_figures(line: VisitedLine) -> dict[str, Any]:
    quota = line.quota
    return {name: getattr(line.visits, key) for key, name in VISIT_NAMES.items()} | {
        "重点企业覆盖率": line.visits.coverage.text,
        "应走访周次": quota.quota_weeks,
        "走访达标周次": quota.quota_met,
        "走访达标率": quota.quota.text,
    }


def _or_dash(figure: int | None) -> int | str:
    """A count as it is; — where it is not known, or there is nothing it could be of."""
    return "—" if figure is None else figure


def number(value: Decimal | None) -> str:
    """A median without needless zeros; — where there is none."""
    return "—" if value is None else f"{value.normalize():f}"


def share(part: int, whole: int) -> str:
    """In percent, two decimals; — of nothing."""
    return f"{(Decimal(100 * part) / whole).quantize(PERCENT, ROUND_HALF_UP)}%" if whole else "—"


def _span(book: Book) -> str:
    """2024年, or the days so far of a period that still runs."""
    if book.is_complete:
        return book.label
    return f"{book.start:%Y年%-m月%-d日}至{book.last_day:%-m月%-d日}"


def change(now: int, before: int) -> str:
    """增加5件, 减少5件, 持平."""
    return f"增加{now - before}件" if now > before else f"减少{before - now}件" if now < before else "持平"


def _comparison(book: Book) -> str:
    """Against the period before and the same one of the year before; what there are no figures of is not mentioned.

    A period that still runs is set beside whole ones: their numbers are told, and no difference.
    """
    word = {"month": "上月", "quarter": "上季度", "year": "上年"}[book.period]
    whole = {"month": "全月", "quarter": "全季", "year": "全年"}[book.period]
    parts = []
    for name, line in ((word, book.before), ("上年同期", book.year_ago)):
        if line is not None:
            then, rate = line.figures.counts["received"], line.figures.rates["resolution"].text
            partial = PARTIAL if book.started_on > line.figures.start else ""
            if book.is_complete:
                received = change(book.total.figures.counts["received"], then)
                parts.append(f"与{name}{partial}相比，收集录入{received}，{name}化解率{rate}")
            else:
                parts.append(f"{name}{partial or whole}收集录入{then}件，化解率{rate}")
    if not parts:
        return ""
    return "；".join(parts) + ("。" if book.is_complete else "（本期未过完，不作增减比较）。")


def _category_row(line: CategoryLine, received: int) -> dict[str, Any]:
    before = "—" if line.received_before is None else line.received_before
    row = _row(line)
    return row | {SHARE: share(line.figures.counts["received"], received), "上期收集": before}


def _ranked(rows: Sequence[Mapping[str, Any]], key: str) -> str:
    return "、".join(f"{row[NAME]}（{row[key]}件）" for row in rows[:_TOP] if row[key])


def _rising(categories: Sequence[CategoryLine]) -> str:
    """Categories with more issues than in the period before, and enough of them to say so."""
    least = rising_least()
    rising = sorted(
        (line for line in categories if line.more > 0 and line.figures.counts["received"] >= least),
        key=lambda line: -line.more,
    )
    return "、".join(
        f"{line.label}（{line.received_before}件增至{line.figures.counts['received']}件）" for line in rising[:_TOP]
    )


def _outcomes(figures: Figures) -> list[str]:
    return [f"{measure.name}{figures.counts[measure.id]}件" for measure in COUNTS[2:6] if figures.counts[measure.id]]


def _extreme(months: Sequence[VisitedLine], *, most: bool) -> str:
    if not months:
        return "—"
    pick = max if most else min
    line = pick(months, key=lambda each: each.visits.visits)
    return f"{line.label}（{line.visits.visits}家次）"


def _holder_row(line: HolderLine) -> dict[str, Any]:
    return {
        NAME: line.label,
        "收集录入": line.received,
        "已交办": line.assigned,
        "按时签收率": line.acceptance.text,
        "有期限办结": line.closed_with_deadline,
        "按时办结率": line.closing.text,
        "超期": line.overdue,
    }


def _slow(book: Book) -> str:
    """Units that close in time less often than the district, and handled enough to say so; the slowest first."""
    district = book.total.figures.rates["closing"].value
    few = small_denominator()
    slow = sorted(
        (
            (line.closing.value, line)
            for line in book.holders
            if line.closed_with_deadline >= few and line.closing.value is not None
            if district is not None and line.closing.value < district
        ),
        key=lambda pair: pair[0],
    )
    return "、".join(f"{line.label}（{line.closing.text}）" for _, line in slow[:_TOP])


def _overdue_row(row: Any) -> dict[str, str]:
    return {
        "编号": row.code,
        "类别": row.category,
        "镇街": row.township,
        "承办单位": row.holder,
        "办理期限": zh_day(row.due_on),
    }


_BLANK_CATEGORY = (NAME, "收集录入", SHARE, "上期收集", "已化解", "化解率", "用时中位数")
_BLANK_HOLDER = (NAME, "收集录入", "已交办", "按时签收率", "有期限办结", "按时办结率", "超期")
_BLANK_OVERDUE = ("编号", "类别", "镇街", "承办单位", "办理期限")
_BLANK_TRACKER = (NAME, "栏目", "诉求数", "已填", "合计")


def _blank(keys: Sequence[str]) -> dict[str, str]:
    """The one row of a table that has none: dashes, so that the table says so itself."""
    return dict.fromkeys(keys, "—")
