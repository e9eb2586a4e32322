"""What waits for whom in the hardship files: steps, measures, approvals. Source: docs/domain.md, "Hardship files"."""

from hardship.queues import due_approvals, due_measures, due_steps
from unionportal.core.common.scope import Role
from unionportal.reporting.selectors.queue import Queue

HARDSHIP_QUEUES: tuple[Queue, ...] = (
    Queue(
        "hardship_steps",
        "困难档案待办",
        frozenset({Role.AID}),
        due_steps,
        "due_on",
        "困难职工档案",
        verb="办理",
        empty="轮到您办的入户调查、评议、公示、复核、核查、审批会出现在这里。",
        ready=True,
        place="file__township",
    ),
    Queue(
        "hardship_measures",
        "帮扶措施到期",
        frozenset({Role.AID}),
        due_measures,
        "due_on",
        "一户一策",
        action="finish",
        verb="登记结果",
        empty="由您负责、还没有完成的帮扶措施会出现在这里。",
        rare=True,
        ready=True,
        place="file__township",
    ),
    Queue(
        "hardship_approvals",
        "困难档案待审批",
        frozenset({Role.LEADER}),
        due_approvals,
        "due_on",
        "困难职工档案",
        verb="审批",
        empty="走完流程、等您审批的困难职工档案会出现在这里。",
        rare=True,
        ready=True,
        place="file__township",
    ),
)
