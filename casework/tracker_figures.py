"""What trackers add up to: sums of their money and numbers over the issues of a category that a reader sees and that count."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest

from casework.models import Issue, Tracker, TrackerField, TrackerValues
from casework.services.trackers import current_tracker, may_fill, tracked_categories
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common.formats import count, money, zh_day
from unionportal.core.common.scope import Scope


@dataclass(frozen=True, slots=True)
class TrackerSum:
    """A tracker of a category: how many issues it has, how many were filled in, and each field that adds up with its sum (None: nobody filled it in)."""

    tracker: Tracker
    issues: int
    filled: int
    sums: tuple[tuple[TrackerField, Decimal | None, int], ...]


def tracker_sums(scope: Scope, *, year: int | None) -> list[TrackerSum]:
    """Every current tracker, over the issues received in a year (None: all), one query a tracker."""
    trackers = Tracker.objects.filter(is_current=True).select_related("category").prefetch_related("fields")
    return [_sum(tracker, scope, year) for tracker in trackers.order_by("category__position", "category_id")]


def issues_behind(scope: Scope, tracker: Tracker, *, year: int | None) -> QuerySet[Issue]:
    """The issues a tracker's figures are of: those of its category that count, by the day they were received."""
    issues = Issue.objects.visible_to(scope).counted().filter(category_id=tracker.category_id)
    return issues if year is None else issues.filter(received_on__year=year)


def filled_in(issues: QuerySet[Issue], tracker: Tracker) -> QuerySet[Issue]:
    """Those with values of this category's tracker, whichever version."""
    return issues.filter(tracker_values__tracker__category_id=tracker.category_id)


def _sum(tracker: Tracker, scope: Scope, year: int | None) -> TrackerSum:
    issues = issues_behind(scope, tracker, year=year)
    fields = [field for field in tracker.fields.all() if field.adds_up]
    parts: dict[str, Any] = {}
    for number, field in enumerate(fields):
        value = Cast(
            KeyTextTransform(field.code, "tracker_values__values"), DecimalField(max_digits=20, decimal_places=2)
        )
        parts |= {f"sum_{number}": Sum(value), f"count_{number}": Count(value)}
    found = filled_in(issues, tracker).order_by().aggregate(filled=Count("pk"), **parts)
    return TrackerSum(
        tracker,
        issues.order_by().count(),
        found["filled"],
        tuple((field, found[f"sum_{n}"], found[f"count_{n}"]) for n, field in enumerate(fields)),
    )


def shown(field: TrackerField, value: Any) -> str:
    """A value in words."""
    if value in (None, "", {}):
        return "—"
    match field.kind:
        case "money":
            return f"{money(value)} 元"
        case "whole":
            return f"{count(value)}{f' {field.unit}' if field.unit else ''}"
        case "day":
            return _day(value)
        case "steps":
            done = [step for step in field.options if step in value]
            return f"{done[-1]}（{_day(value[done[-1]])}，{len(done)}/{len(field.options)}）" if done else "—"
    return str(value)


def _day(text: str) -> str:
    return zh_day(date.fromisoformat(text))


def tracker_card(request: HttpRequest, issue: Issue) -> dict[str, Any] | None:
    """The tracker as the issue's page shows it; None where its category has none."""
    tracker = current_tracker(issue) if issue.category_id in tracked_categories.get() else None
    if tracker is None:
        return None
    kept = None
    if "tracker_values" in issue.attached:
        kept = TrackerValues.objects.filter(pk=issue.pk, tracker__category_id=issue.category_id).first()
    values = kept.values if kept else {}
    return {
        "tracker": tracker,
        "kept": kept,
        "rows": [(field.label, shown(field, values.get(field.code))) for field in tracker.fields.all()],
        "may_fill": may_fill(issue, request.scope) and issue.state not in UNCOUNTED_STATES,
    }
