"""Funds: set up, fed, taken back from, closed; and the reversal of an entry. Source: docs/domain.md, "Money of hardship files"."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F

from hardship.models import Fund, Grant, GrantBatch, LedgerAccount, LedgerEntry, ReversalReason, ServiceOrder
from hardship.money_workflow import OPEN_BATCHES, OPEN_ORDERS, BatchState, GrantState, OrderState
from hardship.services.caps import use_cap
from hardship.services.ledger import Item, Kind, amount_problem, balances, check_amount, fund_locked, post
from unionportal.core.audit.services import record
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

REASON_LENGTH = 200
#: What can be undone by its opposite. A promise is undone by taking the grant off its batch or by cancelling the order.
REVERSIBLE = frozenset({Kind.ALLOT, Kind.TAKE_BACK, Kind.PAY, Kind.REPAY})


@transaction.atomic
def fund_create(
    *,
    uuid: UUID,
    name: str,
    source: str,
    budget: Decimal,
    start_on: date,
    end_on: date,
    actor: Scope,
    purpose: str = Fund.Purpose.AID,
) -> Fund:
    """Set up an empty fund with its accounts (staff). A repeat of `uuid` returns the first row."""
    require(actor, "fund.manage")
    first = Fund.objects.filter(pk=uuid).first()
    if first is not None:
        return first
    problems = {"budget": problem} if (problem := amount_problem(budget)) else {}
    if not name.strip():
        problems["name"] = "请填写名称。"
    elif Fund.objects.filter(name=name.strip()).exists():
        problems["name"] = "已有同名的资金。"
    if end_on < start_on:
        problems["end_on"] = "截止日期不能早于起始日期。"
    if problems:
        raise FieldErrors(problems)
    fund = Fund.objects.create(
        id=uuid,
        name=name.strip(),
        source=source,
        purpose=purpose,
        budget=budget,
        start_on=start_on,
        end_on=end_on,
        made_by_id=actor.user_id,
    )
    LedgerAccount.objects.bulk_create(LedgerAccount(fund=fund, kind=kind) for kind in LedgerAccount.Kind.values)
    record(actor=actor, action="fund.create", object_type="fund", object_id=fund.pk, source=source)
    return fund


def fund_allot(
    *,
    fund_id: UUID,
    uuid: UUID,
    amount: Decimal,
    happened_on: date,
    actor: Scope,
    now: datetime | None = None,
) -> LedgerEntry:
    """Money comes into a fund (staff)."""
    return _moved(fund_id, uuid, Kind.ALLOT, amount, happened_on, actor, now)


def fund_take_back(
    *,
    fund_id: UUID,
    uuid: UUID,
    amount: Decimal,
    happened_on: date,
    actor: Scope,
    now: datetime | None = None,
) -> LedgerEntry:
    """Money that is not promised goes back to where it came from (staff)."""
    return _moved(fund_id, uuid, Kind.TAKE_BACK, amount, happened_on, actor, now)


@transaction.atomic
def fund_budget(*, fund_id: UUID, budget: Decimal, actor: Scope, version: int | None = None) -> Fund:
    """Another budget for an open fund (staff), not below what came in."""
    require(actor, "fund.manage")
    fund = _found(fund_id, actor, version)
    if fund.state != Fund.State.OPEN:
        raise InvalidTransition("这笔资金已经结束。")
    fund.budget = check_amount(budget, "budget")
    if fund.budget < _allotted(fund):
        raise FieldErrors({"budget": f"已经拨入 {formats.money(_allotted(fund))} 元，预算不能更少。"})
    return _saved(fund, actor, "fund.budget")


@transaction.atomic
def fund_close(*, fund_id: UUID, actor: Scope, version: int | None = None, now: datetime | None = None) -> Fund:
    """End a fund (staff): nothing may be promised or on its way; what is left over goes back to its source in the same step."""
    require(actor, "fund.manage")
    moment = now or clock.now()
    fund = _found(fund_id, actor, version)
    if fund.state != Fund.State.OPEN:
        raise InvalidTransition("这笔资金已经结束。")
    batches = GrantBatch.objects.filter(fund=fund, state__in=OPEN_BATCHES).order_by("code")
    orders = ServiceOrder.objects.filter(fund=fund, state__in=OPEN_ORDERS).order_by("code")
    pending = [*batches.values_list("code", flat=True)[:5], *orders.values_list("code", flat=True)[:5]]
    left = balances(fund)
    if pending or left[LedgerAccount.Kind.RESERVED]:
        named = f"：{'、'.join(pending)}" if pending else ""
        raise InvalidTransition(f"还有未办结的发放或服务单，不能结束{named}。请先办结、撤下或作废。")
    if left[LedgerAccount.Kind.AVAILABLE]:
        rest = Item(left[LedgerAccount.Kind.AVAILABLE])
        post(fund=fund, kind=Kind.TAKE_BACK, items=[rest], actor=actor, now=moment)
    fund.state, fund.closed_on = Fund.State.CLOSED, clock.local_date(moment)
    return _saved(fund, actor, "fund.close")


@transaction.atomic
def fund_reopen(*, fund_id: UUID, actor: Scope, version: int | None = None) -> Fund:
    """Open an ended fund again, as for money that comes back late (staff)."""
    require(actor, "fund.manage")
    fund = _found(fund_id, actor, version)
    if fund.state != Fund.State.CLOSED:
        raise InvalidTransition("这笔资金还在使用中。")
    fund.state, fund.closed_on = Fund.State.OPEN, None
    return _saved(fund, actor, "fund.reopen")


@transaction.atomic
def entry_reverse(*, entry_id: int, uuid: UUID, reason: str, actor: Scope, now: datetime | None = None) -> LedgerEntry:
    """Undo an entry by its opposite (leader, not whoever made it). What it said about grants and orders goes back with it."""
    require(actor, "ledger.reverse")
    entry = LedgerEntry.objects.visible_to(actor).select_related("fund").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    first = LedgerEntry.objects.filter(uuid=uuid).first()
    if first is not None:
        return first
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明冲正原因，最多 {REASON_LENGTH} 个字。"})
    if entry.made_by_id == actor.user_id:
        raise Forbidden("自己记的账不能自己冲正，请另一位领导办理。")
    if entry.kind not in REVERSIBLE:
        raise InvalidTransition(f"“{entry.get_kind_display()}”的凭证不能冲正。批准过的发放请撤下，服务单请取消。")
    if entry.batch_id is not None:
        GrantBatch.objects.select_for_update(no_key=True).get(pk=entry.batch_id)
    fund = fund_locked(entry.fund_id)
    if LedgerEntry.objects.filter(reverses=entry).exists():
        raise InvalidTransition("这张凭证已经冲正过。")
    if entry.kind == Kind.TAKE_BACK and entry.amount > (room := fund.budget - _allotted(fund)):
        raise InvalidTransition(f"预算还能拨入 {formats.money(room)} 元；请先调整预算，再冲正。")
    items = [
        Item(line.amount, line.grant_id, line.order_id) for line in entry.lines.filter(amount__gt=0).order_by("id")
    ]
    reversal = post(
        fund=fund,
        kind=Kind.REVERSE,
        items=items,
        actor=actor,
        now=now or clock.now(),
        uuid=uuid,
        batch_id=entry.batch_id,
        reverses=entry,
    )
    ReversalReason.objects.create(entry=reversal, text=reason.strip())
    _undo(entry, items)
    record(actor=actor, action="ledger.reverse", object_type="ledger_entry", object_id=reversal.pk, reversed=entry.pk)
    return reversal


def _undo(entry: LedgerEntry, items: list[Item]) -> None:
    """Grants and orders stand again where they stood before the entry."""
    for item in items:
        if item.grant_id is not None:
            grant = Grant.objects.select_related("batch").get(pk=item.grant_id)
            if entry.kind == Kind.REPAY:
                use_cap(grant.file_id, grant.batch.kind, grant.cap_year or 0, item.amount)
                grant.repaid -= item.amount
            elif grant.repaid:
                raise InvalidTransition(f"{grant.serial} 已有退款，请先冲正退款。")
            else:
                grant.state, grant.paid_on = GrantState.APPROVED, None
            grant.save()
        if item.order_id is not None:
            ServiceOrder.objects.filter(pk=item.order_id).update(
                state=OrderState.CONFIRMED, settled_on=None, settled_by=None, version=F("version") + 1
            )
    if entry.kind == Kind.PAY and entry.batch_id is not None:
        GrantBatch.objects.filter(pk=entry.batch_id).update(state=BatchState.SENT, version=F("version") + 1)


@transaction.atomic
def _moved(
    fund_id: UUID, uuid: UUID, kind: str, amount: Decimal, happened_on: date, actor: Scope, now: datetime | None
) -> LedgerEntry:
    require(actor, "fund.manage")
    moment = now or clock.now()
    fund = _found(fund_id, actor)
    first = LedgerEntry.objects.filter(uuid=uuid).first()
    if first is not None:
        return first
    if happened_on > clock.local_date(moment):
        raise FieldErrors({"happened_on": "日期不能晚于今天。"})
    amount = check_amount(amount)
    room = fund.budget - _allotted(fund)
    if kind == Kind.ALLOT and amount > room:
        raise FieldErrors({"amount": f"预算还能拨入 {formats.money(room)} 元；需要更多时请先调整预算。"})
    entry = post(
        fund=fund,
        kind=kind,
        items=[Item(amount)],
        happened_on=happened_on,
        actor=actor,
        now=moment,
        uuid=uuid,
    )
    record(actor=actor, action=f"fund.{kind}", object_type="fund", object_id=fund.pk, entry=entry.pk)
    return entry


def _allotted(fund: Fund) -> Decimal:
    """What came in, counted up."""
    return -balances(fund)[LedgerAccount.Kind.SOURCE]


def _found(fund_id: UUID, actor: Scope, version: int | None = None) -> Fund:
    if not Fund.objects.visible_to(actor).filter(pk=fund_id).exists():
        raise NotFound
    fund = fund_locked(fund_id)
    if version is not None and version != fund.version:
        raise StaleVersion
    return fund


def _saved(fund: Fund, actor: Scope, action: str) -> Fund:
    fund.version += 1
    fund.save()
    record(actor=actor, action=action, object_type="fund", object_id=fund.pk, state=fund.state)
    return fund
