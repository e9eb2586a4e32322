"""The papers of a mediation as Word documents in the layout of official papers: application, record of the sessions, agreement.

They are signed by hand, so they name the parties in clear; who takes them out is for the page to ask.
"""

from collections.abc import Callable, Iterable
from datetime import date

from casework.mediation_workflow import SIGNED_STATES, Outcome
from casework.models import Mediation, MediationParty
from casework.services.mediation_parties import secrets_of
from unionportal.core.common import sealed
from unionportal.core.common.formats import money, zh_day
from unionportal.core.common.gongwen import Gongwen
from unionportal.core.common.phones import LOST

BLANK_DAY = "　　年　　月　　日"
Role = MediationParty.Role


def application_word(mediation: Mediation) -> bytes:
    """调解申请书; for an oral application the record that is read out and signed."""
    oral = mediation.manner == Mediation.Manner.ORAL
    word = _paper(mediation, "劳动争议调解口头申请记录" if oral else "劳动争议调解申请书")
    _sides(word, mediation)
    word.heading("争议类型和请求")
    claim = f"请求金额 {money(mediation.amount_claimed)} 元。" if mediation.amount_claimed is not None else ""
    word.paragraph(f"{mediation.get_kind_display()}，涉及 {mediation.people} 人。{claim}")
    word.heading("争议事项")
    _paragraphs(word, mediation.matter)
    word.heading("理由")
    _paragraphs(word, mediation.reason)
    if oral:
        word.paragraph(f"申请人于{zh_day(mediation.applied_on)}口头申请，以上记录已向申请人宣读，经核对无误。")
    _places(word, ["申请人（签名）", *(["记录人（签名）"] if oral else [])])
    word.signature(mediation.organisation.name, zh_day(mediation.applied_on))
    return word.content()


def record_word(mediation: Mediation) -> bytes:
    """调解笔录: every session so far."""
    word = _paper(mediation, "劳动争议调解笔录")
    _sides(word, mediation)
    word.heading("调解经过")
    for number, held in enumerate(mediation.sessions.all(), start=1):
        begins = f" {held.begins_at:%H:%M}" if held.begins_at else ""
        word.paragraph(f"第{number}次调解。时间：{zh_day(held.held_on)}{begins}。地点：{held.place}。")
        word.paragraph(f"参加人：{held.present}。调解员：{_mediators(mediation)}。记录人：{held.recorded_by}。")
        _paragraphs(word, held.record)
    word.paragraph("以上笔录经参加人核对无误。")
    _places(word, ["申请人（签名）", "被申请人（签名）", "调解员（签名）", "记录人（签名）"])
    return word.content()


def agreement_word(mediation: Mediation) -> bytes:
    """调解协议书 with the places for both parties, representatives, mediator and seal; what is signed already is dated."""
    word = _paper(mediation, "劳动争议调解协议书")
    _sides(word, mediation)
    word.heading("争议事项")
    _paragraphs(word, mediation.matter)
    word.heading("协议内容")
    part = "就部分事项" if mediation.outcome == Outcome.PARTIAL else ""
    word.paragraph(
        f"经{mediation.organisation.name}调解员{_mediators(mediation)}调解，双方于{zh_day(mediation.ended_on)}自愿{part}达成如下协议："
    )
    _paragraphs(word, mediation.terms)
    if mediation.amount_agreed is not None:
        word.paragraph(f"协议金额合计 {money(mediation.amount_agreed)} 元。")
    word.heading("效力")
    word.paragraph(
        "本协议由双方当事人签名或者盖章，经调解员签名并加盖调解组织印章后生效，对双方具有约束力，双方应当履行。"
        "双方可以共同申请仲裁审查确认或者司法确认。"
    )
    word.paragraph("本协议一式三份，双方当事人和调解组织各执一份。")
    word.plain("")
    _place(word, "申请人（签名）", mediation.applicant_signed_on)
    if any(party.role == Role.REPRESENTATIVE for party in mediation.parties.all()):
        _place(word, "申请人推选的代表（签名）")
    _place(word, "被申请人（签名、盖章）", mediation.respondent_signed_on)
    _place(word, "调解员（签名）", mediation.mediator_signed_on)
    _place(word, "调解组织（盖章）", mediation.sealed_on)
    whole = mediation.state in SIGNED_STATES
    word.signature(mediation.organisation.name, zh_day(mediation.sealed_on) if whole else BLANK_DAY)
    return word.content()


#: The papers by the name in their address: the file's title, whether there is one yet, how it is written.
PAPERS: dict[str, tuple[str, Callable[[Mediation], bool], Callable[[Mediation], bytes]]] = {
    "application": ("调解申请书", lambda mediation: True, application_word),
    "record": ("调解笔录", lambda mediation: bool(mediation.sessions.all()), record_word),
    "agreement": ("调解协议书", lambda mediation: mediation.is_agreed, agreement_word),
}


def _paper(mediation: Mediation, title: str) -> Gongwen:
    word = Gongwen(title=f"{mediation.organisation.name}\n{title}", subject=mediation.number)
    word.note(mediation.number)
    return word


def _sides(word: Gongwen, mediation: Mediation) -> None:
    word.heading("当事人")
    for role in (Role.APPLICANT, Role.REPRESENTATIVE, Role.RESPONDENT):
        for party in mediation.parties.all():
            if party.role == role:
                word.paragraph(_party(party))


def _party(party: MediationParty) -> str:
    try:
        phone, id_number = secrets_of(party)
    except sealed.Unreadable:
        phone, id_number = LOST, ""
    facts: Iterable[tuple[str, str]] = (
        ("联系人", party.contact),
        ("身份证号", id_number),
        ("电话", phone),
    )
    return f"{party.get_role_display()}：{party.name}{''.join(f'，{label} {text}' for label, text in facts if text)}。"


def _mediators(mediation: Mediation) -> str:
    return "、".join(mediation.mediators)


def _places(word: Gongwen, labels: Iterable[str]) -> None:
    word.plain("")
    for label in labels:
        _place(word, label)


def _place(word: Gongwen, label: str, day: date | None = None) -> None:
    word.place(label, zh_day(day) if day else BLANK_DAY)


def _paragraphs(word: Gongwen, text: str) -> None:
    for line in text.splitlines():
        if line.strip():
            word.paragraph(line.strip())
