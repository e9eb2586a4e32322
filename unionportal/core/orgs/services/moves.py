"""Enterprises that change township, one by one or many at once when a township is split. Source: docs/domain.md."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise, EnterpriseMove, Unit

MOST_ENTERPRISES = 500


@transaction.atomic
def enterprises_move(
    *, enterprises: Sequence[Enterprise], township: Unit, moved_on: date, actor: Scope
) -> list[Enterprise]:
    """Put enterprises into another township from a day, not in the future; those that lie there already stay as they are. All or none.

    Visits and issues of before keep their township. Returns those that moved. FieldErrors at township, moved_on, enterprises.
    """
    require(actor, "enterprise.manage")
    if township.kind != Unit.Kind.TOWNSHIP or not township.is_active:
        raise FieldErrors({"township": "请选择镇街。"})
    if not 1 <= len(enterprises) <= MOST_ENTERPRISES:
        raise FieldErrors({"enterprises": f"请写 1 到 {MOST_ENTERPRISES} 家企业。"})
    rows = Enterprise.objects.select_for_update(of=("self",)).select_related("township").order_by("pk")
    moved = []
    for enterprise in rows.filter(pk__in=[each.pk for each in enterprises]):
        old, enterprise.township = enterprise.township, township
        if old == township:
            continue
        move_keep(enterprise, old, on=moved_on, actor=actor, field="moved_on")
        enterprise.version += 1
        enterprise.save()
        record(
            actor=actor,
            action="enterprise.move",
            object_type="enterprise",
            object_id=enterprise.credit_code,
            township=township.code,
            on=moved_on.isoformat(),
        )
        moved.append(enterprise)
    if not moved:
        raise FieldErrors({"enterprises": f"这些企业都已经在{township}。"})
    return moved


def move_keep(enterprise: Enterprise, old: Unit, *, on: date | None, actor: Scope, field: str) -> None:
    """Keep that an enterprise went from `old` to its township, by default today. Call with the enterprise locked. FieldErrors at `field`."""
    moment = clock.now()
    today = clock.local_date(moment)
    day = on or today
    if day > today:
        raise FieldErrors({field: "迁移日期不能晚于今天。"})
    last = EnterpriseMove.objects.filter(enterprise=enterprise).order_by("-moved_on").first()
    if last is not None and day <= last.moved_on:
        raise FieldErrors({field: f"{enterprise.name}上一次迁移在{zh_day(last.moved_on)}，这次要晚于这一天。"})
    EnterpriseMove.objects.create(
        enterprise=enterprise,
        from_township=old,
        to_township=enterprise.township,
        moved_on=day,
        recorded_at=moment,
        recorded_by_id=actor.user_id or None,
    )
