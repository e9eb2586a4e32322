"""Posting to the ledger. Every posting goes through `post`: one lock a fund, one entry, two lines an item.

The database guards the same again: lines must add up to zero at commit, a balance is written only by its lines and never falls below zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from hardship.models.funds import Fund, LedgerAccount, LedgerEntry, LedgerLine
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.scope import Scope

Kind = LedgerEntry.Kind
_A = LedgerAccount.Kind
#: What a kind of entry takes from (credit) and gives to (debit).
WAYS: dict[str, tuple[str, str]] = {
    Kind.ALLOT: (_A.SOURCE, _A.AVAILABLE),
    Kind.TAKE_BACK: (_A.AVAILABLE, _A.SOURCE),
    Kind.RESERVE: (_A.AVAILABLE, _A.RESERVED),
    Kind.RELEASE: (_A.RESERVED, _A.AVAILABLE),
    Kind.PAY: (_A.RESERVED, _A.SPENT),
    Kind.REPAY: (_A.SPENT, _A.AVAILABLE),
}
#: Kinds that begin something new, so that the fund's period must hold on the day.
IN_PERIOD = frozenset({Kind.ALLOT, Kind.RESERVE})
LARGEST = Decimal("99999999.99")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Item:
    """One amount of an entry, with the grant or the order it is for."""

    amount: Decimal
    grant_id: UUID | None = None
    order_id: int | None = None


def amount_problem(amount: Decimal | None) -> str:
    """What is wrong with a typed amount; "" if nothing."""
    if amount is None or not amount.is_finite():
        return "请填写金额。"
    if amount <= 0:
        return "金额应大于 0。"
    if amount > LARGEST:
        return f"金额不能超过 {formats.money(LARGEST)} 元。"
    return "" if amount == amount.quantize(CENT) else "金额最多两位小数。"


def check_amount(amount: Decimal | None, field: str = "amount") -> Decimal:
    """The amount in cents, or FieldErrors at the field."""
    if problem := amount_problem(amount):
        raise FieldErrors({field: problem})
    assert amount is not None
    return amount.quantize(CENT)


def fund_locked(fund_id: UUID) -> Fund:
    """The fund, held until the end of the transaction: whoever posts to it waits here."""
    return Fund.objects.select_for_update(no_key=True).get(pk=fund_id)


def balances(fund: Fund) -> dict[str, Decimal]:
    """Kind of account -> balance, as it is now."""
    return dict(LedgerAccount.objects.filter(fund=fund).values_list("kind", "balance"))


def post(
    *,
    fund: Fund,
    kind: str,
    items: Iterable[Item],
    actor: Scope,
    now: datetime,
    happened_on: date | None = None,
    uuid: UUID | None = None,
    batch_id: UUID | None = None,
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    """Append one entry in the caller's transaction. Raises InvalidTransition where the fund is closed, out of its period or short of money."""
    fund = fund_locked(fund.pk)
    day = happened_on or clock.local_date(now)
    given = [*items]
    total = sum((item.amount for item in given), Decimal(0))
    way = reverses.kind if reverses is not None else kind
    taken, given_to = WAYS[way] if reverses is None else WAYS[way][::-1]
    if fund.state != Fund.State.OPEN:
        raise InvalidTransition(f"“{fund}”已经结束，不能再记账。")
    if kind in IN_PERIOD and not fund.start_on <= day <= fund.end_on:
        raise InvalidTransition(
            f"“{fund}”的使用期是{formats.zh_day(fund.start_on)}至{formats.zh_day(fund.end_on)}，今天不在其中。"
        )
    accounts = {account.kind: account for account in LedgerAccount.objects.filter(fund=fund)}
    if taken != _A.SOURCE and accounts[taken].balance < total:
        raise InvalidTransition(
            f"“{fund}”{accounts[taken].get_kind_display()}余额 {formats.money(accounts[taken].balance)} 元，"
            f"不足 {formats.money(total)} 元。"
        )
    entry = LedgerEntry.objects.create(
        uuid=uuid or uuid4(),
        fund=fund,
        kind=kind,
        amount=total,
        happened_on=day,
        batch_id=batch_id,
        reverses=reverses,
        made_by_id=actor.user_id,
        made_at=now,
    )
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry=entry,
            account=accounts[account],
            amount=sign * item.amount,
            grant_id=item.grant_id,
            order_id=item.order_id,
        )
        for item in given
        for account, sign in ((taken, -1), (given_to, 1))
    )
    return entry
