"""Fifty at the same moment, each on its own connection: no fund, no cap and no allowance below zero."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from hardship.models import Allowance, CapUse, Grant, GrantBatch, LedgerEntry, ServiceOrder
from hardship.services.batches import batch_approve
from hardship.services.caps import cap_set
from hardship.services.funds import fund_take_back
from hardship.services.orders import order_take
from tests.hardship import money
from tests.hardship.cast import WEDNESDAY, Cast
from tests.people import District
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError

AT_ONCE = 50


@pytest.fixture
def committed_cast(committed_db: None, district: District) -> Iterator[Cast]:
    """The hardship people really committed: other connections see them."""
    with clock.at(WEDNESDAY):
        yield Cast(district)


def all_at_once(work: Callable[[int], Any], count: int = AT_ONCE) -> list[bool]:
    """Whether each went through; all of them start together, and only refusals in words count as refused."""
    start = Barrier(count)

    def run(number: int) -> bool:
        try:
            start.wait(timeout=60)
            work(number)
        except DomainError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(count) as pool:
        contexts = [copy_context() for _ in range(count)]
        return list(pool.map(lambda number: contexts[number].run(run, number), range(count)))


def test_fifty_approvals_at_once_never_overdraw_a_fund(committed_cast: Cast) -> None:
    cast = committed_cast
    fund = money.fund(cast, "1234.56")
    files = [cast.file_in("in_force") for _ in range(5)]
    batches = [money.checked(cast, money.batch(cast, fund, [files[n % 5]], 100)) for n in range(AT_ONCE)]
    leader, staff = cast.scope("leader"), cast.scope("staff")

    def work(number: int) -> None:
        if number % 10 == 9:  # somebody takes money out of the fund meanwhile
            fund_take_back(fund_id=fund.pk, uuid=uuid4(), amount=Decimal(100), happened_on=cast.now.date(), actor=staff)
        else:
            batch_approve(code=batches[number].code, actor=leader)

    went = all_at_once(work)
    assert sum(went) == 12
    allotted, available, reserved, spent = money.balances(fund)
    assert (available, spent) == (Decimal("34.56"), 0)
    assert allotted == available + reserved
    approved = GrantBatch.objects.filter(state="approved")
    assert reserved == 100 * approved.count()
    assert Grant.objects.filter(state="approved").count() == approved.count()
    assert sum(CapUse.objects.values_list("used", flat=True)) == reserved
    money.prove_ledger()


def test_fifty_approvals_for_one_household_stay_within_its_cap(committed_cast: Cast) -> None:
    cast = committed_cast
    cap_set(
        kind="warmth",
        category="",
        yearly=Decimal(750),
        once=None,
        effective_on=cast.now.date(),
        actor=cast.scope("staff"),
    )
    funds, file = [money.fund(cast, 100000) for _ in range(2)], cast.file_in("in_force")
    batches = [money.checked(cast, money.batch(cast, funds[n % 2], [file], 100)) for n in range(AT_ONCE)]
    leader = cast.scope("leader")
    went = all_at_once(lambda number: batch_approve(code=batches[number].code, actor=leader))
    assert sum(went) == 7
    assert (CapUse.objects.get().used, CapUse.objects.get().limit) == (700, 750)
    assert LedgerEntry.objects.filter(kind="reserve").count() == 7
    money.prove_ledger()


def test_orders_at_once_stay_within_the_allowance(committed_cast: Cast) -> None:
    cast = committed_cast
    fund = money.fund(cast, 100000, purpose="services")
    file, (service, provider) = cast.file_in("in_force"), money.offered(cast, 300)
    aid = cast.scope("aid")

    def work(number: int) -> None:
        order_take(
            uuid=uuid4(), file_code=file.code, service=service, provider=provider, wanted_on=cast.now.date(), actor=aid
        )

    assert sum(all_at_once(work, 20)) == 3
    assert (Allowance.objects.get().used, ServiceOrder.objects.count()) == (900, 3)
    assert money.balances(fund)[2] == 900
    money.prove_ledger()


def test_one_batch_is_approved_once(committed_cast: Cast) -> None:
    cast = committed_cast
    fund = money.fund(cast, 10000)
    made = money.checked(cast, money.batch(cast, fund, [cast.file_in("in_force")], 100))
    leader = cast.scope("leader")
    assert sum(all_at_once(lambda number: batch_approve(code=made.code, actor=leader), 10)) == 1
    assert money.balances(fund)[2] == 100
