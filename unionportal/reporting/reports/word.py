"""The annual report as an official paper: sentences that state the figures as the press does, tables, definitions."""

from collections.abc import Iterable
from decimal import Decimal

from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.gongwen import Gongwen
from unionportal.reporting.figures import VISIT_MEASURES, Figures
from unionportal.reporting.measures import CLOSED_TOTAL, COUNTS, MEDIAN, OPEN_AT_END, RATES
from unionportal.reporting.reports.annual import AnnualReport, Line


def annual_report_docx(report: AnnualReport) -> bytes:
    """The Word file."""
    paper = Gongwen(title=report.title, subject="年度工作报告")
    if report.is_demo:
        paper.note("演示数据，企业与人员均为虚构")
    _overview(paper, report)
    _visits(paper, report)
    _issues(paper, report)
    _townships(paper, report)
    _categories(paper, report)
    paper.signature(report.unit.name, _day(report))
    _appendix(paper, report)
    return paper.content()


def _overview(paper: Gongwen, report: AnnualReport) -> None:
    paper.heading("总体情况")
    total, visits = report.total.figures, report.total.visits
    span = f"{report.year}年" if report.is_complete else f"{report.year}年1月1日至{report.last_day:%-m月%-d日}"
    paper.paragraph(
        f"{span}，全区共走访{visits.visits}次，其中走访企业{visits.enterprise_visits}家次、涉及企业{visits.enterprises}家，"
        f"走访{visits.headcount}人次；在营重点企业{visits.key_total}家，走访覆盖{visits.key_covered}家。"
        f"收集录入问题诉求{total.counts['received']}件，已化解{total.counts['resolved']}件，"
        f"化解率{total.rates['resolution'].text}。{_comparison(report)}"
    )
    since, all_visits = report.since_start.figures, report.since_start.visits
    paper.paragraph(
        f"自{report.started_on:%Y年%-m月}推行“越工周记”以来，累计走访{all_visits.visits}家（次），收集录入问题诉求"
        f"{since.counts['received']}件，已化解{since.counts['resolved']}件，化解率{since.rates['resolution'].text}。"
    )
    header = ["指标", *([report.previous.label] if report.previous else []), report.total.label, "累计"]
    paper.table("主要指标", header, list(_headline_rows(report)))


def _comparison(report: AnnualReport) -> str:
    """The sentence against last year; nothing where there is none, or where it did not run the whole year."""
    if report.previous is None:
        return ""
    before, now = report.previous.figures, report.total.figures
    difference = now.counts["received"] - before.counts["received"]
    words = f"增加{difference}件" if difference > 0 else f"减少{-difference}件" if difference < 0 else "持平"
    partial = "（上年未满全年）" if report.started_on.year == report.year - 1 and report.started_on.month > 1 else ""
    return f"收集录入件数与上年相比{words}{partial}。"


def _headline_rows(report: AnnualReport) -> Iterable[list[str]]:
    lines = [*([report.previous] if report.previous else []), report.total, report.since_start]
    for measure in ("visits", "enterprise_visits", "enterprises", "headcount"):
        yield [VISIT_MEASURES[measure][0], *(f"{getattr(line.visits, measure)}" for line in lines)]
    for count in (*COUNTS[:6], OPEN_AT_END):
        yield [count.name, *(f"{line.figures[count.id]}" for line in lines)]
    for rate in RATES:
        yield [rate.name, *(line.figures.rates[rate.id].text for line in lines)]
    yield [MEDIAN.name, *(_number(line.figures.median_workdays) for line in lines)]


def _visits(paper: Gongwen, report: AnnualReport) -> None:
    paper.heading("走访情况")
    most = max(report.months, key=lambda line: line.visits.visits)
    least = min(report.months, key=lambda line: line.visits.visits)
    paper.paragraph(
        f"各月走访次数见表2。走访最多的是{most.label}（{most.visits.visits}次），最少的是{least.label}"
        f"（{least.visits.visits}次）。家次按走访记录计，家按不同企业计，人次按每次走访人数相加，三者口径不同，不可相加。"
    )
    paper.table(
        "各月走访情况",
        ["月份", "走访次数", "企业家次", "企业家数", "人次", "重点企业"],
        [
            [
                line.label,
                f"{line.visits.visits}",
                f"{line.visits.enterprise_visits}",
                f"{line.visits.enterprises}",
                f"{line.visits.headcount}",
                f"{line.visits.key_covered}/{line.visits.key_total}",
            ]
            for line in report.months
        ],
    )


