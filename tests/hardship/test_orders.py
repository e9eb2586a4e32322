"""便民服务: from the call to the settlement, and an allowance nobody overspends."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from hardship.models import Allowance, HardshipFile, LedgerEntry, ServiceKind, ServiceOrder
from hardship.services.catalogue import price_set, provider_save, service_save
from hardship.services.funds import entry_reverse, fund_close
from hardship.services.orders import order_cancel, order_confirm, order_dispatch, order_settle, order_take
from tests.hardship import money
from tests.hardship.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.scope import SYSTEM
from unionportal.core.params.services import parameter_set

pytestmark = pytest.mark.django_db
WISH = "厨房水龙头漏水，王师傅 13900001111"


def service_fund(cast: Cast, amount: Any = 5000) -> Any:
    return money.fund(cast, amount, name="便民服务资金", purpose="services", source="own")


def take(cast: Cast, file: HardshipFile, offered: tuple[Any, Any], **changes: Any) -> ServiceOrder:
    facts = {
        "uuid": uuid4(),
        "file_code": file.code,
        "service": offered[0],
        "provider": offered[1],
        "wanted_on": clock.today(),
        "actor": cast.scope("aid"),
    }
    return order_take(**{**facts, **changes})


def confirm(cast: Cast, order: ServiceOrder, **changes: Any) -> ServiceOrder:
    facts = {
        "code": order.code,
        "done_on": clock.today(),
        "cost": order.held,
        "satisfaction": "satisfied",
        "actor": cast.scope("aid"),
    }
    return order_confirm(**{**facts, **changes})


def test_an_order_from_the_call_to_the_settlement(cast: Cast) -> None:
    fund, file, offered = service_fund(cast), cast.file_in("in_force"), money.offered(cast, 80)
    order = take(cast, file, offered, detail=WISH)
    assert (order.code, order.state, money.balances(fund)) == ("BM-2024-0001", "ordered", (5000, 4920, 80, 0))
    assert (Allowance.objects.get().limit, Allowance.objects.get().used) == (1000, 80)
    order = order_dispatch(code=order.code, provider=offered[1], version=order.version, actor=cast.scope("aid"))
    order = confirm(cast, order, cost=Decimal("65.50"))
    assert (money.balances(fund), Allowance.objects.get().used) == (
        (5000, Decimal("4934.50"), Decimal("65.50"), 0),
        Decimal("65.50"),
    )
    order = order_settle(code=order.code, actor=cast.scope("staff"))
    assert (order.state, money.balances(fund)[2:]) == ("settled", (0, Decimal("65.50")))
    assert order.opened("detail") == WISH
    trail = "".join(f"{entry.data}" for entry in AuditEntry.objects.all())
    assert "13900001111" not in trail + order.detail_sealed
    money.prove_ledger()


def test_the_allowance_is_never_overspent(cast: Cast) -> None:
    service_fund(cast)
    file, dear = cast.file_in("in_force"), money.offered(cast, 600)
    first = take(cast, file, dear)
    with pytest.raises(InvalidTransition, match=r"额度 1,000\.00 元，还剩 400\.00 元，不够 600\.00 元"):
        take(cast, file, dear)
    take(cast, cast.file_in("in_force"), dear)  # everybody has their own
    order_dispatch(code=first.code, provider=dear[1], actor=cast.scope("aid"))
    with pytest.raises(FieldErrors) as dearer:
        confirm(cast, first, cost=Decimal("1000.01"))
    assert "额度还剩 400.00 元，这一单最多 1,000.00 元" in dearer.value.fields["cost"]
    assert ServiceOrder.objects.get(pk=first.pk).state == "dispatched"
    confirm(cast, first, cost=Decimal(1000))
    with pytest.raises(IntegrityError, match="allowance_never_overspent"), transaction.atomic():
        Allowance.objects.filter(file=file).update(used=Decimal("1000.01"))
    with clock.at(cast.now.replace(year=2025)):
        money.allot(cast, money.fund(cast, 0, name="2025", purpose="services", **year(2025)), 1)
        with pytest.raises(InvalidTransition, match=r"可用余额 1\.00 元"):
            take(cast, file, dear)  # a new year is a new allowance, but not new money
    money.prove_ledger()


def year(number: int) -> dict[str, date]:
    return {"start_on": date(number, 1, 1), "end_on": date(number, 12, 31)}


def test_what_costs_more_after_the_funds_period_is_booked_on_its_last_day(cast: Cast) -> None:
    fund, file, offered = service_fund(cast, 700), cast.file_in("in_force"), money.offered(cast, 600)
    order = take(cast, file, offered)
    order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid"))
    url = f"/hardship/services/{order.code}/confirm/"
    with clock.at(cast.now.replace(year=2025, month=1, day=10)):
        said = {"done_on": clock.today().isoformat(), "cost": "800", "satisfaction": "satisfied"}
        answer = cast.client("aid").post(url, said)
        assert answer.status_code == 422
        assert "可用余额只有 100.00 元，这一单最多 700.00 元" in answer.content.decode()
        assert "2024年额度" in answer.content.decode()
        assert cast.client("aid").post(url, {**said, "cost": "700"}).status_code == 302
        with pytest.raises(InvalidTransition, match="没有使用中的便民服务资金"):
            take(cast, file, offered)  # what begins now is for the new year's money
    entry = LedgerEntry.objects.filter(kind="reserve").latest("pk")
    assert (entry.amount, entry.happened_on) == (100, date(2024, 12, 31))
    assert list(Allowance.objects.values_list("year", "used")) == [(2024, 700)]
    assert money.balances(fund) == (700, 0, 700, 0)
    money.prove_ledger()


def test_an_allowance_changed_in_mid_year_holds_from_its_day(cast: Cast) -> None:
    service_fund(cast)
    file, offered = cast.file_in("in_force"), money.offered(cast, 500)
    order = take(cast, file, offered)
    with clock.at(cast.now + timedelta(days=1)):
        parameter_set(key="hardship.service_allowance", value="400", effective_on=clock.today(), actor=SYSTEM)
        with pytest.raises(InvalidTransition, match=r"额度 400\.00 元，还剩 0\.00 元"):
            take(cast, file, offered)
        order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid"))
        confirm(cast, order, cost=Decimal(450))  # less than was held
        assert (Allowance.objects.get().used, Allowance.objects.get().limit) == (450, 1000)


def test_what_is_called_off_is_free_again(cast: Cast) -> None:
    fund, file, offered = service_fund(cast), cast.file_in("in_force"), money.offered(cast, 900)
    order = take(cast, file, offered)
    with pytest.raises(InvalidTransition, match=f"不能结束：{order.code}"):
        fund_close(fund_id=fund.pk, actor=cast.scope("staff"))
    with pytest.raises(StaleVersion):
        order_cancel(code=order.code, version=9, actor=cast.scope("aid"))
    order_cancel(code=order.code, actor=cast.scope("aid"))
    assert (money.balances(fund), Allowance.objects.get().used) == ((5000, 5000, 0, 0), 0)
    take(cast, file, offered)
    with pytest.raises(InvalidTransition, match="已取消"):
        order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid"))
    money.prove_ledger()


def test_another_provider_has_its_own_price(cast: Cast) -> None:
    fund, file, offered = service_fund(cast), cast.file_in("in_force"), money.offered(cast, 80)
    order = take(cast, file, offered)
    dear = money.offered(cast, 120, name="越城安心家政")[1]
    none = provider_save(name="没有价格的单位", actor=cast.scope("staff"))
    with pytest.raises(FieldErrors) as refused:
        order_dispatch(code=order.code, provider=none, actor=cast.scope("aid"))
    assert "没有水电维修的价格" in refused.value.fields["provider"]
    order = order_dispatch(code=order.code, provider=dear, actor=cast.scope("aid"))
    assert (order.held, Allowance.objects.get().used, money.balances(fund)[2]) == (120, 120, 120)


def test_without_a_provider_it_is_the_cheapest_of_the_day(cast: Cast) -> None:
    service_fund(cast)
    file, (service, dear) = cast.file_in("in_force"), money.offered(cast, 120)
    cheap = money.offered(cast, 90, name="越城安心家政")[1]
    order = take(cast, file, (service, None))
    assert (order.provider, order.held) == (cheap, 90)
    provider_save(provider_id=cheap.pk, name=cheap.name, is_active=False, actor=cast.scope("staff"))
    assert take(cast, file, (service, None)).provider == dear
    with pytest.raises(FieldErrors) as nobody:
        take(cast, file, (ServiceKind.objects.get(code="legal"), None))
    assert nobody.value.fields["service"] == "今天没有单位提供这项服务。"


def test_who_may_order_and_who_settles(cast: Cast) -> None:
    service_fund(cast)
    file, offered = cast.file_in("in_force"), money.offered(cast)
    for who in ("staff", "leader", "clerk", "aid_jishan"):
        with pytest.raises(Forbidden):
            take(cast, file, offered, actor=cast.scope(who))
    order = take(cast, file, offered)
    with pytest.raises(NotFound):
        order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid_jishan"))
    order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid"))
    confirm(cast, order)
    with pytest.raises(Forbidden, match="请另一位同事结算"):
        order_settle(code=order.code, actor=cast.scope("aid"))
    order_settle(code=order.code, actor=cast.scope("staff"))


def test_wrong_orders_are_refused_whole(cast: Cast) -> None:
    file, offered = cast.file_in("in_force"), money.offered(cast)
    with pytest.raises(InvalidTransition, match="没有使用中的便民服务资金"):
        take(cast, file, offered)
    service_fund(cast, 50)
    with pytest.raises(InvalidTransition, match=r"余额 50\.00 元"):
        take(cast, file, offered)
    other = ServiceKind.objects.get(code="legal")
    for changes, field in (
        ({"file_code": cast.file_in("lifted").code}, "file"),
        ({"file_code": "KN-1999-0001"}, "file"),
        ({"service": other}, "service"),
        ({"wanted_on": clock.today() - timedelta(days=1)}, "wanted_on"),
        ({"detail": "长" * 201}, "detail"),
    ):
        with pytest.raises(FieldErrors) as refused:
            take(cast, file, offered, **changes)
        assert field in refused.value.fields
    assert not ServiceOrder.objects.exists()
    assert not Allowance.objects.filter(used__gt=0).exists()


def test_a_retry_is_the_same_order(cast: Cast) -> None:
    service_fund(cast)
    file, offered, same = cast.file_in("in_force"), money.offered(cast), uuid4()
    assert take(cast, file, offered, uuid=same) == take(cast, file, offered, uuid=same)
    assert Allowance.objects.get().used == 80


def test_a_settlement_booked_wrongly_is_reversed(cast: Cast) -> None:
    fund, file, offered = service_fund(cast), cast.file_in("in_force"), money.offered(cast)
    order = take(cast, file, offered)
    order_dispatch(code=order.code, provider=offered[1], actor=cast.scope("aid"))
    confirm(cast, order)
    order_settle(code=order.code, actor=cast.scope("staff"))
    entry = LedgerEntry.objects.get(kind="pay")
    entry_reverse(entry_id=entry.pk, uuid=uuid4(), reason="单位没来", actor=cast.scope("leader"))
    assert (ServiceOrder.objects.get().state, money.balances(fund)) == ("confirmed", (5000, 4920, 80, 0))
    order_settle(code=order.code, actor=cast.scope("staff"))
    money.prove_ledger()


def test_eighteen_services_are_there_and_can_be_changed(cast: Cast) -> None:
    staff = cast.scope("staff")
    assert ServiceKind.objects.filter(is_offered=True).count() == 18
    service_save(code="plumbing", name="水电安装维修", is_offered=False, actor=staff)
    service_save(code="piano", name="钢琴调音", actor=staff)
    assert ServiceKind.objects.get(code="plumbing").name == "水电安装维修"
    assert service_save(code="later", name="以后再说", is_offered=False, actor=staff).is_offered is False
    with pytest.raises(FieldErrors):
        service_save(code="other", name="钢琴调音", actor=staff)
    with pytest.raises(Forbidden):
        service_save(code="x", name="别的", actor=cast.scope("aid"))
    service_fund(cast)
    service, provider = money.offered(cast)
    with pytest.raises(FieldErrors, match="标出"):
        take(cast, cast.file_in("in_force"), (service, provider))
    with pytest.raises(FieldErrors) as past:
        price_set(service=service, provider=provider, price=Decimal(1), effective_on=date(2024, 1, 1), actor=staff)
    assert "不能早于今天" in past.value.fields["effective_on"]
