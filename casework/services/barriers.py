"""What stands in the way of a move besides its state: work around the issue that has not ended. Source: docs/domain.md, "Consultations", "Mediation"."""

from casework.mediation_workflow import UNFINISHED_STATES
from casework.models import Consultation, ConsultationTask, Issue, Mediation, SubIssue
from casework.workflow import OPEN_STATES, STATE_LABELS, Move

#: The relations of an issue that can be in the way.
AROUND = frozenset({"consultations", "child_ties", "parent_tie", "mediations"})


def barrier(issue: Issue, move: Move, *, lock: bool = False) -> str:
    """Why this move cannot be made now, in words; "" if nothing stands in its way.

    Ending an issue waits for its consultation, tasks, mediation and sub-issues; a sub-issue is not taken up again below an ended parent.
    `lock` holds the parent's row to the end of the transaction, so that it cannot be ended meanwhile.
    """
    if move.action == "consult":
        return "这条诉求正在会诊，结束后才能再次会诊。" if _consulting(issue) else ""
    if ends(move, issue):
        return unfinished(issue)
    if move.target in OPEN_STATES and not issue.is_open:
        return _ended_parent(issue, lock=lock)
    return ""


def ends(move: Move, issue: Issue) -> bool:
    """Whether the move takes an open issue out of hand: closing, rejecting, merging."""
    return issue.is_open and move.target is not None and move.target not in OPEN_STATES


def unfinished(issue: Issue) -> str:
    """What of an issue is still going on, as the reason it cannot be ended; "" if nothing."""
    tasks = ConsultationTask.objects.filter(consultation__issue=issue, state=ConsultationTask.State.OPEN).count()
    children = SubIssue.objects.filter(parent=issue, child__state__in=OPEN_STATES).count()
    going_on = []
    if _consulting(issue):
        going_on.append("会诊还没有结束")
    if tasks:
        going_on.append(f"还有 {tasks} 项会诊任务没有完成")
    if Mediation.objects.filter(issue=issue, state__in=UNFINISHED_STATES).exists():
        going_on.append("调解还没有结束")
    if children:
        going_on.append(f"还有 {children} 条子诉求没有办结")
    return f"{'，'.join(going_on)}，这条诉求暂不能办结。" if going_on else ""


def nothing_around(issue: Issue) -> bool:
    """Whether a page need not ask for barriers at all: most issues have nothing around them. Services always ask."""
    return issue.attached.isdisjoint(AROUND)


def _consulting(issue: Issue) -> bool:
    return Consultation.objects.filter(issue=issue, state=Consultation.State.OPEN).exists()


def _ended_parent(issue: Issue, *, lock: bool) -> str:
    parents = Issue.objects.filter(child_ties__child=issue).only("code", "state")
    parent = (parents.select_for_update(of=("self",)) if lock else parents).first()
    if parent is None or parent.is_open:
        return ""
    return f"主诉求 {parent.code} 已是“{STATE_LABELS[parent.state]}”，请先重启主诉求。"
