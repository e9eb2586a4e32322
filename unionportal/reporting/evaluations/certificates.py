"""Certificates (荣誉证书) in Word: A4 lying, one a page, one for each author of an award that stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from unionportal.core.common.formats import zh_day
from unionportal.core.common.gongwen import BODY_FACE, LEVEL_2_FACE, TITLE_FACE, set_face
from unionportal.reporting.figures import district
from visits.models import Award, EvaluationRound, NominationAuthor

RED = RGBColor(0xC4, 0x16, 0x1C)
SIZE_TITLE, SIZE_NAME, SIZE_BODY, SIZE_NUMBER = Pt(48), Pt(26), Pt(22), Pt(14)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one certificate says, and whose it is."""

    author_id: int
    user_id: int
    nomination_id: UUID
    name: str
    year: int
    kind: str
    title: str
    level: str
    number: int
    issuer: str
    day: str

    @property
    def number_words(self) -> str:
        return f"证书编号：{self.year}-{self.number:03d}"

    @property
    def words(self) -> str:
        return f"您的《{self.title}》在{self.year}年度“越工周记”评议中被评为{self.kind}{self.level}。"


def certificates(found: EvaluationRound) -> list[Certificate]:
    """Every certificate of a published round, by number; none of an award that was taken back."""
    if not found.is_published:
        return []
    authors = NominationAuthor.objects.filter(
        nomination__round=found, nomination__award__isnull=False, nomination__award__revoked_at=None
    ).select_related("user", "nomination__award")
    issuer, day = district().name, zh_day(found.published_at)
    return [
        Certificate(
            author_id=author.pk,
            user_id=author.user_id,
            nomination_id=author.nomination_id,
            name=str(author.user),
            year=found.year,
            kind=author.nomination.get_kind_display(),
            title=author.nomination.title,
            level=Award.Level(author.nomination.award.level).label,
            number=author.nomination.award.number or 0,
            issuer=issuer,
            day=day,
        )
        for author in authors.order_by("nomination__award__number", "position")
    ]


def certificates_word(papers: Sequence[Certificate]) -> bytes:
    """The Word file: a page for each certificate."""
    document = Document()
    document.core_properties.title = "荣誉证书"
    document.core_properties.author = papers[0].issuer
    document.core_properties.language = "zh-CN"
    _lying(document)
    for number, paper in enumerate(papers):
        _certificate(document, paper, last=number == len(papers) - 1)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _lying(document: DocumentObject) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin = section.bottom_margin = Mm(25)
    section.left_margin = section.right_margin = Mm(38)


def _certificate(document: DocumentObject, paper: Certificate, *, last: bool) -> None:
    _line(document, paper.number_words, BODY_FACE, SIZE_NUMBER, align=WD_ALIGN_PARAGRAPH.RIGHT)
    title = _line(document, "荣 誉 证 书", TITLE_FACE, SIZE_TITLE, align=WD_ALIGN_PARAGRAPH.CENTER, before=12, after=24)
    title.runs[0].font.color.rgb = RED
    _line(document, f"{paper.name}：", LEVEL_2_FACE, SIZE_NAME, after=6)
    _line(document, paper.words, BODY_FACE, SIZE_BODY, indent=True, after=6)
    _line(document, "特发此证，以资鼓励。", BODY_FACE, SIZE_BODY, indent=True, after=30)
    _line(document, paper.issuer, BODY_FACE, SIZE_BODY, align=WD_ALIGN_PARAGRAPH.RIGHT)
    day = _line(document, paper.day, BODY_FACE, SIZE_BODY, align=WD_ALIGN_PARAGRAPH.RIGHT)
    if not last:
        day.add_run().add_break(WD_BREAK.PAGE)


def _line(
    document: DocumentObject,
    text: str,
    face: str,
    size: Pt,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    indent: bool = False,
    before: int = 0,
    after: int = 0,
) -> Paragraph:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size = size
    set_face(run._r.get_or_add_rPr(), face)
    shape = paragraph.paragraph_format
    shape.alignment, shape.space_before, shape.space_after, shape.line_spacing = align, Pt(before), Pt(after), 1.5
    if indent:
        shape.first_line_indent = Pt(size.pt * 2)
    return paragraph
