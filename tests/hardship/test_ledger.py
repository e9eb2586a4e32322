"""The ledger: it balances at any moment, nothing is changed or deleted, and what is wrong is reversed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardship.models import Fund, LedgerAccount, LedgerEntry, LedgerLine
from hardship.services.funds import (
    entry_reverse,
    fund_allot,
    fund_budget,
    fund_close,
    fund_create,
    fund_reopen,
    fund_take_back,
)
from hardship.services.ledger import Item, Kind, post
from tests.hardship import money
from tests.hardship.cast import Cast
from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, InvalidTransition, StaleVersion

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


def test_money_comes_in_and_goes_back(cast: Cast) -> None:
    found = money.fund(cast, "1000.10")
    assert money.balances(found) == (Decimal("1000.10"), Decimal("1000.10"), 0, 0)
    facts: dict[str, Any] = {"fund_id": found.pk, "uuid": uuid4(), "happened_on": cast.now.date()}
    with pytest.raises(InvalidTransition, match=r"可用余额 1,000\.10 元，不足 1,000\.11 元"):
        fund_take_back(**facts, amount=Decimal("1000.11"), actor=cast.scope("staff"))
    first = fund_take_back(**facts, amount=Decimal("0.10"), actor=cast.scope("staff"))
    assert fund_take_back(**facts, amount=Decimal("0.10"), actor=cast.scope("staff")) == first  # a retry
    assert money.balances(found)[:2] == (1000, 1000)
    money.prove_ledger()


def test_who_may_touch_the_funds(cast: Cast) -> None:
    found = money.fund(cast)
    for who in ("aid", "leader", "clerk", "auditor"):
        with pytest.raises(Forbidden):
            fund_allot(
                fund_id=found.pk, uuid=uuid4(), amount=Decimal(1), happened_on=cast.now.date(), actor=cast.scope(who)
            )
    assert Fund.objects.visible_to(cast.scope("aid")).count() == 1
    for who in ("aid_jishan", "clerk", "cadre", "handler"):
        assert not Fund.objects.visible_to(cast.scope(who)).exists()
        assert cast.client(who).get(f"/hardship/money/funds/{found.pk}/").status_code in (403, 404)


@pytest.mark.parametrize(
    ("amount", "words"),
    [("0", "大于 0"), ("-5", "大于 0"), ("0.001", "两位小数"), ("100000000", "不能超过"), ("NaN", "请填写金额")],
)
def test_wrong_amounts_are_refused(cast: Cast, amount: str, words: str) -> None:
    found = money.fund(cast, 0)
    with pytest.raises(FieldErrors) as refused:
        money.allot(cast, found, amount)
    assert words in refused.value.fields["amount"]
    assert not LedgerEntry.objects.exists()


def test_only_within_the_period_and_never_tomorrow(cast: Cast) -> None:
    past = money.fund(cast, 0, start_on=date(2023, 1, 1), end_on=date(2023, 12, 31))
    with pytest.raises(InvalidTransition, match="使用期是2023年1月1日至2023年12月31日"):
        money.allot(cast, past, 100)
    with pytest.raises(FieldErrors) as early:
        fund_allot(
            fund_id=money.fund(cast, 0).pk,
            uuid=uuid4(),
            amount=Decimal(1),
            happened_on=cast.now.date() + timedelta(days=1),
            actor=cast.scope("staff"),
        )
    assert "不能晚于今天" in early.value.fields["happened_on"]
    with pytest.raises(FieldErrors):
        money.fund(cast, 0, end_on=date(2020, 1, 1))


def write(cast: Cast, found: Fund, amount: Any, lines: list[tuple[str, str]], entry: LedgerEntry | None = None) -> None:
    """Past the service: an entry with these lines (kind of account, amount), and the check of a commit."""
    if entry is None:
        entry = LedgerEntry.objects.create(
            fund=found,
            kind="reserve",
            amount=Decimal(amount),
            happened_on=cast.now.date(),
            made_by_id=cast.users["staff"].pk,
            made_at=cast.now,
        )
    for kind, each in lines:
        LedgerLine.objects.create(entry=entry, account=found.accounts.get(kind=kind), amount=Decimal(each))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_what_does_not_balance(cast: Cast) -> None:
    found = money.fund(cast, 100)
    for lines in (
        [],
        [("reserved", "5")],
        [("reserved", "5"), ("available", "-4.99")],
        [("reserved", "4"), ("available", "-4")],
    ):
        with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
            write(cast, found, 5, lines)
    old = LedgerEntry.objects.get()
    afterwards = [("reserved", "1"), ("available", "-1")]
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        write(cast, found, 1, afterwards, entry=old)
    with pytest.raises(REFUSED, match="of another or of a closed fund"), transaction.atomic():
        write(cast, money.fund(cast, 0), 1, afterwards, entry=old)
    money.prove_ledger()


def test_no_balance_below_zero_even_past_the_service(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="never_below_zero"), transaction.atomic():
        write(cast, money.fund(cast, 100), 101, [("available", "-101"), ("reserved", "101")])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hardship_ledgerentry SET amount = 1",
        "DELETE FROM hardship_ledgerline",
        "UPDATE hardship_ledgerline SET amount = amount * 2",
        "DELETE FROM hardship_ledgerentry",
        "UPDATE hardship_ledgeraccount SET balance = 999 WHERE kind = 'available'",
        "UPDATE hardship_ledgeraccount SET kind = 'spent' WHERE kind = 'available'",
        "DELETE FROM hardship_ledgeraccount",
        "UPDATE hardship_batchstep SET action = 'x'",
    ],
)
def test_nothing_is_changed_or_deleted_even_by_sql(cast: Cast, statement: str) -> None:
    money.batch(cast, money.fund(cast), [cast.file_in("in_force")])
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    money.prove_ledger()


def test_a_wrong_entry_is_reversed_by_a_leader_once(cast: Cast) -> None:
    found = money.fund(cast, 0)
    entry = money.allot(cast, found, 500)
    reverse: dict[str, Any] = {"entry_id": entry.pk, "reason": "重复登记"}
    with pytest.raises(Forbidden):
        entry_reverse(**reverse, uuid=uuid4(), actor=cast.scope("staff"))
    with pytest.raises(FieldErrors):
        entry_reverse(entry_id=entry.pk, reason=" ", uuid=uuid4(), actor=cast.scope("leader"))
    same = uuid4()
    reversal = entry_reverse(**reverse, uuid=same, actor=cast.scope("leader"))
    assert entry_reverse(**reverse, uuid=same, actor=cast.scope("leader")) == reversal
    assert (reversal.kind, reversal.amount, reversal.reverses) == ("reverse", 500, entry)
    assert money.balances(found) == (0, 0, 0, 0)
    with pytest.raises(InvalidTransition, match="已经冲正过"):
        entry_reverse(**reverse, uuid=uuid4(), actor=cast.scope("leader"))
    with pytest.raises(Forbidden, match="自己记的账"):
        entry_reverse(entry_id=reversal.pk, reason="再冲", uuid=uuid4(), actor=cast.scope("leader"))
    cast.users["deputy"] = cast.district.leader()
    with pytest.raises(InvalidTransition, match="不能冲正"):
        entry_reverse(entry_id=reversal.pk, reason="再冲", uuid=uuid4(), actor=cast.scope("deputy"))
    money.prove_ledger()


def test_what_is_promised_already_cannot_be_reversed_away(cast: Cast) -> None:
    found = money.fund(cast, 0)
    entry = money.allot(cast, found, 1000)
    money.approved(cast, money.batch(cast, found, [cast.file_in("in_force")], 600))
    with pytest.raises(InvalidTransition, match=r"可用余额 400\.00 元，不足 1,000\.00 元"):
        entry_reverse(entry_id=entry.pk, reason="拨错", uuid=uuid4(), actor=cast.scope("leader"))
    money.prove_ledger()


def test_a_fund_ends_with_its_rest_given_back(cast: Cast) -> None:
    found = money.fund(cast, 300)
    with pytest.raises(StaleVersion):
        fund_close(fund_id=found.pk, version=9, actor=cast.scope("staff"))
    closed = fund_close(fund_id=found.pk, version=1, actor=cast.scope("staff"))
    assert (closed.state, closed.closed_on, money.balances(found)) == ("closed", cast.now.date(), (0, 0, 0, 0))
    with pytest.raises(InvalidTransition, match="已经结束"):
        money.allot(cast, found, 1)
    fund_reopen(fund_id=found.pk, actor=cast.scope("staff"))
    money.allot(cast, found, 1)


def test_a_fund_with_open_grants_does_not_end(cast: Cast) -> None:
    found = money.fund(cast)
    made = money.batch(cast, found, [cast.file_in("in_force")])
    for step in (lambda: None, lambda: money.checked(cast, made)):
        step()
        with pytest.raises(InvalidTransition, match=rf"未办结.*{made.code}"):
            fund_close(fund_id=found.pk, actor=cast.scope("staff"))
    assert Fund.objects.get(pk=found.pk).state == "open"
    assert LedgerEntry.objects.count() == 1


def test_no_more_comes_in_than_the_budget(cast: Cast) -> None:
    found = money.fund(cast, 800, budget=Decimal(1000))
    with pytest.raises(FieldErrors) as over:
        money.allot(cast, found, "200.01")
    assert over.value.fields["amount"] == "预算还能拨入 200.00 元；需要更多时请先调整预算。"
    with pytest.raises(FieldErrors) as less:
        fund_budget(fund_id=found.pk, budget=Decimal("799.99"), actor=cast.scope("staff"))
    assert "已经拨入 800.00 元" in less.value.fields["budget"]
    fund_budget(fund_id=found.pk, budget=Decimal(1200), actor=cast.scope("staff"))
    money.allot(cast, found, 400)
    assert money.balances(found)[0] == 1200
    back = fund_take_back(
        fund_id=found.pk, uuid=uuid4(), amount=Decimal(400), happened_on=cast.now.date(), actor=cast.scope("staff")
    )
    money.allot(cast, found, 400)
    with pytest.raises(InvalidTransition, match=r"预算还能拨入 0\.00 元"):
        entry_reverse(entry_id=back.pk, uuid=uuid4(), reason="记错了", actor=cast.scope("leader"))
    with pytest.raises(FieldErrors):
        money.fund(cast, 0, budget=Decimal(0))


def test_a_name_is_taken_once(cast: Cast) -> None:
    money.fund(cast, 0, name="中央专项")
    with pytest.raises(FieldErrors) as twice:
        money.fund(cast, 0, name=" 中央专项 ")
    assert twice.value.fields["name"] == "已有同名的资金。"
    same = uuid4()
    assert money.fund(cast, 0, uuid=same, name="省级专项") == money.fund(cast, 0, uuid=same, name="省级专项")


AMOUNTS = st.decimals(min_value="0.01", max_value="500", places=2)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["allot", "take_back", "reserve", "release", "pay", "repay", "reverse"]),
        st.integers(0, 1),
        AMOUNTS,
    ),
    max_size=15,
)
#: What each posting does to (allotted, available, reserved, spent); written by hand, not taken from the service.
EFFECTS = {
    "allot": (1, 1, 0, 0),
    "take_back": (-1, -1, 0, 0),
    "reserve": (0, -1, 1, 0),
    "release": (0, 1, -1, 0),
    "pay": (0, 0, -1, 1),
    "repay": (0, 1, 0, -1),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_balances_at_every_step(cast: Cast, steps: list[tuple[str, int, Decimal]]) -> None:
    """Postings and reversals in any order: what would go below zero is refused and changes nothing, everything else moves exactly its amount."""
    with transaction.atomic():
        funds = [money.fund(cast, 0, name=f"资金{n}-{uuid4()}") for n in range(2)]
        held = [[Decimal(0)] * 4 for _ in funds]
        made: list[tuple[LedgerEntry, int, str]] = []
        for kind, which, amount in steps:
            target, undone = which, None
            if kind == "reverse":
                if not made:
                    continue
                undone, target, kind_undone = made.pop()
                effect = [-each for each in EFFECTS[kind_undone]]
                amount = undone.amount
            else:
                effect = list(EFFECTS[kind])
            after = [before + sign * amount for before, sign in zip(held[target], effect, strict=True)]
            try:
                with transaction.atomic():
                    entry = post(
                        fund=funds[target],
                        kind=kind,
                        items=[Item(amount)],
                        actor=cast.scope("staff"),
                        now=cast.now,
                        reverses=undone,
                    )
            except DomainError:
                assert min(after) < 0
            else:
                assert min(after) >= 0
                held[target] = after
                if kind != "reverse":
                    made.append((entry, target, kind))
            assert [money.balances(each) for each in funds] == [tuple(each) for each in held]
            money.prove_ledger()
        transaction.set_rollback(True)


def test_lines_say_where_money_went(cast: Cast) -> None:
    found = money.fund(cast, 1000)
    post(
        fund=found,
        kind=Kind.RESERVE,
        items=[Item(Decimal(10)), Item(Decimal(20))],
        actor=cast.scope("staff"),
        now=cast.now,
    )
    lines = LedgerLine.objects.filter(entry__kind="reserve").values_list("account__kind", "amount")
    assert sorted(lines) == [("available", -20), ("available", -10), ("reserved", 10), ("reserved", 20)]
    assert LedgerAccount.objects.get(fund=found, kind="reserved").balance == 30


def test_fund_create_is_for_staff(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        fund_create(
            uuid=uuid4(),
            name="x",
            source="own",
            budget=Decimal(1),
            start_on=date(2024, 1, 1),
            end_on=date(2024, 12, 31),
            actor=cast.scope("aid"),
        )
