"""An issue in words: state, steps, timeline. No queries but those of the rows it is given, and for the names in a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework.clocks import next_deadline
from casework.corrections import corrected_words, texts_before
from casework.mediation_workflow import OUTCOME_LABELS as MEDIATED
from casework.models import Issue, IssueEvent
from casework.workflow import (
    ABSORB,
    ACTION_LABELS,
    CORRECT,
    DAY_KIND_LABELS,
    MODE_LABELS,
    OUTCOME_LABELS,
    REGISTER,
    RELEASE,
    SATISFACTION_LABELS,
    STATE_LABELS,
    DayKind,
    State,
)
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_day, zh_short, zh_time
from unionportal.core.workcal.days import workdays_between

STATE_LOOKS: dict[str, tuple[str, str]] = {
    State.REGISTERED: ("idle", "issue"),
    State.ASSIGNED: ("warn", "assign"),
    State.IN_PROGRESS: ("link", "clock"),
    State.ANSWERED: ("link", "reply"),
    State.CLOSED: ("ok", "check"),
    State.REJECTED: ("idle", "close"),
    State.MERGED: ("idle", "merge"),
    State.VOIDED: ("idle", "close-circle"),
}

ACTION_LOOKS: dict[str, tuple[str, str]] = {
    "merge": ("idle", "merge"),
    "split": ("warn", "split"),
    ABSORB: ("idle", "merge"),
    RELEASE: ("idle", "split"),
    REGISTER: ("brand", "visit"),
    "assign": ("idle", "assign"),
    "accept": ("ok", "check"),
    "report": ("link", "reply"),
    "follow_up": ("link", "phone"),
    "close": ("ok", "check-circle"),
    "transfer": ("idle", "transfer"),
    "send_back": ("warn", "back"),
    "redo": ("warn", "redo"),
    "reject": ("idle", "close-circle"),
    "reopen": ("warn", "redo"),
    "void": ("late", "close-circle"),
    CORRECT: ("idle", "edit"),
    "extend": ("warn", "clock"),
    "approve_extension": ("ok", "clock"),
    "refuse_extension": ("idle", "close"),
    "pause": ("idle", "pause"),
    "resume": ("idle", "play"),
    "remind": ("warn", "bell"),
    "supervise": ("late", "eye"),
    "escalate": ("late", "flag"),
    "recount": ("idle", "calendar"),
    "consult": ("link", "meeting"),
    "consult_join": ("link", "meeting"),
    "consult_leave": ("idle", "meeting"),
    "consult_end": ("ok", "meeting"),
    "mediate": ("link", "meeting"),
    "mediate_end": ("ok", "meeting"),
    "subissue_tie": ("link", "split"),
    "subissue_untie": ("idle", "split"),
}

SOURCE_ICONS = {"hand": "edit", "phone": "phone", "code": "flag", "import": "upload"}
ACTION_ICONS = {action: icon for action, (_, icon) in ACTION_LOOKS.items()}

#: What the dialog of an action says before its fields.
ACTION_HELP: dict[str, str] = {
    "merge": "与另一条反映同一件事的，并到那一条办理。并案后不计入收集数，反映人看得到主诉求的答复，以后可以拆开。",
    "split": "拆开后回到并案前的状态，承办单位和期限照旧。请写明理由。",
    "assign": "交办后承办单位须按时签收，办理期限按类别的承诺工作日计算，并固定下来。",
    "accept": "签收表示本单位接办。办理期限从交办日起算，不因签收早晚而变。",
    "report": "写明怎么办的、结果如何。反馈后由驻联干部回访企业或职工。",
    "follow_up": "记下企业或职工是否满意。不满意时由区总工会决定是否退回重办。",
    "close": "只有“已化解”计入化解数，其余结果分开统计。",
    "transfer": "转给更合适的单位。办理期限不变，签收期限重新计算。",
    "send_back": "退给区总工会重新交办，或退给办过的单位（办理期限不变）。签收前退回即为不接收。请写明理由。",
    "redo": "由原承办单位重新办理，办理期限按原承诺工作日从今天重新计算。",
    "reject": "不予受理的诉求不计入收集数，另行统计。请写明理由。",
    "reopen": "由原承办单位继续办理，办理期限从今天重新计算，原办理结果作废。",
    "void": "只用于登记错误（如重复、测试、张冠李戴）。作废后仍可查看，不计入任何统计，不能恢复。请写明理由。",
    "extend": "写明为什么需要更多时间。区总工会同意之前，原期限不变。",
    "approve_extension": "同意后，办理期限按申请的工作日顺延。",
    "refuse_extension": "原期限不变。请写明理由，承办单位会看到。",
    "pause": "等待对方补材料、停工停产等原因办不下去时使用。暂停期间不计时，恢复后期限按暂停的工作日顺延。",
    "resume": "办理期限按已暂停的工作日顺延。",
    "remind": "提醒承办单位抓紧办理；已经反馈的，提醒驻联干部和区总工作人员回访。记入办理过程。",
    "supervise": "标记为督办，承办单位和区总领导都会看到。请写明要求。",
    "consult": "请其他单位一起研究。被请的单位从此可以看到这条诉求，但只能提意见、办自己的任务；会诊结束、任务完成之前不能办结。",
}

#: What a reminder of the portal's own says, by the clock that ran out.
LATE_WORDS = {"signing": "逾期未签收", "handling": "逾期未反馈", "follow_up": "逾期未回访"}


@dataclass(frozen=True, slots=True)
class StateLook:
    """What components/state_chip.html takes."""

    label: str
    tone: str
    icon: str


def state_look(issue: Issue) -> StateLook:
    """The state as a chip; a closed issue says how it ended, an answered one whether it waits for follow-up or closing."""
    tone, icon = STATE_LOOKS[issue.state]
    if issue.state == State.CLOSED:
        tone = "ok" if issue.outcome in ("resolved", "explained") else "idle"
        return StateLook(f"已办结 · {OUTCOME_LABELS[issue.outcome]}", tone, icon)
    if issue.state == State.ANSWERED and issue.followed_up_on is not None:
        return StateLook("已回访待办结", tone, icon)
    return StateLook(STATE_LABELS[issue.state], tone, icon)


def steps(issue: Issue, registered_on: date, today: date) -> list[dict[str, str]]:
    """The way from registration to close, with the days of the present round."""
    reached: list[tuple[str, date | None]] = [
        ("登记", registered_on),
        ("交办", issue.assigned_on),
        ("签收", issue.accepted_on),
        ("反馈", issue.answered_on),
        ("回访", issue.followed_up_on),
        ("办结销号", issue.closed_on),
    ]
    if issue.state in (State.REJECTED, State.VOIDED):
        return [_step("登记", registered_on, "done"), {"label": STATE_LABELS[issue.state], "state": "now"}]
    if issue.state == State.MERGED:
        return [_step("登记", registered_on, "done"), {"label": "已并案", "state": "now"}]
    if issue.state == State.CLOSED:
        return [_step(name, day, "done" if day else "skipped") for name, day in reached]
    now = {State.REGISTERED: 1, State.ASSIGNED: 2, State.IN_PROGRESS: 3}.get(State(issue.state), 4)
    if issue.state == State.ANSWERED and issue.followed_up_on is not None:
        now = 5
    found = [_step(name, day, "done" if day else "skipped") for name, day in reached[:now]]
    due = next_deadline(issue, today)
    found.append({"label": reached[now][0], "state": "now", "detail": due.words if due else ""})
    return found + [{"label": name, "state": "todo"} for name, _ in reached[now + 1 :]]


def _step(name: str, day: date | None, state: str) -> dict[str, str]:
    return {"label": f"{name} {day.month}/{day.day}" if day else name, "state": state}


def timeline(issue: Issue, events: Sequence[IssueEvent]) -> list[dict[str, Any]]:
    """What happened, newest first, as components/timeline.html takes it. `events` first to last."""
    rows = []
    previous: IssueEvent | None = None
    for event in events:
        tone, icon = ACTION_LOOKS.get(event.action, ("idle", "dot"))
        if event.action == "follow_up" and event.data.get("satisfaction") == "dissatisfied":
            tone = "late"
        if event.action == REGISTER:
            icon = SOURCE_ICONS.get(issue.source_kind, icon)
        rows.append(
            {
                "text": _sentence(issue, event, previous),
                "note": _note(event),
                "at": event.happened_at,
                "who": _who(event, previous),
                "tone": tone,
                "icon": icon,
            }
        )
        previous = event
    return rows[::-1]


def _sentence(issue: Issue, event: IssueEvent, previous: IssueEvent | None) -> str:
    label = ACTION_LABELS.get(event.action, event.action)
    data = event.data
    due = _day(data.get("due_on"), event.happened_at)
    match event.action:
        case "register":
            return _registered(issue)
        case "assign":
            by_rule = "按规则" if data.get("by") == "rule" else ""
            return (
                f"{by_rule}交办至{event.unit}，承诺 {data.get('promise_workdays')} 个{_promise_kind(data)}，{due}前反馈"
            )
        case "merge" | "split":
            return f"{label}：{'并入' if event.action == 'merge' else '从中拆出'} {data.get('main', '')}"
        case "absorb" | "release":
            return f"{label} {data.get('issue', '')}"
        case "transfer":
            return f"转办至{event.unit}，办理期限不变"
        case "send_back":
            words = "未签收退回" if event.from_state == State.ASSIGNED else "退回"
            return f"{words}至{event.unit}，办理期限不变" if event.unit is not None else words
        case "follow_up":
            mode = MODE_LABELS.get(data.get("follow_up_mode", ""), "")
            return f"{mode}回访：{SATISFACTION_LABELS.get(data.get('satisfaction', ''), '')}"
        case "close":
            return f"办结：{OUTCOME_LABELS.get(event.outcome, '')}（{_took(data.get('workdays_to_close', 0), '收集当天办结', '共用时')}）"
        case "extend":
            return f"申请延期 {data.get('extension_days')} 个工作日"
        case "approve_extension":
            return f"同意延期，新期限 {due}"
        case "refuse_extension":
            return "不同意延期，期限不变"
        case "resume":
            return f"恢复计时，新期限 {due}" if due else "恢复计时，期限不变"
        case "recount":
            return f"工作日历公布，{_recounted(data, due, event.happened_at)}"
        case "remind" | "supervise" if event.actor_id is None:
            return f"{label}：{LATE_WORDS.get(data.get('clock', ''), '逾期')}"
        case "escalate":
            return "提级督办：多次重办或多次退回"
        case "redo" | "reopen":
            return f"{label}，新期限 {due}"
        case "correct":
            return corrected_words(data)
        case "mediate":
            return f"{label}：{data.get('mediation', '')}"
        case "mediate_end":
            return f"{label}：{data.get('mediation', '')} {MEDIATED.get(data.get('result', ''), '')}".rstrip()
        case "subissue_tie" | "subissue_untie":
            return f"{label}：{data['child']}" if "child" in data else f"{label}，主诉求 {data.get('parent', '')}"
        case "accept" | "report" if previous is not None:
            days = workdays_between(clock.local_date(previous.happened_at), clock.local_date(event.happened_at))
            by = f"，通过服务活动 {data['activity']}" if "activity" in data else ""
            return f"{label}（{_took(days, '当天', '用时')}）{by}"
    return label


def _recounted(data: dict[str, Any], due: str, near: datetime) -> str:
    for name, label in (("paper_due_on", "意见书答复期限"), ("consultation_due_on", "会诊意见期限")):
        if name in data:
            return f"{label}重算为 {_day(data[name], near)}"
    return f"期限重算{f'为 {due}' if due else ''}"


def _promise_kind(data: dict[str, Any]) -> str:
    return DAY_KIND_LABELS[data.get("promise_in", DayKind.WORKDAYS)]


def _registered(issue: Issue) -> str:
    if issue.source_kind == Issue.Source.VISIT:
        return f"登记：{issue.source_label}时发现"
    return f"登记（{issue.source_label}）" if issue.source_label else "登记"


def _day(text: str | None, near: datetime) -> str:
    """A day of the event's data; with its year only where that is another one."""
    if not text:
        return ""
    day = date.fromisoformat(text)
    return zh_short(day) if day.year == clock.local_date(near).year else zh_day(day)


