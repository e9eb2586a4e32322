"""Word documents in the layout of official papers (公文, GB/T 9704): A4, 22 lines of 28 characters, headings by level, page numbers "— 1 —".

Fonts are referred to by name and not shipped; a machine without them shows its nearest Chinese face.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

TITLE_FACE = "方正小标宋简体"  # 小标宋, 2 号
BODY_FACE = "仿宋_GB2312"  # 仿宋, 3 号
LEVEL_1_FACE = "黑体"
LEVEL_2_FACE = "楷体_GB2312"
NUMBER_FACE = "宋体"  # page numbers, 4 号

SIZE_2 = Pt(22)
SIZE_3 = Pt(16)
SIZE_4 = Pt(14)
SIZE_5 = Pt(10.5)
LINE = Pt(28.95)  # 225 mm over 22 lines
NONE = Pt(0)
TEXT_WIDTH = 156  # mm

NUMERALS = "一二三四五六七八九十"


def numeral(number: int) -> str:
    """The number of a heading: 一, 十, 十一, 二十, 二十三; up to 99."""
    tens, ones = divmod(number, 10)
    unit = NUMERALS[ones - 1] if ones else ""
    if tens == 0:
        return unit
    return f"{NUMERALS[tens - 1] if tens > 1 else ''}十{unit}"


class Gongwen:
    """A paper being written from top to bottom. Headings number themselves: 一、 and （一）."""

    def __init__(self, *, title: str, subject: str) -> None:
        self.document: DocumentObject = Document()
        about = self.document.core_properties
        about.title, about.subject, about.language = title.replace("\n", ""), subject, "zh-CN"
        # The library's own file says who made it, and in 2013.
        about.author = about.last_modified_by = about.comments = ""
        about.created = about.modified = datetime.now(UTC)
        self._level_1 = self._level_2 = self._tables = self._figures = 0
        _page(self.document)
        _language(self.document)
        _styles(self.document)
        self.document.add_paragraph(title, style="Title")

    def note(self, text: str) -> Paragraph:
        """A centred line under the title, in brackets: what kind of data this is."""
        return self.document.add_paragraph(f"（{text}）", style="Subtitle")

    def plain(self, text: str) -> Paragraph:
        """A line without indent: who the paper is addressed to."""
        paragraph = self.document.add_paragraph(text, style="Normal")
        _at_the_edge(paragraph)
        return paragraph

    def heading(self, text: str, *, number: str = "") -> None:
        """Level 1: 一、… `number` in words takes the place of the next one."""
        self._level_1 += 1
        self._level_2 = 0
        self.document.add_paragraph(f"{number or numeral(self._level_1)}、{text}", style="Heading 1")

    def subheading(self, text: str) -> None:
        """Level 2: （一）…"""
        self._level_2 += 1
        self.document.add_paragraph(f"（{numeral(self._level_2)}）{text}", style="Heading 2")

    def paragraph(self, text: str) -> Paragraph:
        """Body text, first line indented by two characters."""
        return self.document.add_paragraph(text, style="Normal")

    def figure(self, caption: str, content: str) -> None:
        """A place for a picture, with its numbered caption below; `content` is what a template fills it from."""
        self._figures += 1
        self.document.add_paragraph(content, style="Figure")
        self.document.add_paragraph(f"图{self._figures}　{caption}", style="Figure Caption")

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        wide: int = 0,
        widths: Sequence[float] = (),
        words: bool = False,
        named: int = 0,
        together: bool = False,
        number: str = "",
    ) -> None:
        """A numbered table; its header row is repeated on every page. Column `wide` is left-aligned and others right-aligned; all are left-aligned
        where cells are `words`, and so are the first `named` columns. `widths` are shares of the line; without them Word finds its own.
        `together` keeps the rows on one page. `number` instead of the next one: what a template works out where tables before it may be left out.
        """
        self._tables += 1
        self.document.add_paragraph(f"表{number or self._tables}　{caption}", style="Caption")
        table = self.document.add_table(rows=1, cols=len(header), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        _repeat(table.rows[0]._tr)
        for cell, text in zip(table.rows[0].cells, header, strict=True):
            _fill(cell.paragraphs[0], text, style="Table Header", align=WD_ALIGN_PARAGRAPH.CENTER)
            cell.paragraphs[0].paragraph_format.keep_with_next = True  # no header alone at the foot of a page
        for row in rows:
            line = table.add_row()
            _keep_whole(line._tr)
            for column, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
                align = (
                    WD_ALIGN_PARAGRAPH.LEFT if words or column == wide or column < named else WD_ALIGN_PARAGRAPH.RIGHT
                )
                _fill(cell.paragraphs[0], text, style="Table Text", align=align)
                cell.paragraphs[0].paragraph_format.keep_with_next = together
        if widths:
            _set_widths(table, widths)
        self.document.add_paragraph("", style="Table Text")

    def appendix(self, title: str) -> None:
        """A new page headed 附件, at the left edge."""
        paragraph = self.document.add_paragraph("附件", style="Heading 1")
        paragraph.paragraph_format.page_break_before = True
        _at_the_edge(paragraph)
        self.document.add_paragraph(title, style="Appendix Title")

    def hold(self) -> None:
        """The last words so far stay on the page of what follows: nobody signs on a page without text."""
        for paragraph in reversed(self.document.paragraphs):
            paragraph.paragraph_format.keep_with_next = True
            if paragraph.text:
                return

    def place(self, label: str, day: str) -> None:
        """A line to sign on: who signs, room to do so, the day at the right. Places that follow each other stay on one page."""
        self.hold()
        paragraph = self.document.add_paragraph(f"{label}：\t{day}", style="Normal")
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.paragraph_format.keep_with_next = True

    def signature(self, name: str, day: str) -> None:
        """Who issues the paper and when, at the right and on one page with the last words before."""
        self.hold()
        self.document.add_paragraph("", style="Normal").paragraph_format.keep_with_next = True
        self.document.add_paragraph(name, style="Signature Line").paragraph_format.keep_with_next = True
        self.document.add_paragraph(day, style="Signature Line")

    def content(self) -> bytes:
        """The finished file."""
        buffer = BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()


def _page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), "580")
    grid.set(qn("w:charSpace"), "-848")
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section, even=False)
    _page_number(section, even=True)


def _language(document: DocumentObject) -> None:
    """Chinese: a suite breaks lines and sets punctuation by the language of the East Asian text, which the library's file calls English."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:eastAsia"), "zh-CN")


