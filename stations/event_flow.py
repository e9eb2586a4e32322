"""States, moves and kinds of a station's event, as data; it imports nothing of the project. Source: docs/domain.md, "Service of the stations"."""

from dataclasses import dataclass
from enum import StrEnum


class EventState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


EVENT_STATE_LABELS: dict[str, str] = {
    EventState.PLANNED: "计划中",
    EventState.HELD: "已举办",
    EventState.CANCELLED: "已取消",
}


class EventKind(StrEnum):
    WARMTH = "warmth"
    COOLING = "cooling"
    HEALTH = "health"
    LEGAL = "legal"
    JOBS = "jobs"
    MEAL = "meal"
    LECTURE = "lecture"
    CLINIC = "clinic"
    HAIRCUT = "haircut"
    FESTIVAL = "festival"
    OTHER = "other"


EVENT_KIND_LABELS: dict[str, str] = {
    EventKind.WARMTH: "送温暖",
    EventKind.COOLING: "送清凉",
    EventKind.HEALTH: "送健康",
    EventKind.LEGAL: "送法律",
    EventKind.JOBS: "送岗位",
    EventKind.MEAL: "送爱心餐",
    EventKind.LECTURE: "讲座",
    EventKind.CLINIC: "义诊",
    EventKind.HAIRCUT: "理发",
    EventKind.FESTIVAL: "过节",
    EventKind.OTHER: "其他",
}

#: 六送: the six that are brought to workers, counted together in summaries.
SIX_GIFTS: tuple[EventKind, ...] = (
    EventKind.WARMTH,
    EventKind.COOLING,
    EventKind.HEALTH,
    EventKind.LEGAL,
    EventKind.JOBS,
    EventKind.MEAL,
)


@dataclass(frozen=True, slots=True)
class EventMove:
    """One permitted move."""

    action: str
    label: str
    source: EventState
    target: EventState


EVENT_MOVES: dict[str, EventMove] = {
    move.action: move
    for move in (
        EventMove("hold", "登记举办", EventState.PLANNED, EventState.HELD),
        EventMove("cancel", "取消活动", EventState.PLANNED, EventState.CANCELLED),
    )
}

#: What the event's own log calls its steps, and the look of each: label, tone, icon.
EVENT_STEP_LOOKS: dict[str, tuple[str, str, str]] = {
    "create": ("安排活动", "brand", "plus"),
    "edit": ("修改计划", "idle", "edit"),
    "hold": ("登记举办", "ok", "check"),
    "correct": ("更正登记", "warn", "edit"),
    "cancel": ("取消活动", "late", "close-circle"),
    "photos": ("上传照片", "idle", "image"),
    "photos_remove": ("删除照片", "idle", "trash"),
}
