"""How a person stands to a file, and which moves are open to them."""

from hardship.models import FileProcess, HardshipFile
from hardship.models.process import process_of
from hardship.process import Level, Move, Who, moves_of
from hardship.querysets import units_above
from hardship.services.bars import Hindrance, barred, hindrance
from hardship.workflow import CLOSED_STATES
from unionportal.core.common.scope import Role, Scope


def standings(file: HardshipFile, scope: Scope) -> frozenset[Who]:
    """`file` comes with its township and the township's superiors. Who sees the file is for `visible_to` to say."""
    found: set[Who] = set()
    if scope.has(Role.LEADER):
        found.add(Who.LEADER)
    if scope.has(Role.AID):
        if file.township_id in scope.aid_unit_ids:
            found |= {Who.AID, Who.TOWNSHIP_AID}
        if not scope.aid_unit_ids.isdisjoint(units_above(file.township)):
            found |= {Who.AID, Who.DISTRICT_AID}
            if process_of(file).lacks_reviewer:
                found.add(Who.STANDING_IN)
    return frozenset(found)


def level_of(move: Move, found: frozenset[Who]) -> Level:
    """At which level a step counts: a township's officer who turns a file down or sends it back speaks for the township."""
    if move.level == Level.DISTRICT and found.isdisjoint({Who.DISTRICT_AID, Who.LEADER}):
        return Level.TOWNSHIP
    return move.level


def open_moves(file: HardshipFile, scope: Scope) -> list[Move]:
    """What the person may do with the file now, in the order of the table."""
    process = process_of(file)
    found = standings(file, scope)
    return [
        move
        for move in moves_of(process.order)
        if file.state in move.sources and move.who & found and not barred(file, process, move, scope)
    ]


def hindrances(file: HardshipFile, process: FileProcess, scope: Scope) -> list[tuple[Move, Hindrance]]:
    """What leads on from here, where it is the person's and something stands in its way: the next step, or the way back from the end."""
    found, is_over = standings(file, scope), file.state in CLOSED_STATES
    ahead = (m for m in moves_of(process.order) if file.state in m.sources and (m.primary or is_over) and m.who & found)
    return [(move, words) for move in ahead if (words := hindrance(file, process, move, scope))]
