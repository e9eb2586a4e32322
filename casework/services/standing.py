"""How a person stands to an issue, and what follows: which moves, and to which units."""

from datetime import date

from django.db.models import Q, QuerySet

from casework.models import Issue, IssueEvent, Reporter
from casework.services.barriers import barrier, nothing_around
from casework.services.bars import barred
from casework.workflow import FollowUpMode, Move, Satisfaction, Who, find_move, moves_from
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit


def standings(issue: Issue, scope: Scope) -> frozenset[Who]:
    """Every way the person stands to an issue they can see. An issue nobody holds counts whoever could hold one as its holder:
    what is wrong with their move is the state, not the person."""
    found = set()
    if scope.has(Role.STAFF):
        found.add(Who.STAFF)
    if scope.has(Role.LEADER):
        found.add(Who.LEADER)
    if scope.has(Role.TOWNSHIP) and issue.township_id in scope.township_ids:
        found.add(Who.TOWNSHIP)
    if scope.has(Role.HANDLER, Role.TOWNSHIP) and (issue.holder_id is None or issue.holder_id in scope.unit_ids):
        found.add(Who.HOLDER)
    if scope.has(Role.CADRE):
        registered_it = issue.registered_by_id == scope.user_id
        if registered_it:
            found.add(Who.REGISTRAR)
        if (
            registered_it
            or issue.township_id in scope.posted_township_ids
            or (issue.enterprise_id is not None and issue.enterprise_id in scope.posted_enterprise_ids)
        ):
            found.add(Who.CADRE)
    return frozenset(found)


def only_joined(issue: Issue, scope: Scope) -> bool:
    """Whether nothing but a consultation lets the person see the issue: then opinions and tasks are theirs, and nothing else."""
    holds = issue.holder_id is not None and issue.holder_id in scope.unit_ids
    return not (scope.district or holds) and standings(issue, scope) <= {Who.HOLDER}


def registered_on(issue: Issue) -> date:
    """The Shanghai day the issue was entered on (not the day it was received)."""
    moment = IssueEvent.objects.filter(issue=issue, seq=1).values_list("recorded_at", flat=True).first()
    return clock.local_date(moment) if moment else issue.received_on


def is_too_late(issue: Issue, move: Move, mine: frozenset[Who], today: date) -> bool:
    """Whether the person could make this move only on the day of registration, and that day is over."""
    if not move.same_day or (mine & move.who) - move.same_day:
        return False
    return registered_on(issue) != today


def permitted_moves(issue: Issue, scope: Scope, day: date | None = None) -> list[Move]:
    """The moves this person can make on a day (default: today), in the order buttons are shown. A read for pages: the service asks again."""
    mine, day = standings(issue, scope), day or clock.today()
    alone = nothing_around(issue)
    return [
        move
        for move in moves_from(issue.state)
        if not mine.isdisjoint(move.who)
        and not barred(issue, move, day, scope)
        and not is_too_late(issue, move, mine, day)
        and (alone or not barrier(issue, move))
    ]


def why_no_extension(issue: Issue, scope: Scope) -> str:
    """What keeps the holder from asking for more time now; "" where nothing does, or where it is not theirs to ask."""
    move = find_move("extend", issue.state)
    if move is None or standings(issue, scope).isdisjoint(move.who):
        return ""
    return barred(issue, move, clock.today(), scope)


def is_unheld(issue: Issue) -> bool:
    """Whether no active unit holds the issue, so that a move must name one."""
    return issue.holder is None or not issue.holder.is_active


def required_fields(issue: Issue, move: Move) -> frozenset[str]:
    """What must be given for this move on this issue."""
    required = move.required | (move.required_unheld if is_unheld(issue) else frozenset())
    if move.action == "close" and issue.satisfaction == Satisfaction.DISSATISFIED:
        return required | {"note"}  # whoever closes over a dissatisfied worker says why
    if move.action in ("report", "reject") and has_reporter(issue):
        return required | {"answer"}  # the reporter reads nothing else: neither the note nor why it is not taken up
    return required


def asked_fields(issue: Issue, move: Move) -> tuple[str, ...]:
    """What the form of this move asks on this issue, in order. An answer is asked only where there is somebody without an account to read it."""
    hidden = frozenset() if is_unheld(issue) else move.required_unheld
    if "answer" in move.fields and not has_reporter(issue):
        hidden |= {"answer"}
    return tuple(name for name in move.fields if name not in hidden)


def usual_mode(issue: Issue, scope: Scope) -> FollowUpMode:
    """How a follow-up was made where nobody says otherwise: a cadre calls on people, staff phone them."""
    return FollowUpMode.VISIT if Who.CADRE in standings(issue, scope) else FollowUpMode.PHONE


def has_reporter(issue: Issue) -> bool:
    """Whether somebody without an account brought this issue, or one merged into it. One query an issue object."""
    known = issue.__dict__.get("_has_reporter")
    if known is None:
        known = issue.__dict__["_has_reporter"] = Reporter.objects.filter(
            Q(issue=issue) | Q(issue__main=issue)
        ).exists()
    return known


def units_for(issue: Issue, scope: Scope, action: str) -> QuerySet[Unit]:
    """Units the person may hand the issue to. Back: to those that held it before. On: staff to any, a township within itself, a holder
    below itself; never to who has it."""
    mine = standings(issue, scope)
    units = Unit.objects.handling()
    if action == "send_back":
        return units.filter(pk__in=earlier_holders(issue)) if Who.HOLDER in mine else units.none()
    if action == "transfer" and issue.holder_id is not None:
        units = units.exclude(pk=issue.holder_id)
    if Who.STAFF in mine:
        return units
    if action == "assign" and Who.TOWNSHIP in mine:
        return units.filter(Q(pk=issue.township_id) | _below(issue.township_id))
    if action == "transfer" and Who.HOLDER in mine and issue.holder_id is not None:
        return units.filter(_below(issue.holder_id))
    return units.none()


def earlier_holders(issue: Issue) -> list[int]:
    """Units that have held the issue before the present one."""
    held = IssueEvent.objects.filter(issue=issue, unit__isnull=False).order_by("unit_id")
    units = held.values_list("unit_id", flat=True).distinct()
    return [unit for unit in units if unit is not None and unit != issue.holder_id]


def _below(unit_id: int) -> Q:
    """Children and grandchildren: the tree under a township or department is no deeper."""
    return Q(parent_id=unit_id) | Q(parent__parent_id=unit_id)