def _took(workdays: int, same_day: str, words: str) -> str:
    return f"{words} {workdays} 个工作日" if workdays else same_day


def _note(event: IssueEvent) -> str:
    if event.note is None:
        return ""
    words = "（内容已依法删改）" if event.note.redacted_at else event.note.text
    return f"{words}\n{texts_before(event)}".strip() if event.action == CORRECT else words


def actor_name(event: IssueEvent) -> str:
    """Who made the step, in words; steps without an account are the portal's own or the reporter's."""
    if event.actor is not None:
        return event.actor.display_name
    by_reporter = event.data.get("by") == "reporter" or (event.action == REGISTER and event.actor_id is None)
    return "反映人" if by_reporter else "系统"


def _who(event: IssueEvent, previous: IssueEvent | None) -> str:
    """Who acted, and for which unit where it was the holder's step; a late entry says when it was written down."""
    name = actor_name(event)
    if event.action in ("accept", "report"):
        name = f"{event.unit} {name}"
    elif event.action == "send_back" and previous is not None and previous.unit is not None:
        name = f"{previous.unit} {name}"
    return name + _entered_late(event.happened_at, event.recorded_at)


def _entered_late(happened: datetime, recorded: datetime) -> str:
    return f"（{zh_time(recorded)} 补录）" if (recorded - happened).total_seconds() > 60 else ""
