"""States, moves and kinds of a service activity, as data; it imports nothing of the project. Source: docs/domain.md, "Service activities"."""

from dataclasses import dataclass
from enum import StrEnum


class ActivityState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    DONE = "done"
    CANCELLED = "cancelled"


ACTIVITY_STATE_LABELS: dict[str, str] = {
    ActivityState.PLANNED: "计划中",
    ActivityState.HELD: "已举办",
    ActivityState.DONE: "已完成",
    ActivityState.CANCELLED: "已取消",
}

#: States in which facts, sessions, enterprises and photos may change.
CHANGING = frozenset({ActivityState.PLANNED, ActivityState.HELD})
#: States in which an activity has taken place: its sessions count, and it may answer issues.
TAKEN_PLACE = frozenset({ActivityState.HELD, ActivityState.DONE})


class ActivityKind(StrEnum):
    POLICY_BRIEFING = "policy_briefing"
    MATCHMAKING = "matchmaking"
    JOB_FAIR = "job_fair"
    LEGAL_CHECKUP = "legal_checkup"
    HEALTH_DAY = "health_day"
    TRAINING = "training"
    OTHER = "other"


ACTIVITY_KIND_LABELS: dict[str, str] = {
    ActivityKind.POLICY_BRIEFING: "政策解读会",
    ActivityKind.MATCHMAKING: "婚恋交友",
    ActivityKind.JOB_FAIR: "招聘会",
    ActivityKind.LEGAL_CHECKUP: "法律体检",
    ActivityKind.HEALTH_DAY: "健康日",
    ActivityKind.TRAINING: "技能培训",
    ActivityKind.OTHER: "其他",
}

#: Kind -> categories of the issues it usually answers; only suggested, any issue may be linked.
KIND_CATEGORIES: dict[str, tuple[str, ...]] = {
    ActivityKind.POLICY_BRIEFING: ("policy", "dues_refund"),
    ActivityKind.MATCHMAKING: ("matchmaking",),
    ActivityKind.JOB_FAIR: ("recruitment",),
    ActivityKind.LEGAL_CHECKUP: ("legal", "dispute"),
    ActivityKind.HEALTH_DAY: ("mutual_aid", "hardship"),
    ActivityKind.TRAINING: ("training", "safety"),
    ActivityKind.OTHER: (),
}


@dataclass(frozen=True, slots=True)
class ActivityMove:
    """One permitted move. `text`: the field that must be written with it, "" for none."""

    action: str
    label: str
    source: ActivityState
    target: ActivityState
    text: str = ""


ACTIVITY_MOVES: dict[str, ActivityMove] = {
    move.action: move
    for move in (
        ActivityMove("hold", "登记举办", ActivityState.PLANNED, ActivityState.HELD),
        ActivityMove("finish", "登记完成", ActivityState.HELD, ActivityState.DONE, text="summary"),
        ActivityMove("cancel", "取消活动", ActivityState.PLANNED, ActivityState.CANCELLED, text="cancel_reason"),
    )
}

#: What the activity's own log calls its steps, and the look of each: label, tone, icon.
STEP_LOOKS: dict[str, tuple[str, str, str]] = {
    "create": ("建立活动", "brand", "plus"),
    "edit": ("修改活动", "idle", "edit"),
    "session_add": ("登记场次", "link", "calendar"),
    "session_edit": ("修改场次", "idle", "edit"),
    "session_remove": ("删除场次", "idle", "trash"),
    "attend": ("登记到场企业", "idle", "enterprise"),
    "visits": ("带入走访", "link", "visit"),
    "photos": ("上传照片", "idle", "image"),
    "photos_remove": ("删除照片", "idle", "trash"),
    "link": ("关联诉求", "link", "link"),
    "unlink": ("取消关联诉求", "idle", "close"),
    "ask": ("提醒承办单位反馈", "warn", "bell"),
    "answer": ("反馈诉求", "ok", "reply"),
    "hold": ("登记举办", "ok", "check"),
    "finish": ("登记完成", "ok", "check-circle"),
    "cancel": ("取消活动", "late", "close-circle"),
}
