"""The week plan: a cadre plans visits, moves them, takes them off, carries over what was not done. Only one's own plan, never the past."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, Forbidden, NotFound, StaleVersion
from unionportal.core.common.formats import zh_short
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise
from unionportal.core.workcal.days import is_workday
from visits.models import PlannedVisit, Visit
from visits.plan_selectors import left_over
from visits.services.plan_checks import (
    ask,
    check_day,
    check_posting,
    check_words,
    day_off,
    twice_a_week,
)
from visits.weeks import week_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Carried:
    """What came over from the week before, and the names of the enterprises that could not."""

    made: tuple[PlannedVisit, ...]
    left: tuple[str, ...]


@transaction.atomic
def planned_visit_add(
    *,
    uuid: UUID,
    enterprise: str,
    planned_on: date,
    actor: Scope,
    kind: str = Visit.Kind.ROUTINE,
    note: str = "",
    agreed: Collection[str] = (),
    now: datetime | None = None,
) -> tuple[PlannedVisit, bool]:
    """Plan a visit of the enterprise (its credit code) on a day; returns (row, whether it is new). A repeat of the same id is the first row.

    FieldErrors at enterprise, planned_on, kind or note; `NeedsAnswer` for a day off or the same enterprise twice in a week, until `agreed`
    names those questions. source: docs/domain.md, "The week plan".
    """
    require(actor, "plan.write")
    now = now or clock.now()
    _lock_plan(actor)
    found = _enterprise(enterprise)
    if first := PlannedVisit.objects.filter(pk=uuid).first():
        return _repeat(first, found, actor), False
    check_words(kind, note)
    check_day(planned_on, clock.local_date(now))
    check_posting(found, actor.user_id, planned_on)
    ask([day_off(planned_on), twice_a_week(found, actor.user_id, planned_on)], agreed)
    row = PlannedVisit(
        id=uuid,
        cadre_id=actor.user_id,
        enterprise=found,
        planned_on=planned_on,
        kind=kind,
        note=note.strip(),
        planned_at=now,
    )
    _save(row)
    _record(row, "plan.add", actor)
    return row, True


@transaction.atomic
def planned_visit_change(
    *,
    planned_id: UUID,
    version: int | None,
    planned_on: date,
    actor: Scope,
    kind: str | None = None,
    note: str | None = None,
    agreed: Collection[str] = (),
    now: datetime | None = None,
) -> PlannedVisit:
    """Move a planned visit to another day, or change its kind or note; what is left out stays. Errors as `planned_visit_add`, `NotFound`,
    `StaleVersion`, `Conflict` once its week is over."""
    row = _own(planned_id, actor)
    today = clock.local_date(now or clock.now())
    _check_open(row, today)
    if version is not None and version != row.version:
        raise StaleVersion("这一条刚在别处改过，请核对现在排在哪一天，再改。")
    kind, note = row.kind if kind is None else kind, row.note if note is None else note
    check_words(kind, note)
    if planned_on != row.planned_on:
        check_day(planned_on, today)
        check_posting(row.enterprise, row.cadre_id, planned_on)
        ask([day_off(planned_on), twice_a_week(row.enterprise, row.cadre_id, planned_on, but=row.pk)], agreed)
    row.planned_on, row.kind, row.note = planned_on, kind, note.strip()
    row.version += 1
    _save(row)
    _record(row, "plan.change", actor)
    return row


@transaction.atomic
def planned_visit_remove(
    *, planned_id: UUID, version: int | None, actor: Scope, now: datetime | None = None
) -> PlannedVisit:
    """Take a planned visit off; what is over stays as it was planned. `NotFound`, `StaleVersion`, `Conflict`."""
    row = _own(planned_id, actor)
    _check_open(row, clock.local_date(now or clock.now()))
    if version is not None and version != row.version:
        raise StaleVersion("这一条刚在别处改过，请核对后再删。")
    _record(row, "plan.remove", actor)
    PlannedVisit.objects.filter(pk=row.pk).delete()
    return row


@transaction.atomic
def plan_carry(*, monday: date, actor: Scope, now: datetime | None = None) -> Carried:
    """Carry over to a week what was planned in the week before and not done, each once, on the same weekday or else the next workday.

    Left behind: what the week has already, and what is no longer the cadre's. `Conflict` for a week that is over or has no workday left.
    """
    require(actor, "plan.write")
    now = now or clock.now()
    today = clock.local_date(now)
    _lock_plan(actor)
    days = [day for n in range(7) if is_workday(day := monday + timedelta(days=n)) and day >= today]
    if not days:
        raise Conflict("这一周没有剩下的工作日，请在别的一周顺延，或逐家安排。")
    made, left = [], []
    for item in left_over(actor.user_id, monday):
        day = next((day for day in days if day >= item.planned_on + WEEK), days[-1])
        try:
            check_posting(item.enterprise, actor.user_id, day)
            ask([twice_a_week(item.enterprise, actor.user_id, day)], ())
        except DomainError:
            left.append(item.enterprise.name)
            continue
        row = PlannedVisit(
            cadre_id=actor.user_id,
            enterprise=item.enterprise,
            planned_on=day,
            kind=item.kind,
            note=item.note,
            carried_from=item,
            planned_at=now,
        )
        _save(row)
        _record(row, "plan.carry", actor)
        made.append(row)
    return Carried(tuple(made), tuple(left))


def _lock_plan(actor: Scope) -> None:
    """One writer a plan: two tabs must each see what the other has planned before they are asked about it."""
    User.objects.select_for_update(no_key=True).filter(pk=actor.user_id).first()


def _enterprise(code: str) -> Enterprise:
    found = Enterprise.objects.select_related("township").filter(credit_code=code.strip().upper()).first()
    if found is None:
        raise FieldErrors({"enterprise": "请从列表里选一家企业。"})
    return found


def _repeat(first: PlannedVisit, enterprise: Enterprise, actor: Scope) -> PlannedVisit:
    if first.cadre_id != actor.user_id or first.enterprise_id != enterprise.pk:
        raise Conflict("这条计划已经提交过，内容与这次填写的不同。请刷新页面后再排。")
    return first


def _own(planned_id: UUID, actor: Scope) -> PlannedVisit:
    require(actor, "plan.write")
    _lock_plan(actor)
    rows = PlannedVisit.objects.visible_to(actor).select_related("enterprise__township")
    row = rows.select_for_update(of=("self",)).filter(pk=planned_id).first()
    if row is None:
        raise NotFound
    if row.cadre_id != actor.user_id:
        raise Forbidden("周计划只能由本人调整。")
    return row


def _check_open(row: PlannedVisit, today: date) -> None:
    if week_of(row.planned_on) < week_of(today):
        raise Conflict("这一周已经过去，计划不再改动。没有走访到的可以顺延到本周。")


def _save(row: PlannedVisit) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "planned_visit_once_a_day" not in str(error):
            raise
        words = f"{row.enterprise.name}在{zh_short(row.planned_on)}已经排上了。"
        raise FieldErrors({"planned_on": words}) from None


def _record(row: PlannedVisit, action: str, actor: Scope) -> None:
    record(
        actor=actor,
        action=action,
        object_type="planned_visit",
        object_id=row.pk,
        enterprise=row.enterprise.credit_code,
        planned_on=row.planned_on.isoformat(),
    )
