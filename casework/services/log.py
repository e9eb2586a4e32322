"""What every write to an issue leaves behind, in the writer's transaction: event, outbox row, audit row, and the figures' refresh after commit."""

from datetime import date, datetime
from typing import Any

from casework.models import Issue, IssueEvent, IssueNote, RollupOutbox
from casework.telling import tell_of_step
from unionportal.core.audit.services import record
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.scope import Scope

REFRESH_FIGURES = "reporting.refresh_rollups"

#: Columns a move may change besides state, outcome, holder and version. Events carry their new values, so columns can be rebuilt from events.
TRACKED = (
    "assignee_id",
    "promise_workdays",
    "promise_in",
    "assigned_on",
    "accept_due_on",
    "accepted_on",
    "due_from",
    "due_on",
    "due_is_provisional",
    "extension_days",
    "extended_workdays",
    "paused_on",
    "paused_workdays",
    "reminded_on",
    "remind_count",
    "supervision",
    "supervised_on",
    "answered_on",
    "follow_up_due_on",
    "followed_up_on",
    "satisfaction",
    "follow_up_mode",
    "closed_on",
    "workdays_to_close",
    "redo_count",
    "bounce_count",
    "reopen_count",
    "main_id",
    "merged_from",
)


def tracked_values(issue: Issue) -> dict[str, Any]:
    """The tracked columns as JSON: days as YYYY-MM-DD."""
    return {name: _plain(getattr(issue, name)) for name in TRACKED}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def append_event(
    *,
    issue: Issue,
    action: str,
    from_state: str,
    actor: Scope,
    happened_at: datetime,
    recorded_at: datetime,
    note: str = "",
    data: dict[str, Any],
) -> IssueEvent:
    """Append the step that brought the issue to its present version, and tell the audit trail and the figures."""
    event = IssueEvent.objects.create(
        issue=issue,
        seq=issue.version,
        action=action,
        from_state=from_state,
        to_state=issue.state,
        outcome=issue.outcome,
        actor_id=actor.user_id or None,
        unit_id=issue.holder_id,
        note=IssueNote.objects.create(issue=issue, text=note) if note else None,
        happened_at=happened_at,
        recorded_at=recorded_at,
        data=data,
    )
    if note:
        issue.add_to_search(note)
    RollupOutbox.objects.create(
        issue=issue, township_id=issue.township_id, category_id=issue.category_id, received_on=issue.received_on
    )
    record(
        actor=actor,
        action=f"issue.{action}",
        object_type="issue",
        object_id=issue.code,
        state=issue.state,
        outcome=issue.outcome,
        version=issue.version,
    )
    tell_of_step(issue, event, actor)
    soon_by_name(REFRESH_FIGURES)
    return event


def append_step(
    *, issue: Issue, action: str, actor: Scope, now: datetime, data: dict[str, Any], note: str = ""
) -> IssueEvent:
    """A step that is no move of the table: the state stays, the version goes up, so that nobody acts on what they no longer see.

    The caller holds the issue's row lock.
    """
    issue.version += 1
    issue.save(update_fields=["version", "joined_unit_ids"])
    return append_event(
        issue=issue,
        action=action,
        from_state=issue.state,
        actor=actor,
        happened_at=now,
        recorded_at=now,
        note=note,
        data=data,
    )
