"""What the issue list can do to many issues at once, and what each would do to each of them. Reads only. Source: docs/domain.md, "Many at once"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from casework.models import Issue
from casework.services.barriers import ends, unfinished_of
from casework.services.bars import barred
from casework.services.standing import is_too_late, standings
from casework.workflow import MOVES, STATE_LABELS, Move, State, Who, find_move, who_may
from unionportal.core.common import clock
from unionportal.core.common.errors import Forbidden, NotFound
from unionportal.core.common.scope import Role, Scope

#: Issues one run takes at most: their rows stay locked until all are done.
MOST = 200
#: The moves that ask the same of every issue, each from one state. A close straight from registration says case by case why.
BULK: dict[str, Move] = {
    action: next(move for move in MOVES if move.action == action and state in move.sources)
    for action, state in (("assign", State.REGISTERED), ("remind", State.IN_PROGRESS), ("close", State.ANSWERED))
}
_ROLES = {Who.STAFF: Role.STAFF, Who.LEADER: Role.LEADER, Who.TOWNSHIP: Role.TOWNSHIP}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One chosen issue: the version the person judges by, and why the move cannot be made; "" where it can."""

    issue: Issue
    version: int
    problem: str


def bulk_moves(scope: Scope) -> list[Move]:
    """The bulk actions a person may have use for, in the order of their buttons."""
    return [move for move in BULK.values() if scope.has(*(_ROLES[who] for who in move.who))]


def bulk_move(action: str, scope: Scope) -> Move:
    """The move of that name. NotFound where there is none, Forbidden where it is not for this person."""
    if action not in BULK:
        raise NotFound("没有这种批量操作。")
    if BULK[action] not in bulk_moves(scope):
        raise Forbidden(f"您的角色不能批量{BULK[action].label}。")
    return BULK[action]


def candidates(
    scope: Scope, move: Move, codes: Iterable[str], *, seen: Mapping[str, int] | None = None
) -> list[Candidate]:
    """The chosen issues within the person's reach, those that can be done first. `seen`: versions of an earlier look; a newer one is told.

    The same number of queries for one and for two hundred.
    """
    issues = list(
        Issue.objects.visible_to(scope)
        .filter(code__in=set(codes))
        .select_related("category", "township", "holder", "enterprise")
        .defer("description", "search_tokens", "enterprise__search_tokens")
        .order_by("-received_on", "-id")
    )
    going_on = unfinished_of(issue.pk for issue in issues if ends(move, issue))
    today = clock.today()
    found = []
    for issue in issues:
        version = (seen or {}).get(issue.code, issue.version)
        problem = _problem(issue, move, scope, today, version) or going_on.get(issue.pk, "")
        found.append(Candidate(issue, version, problem))
    return sorted(found, key=lambda each: bool(each.problem))


def _problem(issue: Issue, move: Move, scope: Scope, today: date, version: int) -> str:
    """Asked in the order in which `issue_move` refuses."""
    mine = standings(issue, scope)
    if mine.isdisjoint(who_may(move.action, issue.state)):
        return f"您不能{move.label}这条诉求。"
    if version != issue.version:
        return "预览之后有人办理过，请打开核对。"
    if find_move(move.action, issue.state) is not move:
        return _other_state(issue, move)
    if words := barred(issue, move, today, scope):
        return words
    return f"现在不能{move.label}。" if is_too_late(issue, move, mine, today) else ""


def _other_state(issue: Issue, move: Move) -> str:
    other = find_move(move.action, issue.state)
    if other is not None:
        return f"{other.label}要逐条写明情况，请打开这条办理。"
    return f"现在是“{STATE_LABELS[issue.state]}”，不能{move.label}。"
