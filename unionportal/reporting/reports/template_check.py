"""Does an uploaded template fit? Every paragraph is read with a sample report, so that what is wrong can be named where it stands."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from unionportal.reporting.reports.book import sample_book
from unionportal.reporting.reports.charts import charts_of
from unionportal.reporting.reports.sandbox import ReportEnvironment
from unionportal.reporting.reports.vocabulary import vocabulary
from unionportal.reporting.reports.word import CHARTS, report_docx

#: What a template unpacks to; a paper of text and a few pictures is far below.
MAX_UNPACKED = 60 * 1024 * 1024
#: So many are told at once; the rest shows when these are mended.
MOST_TOLD = 8
_SHOWN = 24
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LOOP = re.compile(r"for\s+(\w+)\s+in\s+(.+)", re.DOTALL)
_MARK = re.compile(r"^(?:p|tr|tc|r)\s+")
_UNKNOWN = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")
#: Parts of a package that fetch or run something when the paper is opened.
_FETCHING = ("attachedTemplate", "oleObject", "image", "frame", "subDocument", "externalLink")


def problems_of(kind: str, content: bytes) -> list[str]:
    """What is wrong, as sentences a clerk can act on; empty where the template may be used."""
    if found := _package_problem(content):
        return [found]
    try:
        document = Document(BytesIO(content))
    except Exception:  # whatever a damaged package makes python-docx raise
        return ["文件打不开。请在 Word 或 WPS 里打开后另存为 .docx，再上传。"]
    book = sample_book(kind)
    context = vocabulary(book, template="校验")
    charts = charts_of(book)
    reader = _Reader(context | {CHARTS: dict.fromkeys(charts, "图")})
    for text in _paragraphs(document):
        reader.read(text)
    reader.end()
    if not reader.problems:
        try:
            Document(BytesIO(report_docx(content, context, charts)))
        except (TemplateError, ValueError, KeyError, SyntaxError) as error:
            reader.problems.append(f"用样例数据试生成时出错：{_reason(error)}。请对照内置模板检查循环和条件是否成对。")
    return list(dict.fromkeys(reader.problems))[:MOST_TOLD]


def _package_problem(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(info.file_size for info in parts.infolist()) > MAX_UNPACKED:
                return "模板解开后太大，请缩小里面的图片后再上传。"
            relations = [parts.read(name) for name in parts.namelist() if name.endswith(".rels")]
            types = parts.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return "文件不是 Word 文档。请在 Word 或 WPS 里另存为 .docx，再上传。"
    if b"macroEnabled" in types or b"vbaProject" in types:
        return "文件里带有宏，请另存为不带宏的 .docx 后再上传。"
    for relation in re.findall(rb"<Relationship\b[^>]*>", b"".join(relations)):
        outside = b'TargetMode="External"' in relation
        if outside and any(f"/{name}".encode() in relation for name in _FETCHING):
            return "文件引用了外部的模板、图片或对象。请把图片直接放进文档，并在“开发工具”里取消所附模板，再上传。"
    return ""


def _paragraphs(document: DocumentObject) -> Iterator[str]:
    """The text of every paragraph in order, of tables and text boxes too; then of headers and footers."""
    roots = [document.element.body]
    for section in document.sections:
        roots += [part._element for part in (section.header, section.footer, section.even_page_footer)]
    for root in roots:
        for paragraph in root.iter(qn("w:p")):
            yield "".join(node.text or "" for node in paragraph.iter(qn("w:t")))


@dataclass
class _Reader:
    """Reads paragraphs one after the other, with the loops and conditions that are open."""

    context: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    _open: list[tuple[str, str, str, Any]] = field(default_factory=list)  # kind, paragraph, loop name, its value before

    def __post_init__(self) -> None:
        self._environment = ReportEnvironment()

    def read(self, text: str) -> None:
        where = _shown(text)
        for tag in _TAG.findall(text):
            inside = _MARK.sub("", tag[2:-2].strip().strip("-").strip())
            try:
                self._read_tag(tag[:2], inside.translate(_QUOTES), where)
            except (TemplateSyntaxError, SecurityError, UndefinedError, TypeError) as error:
                self.problems.append(f"段落“{where}”里的“{tag}”：{_reason(error)}。")
        left = _TAG.sub("", text)
        if any(mark in left for mark in ("{{", "}}", "{%", "%}")):
            self.problems.append(f"段落“{where}”里的标记不完整，{{{{ 与 }}}}、{{% 与 %}} 要成对。")

    def end(self) -> None:
        for kind, where, _, _ in self._open:
            self.problems.append(f"段落“{where}”里的 {kind} 没有对应的 end{kind}。")

    def _read_tag(self, opening: str, inside: str, where: str) -> None:
        if opening == "{#":
            return
        if opening == "{{":
            self._environment.from_string(f"{{{{ {inside} }}}}").render(self.context)
        elif inside.startswith("for "):
            self._begin_loop(inside, where)
        elif inside.startswith(("if ", "elif ")):
            self._try(inside.split(" ", 1)[1])
            if inside.startswith("if "):
                self._open.append(("if", where, "", None))
        elif inside in ("endif", "endfor"):
            self._close(inside.removeprefix("end"))
        elif inside not in ("else", "vm", "hm") and not inside.startswith(("colspan ", "cellbg ")):
            raise TemplateSyntaxError("模板里只能写变量、条件（if）和循环（for）", 1)

    def _begin_loop(self, inside: str, where: str) -> None:
        found = _LOOP.fullmatch(inside)
        if found is None:
            raise TemplateSyntaxError("循环应写作 for 行 in 各月", 1)
        name = found[1]
        self._open.append(("for", where, name, self.context.get(name)))
        self._try(found[2])
        rows = self._environment.compile_expression(found[2])(**self.context)
        self.context[name] = rows[0] if isinstance(rows, list) and rows else self.context["本期"]
        self.context["loop"] = {"index": 1, "first": True, "last": True, "length": 1}

    def _try(self, expression: str) -> None:
        """Raises where it says something a template may not say, or a name that is not known."""
        self._environment.from_string(f"{{% if {expression} %}}{{% endif %}}").render(self.context)

    def _close(self, kind: str) -> None:
        if not self._open or self._open[-1][0] != kind:
            raise TemplateSyntaxError(f"前面没有对应的 {kind}", 1)
        _, _, name, before = self._open.pop()
        if name:
            self.context.pop(name, None)
            if before is not None:
                self.context[name] = before


_QUOTES = str.maketrans("“”‘’", "\"\"''")


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _reason(error: Exception) -> str:
    """What Jinja says, in words."""
    said = str(error)
    if found := _UNKNOWN.search(said):
        return f"没有“{found[1] or found[2]}”这个变量，请对照页面上的变量表"
    if isinstance(error, SecurityError):
        return "模板里不能这样写，只能用页面上列出的变量"
    if "No filter named" in said or "No test named" in said:
        return "用了不支持的写法，只能用变量、条件和循环"
    if isinstance(error, TemplateSyntaxError) and re.search(r"[\u4e00-\u9fff]", error.message or ""):
        return error.message or ""
    return "写法不对"
