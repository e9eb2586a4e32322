"""The lines of the stations' queues on the workbench."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse

from stations.care_selectors import warning_of
from stations.models import Repair, SpotTask, Station, Supply
from stations.repair_workflow import BROKEN_STATES
from unionportal.reporting.selectors.queue import Line, Queue


def _due(day: date, today: date) -> tuple[str, str, int]:
    """The chip of a calendar day: words, tone and days left."""
    left = (day - today).days
    if left < 0:
        return f"逾期 {-left} 天", "late", left
    return (f"还有 {left} 天" if left else "今天到期"), ("warn" if left <= 1 else "idle"), left


def _check_line(queue: Queue, station: Any, today: date) -> Line:
    return _to_form(queue, f"station-{station.pk}", station, "self", station.check_due_on, today)


def _spot_line(queue: Queue, task: SpotTask, today: date) -> Line:
    return _to_form(queue, f"spot-task-{task.pk}", task.station, "spot", task.due_on, today)


def _to_form(queue: Queue, key: str, station: Station, use: str, due: date, today: date) -> Line:
    words, tone, left = _due(due, today)
    form = f"{reverse('station-check-form')}?station={station.code}&use={use}"
    title = f"{station.township} · {station.name}"
    return Line(key, title, form, words, tone, "clock", queue.waits, queue.verb, form, (0, left))


def _repair_line(queue: Queue, repair: Repair, today: date) -> Line:
    url = reverse("repair", args=[repair.pk])
    words, tone, left = _due(repair.due_on, today)
    if repair.state not in BROKEN_STATES:
        words, tone, left = "待验收", "brand", max(left, 0)
    title = f"{repair.station.name} · {repair.what}"
    return Line(
        f"repair-{repair.pk}",
        title,
        url,
        words,
        tone,
        "clock",
        repair.get_state_display(),
        queue.verb,
        url,
        (0, left),
    )


def _supply_line(queue: Queue, supply: Supply, today: date) -> Line:
    url = reverse("supplies", args=[supply.station.code])
    warned = warning_of(supply, today)
    left = (supply.expires_on - today).days if supply.expires_on else 0
    title = f"{supply.station.name} · {supply.name}"
    return Line(
        f"supply-{supply.pk}", title, url, warned.words, warned.tone, "warn", queue.waits, queue.verb, url, (0, left)
    )


STATION_LINES: dict[str, Callable[[Queue, Any, date], Line]] = {
    "station_checks": _check_line,
    "spot_checks": _spot_line,
    "repairs": _repair_line,
    "supplies": _supply_line,
}
