"""One briefing, many enterprises: each enterprise that came becomes a visit of its cadre. Source: docs/domain.md, "Service activities"."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import uuid5

from django.db import transaction
from django.db.models import F

from casework.activity_flow import ActivityKind
from casework.models import ActivityEnterprise, ActivitySession, ServiceActivity
from casework.services.activities import seen_locked, step
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import is_posted
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise
from visits.models import ActivityVisit, Visit
from visits.services.inputs import VisitInput
from visits.services.visits import visit_log

MOST_PEOPLE = 10_000


@transaction.atomic
def visits_bring_in(
    *, code: str, session_id: int, attendance: Mapping[int, int], actor: Scope, now: datetime | None = None
) -> list[ActivityVisit]:
    """Make or link one visit for each of these enterprises that came: `attendance` is the number of its people by the id of its invitation.

    A cadre brings in those of the own postings; for staff each becomes the visit of the cadre posted to it that day. All or none; done
    again it finds the same visits. NotFound, InvalidTransition, FieldErrors (at `session`, `rows.<id>`).
    """
    require(actor, "visit.bring_in")
    moment = now or clock.now()
    activity = seen_locked(code, actor)
    if why := why_not(activity):
        raise InvalidTransition(why)
    session = activity.sessions.filter(pk=session_id, held_on__lte=clock.local_date(moment)).first()
    if session is None:
        raise FieldErrors({"session": "请选择已经举办的场次。"})
    if not attendance:
        raise FieldErrors({"session": "请至少勾选一家到场的企业。"})
    came = activity.invited.filter(pk__in=attendance, attended=True).select_related("enterprise__township")
    guests = {guest.pk: guest for guest in came}
    found: list[ActivityVisit] = []
    problems: dict[str, str] = {}
    new = 0
    for number, people in sorted(attendance.items()):
        try:
            link, made = _bring(activity, session, guests.get(number), people, actor, moment)
        except FieldErrors as error:
            problems[f"rows.{number}"] = "".join(error.fields.values())
        except DomainError as error:
            problems[f"rows.{number}"] = error.detail
        else:
            found.append(link)
            new += made
    if problems:
        raise FieldErrors(problems)
    if new:
        step(activity, "visits", actor, moment, visits=new)
    return found


def why_not(activity: ServiceActivity) -> str:
    """Why nothing can be brought in from an activity, "" if it can."""
    if activity.kind != ActivityKind.POLICY_BRIEFING:
        return "只有政策解读会可以带入走访。"
    return "" if activity.took_place else "活动登记举办后才能带入走访。"


def cadre_of(enterprise: Enterprise, on: date) -> int | None:
    """Who answers for an enterprise on a day: the cadre posted to it, else the first posted to its township."""
    rows = Posting.objects.in_force(on).filter(cadre__is_active=True)
    single = rows.filter(enterprise=enterprise) | rows.filter(township=enterprise.township_id)
    posting = single.order_by(F("enterprise").asc(nulls_last=True), "start_on", "pk").first()
    return posting.cadre_id if posting is not None else None


def _bring(
    activity: ServiceActivity,
    session: ActivitySession,
    guest: ActivityEnterprise | None,
    people: int,
    actor: Scope,
    now: datetime,
) -> tuple[ActivityVisit, bool]:
    if guest is None:
        raise FieldErrors({"row": "这家企业没有登记到场。"})
    if not 1 <= people <= MOST_PEOPLE:
        raise FieldErrors({"row": f"到会人次应在 1 到 {MOST_PEOPLE} 之间。"})
    link = ActivityVisit.objects.filter(activity=activity, enterprise=guest.enterprise).first()
    if link is not None:
        return link, False
    cadre_id = _whose(guest.enterprise, session.held_on, actor)
    visit = _unlinked(guest.enterprise, session.held_on, cadre_id)
    if visit is None:
        wanted = VisitInput(
            id=uuid5(activity.uuid, guest.enterprise.credit_code),
            visited_on=session.held_on,
            kind=Visit.Kind.BRIEFING,
            mode=Visit.Mode.MEETING,
            enterprise=guest.enterprise.credit_code,
            narrative=f"在{session.place}参加“{activity.title}”（{activity.code}），到会 {people} 人。",
        )
        whose = None if cadre_id == actor.user_id else cadre_id
        visit, _ = visit_log(visit=wanted, actor=actor, cadre_id=whose, now=now)
    return (
        ActivityVisit.objects.create(activity=activity, enterprise=guest.enterprise, visit=visit, attendance=people),
        True,
    )


def _whose(enterprise: Enterprise, on: date, actor: Scope) -> int:
    """The cadre whose visit it becomes: the actor's own where posted, else (for staff) whoever answers for the enterprise."""
    township = enterprise.township_id
    if actor.has(Role.CADRE) and is_posted(
        cadre_id=actor.user_id, on=on, township_id=township, enterprise_id=enterprise.pk
    ):
        return actor.user_id
    if not actor.has(Role.STAFF):
        raise FieldErrors({"row": "这家企业当天不在您的驻联分工内。"})
    cadre_id = cadre_of(enterprise, on)
    if cadre_id is None:
        raise FieldErrors({"row": "这家企业当天没有驻联干部，请先安排分工。"})
    return cadre_id


def _unlinked(enterprise: Enterprise, on: date, cadre_id: int) -> Visit | None:
    """A briefing the cadre logged by hand that day and that stands for no activity yet."""
    rows = Visit.objects.filter(
        enterprise=enterprise, visited_on=on, cadre_id=cadre_id, kind=Visit.Kind.BRIEFING, activity_link=None
    )
    return rows.order_by("created_at").first()
