"""The lock of a meeting: whoever writes anything of a meeting holds it first, so that nothing is written after the end."""

from uuid import UUID

from unionportal.core.common.errors import InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import Scope
from visits.models import Meeting


def locked_meeting(meeting_id: UUID, actor: Scope, *, version: int | None = None) -> Meeting:
    """The meeting within the actor's reach, locked: whoever writes anything of a meeting holds this lock first."""
    row = Meeting.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=meeting_id)
    meeting = row.select_related("group").first()
    if meeting is None:
        raise NotFound
    if version is not None and version != meeting.version:
        raise StaleVersion
    return meeting


def require_state(meeting: Meeting, *states: str) -> None:
    """Refuse what the meeting's state does not permit."""
    if meeting.state not in states:
        raise InvalidTransition(f"会议“{meeting.get_state_display()}”，现在不能做这一步。")
