"""A mediation in words: state, buttons, timeline. No queries but those of the rows it is given."""

from collections.abc import Iterable
from typing import Any

from casework.mediation_workflow import ACTION_LABELS, OPEN, OUTCOME_LABELS, SIGNATURES, STATE_LABELS, Outcome, State
from casework.models import Mediation, MediationHandover, MediationParty, MediationStep
from casework.presentation import StateLook
from unionportal.core.common import clock
from unionportal.core.common.formats import money, zh_day, zh_short

STATE_LOOKS: dict[str, tuple[str, str]] = {
    State.APPLIED: ("warn", "edit"),
    State.ACCEPTED: ("link", "check"),
    State.IN_SESSION: ("link", "meeting"),
    State.AGREED: ("warn", "edit"),
    State.SIGNED: ("ok", "check"),
    State.HANDED_OVER: ("link", "send"),
    State.CONFIRMED: ("ok", "check-circle"),
    State.NOT_ACCEPTED: ("idle", "close-circle"),
    State.REFUSED: ("idle", "close"),
    State.FAILED: ("idle", "close"),
    State.WITHDRAWN: ("idle", "back"),
}

ACTION_LOOKS: dict[str, tuple[str, str]] = {
    OPEN: ("brand", "edit"),
    "edit": ("idle", "edit"),
    "mend": ("idle", "edit"),
    "party": ("idle", "plus"),
    "withdraw": ("idle", "back"),
    "not_accept": ("idle", "close-circle"),
    "accept": ("ok", "check"),
    "refuse": ("warn", "close"),
    "consent": ("ok", "check"),
    "extend": ("warn", "calendar"),
    "fail": ("warn", "close-circle"),
    "session": ("link", "meeting"),
    "agree": ("ok", "check-circle"),
    "sign": ("ok", "edit"),
    "recover": ("ok", "money"),
    "hand_over": ("link", "send"),
    "deny": ("warn", "close"),
    "confirm": ("ok", "check-circle"),
}

#: What the dialog of a move says before its fields.
ACTION_HELP: dict[str, str] = {
    "edit": "改正申请中写错的内容。申请日期和期限不变。",
    "mend": "只填要改的内容，留空的不变。",
    "party": "共同申请人、被申请人逐个增加；人数多的，可以登记申请人推选的代表。",
    "withdraw": "申请人撤回申请，调解结束。",
    "not_accept": "不属于劳动争议、或不由本组织调解的，写明理由并告知申请人。",
    "accept": "受理后征得对方同意，再安排调解。",
    "refuse": "任何一方不同意调解，调解即结束，可以申请仲裁。",
    "consent": "被申请人同意调解后，可以开始调解。",
    "extend": "只有双方都同意、并且期限还没有届满，才能延期。",
    "fail": "写明分歧在哪里，并告知双方可以申请仲裁。",
    "session": "每次调解记一份笔录：时间、地点、参加人、双方意见。",
    "agree": "写明协议内容。协议须由双方、调解员签名，调解组织盖章。",
    "sign": "哪一方签了就填哪一方的日期，四项齐全后协议生效。",
    "recover": "填到今天为止累计履行的金额，超过协议金额的要说明。",
    "hand_over": "双方共同申请，由仲裁机构审查确认，或由法院司法确认。",
    "deny": "协议仍然有效，可以另行移交，或告知当事人其他途径。",
    "confirm": "确认后，一方不履行的，另一方可以申请强制执行。",
}


def state_look(mediation: Mediation) -> StateLook:
    """The state as a chip; an agreement on a part says so."""
    tone, icon = STATE_LOOKS[mediation.state]
    part = "（部分）" if mediation.outcome == Outcome.PARTIAL else ""
    return StateLook(f"{STATE_LABELS[mediation.state]}{part}", tone, icon)


def timeline(steps: Iterable[MediationStep]) -> list[dict[str, Any]]:
    """What happened, newest first, as components/timeline.html takes it. `steps` first to last."""
    rows = []
    for step in steps:
        tone, icon = ACTION_LOOKS[step.action]
        late = "（补录）" if step.happened_on != clock.local_date(step.recorded_at) else ""
        rows.append(
            {
                "text": _sentence(step),
                "note": _note(step),
                "at": step.recorded_at,
                "who": f"{step.actor}{late}",
                "tone": tone,
                "icon": icon,
            }
        )
    return rows[::-1]


def _note(step: MediationStep) -> str:
    if step.note is None:
        return ""
    return "（内容已依法删改）" if step.note.redacted_at else step.note.text


def _sentence(step: MediationStep) -> str:
    label, data = ACTION_LABELS[step.action], step.data
    day = zh_short(step.happened_on)
    match step.action:
        case "open":
            return f"{day}申请调解，期限 {data.get('days')} 天"
        case "edit" | "mend":
            return label
        case "party":
            return f"增加{MediationParty.Role(data['role']).label}"
        case "refuse":
            return f"{day}{Mediation.Side(data['refused_by']).label}不同意调解"
        case "extend":
            return f"{day}双方同意延期 {data['days']} 天"
        case "agree":
            amount = f"，金额 {money(data['amount_agreed'])} 元" if "amount_agreed" in data else ""
            return f"{day}{OUTCOME_LABELS[data['outcome']]}{amount}"
        case "sign":
            return f"登记签署：{'、'.join(words for name, words in SIGNATURES.items() if name in data)}"
        case "recover":
            return f"{day}累计履行 {money(data['amount_recovered'])} 元"
        case "hand_over":
            return f"{day}移交{MediationHandover.Route(data['route']).label}"
    return f"{label.removeprefix('登记').removeprefix('记录')}（{zh_day(step.happened_on)}）"
