"""便民服务 by telephone: order, dispatch, confirm with the worker, settle. The allowance and the fund are held from the order on, so that neither
can be overspent, however many orders come in at once. Locks are taken in one order: order, file, fund, allowance."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hardship.models import (
    Allowance,
    Fund,
    HardshipFile,
    LedgerAccount,
    OrderCounter,
    Provider,
    ServiceKind,
    ServiceOrder,
    ServicePrice,
)
from hardship.money_querysets import require_books
from hardship.money_workflow import ORDER_STEPS, Step, find_step
from hardship.services.ledger import Item, Kind, balances, check_amount, fund_locked, post
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common import clock, formats
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value

DETAIL_LENGTH = 200


@transaction.atomic
def order_take(
    *,
    uuid: UUID,
    file_code: str,
    service: ServiceKind,
    wanted_on: date,
    actor: Scope,
    provider: Provider | None = None,
    detail: str = "",
    now: datetime | None = None,
) -> ServiceOrder:
    """Take an order by telephone: holds the price of the day in the worker's allowance and in the fund of the services. Without a provider
    it is the cheapest of the day.

    A repeat of `uuid` returns the first row. Raises NotFound, Forbidden, FieldErrors, InvalidTransition.
    """
    require(actor, "service.order")
    require_books(actor)
    moment = now or clock.now()
    day = clock.local_date(moment)
    file = HardshipFile.objects.personal_to(actor).select_for_update(of=("self",), no_key=True).filter(code=file_code)
    found = file.first()
    if found is None:
        raise FieldErrors({"file": "没有这份档案，或不在您的负责范围内。"})
    first = ServiceOrder.objects.filter(uuid=uuid).first()
    if first is not None:
        return first
    problems = {}
    if found.state != State.IN_FORCE:
        problems["file"] = f"档案是“{found.get_state_display()}”，不能再享受便民服务。"
    provider = provider or cheapest(service, day)
    price = price_on(service, provider, day) if provider and provider.is_active and service.is_offered else None
    if price is None:
        problems["service"] = (
            "今天没有单位提供这项服务。" if provider is None else "这家单位今天没有这项服务的价格，请另选。"
        )
    if wanted_on < day:
        problems["wanted_on"] = "希望日期不能早于今天。"
    if len(detail) > DETAIL_LENGTH:
        problems["detail"] = f"最多 {DETAIL_LENGTH} 个字。"
    if problems or price is None or provider is None:
        raise FieldErrors(problems)
    fund = service_fund(day)
    if fund is None:
        raise InvalidTransition("没有使用中的便民服务资金，请联系区总工作人员。")
    fund_locked(fund.pk)
    hold(found.pk, day, price)
    order = ServiceOrder(
        uuid=uuid,
        code=next_code("BM", OrderCounter, day.year),
        file=found,
        service=service,
        provider=provider,
        fund=fund,
        year=day.year,
        held=price,
        wanted_on=wanted_on,
        ordered_by_id=actor.user_id,
        ordered_at=moment,
    )
    order.seal("detail", detail.strip())
    order.save(force_insert=True)
    post(fund=fund, kind=Kind.RESERVE, items=[Item(price, order_id=order.pk)], actor=actor, now=moment)
    _record(order, "order", actor)
    return order


@transaction.atomic
def order_dispatch(
    *,
    code: str,
    provider: Provider,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> ServiceOrder:
    """Send it to a provider; another one than was ordered changes the amount held to that one's price."""
    order, step = _to_step(code, "dispatch", actor, version)
    moment = now or clock.now()
    if provider.pk != order.provider_id:
        price = price_on(order.service, provider, clock.local_date(moment))
        if price is None or not provider.is_active:
            raise FieldErrors({"provider": f"“{provider}”没有{order.service}的价格。"})
        _hold_instead(order, price, actor, moment, field="provider")
        order.provider = provider
    return _moved(order, step, actor)


