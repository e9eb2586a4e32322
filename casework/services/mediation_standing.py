"""How a person stands to a mediation, and which moves follow. Source: docs/domain.md, "Mediation"."""

from datetime import date

from casework.mediation_workflow import MOVES, Move, Who
from casework.models import Issue, Mediation
from casework.services.mediation_bars import barred
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role, Scope


def standings(mediation: Mediation, scope: Scope) -> frozenset[Who]:
    """Every way the person stands to a case they can see; empty for those who only read it."""
    found = _of_issue(mediation.issue, scope)
    if scope.has(Role.HANDLER, Role.TOWNSHIP) and mediation.organisation_id in scope.unit_ids:
        found.add(Who.ORGANISATION)
    return frozenset(found)


def works_on(mediation: Mediation, scope: Scope) -> bool:
    """Whether the person works on the case: they read its parties by name, reveal their numbers, take out its papers."""
    return allowed(scope, "mediation.manage") and bool(standings(mediation, scope))


def reads_words(mediation: Mediation, scope: Scope) -> bool:
    """Whether the person reads records and terms, which may name people: whoever works on the case, and the leader."""
    return scope.has(Role.LEADER) or works_on(mediation, scope)


def may_apply(issue: Issue, scope: Scope) -> bool:
    """Whether the person may write down an application about an issue they can see: staff, its township, its holder."""
    return allowed(scope, "mediation.manage") and bool(_of_issue(issue, scope))


def permitted_moves(mediation: Mediation, scope: Scope, day: date) -> list[Move]:
    """The moves this person can make on a day, in the order of the table."""
    mine = standings(mediation, scope)
    return [
        move
        for move in MOVES
        if mediation.state in move.sources and not mine.isdisjoint(move.who) and not barred(mediation, move, day)
    ]


def _of_issue(issue: Issue, scope: Scope) -> set[Who]:
    found = set()
    if scope.has(Role.STAFF):
        found.add(Who.STAFF)
    if scope.has(Role.TOWNSHIP) and issue.township_id in scope.township_ids:
        found.add(Who.TOWNSHIP)
    if scope.has(Role.HANDLER, Role.TOWNSHIP) and issue.holder_id is not None and issue.holder_id in scope.unit_ids:
        found.add(Who.HOLDER)
    return found
