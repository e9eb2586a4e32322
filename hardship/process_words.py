"""What a step may find or give as its ground, by code and in words; imports nothing of the project."""

from enum import StrEnum


class Ground(StrEnum):
    """Why an application was turned down or a file cleared."""

    NOT_ELIGIBLE = "not_eligible"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    CONCEALED = "concealed"
    OBJECTION = "objection"
    DIED = "died"
    MOVED = "moved"


GROUND_LABELS: dict[str, str] = {
    Ground.NOT_ELIGIBLE: "不符合条件",
    Ground.WITHDRAWN: "本人放弃",
    Ground.REFUSED: "不配合核查",
    Ground.CONCEALED: "隐瞒收入或财产",
    Ground.OBJECTION: "公示异议成立",
    Ground.DIED: "死亡",
    Ground.MOVED: "迁出或调离",
}
CHECK_RESULTS: dict[str, str] = {"consistent": "与申报一致", "differs": "与申报有出入"}
RENEWAL_KINDS: dict[str, str] = {"yearly": "年度复核", "change": "变化复核"}
#: Grounds offered for a file in force; the others are offered for an application.
CLEARING = (Ground.NOT_ELIGIBLE, Ground.DIED, Ground.MOVED, Ground.WITHDRAWN, Ground.REFUSED, Ground.CONCEALED)
REJECTING = (Ground.NOT_ELIGIBLE, Ground.OBJECTION, Ground.WITHDRAWN, Ground.REFUSED, Ground.CONCEALED)
