"""Money of the demo's hardship households: two funds, a batch that was paid and one in preparation, two services by telephone.

A source of random numbers of its own. Everything goes through the services, each at its day; funds, provider and prices are invented and marked so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile

from hardship.models import FileMember, Fund, GrantBatch, HardshipFile, Provider, ServiceKind
from hardship.services.bank import bank_result_read, bank_sheet
from hardship.services.batch_grants import Wanted, grants_add
from hardship.services.batches import batch_approve, batch_check, batch_create, batch_submit
from hardship.services.catalogue import price_set, provider_save
from hardship.services.funds import fund_allot, fund_create
from hardship.services.orders import order_confirm, order_dispatch, order_settle, order_take
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.reporting.demo.hardship import SPACE
from unionportal.reporting.demo.moments import on
from unionportal.reporting.demo.places import MARK

#: Households (their places among `HOUSEHOLDS`) in force when the demo begins: one with a child at school, one without.
WITH_CHILD, OTHER = 1, 6
FUND_SET_UP, SERVICES_SET_UP = date(2024, 3, 1), date(2025, 1, 6)
PREPARED, CHECKED, APPROVED, ANSWERED = date(2024, 12, 16), date(2024, 12, 17), date(2024, 12, 18), date(2024, 12, 20)
IN_PREPARATION = date(2025, 1, 17)
#: What the provider takes, in yuan.
PRICES = {"plumbing": 120, "cleaning": 160}
ORDERED, SETTLED, STILL_OPEN = date(2025, 1, 7), date(2025, 1, 10), date(2025, 1, 17)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Who acts: the district's officer prepares, staff checks and settles, the leader approves."""

    officer: Scope
    staff: Scope
    leader: Scope


def play() -> None:
    """Set the funds up and use them. After the households have gone their way."""
    source = Random("hardship-money")
    users = {user.username: user for user in User.objects.filter(username__in=("aid", "staff", "leader"))}
    desk = _Desk(*(build_scope(users[name]) for name in ("aid", "staff", "leader")))
    files = {place: HardshipFile.objects.get(uuid=_uuid(f"file {place}")) for place in (WITH_CHILD, OTHER)}
    with on(FUND_SET_UP):
        aid = _fund("aid", "困难职工帮扶资金", Fund.Source.CENTRAL, Fund.Purpose.AID, 60_000, desk)
    wanted = [Wanted(file.code, Decimal(1000 + 100 * source.randrange(6))) for file in files.values()]
    _paid(aid, wanted, f"demo-{source.getrandbits(40)}", desk)
    _prepared(aid, files[WITH_CHILD], desk)
    with on(SERVICES_SET_UP):
        _fund("services", "便民服务资金", Fund.Source.OWN, Fund.Purpose.SERVICES, 12_000, desk)
        provider = _provider(desk)
    _orders(files, provider, desk)


def _fund(key: str, name: str, source: str, purpose: str, budget: int, desk: _Desk) -> Fund:
    """A fund of the rest of this year and the next with three quarters of its budget in it."""
    today = clock.today()
    fund = fund_create(
        uuid=_uuid(f"fund {key}"),
        name=f"{name}{MARK}",
        source=source,
        purpose=purpose,
        budget=Decimal(budget),
        start_on=today.replace(month=1, day=1),
        end_on=date(2025, 12, 31),
        actor=desk.staff,
    )
    amount = Decimal(budget * 3 // 4)
    fund_allot(fund_id=fund.pk, uuid=_uuid(f"allot {key}"), amount=amount, happened_on=today, actor=desk.staff)
    return fund


def _batch(key: str, title: str, fund: Fund, kind: str, wanted: Sequence[Wanted], desk: _Desk) -> GrantBatch:
    batch = batch_create(uuid=_uuid(f"batch {key}"), title=f"{title}{MARK}", fund=fund, kind=kind, actor=desk.officer)
    return grants_add(code=batch.code, wanted=wanted, actor=desk.officer)


def _paid(fund: Fund, wanted: Sequence[Wanted], password: str, desk: _Desk) -> None:
    """The whole way; the bank paid every row."""
    with on(PREPARED):
        batch = _batch("paid", "2024年冬季送温暖", fund, "warmth", wanted, desk)
        batch_submit(code=batch.code, actor=desk.officer)
    with on(CHECKED):
        batch_check(code=batch.code, actor=desk.staff)
    with on(APPROVED):
        batch_approve(code=batch.code, actor=desk.leader)
        bank_sheet(code=batch.code, password=password, actor=desk.officer)
    with on(ANSWERED):
        rows = [f"{grant.serial},{grant.amount},成功," for grant in batch.grants.order_by("seq")]
        content = "\n".join(("流水号,金额,结果,原因", *rows)).encode()
        bank_result_read(code=batch.code, upload=SimpleUploadedFile("回盘.csv", content), actor=desk.officer)


def _prepared(fund: Fund, file: HardshipFile, desk: _Desk) -> None:
    """Help with school for the children of a household."""
    children = FileMember.objects.present().filter(file=file, relation__in=("2", "3")).order_by("pk")
    with on(IN_PREPARATION):
        wanted = [Wanted(file.code, Decimal(2000), child.pk) for child in children]
        _batch("prepared", "2025年春季助学", fund, "schooling", wanted, desk)


def _provider(desk: _Desk) -> Provider:
    provider = provider_save(name=f"示范家政维修部{MARK}", actor=desk.staff)
    for code, price in PRICES.items():
        price_set(
            service=ServiceKind.objects.get(code=code),
            provider=provider,
            price=Decimal(price),
            effective_on=clock.today(),
            actor=desk.staff,
        )
    return provider


def _orders(files: dict[int, HardshipFile], provider: Provider, desk: _Desk) -> None:
    """One settled, one that waits to be sent to the provider."""
    with on(ORDERED):
        code = _order("settled", files[OTHER], "plumbing", date(2025, 1, 8), "厨房水龙头漏水", desk)
        order_dispatch(code=code, provider=provider, actor=desk.officer)
    with on(SETTLED):
        order_confirm(
            code=code,
            done_on=date(2025, 1, 8),
            cost=Decimal(PRICES["plumbing"]),
            satisfaction="satisfied",
            actor=desk.officer,
        )
        order_settle(code=code, actor=desk.staff)
    with on(STILL_OPEN):
        _order("open", files[WITH_CHILD], "cleaning", date(2025, 1, 22), "春节前大扫除", desk)


def _order(key: str, file: HardshipFile, service: str, wanted_on: date, detail: str, desk: _Desk) -> str:
    order = order_take(
        uuid=_uuid(f"order {key}"),
        file_code=file.code,
        service=ServiceKind.objects.get(code=service),
        wanted_on=wanted_on,
        detail=detail,
        actor=desk.officer,
    )
    return order.code


def _uuid(what: str) -> UUID:
    return uuid5(SPACE, what)
