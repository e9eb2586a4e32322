"""需要您关注: what is overdue, was redone too often, or has a provisional deadline, today."""

from dataclasses import dataclass

from unionportal.reporting.selectors import workbench
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.queues import find_queue

QUEUES = ("overdue", "redone_often", "provisional")
LINES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A line with the queue it comes from."""

    line: workbench.Line
    mark: str


def attention(place: Place) -> tuple[list[workbench.QueueHead], list[Line]]:
    """The sizes of the queues and their first lines, one line an issue."""
    queues = [queue for key in QUEUES if (queue := find_queue(place.scope, key))]
    heads = workbench.heads_of(queues, place.scope, place.today, size=LINES // 2, township=place.township)
    lines: dict[str, Line] = {}
    for head in heads:
        for line in head.lines:
            lines.setdefault(line.key, Line(line, head.queue.label))
    return heads, list(lines.values())[:LINES]
