"""What stands in the way of a move besides its state: work around the issue that has not ended. Source: docs/domain.md, "Consultations", "Mediation"."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, QuerySet

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
    if (move.target in OPEN_STATES or move.returns) and not issue.is_open:
        return _ended_parent(issue, lock=lock)
    return ""


def ends(move: Move, issue: Issue) -> bool:
    """Whether the move takes an open issue out of hand: closing, rejecting, merging."""
    return issue.is_open and move.target is not None and move.target not in OPEN_STATES


def unfinished(issue: Issue) -> str:
    """What of an issue is still going on, as the reason it cannot be ended; "" if nothing."""
    return unfinished_of([issue.pk]).get(issue.pk, "")


def unfinished_of(issues: Iterable[int]) -> dict[int, str]:
    """The same for many issues by their ids, in four queries; those with nothing going on are left out."""
    wanted = list(issues)
    if not wanted:
        return {}
    tasks = ConsultationTask.objects.filter(consultation__issue__in=wanted, state=ConsultationTask.State.OPEN)
    children = SubIssue.objects.filter(parent__in=wanted, child__state__in=OPEN_STATES)
    consulted = Consultation.objects.filter(issue__in=wanted, state=Consultation.State.OPEN)
    mediated = Mediation.objects.filter(issue__in=wanted, state__in=UNFINISHED_STATES)
    going_on: dict[int, list[str]] = defaultdict(list)
    for issue in consulted.values_list("issue_id", flat=True):
        going_on[issue].append("会诊还没有结束")
    for issue, number in _counted(tasks, "consultation__issue_id"):
        going_on[issue].append(f"还有 {number} 项会诊任务没有完成")
    for issue in mediated.values_list("issue_id", flat=True):
        going_on[issue].append("调解还没有结束")
    for issue, number in _counted(children, "parent_id"):
        going_on[issue].append(f"还有 {number} 条子诉求没有办结")
    return {issue: f"{'，'.join(words)}，这条诉求暂不能办结。" for issue, words in going_on.items()}


def _counted(rows: QuerySet, issue: str) -> Iterable[tuple[int, int]]:
    return rows.order_by().values_list(issue).annotate(number=Count("pk"))


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