@transaction.atomic
def order_confirm(
    *,
    code: str,
    done_on: date,
    cost: Decimal,
    satisfaction: str,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> ServiceOrder:
    """Ask the worker: it was done, on that day, for that much. A cost other than the price is held instead, within the allowance."""
    order, step = _to_step(code, "confirm", actor, version)
    moment = now or clock.now()
    problems = {}
    if done_on > clock.local_date(moment):
        problems["done_on"] = "日期不能晚于今天。"
    elif done_on < clock.local_date(order.ordered_at):
        problems["done_on"] = "日期不能早于接单日期。"
    if satisfaction not in ServiceOrder.Satisfaction.values:
        problems["satisfaction"] = "请选择职工评价。"
    if problems:
        raise FieldErrors(problems)
    cost = check_amount(cost, "cost")
    if cost != order.held:
        _hold_instead(order, cost, actor, moment, field="cost")
    order.done_on, order.satisfaction, order.confirmed_by_id = done_on, satisfaction, actor.user_id
    return _moved(order, step, actor)


@transaction.atomic
def order_settle(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> ServiceOrder:
    """Pay the provider out of the fund (staff; never whoever confirmed it): what was held is spent."""
    order, step = _to_step(code, "settle", actor, version)
    moment = now or clock.now()
    if order.confirmed_by_id == actor.user_id:
        raise Forbidden("自己向职工确认的服务单，请另一位同事结算。")
    post(fund=order.fund, kind=Kind.PAY, items=[Item(order.held, order_id=order.pk)], actor=actor, now=moment)
    order.settled_on, order.settled_by_id = clock.local_date(moment), actor.user_id
    return _moved(order, step, actor)


@transaction.atomic
def order_cancel(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> ServiceOrder:
    """Call it off before it was done: what was held is free again."""
    order, step = _to_step(code, "cancel", actor, version)
    item = Item(order.held, order_id=order.pk)
    post(fund=order.fund, kind=Kind.RELEASE, items=[item], actor=actor, now=now or clock.now())
    free(order.file_id, order.year, order.held)
    return _moved(order, step, actor)


def price_on(service: ServiceKind, provider: Provider, day: date) -> Decimal | None:
    """What a provider takes for a service on a day."""
    rows = ServicePrice.objects.filter(service=service, provider=provider, effective_on__lte=day)
    return rows.order_by("-effective_on").values_list("price", flat=True).first()


def cheapest(service: ServiceKind, day: date) -> Provider | None:
    """Who takes least for a service on a day; of equals the first by name."""
    offers = [
        (price, provider.name, provider)
        for provider in Provider.objects.filter(is_active=True, prices__service=service).distinct()
        if (price := price_on(service, provider, day)) is not None
    ]
    return min(offers, key=lambda offer: offer[:2])[2] if offers else None


def service_fund(day: date) -> Fund | None:
    """The fund the services of a day are paid from: the one whose period ends first."""
    funds = Fund.objects.filter(purpose=Fund.Purpose.SERVICES, state=Fund.State.OPEN)
    return funds.filter(start_on__lte=day, end_on__gte=day).order_by("end_on", "name").first()


def hold(file_id: int, day: date, amount: Decimal) -> Allowance:
    """Take an amount out of the worker's allowance of the year, by the allowance in force on the day. Raises InvalidTransition."""
    row, left = _allowance(file_id, day)
    if amount > left:
        raise InvalidTransition(
            f"{day.year}年便民服务额度 {formats.money(row.limit)} 元，还剩 {formats.money(left)} 元，"
            f"不够 {formats.money(amount)} 元。"
        )
    row.used += amount
    row.save(update_fields=["limit", "used"])
    return row


def _allowance(file_id: int, day: date) -> tuple[Allowance, Decimal]:
    """The allowance of the year with the limit of the day, locked, and what is left of it."""
    limit = Decimal(value("hardship.service_allowance", on=day))
    Allowance.objects.bulk_create([Allowance(file_id=file_id, year=day.year, limit=limit)], ignore_conflicts=True)
    row = Allowance.objects.select_for_update().get(file_id=file_id, year=day.year)
    row.limit = limit
    return row, max(limit - row.used, Decimal(0))


def free(file_id: int, year: int, amount: Decimal) -> None:
    """Give an amount back to the worker's allowance."""
    row = Allowance.objects.select_for_update().get(file_id=file_id, year=year)
    row.used -= amount
    row.save(update_fields=["used"])


def orders_whole(scope: Scope) -> QuerySet[ServiceOrder]:
    """Orders with what lists and pages show."""
    return ServiceOrder.objects.visible_to(scope).select_related("file", "service", "provider", "fund")


def _hold_instead(order: ServiceOrder, amount: Decimal, actor: Scope, now: datetime, *, field: str) -> None:
    """Another amount for an order, in the allowance of its year and in the fund, also when the year and the fund's period are over: the promise
    was made in time, so a higher cost is booked on the period's last day. Raises FieldErrors at `field` with the most there is."""
    fund = fund_locked(order.fund_id)
    more, day = amount - order.held, clock.local_date(now)
    item = Item(abs(more), order_id=order.pk)
    if more > 0:
        year_day = day_of_allowance(order, day)
        _require_room(order, fund, more, year_day, field)
        hold(order.file_id, year_day, more)
        booked_on = min(day, fund.end_on)
        post(fund=fund, kind=Kind.RESERVE, items=[item], actor=actor, now=now, happened_on=booked_on)
    elif more < 0:
        free(order.file_id, order.year, -more)
        post(fund=order.fund, kind=Kind.RELEASE, items=[item], actor=actor, now=now)
    order.held = amount


def day_of_allowance(order: ServiceOrder, today: date) -> date:
    """The day whose allowance an order counts in: today, or the last of its year once that is over."""
    return today if today.year == order.year else date(order.year, 12, 31)


def _require_room(order: ServiceOrder, fund: Fund, more: Decimal, day: date, field: str) -> None:
    """Say to the person at the telephone how much the order may cost at most, and what else can be done."""
    _, left = _allowance(order.file_id, day)
    free_in_fund = balances(fund)[LedgerAccount.Kind.AVAILABLE]
    most = formats.money(order.held + min(left, free_in_fund))
    if more > left and left <= free_in_fund:
        raise FieldErrors(
            {
                field: f"职工{day.year}年的额度还剩 {formats.money(left)} 元，这一单最多 {most} 元。"
                "请与服务单位商定不超过这个数；商定不了的，取消后另派一家。"
            }
        )
    if more > free_in_fund:
        raise FieldErrors(
            {
                field: f"“{fund}”可用余额只有 {formats.money(free_in_fund)} 元，这一单最多 {most} 元。"
                "请区总工作人员追加资金后再登记，或按这个数登记。"
            }
        )


def _to_step(code: str, action: str, actor: Scope, version: int | None) -> tuple[ServiceOrder, Step]:
    if not any(allowed(actor, step.policy) for step in ORDER_STEPS if step.action == action):
        raise Forbidden
    order = orders_whole(actor).select_for_update(of=("self",), no_key=True).filter(code=code).first()
    if order is None:
        raise NotFound
    if version is not None and version != order.version:
        raise StaleVersion
    step = find_step(ORDER_STEPS, action, order.state)
    if step is None:
        raise InvalidTransition(f"服务单现在是“{order.get_state_display()}”，不能进行这一步。")
    return order, step


def _moved(order: ServiceOrder, step: Step, actor: Scope) -> ServiceOrder:
    order.state = step.target
    order.version += 1
    order.save()
    _record(order, step.action, actor)
    return order


def _record(order: ServiceOrder, action: str, actor: Scope) -> None:
    record(
        actor=actor,
        action=f"service.{action}",
        object_type="service_order",
        object_id=order.code,
        state=order.state,
        service=order.service_id,
    )