def _issues(paper: Gongwen, report: AnnualReport) -> None:
    total = report.total.figures
    paper.heading("问题诉求办理情况")
    paper.subheading("收集与化解")
    others = "、".join(f"{c.name}{total.counts[c.id]}件" for c in COUNTS[2:6] if total.counts[c.id])
    paper.paragraph(
        f"全年收集录入{total.counts['received']}件，已办结{total.closed}件，其中已化解{total.counts['resolved']}件"
        f"{'，' + others if others else ''}；到期末未办结{total.open_at_end}件。只有“已化解”计入化解率。"
    )
    paper.table("各月收集与化解", _ISSUE_HEADER, [_issue_row(line) for line in report.months])
    paper.table("各季度收集与化解", ["季度", *_ISSUE_HEADER[1:]], [_issue_row(line) for line in report.quarters])
    rates = total.rates
    paper.subheading("办理时效")
    paper.paragraph(
        f"按时签收率{_with_parts(total, 'acceptance')}，按时办结率{_with_parts(total, 'closing')}；"
        f"办结用时中位数{_number(total.median_workdays)}个工作日。发回重办{total.counts['redone']}件，"
        f"发回重办率{rates['redo'].text}。"
    )
    paper.subheading("回访与满意度")
    paper.paragraph(
        f"承办单位反馈后回访率{_with_parts(total, 'follow_up')}，有效评价{total.counts['rated']}件，"
        f"满意率{_with_parts(total, 'satisfaction')}。"
    )


_ISSUE_HEADER = ["月份", "收集录入", "已化解", "化解率", "已解释", "未化解", "期末未办结"]


def _issue_row(line: Line) -> list[str]:
    counts = line.figures.counts
    return [
        line.label,
        f"{counts['received']}",
        f"{counts['resolved']}",
        line.figures.rates["resolution"].text,
        f"{counts['explained']}",
        f"{counts['unresolved']}",
        f"{line.figures.open_at_end}",
    ]


def _townships(paper: Gongwen, report: AnnualReport) -> None:
    paper.heading("镇街情况")
    first = report.townships[0]
    paper.paragraph(
        f"{len(report.townships)}个镇街中，收集录入最多的是{first.label}（{first.figures.counts['received']}件）。"
        "件数较少的镇街，比率波动大，不宜直接比较。"
    )
    paper.table(
        "各镇街走访与办理情况",
        ["镇街", "走访次数", "收集录入", "已化解", "化解率", "按时办结率", "满意率"],
        [
            [
                line.label,
                f"{line.visits.visits}",
                f"{line.figures.counts['received']}",
                f"{line.figures.counts['resolved']}",
                line.figures.rates["resolution"].text,
                line.figures.rates["closing"].text,
                line.figures.rates["satisfaction"].text,
            ]
            for line in report.townships
        ],
    )


def _categories(paper: Gongwen, report: AnnualReport) -> None:
    paper.heading("类别情况")
    received = report.total.figures.counts["received"]
    top = "、".join(f"{line.label}（{line.figures.counts['received']}件）" for line in report.categories[:3])
    paper.paragraph(f"收集录入较多的类别依次为{top}。" if top else "本年没有收集录入问题诉求。")
    paper.table(
        "各类别办理情况",
        ["类别", "收集录入", "占比", "已化解", "化解率", "用时中位数"],
        [
            [
                line.label,
                f"{line.figures.counts['received']}",
                _share(line.figures.counts["received"], received),
                f"{line.figures.counts['resolved']}",
                line.figures.rates["resolution"].text,
                _number(line.figures.median_workdays),
            ]
            for line in report.categories
        ],
    )


def _appendix(paper: Gongwen, report: AnnualReport) -> None:
    paper.appendix("指标口径与数据说明")
    as_of = report.as_of.astimezone(SHANGHAI)
    figures = report.total.figures
    standing = "实时数据，未定稿" if figures.status == "live" else f"已定稿，修订{figures.revision}"
    paper.paragraph(
        f"本报告数据统计至{as_of:%Y年%-m月%-d日%H时%M分}（{standing}）。问题诉求按收集日期归入各期，办理结果以统计时为准；"
        "分母为零的比率记作“—”。"
    )
    for name, formula in (*VISIT_MEASURES.values(), *((c.name, c.formula) for c in (*COUNTS, CLOSED_TOTAL))):
        paper.paragraph(f"{name}：{formula}")
    for measure in (OPEN_AT_END, MEDIAN, *RATES):
        paper.paragraph(f"{measure.name}：{measure.formula}（口径第{measure.version}版）")


def _with_parts(figures: Figures, rate: str) -> str:
    """94.70%（876/925）, or — alone."""
    found = figures.rates[rate]
    return found.text if found.value is None else f"{found.text}（{found.numerator}/{found.denominator}）"


def _share(part: int, whole: int) -> str:
    return f"{Decimal(100 * part) / whole:.2f}%" if whole else "—"


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"


def _day(report: AnnualReport) -> str:
    return f"{report.written_on:%Y年%-m月%-d日}"
