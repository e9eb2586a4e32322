"""Service activities: planning, changing, and their states. Source: docs/domain.md, "Service activities"."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from casework.activity_flow import ACTIVITY_KIND_LABELS, ACTIVITY_MOVES, ActivityState
from casework.models import ActivityCounter, ActivityStep, ServiceActivity
from casework.models.activities import TEXT_LENGTH, TITLE_LENGTH
from casework.services.activity_enterprises import invite
from casework.services.activity_holders import tell_holders
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit

MISSING = {"summary": "请写明活动小结。", "cancel_reason": "请写明取消原因。"}
#: The largest sum of money a field takes, in yuan.
MOST_MONEY = Decimal("9999999999.99")


def townships_for(scope: Scope) -> QuerySet[Unit]:
    """Townships a person plans activities for: staff any, a township union its own."""
    townships = Unit.objects.townships().active()
    return townships if scope.has(Role.STAFF) else townships.filter(pk__in=scope.township_ids)


def organisers_for(scope: Scope) -> QuerySet[Unit]:
    """Units that may organise: for staff any, for a township union itself and the units below it."""
    units = Unit.objects.handling()
    if scope.has(Role.STAFF):
        return units
    return units.filter(Q(pk__in=scope.township_ids) | Q(parent_id__in=scope.township_ids))


def may_manage(activity: ServiceActivity, scope: Scope) -> bool:
    """Whether the person plans and keeps this activity: staff any, a township union its own."""
    if not allowed(scope, "activity.manage"):
        return False
    return scope.has(Role.STAFF) or activity.township_id in scope.township_ids


@transaction.atomic
def activity_create(
    *,
    uuid: UUID,
    kind: str,
    title: str,
    organiser: Unit,
    township: Unit | None,
    planned_on: date,
    actor: Scope,
    plan: str = "",
    budget: Decimal | None = None,
    enterprises: Sequence[Enterprise] = (),
    now: datetime | None = None,
) -> ServiceActivity:
    """Plan an activity; `township` None: for the whole district (staff). Its number is of the year it is entered in.

    A repeat of `uuid` with the same content returns the first row. Raises Forbidden, Conflict, FieldErrors.
    """
    require(actor, "activity.manage")
    moment = now or clock.now()
    activity = ServiceActivity(uuid=uuid, created_by_id=actor.user_id, created_at=moment)
    _fill(activity, kind, title, organiser, township, planned_on, plan, budget, actor)
    activity.payload_hash = _hash(activity, enterprises)
    first = _same_uuid(activity)
    if first is not None:
        return first
    try:
        with transaction.atomic():
            activity.code = next_code("FW", ActivityCounter, clock.local_date(moment).year)
            activity.save(force_insert=True)
    except IntegrityError:
        # The other half of a double tap committed while this one waited for its number.
        first = _same_uuid(activity)
        if first is None:
            raise
        return first
    invite(activity, enterprises, actor)
    step(activity, "create", actor, moment)
    return activity


@transaction.atomic
def activity_edit(
    *,
    code: str,
    version: int | None,
    kind: str,
    title: str,
    organiser: Unit,
    township: Unit | None,
    planned_on: date,
    actor: Scope,
    plan: str = "",
    budget: Decimal | None = None,
    enterprises: Sequence[Enterprise] = (),
    now: datetime | None = None,
) -> ServiceActivity:
    """Change the plan of an activity that is planned or held. Enterprises the person cannot see stay invited."""
    activity = locked(code, actor, version)
    require_changing(activity)
    _fill(activity, kind, title, organiser, township, planned_on, plan, budget, actor)
    invite(activity, enterprises, actor)
    return saved(activity, "edit", actor, now or clock.now())


@transaction.atomic
def activity_move(
    *, code: str, action: str, version: int | None, actor: Scope, text: str = "", now: datetime | None = None
) -> ServiceActivity:
    """One move of `activity_flow.ACTIVITY_MOVES`. Held needs a session that took place; done, that none is still to come; cancelled, none at all.

    Once it is held, those who act for the holders of linked issues are told that they can answer.
    """
    move = ACTIVITY_MOVES.get(action)
    if move is None:
        raise NotFound("没有这种操作。")
    moment = now or clock.now()
    activity = locked(code, actor, version)
    if activity.state != move.source:
        raise InvalidTransition(f"活动现在是“{activity.get_state_display()}”，不能{move.label}。")
    if words := _in_the_way(activity, action, clock.local_date(moment)):
        raise InvalidTransition(words)
    text = text.strip()
    if move.text and not text:
        raise FieldErrors({move.text: MISSING[move.text]})
    if len(text) > TEXT_LENGTH:
        raise FieldErrors({move.text or "text": f"最多 {TEXT_LENGTH} 个字。"})
    activity.state = move.target
    if move.text:
        setattr(activity, move.text, text)
    saved(activity, action, actor, moment)
    if move.target == ActivityState.HELD:
        tell_holders(activity, actor=actor, occasion="held", now=moment)
    return activity


def _in_the_way(activity: ServiceActivity, action: str, today: date) -> str:
    past = activity.sessions.filter(held_on__lte=today).exists()
    if action == "hold" and not past:
        return "还没有举办过的场次，请先登记场次。"
    if action == "cancel" and past:
        return "已有举办过的场次，不能取消；记错的场次请先删除。"
    if action == "finish" and activity.sessions.filter(held_on__gt=today).exists():
        return "还有没到日期的场次，办完再登记完成；不办的场次请先删除。"
    return ""


def locked(code: str, actor: Scope, version: int | None) -> ServiceActivity:
    """The activity under its row lock, for whoever keeps it. NotFound, Forbidden, StaleVersion in this order; `version` None asks for none."""
    activity = seen_locked(code, actor)
    require(actor, "activity.manage")
    if not may_manage(activity, actor):
        raise Forbidden("只有区总工会和活动所在镇街可以管理这项活动。")
    if version is not None and version != activity.version:
        raise StaleVersion
    return activity


def seen_locked(code: str, actor: Scope) -> ServiceActivity:
    """The activity under its row lock, for whoever sees it."""
    rows = ServiceActivity.objects.visible_to(actor).select_for_update(of=("self",))
    activity = rows.select_related("organiser", "township").filter(code=code).first()
    if activity is None:
        raise NotFound
    return activity


def require_changing(activity: ServiceActivity) -> None:
    """Refuse changes to an activity that has ended."""
    if not activity.may_change:
        raise InvalidTransition(f"活动{activity.get_state_display()}，不能再改。")


def saved(activity: ServiceActivity, action: str, actor: Scope, moment: datetime, **data: int | str) -> ServiceActivity:
    """Save a change under the next version, with its step."""
    activity.version += 1
    activity.save()
    step(activity, action, actor, moment, **data)
    return activity


def step(activity: ServiceActivity, action: str, actor: Scope, moment: datetime, **data: int | str) -> None:
    """Append to the activity's log and to the audit trail. `data`: numbers and codes, no text."""
    ActivityStep.objects.create(activity=activity, action=action, actor_id=actor.user_id, at=moment, data=data)
    record(
        actor=actor,
        action=f"activity.{action}",
        object_type="activity",
        object_id=activity.code,
        state=str(activity.state),
        version=activity.version,
        **data,
    )


