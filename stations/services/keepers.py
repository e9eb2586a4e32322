"""Who keeps a station, from when to when."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from stations.models import Keepership
from stations.services.log import Change, locked, note
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Role, Scope


@transaction.atomic
def keeper_appoint(
    *,
    code: str,
    user: User,
    start_on: date,
    actor: Scope,
    end_on: date | None = None,
    now: datetime | None = None,
) -> Keepership:
    """Have somebody of the role keep the station from a day to a day. FieldErrors at user, end_on."""
    station = locked(code, actor)
    if not user.is_active or not RoleGrant.objects.filter(user=user, role=Role.KEEPER).exists():
        raise FieldErrors({"user": f"{user.display_name}不是启用中的站点管理员，请先请安全管理员授予角色。"})
    if end_on is not None and end_on < start_on:
        raise FieldErrors({"end_on": "结束日期不能早于开始日期。"})
    keeping = Keepership(station=station, user=user, start_on=start_on, end_on=end_on)
    try:
        with transaction.atomic():
            keeping.save()
    except IntegrityError:
        raise FieldErrors({"user": f"{user.display_name}在这段时间已经管理这个驿站。"}) from None
    note(
        station,
        "appoint",
        actor,
        now or clock.now(),
        [Change("keeper", "", f"{user.display_name}（{_days(keeping)}）")],
        on=start_on,
    )
    return keeping


@transaction.atomic
def keeper_end(*, code: str, keepership_id: int, end_on: date, actor: Scope, now: datetime | None = None) -> Keepership:
    """Set the last day. FieldErrors at end_on; Conflict where it has ended already."""
    station = locked(code, actor)
    keeping = (
        station.keeperships.select_for_update(of=("self",)).select_related("user").filter(pk=keepership_id).first()
    )
    if keeping is None:
        raise NotFound
    if end_on < keeping.start_on:
        raise FieldErrors({"end_on": f"结束日期不能早于开始日期（{zh_day(keeping.start_on)}）。"})
    if keeping.end_on is not None and keeping.end_on <= end_on:
        raise Conflict(f"已定于{zh_day(keeping.end_on)}结束，不能改晚；需要时请另排一段。")
    before = f"{keeping.user.display_name}（{_days(keeping)}）"
    keeping.end_on = end_on
    keeping.save(update_fields=["end_on"])
    after = f"{keeping.user.display_name}（{_days(keeping)}）"
    note(station, "dismiss", actor, now or clock.now(), [Change("keeper", before, after)], on=end_on)
    return keeping


def _days(keeping: Keepership) -> str:
    end = "长期" if keeping.end_on is None else zh_day(keeping.end_on)
    return f"{zh_day(keeping.start_on)}至{end}"
