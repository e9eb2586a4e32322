"""In the meeting: each item is recorded, or left for the next time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import AgendaItem, Meeting
from visits.models.agenda import DECISION_LENGTH, MINUTE_LENGTH
from visits.services.meeting_lock import locked_meeting, require_state


@transaction.atomic
def item_record(
    *,
    meeting_id: UUID,
    item_id: int,
    version: int | None,
    actor: Scope,
    decision: str = "",
    minute: str = "",
    carry: bool = False,
    now: datetime | None = None,
) -> AgendaItem:
    """Write down what was decided and said of an item (either may be empty: it was heard and left so), or carry it over to the next meeting.

    May be mended until the meeting is closed. Raises NotFound, Forbidden, InvalidTransition, StaleVersion, FieldErrors.
    """
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor)
    require_state(meeting, Meeting.State.RUNNING)
    item = meeting.items.filter(pk=item_id, dropped=False).first()
    if item is None:
        raise NotFound
    if version is not None and version != item.version:
        raise StaleVersion
    problems = {
        name: f"最多 {longest} 个字，现有 {len(text)} 个字。"
        for name, text, longest in (("decision", decision, DECISION_LENGTH), ("minute", minute, MINUTE_LENGTH))
        if len(text) > longest
    }
    if problems:
        raise FieldErrors(problems)
    item.state = AgendaItem.State.CARRIED if carry else AgendaItem.State.DEALT
    item.decision, item.minute = decision.strip(), minute.strip()
    item.recorded_by_id, item.recorded_at = actor.user_id, now or clock.now()
    item.version += 1
    item.save()
    record(
        actor=actor,
        action="agenda.record",
        object_type="meeting",
        object_id=meeting.pk,
        item=item.pk,
        state=str(item.state),
    )
    return item


@transaction.atomic
def items_note(*, meeting_id: UUID, kind: str, actor: Scope, now: datetime | None = None) -> int:
    """Take note of all items of a kind that are still open, in one go; how many."""
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor)
    require_state(meeting, Meeting.State.RUNNING)
    left = list(meeting.items.filter(kind=kind, state=AgendaItem.State.OPEN, dropped=False))
    for item in left:
        item.state, item.recorded_by_id, item.recorded_at = AgendaItem.State.DEALT, actor.user_id, now or clock.now()
        item.version += 1
    AgendaItem.objects.bulk_update(left, ["state", "recorded_by", "recorded_at", "version"])
    record(actor=actor, action="agenda.record", object_type="meeting", object_id=meeting.pk, kind=kind, items=len(left))
    return len(left)