def _fill(
    activity: ServiceActivity,
    kind: str,
    title: str,
    organiser: Unit,
    township: Unit | None,
    planned_on: date,
    plan: str,
    budget: Decimal | None,
    actor: Scope,
) -> None:
    title, plan = title.strip(), plan.strip()
    problems: dict[str, str] = {}
    if kind not in ACTIVITY_KIND_LABELS:
        problems["kind"] = "请选择活动类型。"
    if not title or len(title) > TITLE_LENGTH:
        problems["title"] = f"名称最多 {TITLE_LENGTH} 个字。" if title else "请写活动名称。"
    if len(plan) > TEXT_LENGTH:
        problems["plan"] = f"最多 {TEXT_LENGTH} 个字。"
    if budget is not None and not 0 <= budget <= MOST_MONEY:
        problems["budget"] = "预算不能是负数，也不能超过 99 亿元。"
    if township is None and not actor.has(Role.STAFF):
        problems["township"] = "请选择本镇街；全区的活动由区总工会建立。"
    elif township is not None and not townships_for(actor).filter(pk=township.pk).exists():
        problems["township"] = "请在您的范围内选择镇街。"
    if organiser.pk != activity.organiser_id and not organisers_for(actor).filter(pk=organiser.pk).exists():
        problems["organiser"] = "请在可选的单位中选择主办单位。"
    if problems:
        raise FieldErrors(problems)
    activity.kind, activity.title, activity.plan, activity.budget = kind, title, plan, budget
    activity.organiser, activity.township, activity.planned_on = organiser, township, planned_on


def _hash(activity: ServiceActivity, enterprises: Sequence[Enterprise]) -> str:
    names = ("kind", "title", "plan", "organiser_id", "township_id", "planned_on", "created_by_id")
    payload: dict[str, Any] = {name: getattr(activity, name) for name in names}
    payload["budget"] = None if activity.budget is None else f"{activity.budget:.2f}"
    return payload_hash(payload | {"enterprises": sorted(enterprise.pk for enterprise in enterprises)})


def _same_uuid(wanted: ServiceActivity) -> ServiceActivity | None:
    first = ServiceActivity.objects.filter(uuid=wanted.uuid).first()
    if first is not None and first.payload_hash != wanted.payload_hash:
        raise Conflict("这项活动刚才已经建立过，内容与现在的不同。如要另外建立一项，请再提交一次。")
    return first
