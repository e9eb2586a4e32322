"""How the process looks: the way as steps, the log as a timeline, the words beside each move."""

from datetime import date
from typing import Any

from hardship.models import FileProcess, FileStep, HardshipFile, Objection, PublicityList
from hardship.process import ACTION_LABELS, LEVEL_LABELS, STEPS, WAYS, states_of
from hardship.process_words import CHECK_RESULTS, GROUND_LABELS, RENEWAL_KINDS
from hardship.workflow import STATE_LABELS, State
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_short
from unionportal.core.common.phones import LOST
from unionportal.core.common.sealed import Unreadable

#: Tone and icon of a move: on its button and in the log.
LOOKS: dict[str, tuple[str, str]] = {
    "apply": ("link", "send"),
    "survey": ("link", "home"),
    "appraise": ("link", "meeting"),
    "publicise": ("link", "flag"),
    "review": ("link", "check"),
    "check": ("link", "search"),
    "approve": ("ok", "check-circle"),
    "send_back": ("warn", "back"),
    "reject": ("idle", "close-circle"),
    "change": ("warn", "edit"),
    "renew": ("link", "redo"),
    "lift": ("ok", "star"),
    "clear": ("idle", "minus"),
    "relapse": ("warn", "heart"),
    "reapply": ("link", "redo"),
}
#: What a person is told above the fields.
HELP: dict[str, str] = {
    "apply": "提交后开始计算入户调查的期限。申报表、收入承诺书和核对授权书须已签字。",
    "appraise": "同意的须过半数。",
    "check": "登记民政等部门的核对结果；有出入的写明在哪里，由审批人决定。",
    "approve": "经办过这份档案的人不能审批。同意后档案生效，可以帮扶。",
    "send_back": "退回后从选定的那一步重新办起，期限重新计算。",
    "reject": "档案就此结束，理由会写进审批表。",
    "change": "登记后，应在期限内做一次变化复核。",
    "renew": "复核后仍然困难的，在档帮扶到下一次复核；不再困难的请改做脱困，不符合的请清档。",
    "lift": "家庭人均收入连续六个月高于低保标准的，可以脱困。",
    "clear": "清档后不再帮扶；一户只有一份档案，以后再申请仍用这一份。",
    "relapse": "脱困后又陷入困难的，从申请重新走一遍流程。",
    "reapply": "回到起草，补充材料后再提交。",
}


def way(file: HardshipFile, process: FileProcess) -> list[dict[str, str]]:
    """The steps of the file's order for `components/steps.html`."""
    states = states_of(process.order)
    reached = states.index(State(file.state)) if file.state in states else len(states) - 1
    return [
        {
            "label": STEPS[step].label,
            "state": "done" if number < reached else "now" if number == reached and _on_its_way(file) else "todo",
        }
        for number, step in enumerate(WAYS[process.order])
    ]


def _on_its_way(file: HardshipFile) -> bool:
    return file.state != State.REJECTED


def timeline(steps: list[FileStep]) -> list[dict[str, Any]]:
    """The log for `components/timeline.html`, newest first. `steps` come with actor and opinion."""
    return [_event(step) for step in sorted(steps, key=lambda step: -step.seq)]


def _event(step: FileStep) -> dict[str, Any]:
    tone, icon = LOOKS[step.action]
    return {
        "text": _words(step),
        "at": step.recorded_at,
        "who": f"{'上级工会' if step.stands_in else LEVEL_LABELS[step.level]} {step.actor}" if step.actor else "系统",
        "tone": tone,
        "icon": icon,
        "note": step.opinion.text if step.opinion else "",
    }


def _words(step: FileStep) -> str:
    data = step.data
    parts = [ACTION_LABELS[step.action]]
    if step.stands_in:
        parts.append("（代为复核）")
    if step.action == "send_back":
        parts.append(f"到“{STATE_LABELS[step.to_state]}”")
    if "present" in data:
        parts.append(f"：{data['present']} 人参加，{data['agreed']} 人同意")
    for name, labels in (("check_result", CHECK_RESULTS), ("ground", GROUND_LABELS), ("renewal", RENEWAL_KINDS)):
        if name in data:
            parts.append(f"：{labels[data[name]]}")
    if step.happened_on != clock.local_date(step.recorded_at):
        parts.append(f"（{zh_short(step.happened_on)}）")
    return "".join(parts)


def publicity_look(listed: PublicityList, today: date) -> dict[str, str]:
    """A list as a chip: whether it shows, asked of the day and not of a sweep."""
    if listed.stopped_at is not None:
        return {"label": "已撤下", "tone": "idle"}
    if today < listed.starts_on:
        return {"label": "未开始", "tone": "idle"}
    if today > listed.ends_on:
        return {"label": "已结束", "tone": "ok"}
    return {"label": "公示中", "tone": "link"}


OBJECTION_TONES = {"open": "warn", "upheld": "late", "dismissed": "ok"}


def objection_row(objection: Objection) -> dict[str, Any]:
    """An objection as a line of a list: words and sender stay sealed."""
    return {
        "objection": objection,
        "who": "匿名" if objection.is_anonymous else "实名",
        "tone": OBJECTION_TONES[objection.state],
    }


def objection_words(objection: Objection) -> str:
    """What was objected, in clear, for those who look into it; "" once it is deleted."""
    try:
        return objection.opened("words")
    except Unreadable:
        return LOST
