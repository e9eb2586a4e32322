"""What can be ordered, from whom, for how much: kept by staff. A price holds from a day on; history stays."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, QuerySet

from hardship.models import Provider, ServiceKind, ServicePrice
from hardship.services.ledger import check_amount
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

NAME_LENGTH = {"service": 20, "provider": 40}


@transaction.atomic
def service_save(*, code: str, name: str, actor: Scope, is_offered: bool = True) -> ServiceKind:
    """A service by its code, new or changed. One no longer offered keeps its orders."""
    require(actor, "service.manage")
    words = _named(name, "service", ServiceKind.objects.exclude(pk=code))
    last = ServiceKind.objects.aggregate(last=Max("position"))["last"] or 0
    new = {"name": words, "position": last + 1, "is_offered": is_offered}
    row, created = ServiceKind.objects.get_or_create(code=code, defaults=new)
    if not created:
        row.name, row.is_offered = words, is_offered
        row.save(update_fields=["name", "is_offered"])
    record(actor=actor, action="service.save", object_type="service_kind", object_id=code, is_offered=is_offered)
    return row


@transaction.atomic
def provider_save(*, name: str, actor: Scope, provider_id: int | None = None, is_active: bool = True) -> Provider:
    """A provider, new or changed. One we no longer work with keeps its orders."""
    require(actor, "service.manage")
    row = Provider() if provider_id is None else Provider.objects.filter(pk=provider_id).first() or Provider()
    words = _named(name, "provider", Provider.objects.exclude(pk=row.pk or 0))
    row.name, row.is_active = words, is_active
    row.save()
    record(actor=actor, action="provider.save", object_type="provider", object_id=row.pk, is_active=is_active)
    return row


@transaction.atomic
def price_set(
    *,
    service: ServiceKind,
    provider: Provider,
    price: Decimal,
    effective_on: date,
    actor: Scope,
    now: datetime | None = None,
) -> ServicePrice:
    """What a provider takes from a day on; a second price for the same day replaces the first. Orders taken before keep theirs."""
    require(actor, "service.manage")
    if effective_on < clock.local_date(now or clock.now()):
        raise FieldErrors({"effective_on": "生效日期不能早于今天：已经接下的服务单按当时的价格。"})
    row, _ = ServicePrice.objects.update_or_create(
        service=service,
        provider=provider,
        effective_on=effective_on,
        defaults={"price": check_amount(price, "price")},
    )
    record(
        actor=actor,
        action="service.price",
        object_type="service_price",
        object_id=row.pk,
        service=service.pk,
        provider=provider.pk,
        price=str(row.price),
    )
    return row


def _named(name: str, what: str, others: QuerySet) -> str:
    words = name.strip()
    if not words or len(words) > NAME_LENGTH[what]:
        raise FieldErrors({"name": f"请填写名称，最多 {NAME_LENGTH[what]} 个字。"})
    if others.filter(name=words).exists():
        raise FieldErrors({"name": "已有同名的一项。"})
    return words