def _page_number(section: Section, *, even: bool) -> None:
    """ "— 1 —": odd pages at the right, even pages at the left, one character in."""
    footer = section.even_page_footer if even else section.footer
    paragraph = footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if even else WD_ALIGN_PARAGRAPH.RIGHT
    indent = paragraph.paragraph_format
    indent.left_indent, indent.right_indent = (SIZE_4, None) if even else (None, SIZE_4)
    paragraph.add_run("— ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" —")
    for run in paragraph.runs:
        run.font.size = SIZE_4
        set_face(run._r.get_or_add_rPr(), NUMBER_FACE)


def _field(paragraph: Paragraph, code: str) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = text
        run._r.append(element)


def _styles(document: DocumentObject) -> None:
    normal = document.styles["Normal"]
    _shape(normal, BODY_FACE, SIZE_3, indent=2)
    _shape(document.styles["Title"], TITLE_FACE, SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER, after=LINE)
    _shape(document.styles["Subtitle"], LEVEL_2_FACE, SIZE_3, align=WD_ALIGN_PARAGRAPH.CENTER, after=LINE)
    _shape(document.styles["Heading 1"], LEVEL_1_FACE, SIZE_3, indent=2, keep=True)
    _shape(document.styles["Heading 2"], LEVEL_2_FACE, SIZE_3, indent=2, keep=True)
    _shape(document.styles["Caption"], LEVEL_1_FACE, Pt(12), align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    for name, face, size in (
        ("Table Header", LEVEL_1_FACE, SIZE_5),
        ("Table Text", BODY_FACE, SIZE_5),
        ("Small Print", BODY_FACE, SIZE_5),
    ):
        style = document.styles.add_style(name, 1)
        style.base_style = normal
        _shape(style, face, size, line=Pt(16))
    figure = document.styles.add_style("Figure", 1)
    figure.base_style = normal
    _shape(figure, BODY_FACE, SIZE_5, align=WD_ALIGN_PARAGRAPH.CENTER, keep=True)
    # As high as its picture: a line of exact height would show a strip of it.
    figure.paragraph_format.line_spacing_rule, figure.paragraph_format.space_before = WD_LINE_SPACING.SINGLE, Pt(6)
    below = document.styles.add_style("Figure Caption", 1)
    below.base_style = normal
    _shape(below, LEVEL_1_FACE, Pt(12), align=WD_ALIGN_PARAGRAPH.CENTER, after=Pt(6))
    appendix = document.styles.add_style("Appendix Title", 1)
    appendix.base_style = normal
    _shape(appendix, TITLE_FACE, SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER, after=LINE)
    signature = document.styles.add_style("Signature Line", 1)
    signature.base_style = normal
    _shape(signature, BODY_FACE, SIZE_3, align=WD_ALIGN_PARAGRAPH.RIGHT)
    signature.paragraph_format.right_indent = Pt(64)


def _shape(
    style: ParagraphStyle,
    face: str,
    size: Pt,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: int = 0,
    line: Pt = LINE,
    after: Pt = NONE,
    keep: bool = False,
) -> None:
    """Face, size and spacing of a style; `indent` in characters of the first line."""
    style.font.size = size
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    set_face(properties, face)
    colour = properties.find(qn("w:color"))
    if colour is not None:
        properties.remove(colour)
    shape = style.paragraph_format
    shape.alignment = align
    shape.space_before, shape.space_after = Pt(0), after
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, line
    shape.keep_with_next = keep
    shape.first_line_indent = Pt(size.pt * indent)
    frame = style.element.get_or_add_pPr()
    _off_grid(frame)
    if size == SIZE_3:
        _narrow(properties)
    frame.get_or_add_ind().set(qn("w:firstLineChars"), str(indent * 100))
    for border in frame.findall(qn("w:pBdr")):
        frame.remove(border)


def _narrow(properties: BaseOxmlElement) -> None:
    """A quarter point tighter: 28 characters of 3 号 fill the 156 mm of a line."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "-5")
    properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")


def _off_grid(frame: BaseOxmlElement) -> None:
    """Lines and characters keep the grid's pitch by their own spacing: LibreOffice gives a 16 pt character two cells of 15.8 pt."""
    snap = OxmlElement("w:snapToGrid")
    snap.set(qn("w:val"), "0")
    frame.insert_element_before(snap, "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")


def set_face(properties: BaseOxmlElement, face: str) -> None:
    """The Chinese face and the same one for Latin letters and figures: theme fonts would win otherwise."""
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), face)


def _set_widths(table: Table, shares: Sequence[float]) -> None:
    """Widths of the columns as shares of the 156 mm of a line, fixed, so that every office suite sets the same table."""
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Mm(TEXT_WIDTH * share / sum(shares))
        for cell in column.cells:
            cell.width = column.width


def _at_the_edge(paragraph: Paragraph) -> None:
    """Without the indent of its style."""
    paragraph.paragraph_format.first_line_indent = NONE
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), "0")


def _fill(paragraph: Paragraph, text: str, *, style: str, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.style = style
    paragraph.alignment = align
    paragraph.add_run(text)


def _repeat(row: BaseOxmlElement) -> None:
    """Repeat this row at the top of every page the table runs over."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: BaseOxmlElement) -> None:
    """Do not break a row over two pages."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
