"""Steps of a batch of grants and of a service order, as data. Pages, services, docs and tests read these tables; they import nothing of the project."""

from dataclasses import dataclass
from enum import StrEnum


class AidKind(StrEnum):
    LIVING = "living"
    SCHOOLING = "schooling"
    MEDICAL = "medical"
    TRAINING = "training"
    PLACEMENT = "placement"
    WARMTH = "warmth"
    COOL = "cool"
    LEGAL = "legal"
    OTHER = "other"


AID_KIND_LABELS: dict[str, str] = {
    AidKind.LIVING: "生活救助",
    AidKind.SCHOOLING: "子女助学",
    AidKind.MEDICAL: "医疗救助",
    AidKind.TRAINING: "职业培训",
    AidKind.PLACEMENT: "职业介绍",
    AidKind.WARMTH: "送温暖",
    AidKind.COOL: "夏送清凉",
    AidKind.LEGAL: "法律援助",
    AidKind.OTHER: "其他",
}
#: 四季帮扶: what a campaign gives, and what it is called.
CAMPAIGN_LABELS: dict[str, str] = {AidKind.WARMTH: "送温暖", AidKind.COOL: "送清凉", AidKind.SCHOOLING: "金秋助学"}


class BatchState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    APPROVED = "approved"
    SENT = "sent"
    SETTLED = "settled"
    CANCELLED = "cancelled"


BATCH_LABELS: dict[str, str] = {
    BatchState.DRAFT: "编制中",
    BatchState.SUBMITTED: "待复核",
    BatchState.CHECKED: "待审批",
    BatchState.APPROVED: "待送银行",
    BatchState.SENT: "已送银行",
    BatchState.SETTLED: "已办结",
    BatchState.CANCELLED: "已作废",
}
#: The way of a batch as its page shows it: the state in which a step is the next one, and the step.
BATCH_WAY: tuple[tuple[str, str], ...] = (
    (BatchState.DRAFT, "编制"),
    (BatchState.SUBMITTED, "复核"),
    (BatchState.CHECKED, "审批"),
    (BatchState.APPROVED, "送银行"),
    (BatchState.SENT, "回盘"),
)
#: Money of these batches is promised or on its way: their fund cannot be closed.
OPEN_BATCHES = frozenset(
    {BatchState.DRAFT, BatchState.SUBMITTED, BatchState.CHECKED, BatchState.APPROVED, BatchState.SENT}
)


class GrantState(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    PAID = "paid"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


GRANT_LABELS: dict[str, str] = {
    GrantState.PLANNED: "待批准",
    GrantState.APPROVED: "待发放",
    GrantState.PAID: "已发放",
    GrantState.FAILED: "发放失败",
    GrantState.WITHDRAWN: "已撤下",
}


class OrderState(StrEnum):
    ORDERED = "ordered"
    DISPATCHED = "dispatched"
    CONFIRMED = "confirmed"
    SETTLED = "settled"
    CANCELLED = "cancelled"


ORDER_LABELS: dict[str, str] = {
    OrderState.ORDERED: "待派单",
    OrderState.DISPATCHED: "服务中",
    OrderState.CONFIRMED: "待结算",
    OrderState.SETTLED: "已结算",
    OrderState.CANCELLED: "已取消",
}
OPEN_ORDERS = frozenset({OrderState.ORDERED, OrderState.DISPATCHED, OrderState.CONFIRMED})
ORDER_WAY: tuple[tuple[str, str], ...] = (
    (OrderState.ORDERED, "派单"),
    (OrderState.DISPATCHED, "向职工确认"),
    (OrderState.CONFIRMED, "结算"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One permitted step. `policy`: the action of the policy table; `not_by`: who of those before may not make it; `only_by`: who alone may."""

    action: str
    label: str
    sources: frozenset[str]
    target: str
    policy: str
    not_by: tuple[str, ...] = ()
    only_by: str = ""


BATCH_STEPS: tuple[Step, ...] = (
    Step("submit", "提交复核", frozenset({BatchState.DRAFT}), BatchState.SUBMITTED, "batch.prepare", (), "prepared_by"),
    Step("check", "复核通过", frozenset({BatchState.SUBMITTED}), BatchState.CHECKED, "batch.check", ("prepared_by",)),
    Step(
        "approve",
        "审批通过",
        frozenset({BatchState.CHECKED}),
        BatchState.APPROVED,
        "batch.approve",
        ("prepared_by", "checked_by"),
    ),
    Step("return", "退回修改", frozenset({BatchState.SUBMITTED}), BatchState.DRAFT, "batch.check", ("prepared_by",)),
    Step("return", "退回修改", frozenset({BatchState.CHECKED}), BatchState.DRAFT, "batch.approve", ("prepared_by",)),
    Step("send", "生成银行表", frozenset({BatchState.APPROVED, BatchState.SENT}), BatchState.SENT, "batch.sheet"),
    Step("result", "读入回盘", frozenset({BatchState.SENT}), BatchState.SENT, "batch.sheet"),
    Step("cancel", "作废", frozenset({BatchState.DRAFT}), BatchState.CANCELLED, "batch.prepare", (), "prepared_by"),
)
ORDER_STEPS: tuple[Step, ...] = (
    Step("dispatch", "派单", frozenset({OrderState.ORDERED}), OrderState.DISPATCHED, "service.order"),
    Step("confirm", "向职工确认", frozenset({OrderState.DISPATCHED}), OrderState.CONFIRMED, "service.order"),
    Step("settle", "结算", frozenset({OrderState.CONFIRMED}), OrderState.SETTLED, "service.settle"),
    Step(
        "cancel", "取消", frozenset({OrderState.ORDERED, OrderState.DISPATCHED}), OrderState.CANCELLED, "service.order"
    ),
)


def find_step(steps: tuple[Step, ...], action: str, state: str) -> Step | None:
    """The step of that name from that state, if the table has one."""
    return next((step for step in steps if step.action == action and state in step.sources), None)


def way(stages: tuple[tuple[str, str], ...], state: str) -> list[dict[str, str]]:
    """The steps of a page head: done, now, still to do."""
    reached = [stage for stage, _ in stages].index(state) if state in dict(stages) else len(stages)
    states = ("done", "now", "todo")
    return [{"label": label, "state": states[(at >= reached) + (at > reached)]} for at, (_, label) in enumerate(stages)]


def choices(labels: dict[str, str]) -> list[tuple[str, str]]:
    """A table of labels as the choices of a column, free of our own types."""
    return [(str(code), label) for code, label in labels.items()]
