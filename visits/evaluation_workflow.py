"""The phases of a year's evaluation (年评议) and the moves between them, as data. Source: docs/domain.md, "Annual evaluation"."""

from dataclasses import dataclass

PREPARING, NOMINATING, REVIEWING, LOCKED, PUBLISHED = "preparing", "nominating", "reviewing", "locked", "published"

#: In their order; what a phase is called on screen.
PHASES: dict[str, str] = {
    PREPARING: "准备",
    NOMINATING: "提名",
    REVIEWING: "评审",
    LOCKED: "已锁定",
    PUBLISHED: "已公布",
}

CADRE, TOWNSHIP = "cadre", "township"
#: Who is measured by indicators.
SUBJECTS: dict[str, str] = {CADRE: "驻联干部", TOWNSHIP: "镇街"}

RESEARCH, PROPOSAL = "research", "proposal"
#: What is nominated.
KINDS: dict[str, str] = {RESEARCH: "优秀调研成果", PROPOSAL: "合理化建议"}

#: Indicator -> the weight a new round begins with; what each measures is in `reporting.evaluations.indicators`.
FIRST_WEIGHTS: dict[str, int] = {
    "quota": 20,
    "coverage": 15,
    "received": 10,
    "resolution": 15,
    "overdue": 10,
    "satisfaction": 10,
    "attendance": 5,
    "journals": 5,
    "outcome": 10,
}
#: Kind -> (criterion, weight, most points) a new round begins with.
FIRST_CRITERIA: dict[str, tuple[tuple[str, int, int], ...]] = {
    RESEARCH: (("选题价值", 25, 10), ("调研深度", 30, 10), ("分析与结论", 25, 10), ("成果运用", 20, 10)),
    PROPOSAL: (("问题针对性", 30, 10), ("可行性", 30, 10), ("创新性", 20, 10), ("预期效益", 20, 10)),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step from one phase to the next. `action` is the policy action of who may; `words` stand above the button's form."""

    name: str
    label: str
    source: str
    target: str
    action: str
    words: str


MOVES: tuple[Move, ...] = (
    Move(
        "open",
        "开始提名",
        PREPARING,
        NOMINATING,
        "evaluation.manage",
        "开始后指标权重不能再改，驻联干部和镇街可以提名。",
    ),
    Move(
        "review",
        "开始评审",
        NOMINATING,
        REVIEWING,
        "evaluation.manage",
        "开始后不再受理提名，评审标准不能再改，评审人可以打分。",
    ),
    Move("lock", "锁定评分", REVIEWING, LOCKED, "evaluation.manage", "锁定后评分不能再改，各项指标保留此刻的数字。"),
    Move("publish", "公布结果", LOCKED, PUBLISHED, "evaluation.publish", "公布后，获奖名单和证书对所有工作人员可见。"),
)
BY_NAME: dict[str, Move] = {move.name: move for move in MOVES}
