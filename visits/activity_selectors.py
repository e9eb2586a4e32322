"""Reads of the visits that stand for the enterprises at a service activity."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from casework.models import ActivityEnterprise, ServiceActivity
from unionportal.core.accounts.selectors import posted_scope
from unionportal.core.common.scope import Role, Scope
from visits.models import ActivityVisit, Visit


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """The visits brought in from an activity: those the reader sees, and the figures of all of them, kept apart."""

    links: list[ActivityVisit]
    enterprises: int  # 家
    visits: int  # 家次
    attendance: int  # 到会人次

    @property
    def unseen(self) -> int:
        return self.visits - len(self.links)


def brought_in(activity: ServiceActivity, scope: Scope) -> BroughtIn:
    """What was brought in from the activity, in the order of the invitations."""
    rows = list(
        ActivityVisit.objects.filter(activity=activity).select_related("enterprise", "visit__cadre").order_by("pk")
    )
    seen = set(Visit.objects.visible_to(scope).filter(activity_link__activity=activity).values_list("pk", flat=True))
    return BroughtIn(
        links=[row for row in rows if row.visit_id in seen],
        enterprises=len({row.enterprise_id for row in rows}),
        visits=len(rows),
        attendance=sum(row.attendance for row in rows),
    )


def guests_for(activity: ServiceActivity, scope: Scope, on: date) -> list[ActivityEnterprise]:
    """The enterprises that came, are not brought in yet, and can be by the reader: staff any, a cadre those of the postings of the day."""
    taken = ActivityVisit.objects.filter(activity=activity).values("enterprise")
    rows = activity.invited.filter(attended=True).exclude(enterprise__in=taken).select_related("enterprise__township")
    if not scope.has(Role.STAFF):
        townships, enterprises = posted_scope(scope.user_id, on)
        rows = rows.filter(Q(enterprise__township__in=townships) | Q(enterprise__in=enterprises))
    return list(rows.order_by("pk"))
