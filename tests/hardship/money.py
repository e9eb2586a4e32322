"""Funds, batches and orders of the money tests: what `aid` prepares, `staff` checks and `leader` approves."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import OuterRef, Subquery, Sum

from hardship.models import Fund, GrantBatch, HardshipFile, LedgerAccount, LedgerLine, Provider, ServiceKind
from hardship.services.bank import bank_result_read, bank_sheet
from hardship.services.batch_grants import Wanted, grants_add
from hardship.services.batches import batch_approve, batch_check, batch_create, batch_submit
from hardship.services.catalogue import price_set, provider_save
from hardship.services.funds import fund_allot, fund_create
from tests.hardship.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.tables import workbook

PASSWORD = "Yinhang-2024"


def fund(cast: Cast, amount: Any = 10000, **changes: Any) -> Fund:
    """A fund of the year with money in it."""
    facts = {
        "uuid": uuid4(),
        "name": f"帮扶资金{Fund.objects.count() + 1}",
        "source": "central",
        "budget": Decimal(1000000),
        "start_on": date(2024, 1, 1),
        "end_on": date(2024, 12, 31),
        "actor": cast.scope("staff"),
    }
    made = fund_create(**{**facts, **changes})
    if amount:
        allot(cast, made, amount)
    return made


def allot(cast: Cast, to: Fund, amount: Any) -> Any:
    return fund_allot(
        fund_id=to.pk,
        uuid=uuid4(),
        amount=Decimal(amount),
        happened_on=clock.today(),
        actor=cast.scope("staff"),
    )


def empty_batch(cast: Cast, of: Fund, **changes: Any) -> GrantBatch:
    """A batch nobody is on yet."""
    facts = {"uuid": uuid4(), "title": "慰问金", "fund": of, "kind": "warmth", "actor": cast.scope("aid")}
    return batch_create(**{**facts, **changes})


def batch(cast: Cast, of: Fund, files: list[HardshipFile], amount: Any = 1000, **changes: Any) -> GrantBatch:
    """A batch in preparation: everybody the same amount."""
    made = empty_batch(cast, of, **changes)
    wanted = [Wanted(file.code, Decimal(amount)) for file in files]
    return grants_add(code=made.code, wanted=wanted, actor=cast.scope("aid"))


def checked(cast: Cast, made: GrantBatch) -> GrantBatch:
    batch_submit(code=made.code, actor=cast.scope("aid"))
    return batch_check(code=made.code, actor=cast.scope("staff"))


def approved(cast: Cast, made: GrantBatch) -> GrantBatch:
    checked(cast, made)
    return batch_approve(code=made.code, actor=cast.scope("leader"))


def sent(cast: Cast, made: GrantBatch) -> GrantBatch:
    approved(cast, made)
    bank_sheet(code=made.code, password=PASSWORD, actor=cast.scope("aid"))
    return GrantBatch.objects.get(pk=made.pk)


def result_file(rows: list[tuple[Any, ...]], headings: tuple[str, ...] = ("流水号", "金额", "结果", "原因")) -> Any:
    """What the bank sends back."""
    with workbook("回盘", headings, rows) as content:
        return SimpleUploadedFile("回盘.xlsx", BytesIO(content.read()).getvalue())


def read(cast: Cast, made: GrantBatch, rows: list[tuple[Any, ...]], **changes: Any) -> Any:
    return bank_result_read(**{"code": made.code, "upload": result_file(rows), "actor": cast.scope("aid"), **changes})


def everything_paid(cast: Cast, made: GrantBatch) -> GrantBatch:
    """The whole way; the bank paid every row."""
    sent(cast, made)
    read(cast, made, [(grant.serial, grant.amount, "成功", "") for grant in made.grants.order_by("seq")])
    return GrantBatch.objects.get(pk=made.pk)


def balances(of: Fund) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Allotted, available, reserved, spent."""
    found = dict(LedgerAccount.objects.filter(fund=of).values_list("kind", "balance"))
    return -found["source"], found["available"], found["reserved"], found["spent"]


def prove_ledger() -> None:
    """Every balance is the sum of its lines, nothing is below zero, every entry adds up, and the database's own check passes."""
    sums = LedgerLine.objects.filter(account=OuterRef("pk")).order_by().values("account").annotate(s=Sum("amount"))
    for account in LedgerAccount.objects.annotate(total=Subquery(sums.values("s"))):
        assert account.balance == (account.total or 0)
        assert account.balance <= 0 if account.kind == "source" else account.balance >= 0
    assert not LedgerLine.objects.order_by().values("entry").annotate(s=Sum("amount")).exclude(s=0).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def offered(cast: Cast, price: Any = 80, code: str = "plumbing", name: str = "甬江家电服务部") -> tuple[Any, Any]:
    """A service and a provider with a price for it."""
    staff = cast.scope("staff")
    service = ServiceKind.objects.get(code=code)
    provider = Provider.objects.filter(name=name).first() or provider_save(name=name, actor=staff)
    price_set(service=service, provider=provider, price=Decimal(price), effective_on=cast.now.date(), actor=staff)
    return service, provider
