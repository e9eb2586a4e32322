"""Steps and moves of a building project, as data; it imports nothing of the project. Source: docs/domain.md, "Building stations"."""

from dataclasses import dataclass
from enum import StrEnum


class ProjectState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    BUILDING = "building"
    FINISHED = "finished"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


STATE_LABELS: dict[str, str] = {
    ProjectState.PROPOSED: "已申报",
    ProjectState.APPROVED: "已立项",
    ProjectState.BUILDING: "施工中",
    ProjectState.FINISHED: "完工待验收",
    ProjectState.ACCEPTED: "验收合格",
    ProjectState.CANCELLED: "已取消",
}
TONES: dict[str, str] = {
    ProjectState.PROPOSED: "idle",
    ProjectState.APPROVED: "link",
    ProjectState.BUILDING: "warn",
    ProjectState.FINISHED: "brand",
    ProjectState.ACCEPTED: "ok",
    ProjectState.CANCELLED: "idle",
}
#: The steps in order, as the page shows them.
PATH = (
    ProjectState.PROPOSED,
    ProjectState.APPROVED,
    ProjectState.BUILDING,
    ProjectState.FINISHED,
    ProjectState.ACCEPTED,
)
#: States in which facts, money and photos may change.
CHANGING = frozenset({ProjectState.PROPOSED, ProjectState.APPROVED, ProjectState.BUILDING, ProjectState.FINISHED})


@dataclass(frozen=True, slots=True)
class Move:
    """One permitted move. `staff_only`: the township that proposes does not decide. `note`: it needs a reason."""

    action: str
    label: str
    sources: frozenset[ProjectState]
    target: ProjectState
    staff_only: bool = False
    note: bool = False


#: Acceptance is no move of this table: it comes from a filled-in checklist (`stations.services.accepting`), and leads to `accepted` or back to `building`.
MOVES: dict[str, Move] = {
    move.action: move
    for move in (
        Move(
            "approve",
            "立项",
            frozenset({ProjectState.PROPOSED}),
            ProjectState.APPROVED,
            staff_only=True,
        ),
        Move("start", "开工", frozenset({ProjectState.APPROVED}), ProjectState.BUILDING),
        Move("finish", "完工", frozenset({ProjectState.BUILDING}), ProjectState.FINISHED),
        Move("cancel", "取消项目", CHANGING, ProjectState.CANCELLED, staff_only=True, note=True),
    )
}

PROPOSE, PASS, FAIL = "propose", "pass", "fail"
STEP_LOOKS: dict[str, tuple[str, str, str]] = {
    PROPOSE: ("申报", "idle", "plus"),
    "edit": ("修改", "idle", "edit"),
    "money": ("登记资金", "idle", "money"),
    "photos": ("上传照片", "idle", "image"),
    "approve": ("立项", "link", "check"),
    "start": ("开工", "warn", "play"),
    "finish": ("完工", "brand", "flag"),
    PASS: ("验收合格", "ok", "check-circle"),
    FAIL: ("验收不合格，退回整改", "late", "reply"),
    "cancel": ("取消项目", "late", "close-circle"),
}
