"""A planned meeting that will not take place. Source: docs/domain.md, "Monthly meetings"."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from unionportal.core.accounts.models import RoleGrant
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_short
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from visits.models import Meeting
from visits.models.meetings import REASON_LENGTH
from visits.services.meeting_lock import locked_meeting, require_state


@transaction.atomic
def meeting_cancel(
    *, meeting_id: UUID, version: int | None, reason: str, actor: Scope, now: datetime | None = None
) -> Meeting:
    """Cancel a planned meeting and tell everybody asked. It stays in the list; what its agenda held comes up at the next meeting.

    Another one may be planned in that month. FieldErrors at reason.
    """
    require(actor, "meeting.manage")
    meeting = locked_meeting(meeting_id, actor, version=version)
    require_state(meeting, Meeting.State.PLANNED)
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明取消的原因，最多 {REASON_LENGTH} 个字。"})
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason
    meeting.version += 1
    meeting.save()
    _tell(meeting, actor, now or clock.now())
    record(actor=actor, action="meeting.cancel", object_type="meeting", object_id=meeting.pk)
    return meeting


def _tell(meeting: Meeting, actor: Scope, now: datetime) -> None:
    """The people asked, those who act for the townships asked, and whoever was to chair."""
    people = set(meeting.participants.filter(person__isnull=False).values_list("person_id", flat=True))
    units = meeting.participants.filter(unit__isnull=False).values("unit_id")
    grants = RoleGrant.objects.filter(unit_id__in=units, user__is_active=True)
    people |= set(grants.filter(role__in=(Role.TOWNSHIP, Role.HANDLER)).values_list("user_id", flat=True))
    people |= {meeting.chair_id}
    tell(
        [Told(person, Kind.PROGRESS) for person in sorted(people - {actor.user_id})],
        text=f"{meeting}已取消（原定{zh_short(meeting.held_on)}）",
        url=reverse("meeting", args=[meeting.pk]),
        source=f"meeting:{meeting.pk}:cancel",
        now=now,
    )
