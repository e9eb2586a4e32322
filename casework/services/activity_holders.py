"""Telling the units that hold issues of an activity that they can answer by it. Nothing is answered for them."""

from collections import Counter
from datetime import datetime

from django.urls import reverse

from casework.models import ServiceActivity
from casework.workflow import IN_HAND_STATES
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell


def tell_holders(activity: ServiceActivity, *, actor: Scope, occasion: str, now: datetime) -> int:
    """One line to everybody acting for a unit that holds linked issues still in hand, once an `occasion`; how many units."""
    waiting = activity.links.filter(issue__state__in=IN_HAND_STATES, issue__holder__isnull=False)
    issues = Counter(waiting.values_list("issue__holder_id", flat=True))
    grants = RoleGrant.objects.filter(
        unit_id__in=list(issues), role__in=(Role.HANDLER, Role.TOWNSHIP), user__is_active=True
    ).exclude(user_id=actor.user_id)
    people: dict[int, list[int]] = {}
    for unit, user in grants.values_list("unit_id", "user_id"):
        people.setdefault(unit, []).append(user)
    for unit, number in issues.items():
        tell(
            [Told(user, Kind.TODO) for user in people.get(unit, [])],
            text=f"服务活动 {activity.code}（{activity.get_kind_display()}）已举办，可据此反馈本单位承办的 {number} 条诉求",
            url=reverse("activity-answer", args=[activity.code]),
            source=f"activity:{activity.code}:{occasion}:{unit}",
            now=now,
        )
    return len(issues)
