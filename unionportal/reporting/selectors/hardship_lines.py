"""The lines of the hardship files' queues on the workbench: by number and employer, no name of a household stands there."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hardship.models import FileProcess, Lead, Measure
from hardship.queues import next_address, step_label
from unionportal.core.common import formats
from unionportal.reporting.selectors.queue import Line, Queue, days_left


def _file_line(queue: Queue, process: FileProcess, today: date) -> Line:
    """By number and employer: no name of a household stands on the workbench."""
    left, file = days_left(process.due_on or today, today), process.file
    return Line(
        key=f"hardship-file-{file.pk}",
        title=f"{file.township} · {file.code} {file.unit_name}",
        url=f"/hardship/{file.code}/process/",
        chip=formats.due_words(left),
        tone=formats.due_tone(left),
        icon="clock",
        words=f"{queue.waits}，{step_label(process)}",
        verb=step_label(process),
        verb_url=next_address(process),
        urgency=(0, left),
    )


def _measure_line(queue: Queue, measure: Measure, today: date) -> Line:
    left, url = days_left(measure.due_on, today), f"/hardship/measures/{measure.pk}/"
    return Line(
        key=f"hardship-measure-{measure.pk}",
        title=f"{measure.file.township} · {measure.file.code} {measure.kind}",
        url=url,
        chip=formats.due_words(left),
        tone=formats.due_tone(left),
        icon="clock",
        words=measure.plan,
        verb=queue.verb,
        verb_url=f"{url}#{queue.action}",
        urgency=(0, left),
    )


def _lead_line(queue: Queue, lead: Lead, today: date) -> Line:
    """Whom it is about stands on the lead's page alone."""
    if queue.since and lead.verified_on is not None:
        days = (today - lead.verified_on).days
        chip, tone, urgency = (f"{days} 天前" if days else "今天"), ("warn" if days > 1 else "idle"), (1, -days)
    else:
        left = days_left(lead.due_on, today)
        chip, tone, urgency = formats.due_words(left), formats.due_tone(left), (0, left)
    url = f"/hardship/leads/{lead.code}/"
    return Line(
        key=f"lead-{lead.pk}",
        title=f"{lead.township} · {lead.get_cause_display()}",
        url=url,
        chip=chip,
        tone=tone,
        icon="clock",
        words=f"{queue.waits} {lead.code}",
        verb=queue.verb,
        verb_url=f"{url}#{queue.action}" if queue.action else url,
        urgency=urgency,
    )


HARDSHIP_LINES: dict[str, Callable[[Queue, Any, date], Line]] = {
    "leads": _lead_line,
    "leads_to_decide": _lead_line,
    "hardship_steps": _file_line,
    "hardship_measures": _measure_line,
    "hardship_approvals": _file_line,
}
