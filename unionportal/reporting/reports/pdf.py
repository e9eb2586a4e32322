"""A report as PDF: the outline's sentences with their figures, set in the layout of official papers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from unionportal.core.common.gongwen import numeral
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
from unionportal.reporting.reports.sandbox import rendered


def report_pdf(kind: str, context: Mapping[str, Any], charts: Mapping[str, Chart]) -> bytes:
    """The PDF file."""
    numbered = _Numbered(context, charts)
    blocks = [found for block in _there(OUTLINES[kind], context) if (found := numbered.block(block))]
    if context["演示"]:
        blocks.insert(0, {"kind": "note", "text": context["演示"]})
    return typesetting.pdf("report", {"title": context["标题"], "unit": context["单位"], "blocks": blocks})


def _there(blocks: Sequence[Block | Part], context: Mapping[str, Any]) -> Iterator[Block]:
    """The blocks, those of a part only where its flag says so."""
    for block in blocks:
        if not isinstance(block, Part):
            yield block
        elif context[block.flag]:
            yield from block.blocks


class _Numbered:
    """Blocks as data for `typeset/report.typ`; headings and tables number themselves as in Word."""

    def __init__(self, context: Mapping[str, Any], charts: Mapping[str, Chart]) -> None:
        self.context, self.charts = dict(context), charts
        self._level_1 = self._level_2 = self._tables = self._figures = 0

    def block(self, block: Block) -> dict[str, Any] | None:
        match block:
            case Heading():
                return {"kind": "heading", "level": block.level, "text": self._heading(block)}
            case Sentence():
                text = rendered(block.text, self.context)
                return {"kind": "sentence", "text": text, "keep": block.keep} if text else None
            case Table():
                return self._table(block)
            case Entries():
                lines = [rendered(block.text, self.context | {ROW: row}) for row in self.context[block.rows]]
                return {"kind": "entries", "lines": lines}
            case Figure():
                self._figures += 1
                chart = self.charts[block.chart]
                caption = f"图{self._figures}　{block.caption}"
                return {"kind": "figure", "caption": caption, "chart": chart.data(), "alt": chart.alt}
            case Signature():
                return {"kind": "signature", "unit": self.context["单位"], "day": self.context["落款日期"]}
            case Appendix():
                return {"kind": "appendix", "title": block.title}

    def _heading(self, heading: Heading) -> str:
        if heading.level == 1:
            self._level_1, self._level_2 = self._level_1 + 1, 0
            return f"{numeral(self._level_1)}、{heading.text}"
        self._level_2 += 1
        return f"（{numeral(self._level_2)}）{heading.text}"

    def _table(self, table: Table) -> dict[str, Any]:
        self._tables += 1
        return {
            "kind": "table",
            "caption": f"表{self._tables}　{table.caption}",
            "header": [heading for heading, _ in table.columns],
            "rows": [[str(row[name]) for _, name in table.columns] for row in self.context[table.rows]],
            "named": table.named,
            "together": table.together,
            "widths": list(table.shares),
        }
