"""A report as a Word paper: a template (the built-in one is written from the outline) filled in with the figures."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from unionportal.core.common.gongwen import TEXT_WIDTH, Gongwen, numeral
from unionportal.reporting.models import ReportKind
from unionportal.reporting.reports import typesetting
from unionportal.reporting.reports.blocks import (
    ROW,
    Appendix,
    Block,
    Entries,
    Figure,
    Heading,
    Part,
    Sentence,
    Signature,
    Table,
)
from unionportal.reporting.reports.charts import Chart
from unionportal.reporting.reports.outline import OUTLINES
from unionportal.reporting.reports.sandbox import ReportEnvironment

#: What a template calls the charts.
CHARTS = "图"


def built_in_template(kind: str) -> bytes:
    """The layout a kind of report has until staff upload their own: a Word file they can take as a start."""
    paper = Gongwen(title="{{ 标题 }}", subject=ReportKind(kind).label)
    paper.document.core_properties.title = f"{ReportKind(kind).label}模板"
    paper.plain("{%p if 演示 %}")
    paper.note("{{ 演示 }}")
    paper.plain("{%p endif %}")
    writer = _Writer(paper)
    for block in OUTLINES[kind]:
        writer.write(block)
    return paper.content()


class _Writer:
    """Blocks as paragraphs of a template. What comes after a part that may be left out works out its number when the report is made."""

    def __init__(self, paper: Gongwen) -> None:
        self.paper = paper
        self._tables = self._headings = 0
        self._tables_out: dict[str, int] = {}
        self._headings_out: dict[str, int] = {}

    def write(self, block: Block | Part) -> None:
        match block:
            case Part(flag, blocks):
                tables, headings = self._tables, self._headings
                self.paper.plain(f"{{%p if {flag} %}}")
                for one in blocks:
                    self.write(one)
                self.paper.plain("{%p endif %}")
                self._tables_out[flag] = self._tables - tables
                self._headings_out[flag] = self._headings - headings
            case Heading(text, 1):
                self._headings += 1
                self.paper.heading(text, number=_chosen(self._headings, list(self._headings_out.items()), numeral))
            case Heading(text):
                self.paper.subheading(text)
            case Sentence(text, keep):
                self.paper.paragraph(text).paragraph_format.keep_with_next = keep
            case Table():
                self._tables += 1
                _table(self.paper, block, _chosen(self._tables, list(self._tables_out.items()), str))
            case Entries(rows, text):
                self.paper.plain(f"{{%p for {ROW} in {rows} %}}")
                self.paper.document.add_paragraph(text, style="Small Print")
                self.paper.plain("{%p endfor %}")
            case Figure(chart, caption):
                self.paper.figure(caption, f"{{{{ {CHARTS}.{chart} }}}}")
            case Signature():
                self.paper.signature("{{ 单位 }}", "{{ 落款日期 }}")
            case Appendix(title):
                self.paper.appendix(title)


def _chosen(number: int, left_out: list[tuple[str, int]], words: Callable[[int], str]) -> str:
    """A number as a template's words: one for each way in which parts may be there or not, less by what each has that is left out."""
    if not left_out:
        return words(number)
    (flag, less), *others = left_out
    there, away = (_chosen(left, others, words) for left in (number, number - less))
    return f"{{% if {flag} %}}{there}{{% else %}}{away}{{% endif %}}"


def _table(paper: Gongwen, table: Table, number: str) -> None:
    empty = [""] * (len(table.columns) - 1)
    rows = [
        [f"{{%tr for {ROW} in {table.rows} %}}", *empty],
        [f"{{{{ {ROW}.{name} }}}}" for _, name in table.columns],
        ["{%tr endfor %}", *empty],
    ]
    header = [heading for heading, _ in table.columns]
    paper.table(
        table.caption,
        header,
        rows,
        widths=table.shares,
        named=table.named,
        together=table.together,
        number=number,
    )


def report_docx(template: bytes, context: Mapping[str, Any], charts: Mapping[str, Chart]) -> bytes:
    """The Word file. Raises what Jinja raises for a template that does not fit its words."""
    paper = DocxTemplate(BytesIO(template))
    pictures = {name: _Picture(paper, chart) for name, chart in charts.items()}
    paper.render({**context, CHARTS: pictures}, jinja_env=ReportEnvironment(), autoescape=True)
    paper.core_properties.title = context["标题"].replace("\n", "")
    paper.core_properties.author = context["单位"]
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


class _Picture(InlineImage):
    """A chart in the running text, drawn where a template asks for it, with its words for who cannot see it."""

    def __init__(self, paper: DocxTemplate, chart: Chart) -> None:
        super().__init__(paper, None, width=Mm(TEXT_WIDTH))
        self._chart = chart

    def _insert_image(self) -> str:
        self.image_descriptor = BytesIO(typesetting.png("chart", self._chart.data()))
        return str(super()._insert_image()).replace("<wp:docPr ", f"<wp:docPr descr={quoteattr(self._chart.alt)} ", 1)
