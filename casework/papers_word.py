"""A supervision paper as a Word document in the layout of official papers."""

from casework.models import Paper, PaperKind
from unionportal.core.common.formats import zh_day
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value

TITLES = {
    PaperKind.NOTICE: "工会劳动法律监督提示函",
    PaperKind.DEMAND: "工会劳动法律监督意见书",
    PaperKind.REFERRAL: "工会劳动法律监督建议书",
}


def paper_word(paper: Paper) -> bytes:
    """The paper; a draft says so under its title. `paper` comes with enterprise, signer, base and investigators."""
    issuer = Unit.objects.filter(kind=Unit.Kind.DISTRICT).values_list("name", flat=True).first() or ""
    word = Gongwen(title=f"{issuer}\n{TITLES[PaperKind(paper.kind)]}", subject=paper.issue.code)
    word.note(paper.number_text or "草稿，未签发")
    word.plain(f"{paper.authority or paper.enterprise.name}：")
    if paper.base is not None:
        word.paragraph(
            f"本会于{zh_day(paper.base.signed_on)}向{paper.enterprise.name}发出工会劳动法律监督意见书"
            f"（{paper.base.number_text}），{paper.get_trigger_display()}。现提请依法处理。"
        )
    word.heading("查明的事实")
    if paper.investigated_on is not None:
        people = "、".join(str(row.supervisor) for row in paper.investigators.all())
        word.paragraph(f"{zh_day(paper.investigated_on)}，工会劳动法律监督员{people}进行了调查。")
    _paragraphs(word, paper.facts)
    word.heading("法律依据")
    _paragraphs(word, paper.basis)
    word.heading("意见和建议")
    _paragraphs(word, paper.advice)
    if paper.kind == PaperKind.DEMAND:
        word.paragraph(_answer_words(paper))
    if paper.material:
        word.heading("所附材料")
        _paragraphs(word, paper.material)
    signed = f"{paper.signer.get_title_display()}：{paper.signer.user}" if paper.signer else "签发人："
    word.plain("")
    word.hold()
    word.paragraph(signed)
    word.signature(issuer, zh_day(paper.signed_on) if paper.signed_on else "　　年　　月　　日")
    return word.content()


def _answer_words(paper: Paper) -> str:
    workdays = int(value("papers.answer_workdays", on=paper.served_on or paper.signed_on or paper.drafted_at.date()))
    due = f"（{zh_day(paper.answer_due_on)}前）" if paper.answer_due_on else ""
    return f"请自收到本意见书之日起{workdays}个工作日内{due}书面答复本会。"


def _paragraphs(word: Gongwen, text: str) -> None:
    for line in text.splitlines():
        if line.strip():
            word.paragraph(line.strip())
