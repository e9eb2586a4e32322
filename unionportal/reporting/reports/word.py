"""A report as a Word paper: a template (the built-in one is written from the outline) filled in with the figures."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from unionportal.core.common.gongwen import TEXT_WIDTH, Gongwen
from unionportal.reporting.models import ReportKind
from unionportal.reporting.reports import typesetting
from unionportal.reporting.reports.charts import Chart
from unionportal.reporting.reports.outline import (
    OUTLINES,
    ROW,
    Appendix,
    Entries,
    Figure,
    Heading,
    Sentence,
    Signature,
    Table,
)
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
    for block in OUTLINES[kind]:
        match block:
            case Heading(text, 1):
                paper.heading(text)
            case Heading(text):
                paper.subheading(text)
            case Sentence(text, keep):
                paper.paragraph(text).paragraph_format.keep_with_next = keep
            case Table():
                _table(paper, block)
            case Entries(rows, text):
                paper.plain(f"{{%p for {ROW} in {rows} %}}")
                paper.document.add_paragraph(text, style="Small Print")
                paper.plain("{%p endfor %}")
            case Figure(chart, caption):
                paper.figure(caption, f"{{{{ {CHARTS}.{chart} }}}}")
            case Signature():
                paper.signature("{{ 单位 }}", "{{ 落款日期 }}")
            case Appendix(title):
                paper.appendix(title)
    return paper.content()


def _table(paper: Gongwen, table: Table) -> None:
    empty = [""] * (len(table.columns) - 1)
    rows = [
        [f"{{%tr for {ROW} in {table.rows} %}}", *empty],
        [f"{{{{ {ROW}.{name} }}}}" for _, name in table.columns],
        ["{%tr endfor %}", *empty],
    ]
    header = [heading for heading, _ in table.columns]
    paper.table(table.caption, header, rows, widths=table.shares, words=table.words, together=table.together)


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
