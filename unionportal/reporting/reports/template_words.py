"""The words a template may use, for the page beside the upload: taken from a sample report, so that the list cannot be out of date."""

from dataclasses import dataclass
from typing import Any

from unionportal.reporting.reports.book import sample_book
from unionportal.reporting.reports.charts import charts_of
from unionportal.reporting.reports.vocabulary import vocabulary

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Word:
    """A name, as it is written in a template, and what it says in the sample."""

    written: str
    sample: str


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Names of one sort, with how they are used."""

    title: str
    usage: str
    words: list[Word]


def template_words(kind: str) -> list[WordGroup]:
    """Single values, the figures of a period, tables with their columns, charts."""
    book = sample_book(kind)
    known = vocabulary(book, template="内置模板")
    tables = {name: value for name, value in known.items() if isinstance(value, list)}
    figures = {name: value for name, value in known.items() if isinstance(value, dict)}
    single = {name: value for name, value in known.items() if name not in tables and name not in figures}
    return [
        WordGroup(
            "单个变量", "写在句子里", [Word(f"{{{{ {name} }}}}", _short(value)) for name, value in single.items()]
        ),
        WordGroup(
            f"一期的数字：{'、'.join(figures)}",
            "例如 {{ 上期.收集录入 }}",
            [Word(f"{{{{ 本期.{name} }}}}", _short(value)) for name, value in known["本期"].items()],
        ),
        *(
            WordGroup(
                f"表格：{name}",
                f"表格里一行写 {{%tr for 行 in {name} %}}，下一行写各列，再一行写 {{%tr endfor %}}",
                [Word(f"{{{{ 行.{column} }}}}", _short(value)) for column, value in rows[0].items()],
            )
            for name, rows in tables.items()
            if rows
        ),
        WordGroup("图表", "单独占一段", [Word(f"{{{{ 图.{name} }}}}", "图片") for name in charts_of(book)]),
    ]


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
