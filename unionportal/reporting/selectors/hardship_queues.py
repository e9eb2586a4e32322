"""What waits for whom in the hardship files: leads, steps, measures, approvals. Source: docs/domain.md, "Hardship files"."""

from datetime import date

from django.db.models import Q, QuerySet

from hardship.models import Lead
from hardship.queues import due_approvals, due_measures, due_steps
from unionportal.core.common.scope import Role, Scope
from unionportal.reporting.selectors.queue import Queue


def leads(scope: Scope, today: date) -> QuerySet[Lead]:
    """Hardship leads to be verified: those named for the reader, and those of the own area that nobody is named for."""
    rows = Lead.objects.visible_to(scope).select_related("township").filter(state=Lead.State.OPEN)
    return rows.filter(Q(verifier_id=scope.user_id) | Q(verifier__isnull=True))


def leads_to_decide(scope: Scope, today: date) -> QuerySet[Lead]:
    """Hardship leads that were verified and wait for a decision."""
    return Lead.objects.visible_to(scope).select_related("township").filter(state=Lead.State.VERIFIED)


HARDSHIP_QUEUES: tuple[Queue, ...] = (
    Queue(
        "leads",
        "困难线索待核实",
        frozenset({Role.AID, Role.TOWNSHIP, Role.CADRE}),
        leads,
        "due_on",
        "困难线索",
        verb="核实",
        empty="要您核实的困难线索会出现在这里。",
        rare=True,
        ready=True,
    ),
    Queue(
        "leads_to_decide",
        "困难线索待决定",
        frozenset({Role.AID}),
        leads_to_decide,
        "verified_on",
        "已核实，等您决定",
        verb="决定",
        since=True,
        empty="核实过的困难线索会出现在这里，由您决定是否建档。",
        rare=True,
        ready=True,
    ),
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
        "帮扶措施",
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
