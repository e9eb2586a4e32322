"""提级督办: an issue that is redone again and again, or sent back again and again, is marked for those above. Source: docs/domain.md, "Clocks"."""

from datetime import date, datetime

from casework.models import Issue, IssueEvent
from casework.services.log import append_event, tracked_values
from casework.workflow import ESCALATE, Supervision
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.values import value


def escalate_if_due(*, issue: Issue, now: datetime) -> bool:
    """Mark the issue where its rounds or its bounces have become too many; the caller holds its row. True if it was marked now."""
    day = clock.local_date(now)
    if issue.supervision == Supervision.ESCALATED:
        return False
    if not (_redone_too_often(issue, day) or _sent_back_too_often(issue, day)):
        return False
    before = tracked_values(issue)
    issue.supervision, issue.supervised_on = Supervision.ESCALATED, day
    issue.version += 1
    issue.save(update_fields=["supervision", "supervised_on", "version"])
    after = tracked_values(issue)
    append_event(
        issue=issue,
        action=ESCALATE,
        from_state=issue.state,
        actor=SYSTEM,
        happened_at=now,
        recorded_at=now,
        data={name: after[name] for name in after if after[name] != before[name]},
    )
    return True


def _redone_too_often(issue: Issue, day: date) -> bool:
    return issue.redo_count > int(value("issues.escalate_redos", on=day))


def _sent_back_too_often(issue: Issue, day: date) -> bool:
    """By so many units, or so many times between the same two."""
    if issue.bounce_count >= int(value("issues.escalate_bounces", on=day)):
        return True
    return units_that_sent_back(issue) >= int(value("issues.escalate_units", on=day))


def units_that_sent_back(issue: Issue) -> int:
    """How many different units have sent the issue back so far: the holder before each such step."""
    if issue.bounce_count == 0:
        return 0
    held: int | None = None
    units: set[int] = set()
    for action, unit in IssueEvent.objects.filter(issue=issue).order_by("seq").values_list("action", "unit_id"):
        if action == "send_back" and held is not None:
            units.add(held)
        held = unit
    return len(units)
