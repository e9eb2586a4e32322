"""The figures computed a second way: in plain Python, from the events, by the words of docs/figures.md. Shares no code with the portal's."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from casework.models import Issue, IssueEvent

COLUMNS = [
    "received",
    "resolved",
    "explained",
    "unresolved",
    "out_of_remit",
    "withdrawn",
    "assigned",
    "accepted_on_time",
    "closed_with_deadline",
    "closed_on_time",
    "answered",
    "followed_up",
    "rated",
    "satisfied",
    "answered_ever",
    "redone",
]

FLOWS = [f"{outcome}_in_period" for outcome in ("resolved", "explained", "unresolved", "out_of_remit", "withdrawn")]

Key = tuple[str, date, str, str | None]


def expected_rows(today: date) -> dict[Key, dict[str, Any]]:
    """(period, start, unit code, category code or None) -> figures, for every cell that has something in it."""
    lives = _lives()
    rows: dict[Key, dict[str, Any]] = {}
    for period, start in _periods(lives, today):
        for unit in {code for life in lives for code in life["units"]}:
            for category in {None, *(life["category"] for life in lives)}:
                mine = [x for x in lives if unit in x["units"] and category in (None, x["category"])]
                rows[period, start, unit, category] = _figures(mine, period, start)
    return rows


def expected_of(whose: str, today: date) -> dict[tuple[str, date, str], dict[str, Any]]:
    """The same by `holder` (a unit's code) or `registrar` (a user name), over all categories."""
    lives = _lives()
    owners = {life[whose] for life in lives} - {None}
    return {
        (period, start, owner): _figures([x for x in lives if x[whose] == owner], period, start)
        for period, start in _periods(lives, today)
        for owner in owners
    }


def _lives() -> list[dict[str, Any]]:
    related = Issue.objects.select_related("township__parent", "category", "registered_by")
    lives = [_life(issue) for issue in related]
    return [life for life in lives if life["state"] not in ("rejected", "merged", "voided")]


def _periods(lives: list[dict[str, Any]], today: date) -> set[tuple[str, date]]:
    found = set()
    for year in range(min([today, *(x["received_on"] for x in lives)]).year, today.year + 1):
        for month in range(1, 13):
            if date(year, month, 1) <= today:
                found |= {(kind, _start(kind, date(year, month, 1))) for kind in ("month", "quarter", "year")}
    return found


def _start(period: str, day: date) -> date:
    return {
        "month": day.replace(day=1),
        "quarter": date(day.year, {1: 1, 2: 4, 3: 7, 4: 10}[(day.month + 2) // 3], 1),
        "year": date(day.year, 1, 1),
    }[period]


def _figures(lives: list[dict[str, Any]], period: str, start: date) -> dict[str, Any]:
    cohort = [x for x in lives if _start(period, x["received_on"]) == start]
    counts: Counter[str] = Counter()
    for x in cohort:
        counts.update(_marks(x))
    spent = sorted(x["workdays_to_close"] for x in cohort if x["state"] == "closed")
    closed = [
        x for x in lives if x["state"] == "closed" and _start(period, date.fromisoformat(x["closed_on"])) == start
    ]
    flows = Counter(f"{x['outcome']}_in_period" for x in closed)
    return {
        **{name: counts[name] for name in COLUMNS},
        **{name: flows[name] for name in FLOWS},
        "closed_in_period": len(closed),
        "open_at_end": sum(_was_open(x, period, start) for x in lives),
        "median_workdays": Decimal(str(median(spent))) if spent else None,
        "p90_workdays": next((v for n, v in enumerate(spent, start=1) if n >= 0.9 * len(spent)), None),
    }


def _marks(x: dict[str, Any]) -> list[str]:
    marks = ["received"]
    if x["state"] == "closed":
        marks.append(x["outcome"])
        if x["due_on"] and x["answered_on"]:
            marks.append("closed_with_deadline")
            if x["answered_on"] <= x["due_on"]:
                marks.append("closed_on_time")
    if x["accept_due_on"]:
        marks.append("assigned")
        if x["accepted_on"] and x["accepted_on"] <= x["accept_due_on"]:
            marks.append("accepted_on_time")
    if x["answered_on"]:
        marks.append("answered")
        if x["followed_up_on"]:
            marks.append("followed_up")
    if x["satisfaction"]:
        marks.append("rated")
        if x["satisfaction"] != "dissatisfied":
            marks.append("satisfied")
    if x["answered_on"] or x["redo_count"]:
        marks.append("answered_ever")
    if x["redo_count"]:
        marks.append("redone")
    return marks


def _was_open(x: dict[str, Any], period: str, start: date) -> bool:
    """Received by the period's end, and not closed as its last day ended."""
    if _start(period, x["received_on"]) > start:
        return False
    closed = False
    for day, to_state in x["steps"]:
        if _start(period, day) <= start:
            closed = to_state == "closed"
    return not closed


def _life(issue: Issue) -> dict[str, Any]:
    """What the events say became of an issue; only its place and day of receipt are asked of the row."""
    facts: dict[str, Any] = dict.fromkeys(("due_on", "answered_on", "accept_due_on", "accepted_on"))
    facts |= {"followed_up_on": None, "satisfaction": "", "redo_count": 0, "steps": []}
    facts |= {"registrar": issue.registered_by and issue.registered_by.username}
    for event in IssueEvent.objects.filter(issue=issue).select_related("unit").order_by("seq"):
        facts |= {k: v for k, v in event.data.items() if k not in ("received_on", "category", "township")}
        facts |= {"state": event.to_state, "outcome": event.outcome, "holder": event.unit and event.unit.code}
        facts["steps"].append((_day(event.happened_at), event.to_state))
    units = {issue.township.code, issue.township.parent.code}
    return facts | {"received_on": issue.received_on, "units": units, "category": issue.category.code}


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).date()
