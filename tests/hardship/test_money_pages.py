"""Pages, API and panel of money and services; and that check_integrity proves the ledger."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from hardship.models import Fund, Grant, GrantBatch, LedgerEntry
from hardship.services.batch_grants import Wanted, grants_add
from hardship.services.campaigns import batch_fill, campaign_create, target_remove, targets_add
from hardship.services.orders import order_take
from tests.hardship import money
from tests.hardship.cast import CARD, Cast
from tests.queries import queries_of
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition

pytestmark = pytest.mark.django_db
MONEY = "/hardship/money/"


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_every_figure_opens_its_lines(cast: Cast) -> None:
    fund = money.fund(cast, "9876.50", name="中央专项帮扶资金")
    made = money.everything_paid(cast, money.batch(cast, fund, [cast.file_in("in_force")], "1234.50"))
    staff = cast.client("staff")
    page = text(staff, MONEY)
    assert "0.12%" in page  # of the budget
    for figure in ("9,876.50", "8,642.00", "1,234.50"):
        assert figure in page
    assert "送温暖" in page
    for kind, total in (("source", "9,876.50"), ("available", "8,642.00"), ("reserved", "0.00"), ("spent", "1,234.50")):
        lines = text(staff, f"{MONEY}funds/{fund.pk}/accounts/{kind}/")
        assert f"{total} 元" in lines
    assert f"{made.code}-001" in text(staff, f"{MONEY}funds/{fund.pk}/accounts/spent/")
    for entry in LedgerEntry.objects.all():
        assert "借贷相等" in text(staff, f"{MONEY}entries/{entry.pk}/")
    assert "1,234.50" in text(staff, f"{MONEY}funds/{fund.pk}/")
    text(staff, f"{MONEY}funds/{fund.pk}/accounts/nothing/", 404)


def test_names_are_read_by_aid_officers_alone_and_numbers_by_nobody(cast: Cast) -> None:
    file = cast.file_in("in_force")
    made = money.batch(cast, money.fund(cast), [file])
    name = file.holder.opened("name")
    for path in (f"batches/{made.code}/", f"batches/{made.code}/1/", f"batches/{made.code}/add/"):
        answer = cast.client("aid").get(MONEY + path)
        assert name in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert CARD not in answer.content.decode()
    for who in ("staff", "leader"):
        page = text(cast.client(who), f"{MONEY}batches/{made.code}/")
        assert name not in page
        assert "王**" in page
    for who in ("aid_jishan", "clerk"):
        assert cast.client(who).get(f"{MONEY}batches/{made.code}/").status_code in (403, 404)


def test_a_batch_through_its_pages(cast: Cast) -> None:
    fund, files = money.fund(cast), [cast.file_in("in_force") for _ in range(2)]
    aid = cast.client("aid")
    given = {"uuid": uuid4(), "title": "中秋慰问", "kind": "warmth", "fund": fund.pk, "campaign": ""}
    answer = aid.post(f"{MONEY}batches/new/", given)
    made = GrantBatch.objects.get()
    assert answer["Location"] == f"{MONEY}batches/{made.code}/"
    add = f"{MONEY}batches/{made.code}/add/"
    people = [f"{file.code}:{file.holder.pk}" for file in files]
    refused = aid.post(add, {"amount": "", "person": people, "version": made.version})
    assert refused.status_code == 422
    assert "请填写金额" in refused.content.decode()
    assert refused.content.decode().count(" checked") == 2
    assert "请选择要发放的档案" in aid.post(add, {"amount": "800"}).content.decode()
    aid.post(add, {"amount": "800", "person": people, "version": made.version})
    assert Grant.objects.filter(amount=800).count() == 2
    aid.post(f"{MONEY}batches/{made.code}/submit/")
    assert aid.post(f"{MONEY}batches/{made.code}/check/").status_code == 403
    assert cast.client("staff").post(f"{MONEY}batches/{made.code}/check/").status_code == 302
    assert cast.client("staff").post(f"{MONEY}batches/{made.code}/approve/").status_code == 403
    assert cast.client("leader").post(f"{MONEY}batches/{made.code}/approve/").status_code == 302
    sheet = f"{MONEY}batches/{made.code}/sheet/"
    weak = aid.post(sheet, {"password": "123"})
    assert weak.status_code == 422
    assert "至少 8 位" in weak.content.decode()
    download = aid.post(sheet, {"password": money.PASSWORD})
    assert "attachment" in download["Content-Disposition"]
    assert "no-store" in download["Cache-Control"]
    wrong = aid.post(f"{MONEY}batches/{made.code}/result/", {"file": money.result_file([("x", 1, "成功", "")])})
    assert wrong.status_code == 422
    assert "不在批次" in wrong.content.decode()
    rows = [(f"{made.code}-001", 800, "成功", ""), (f"{made.code}-002", 800, "失败", "账号有误")]
    aid.post(f"{MONEY}batches/{made.code}/result/", {"file": money.result_file(rows)})
    page = text(aid, f"{MONEY}batches/{made.code}/")
    for words in ("已办结", "已发放 1 人次 800.00 元", "发放失败", "账号有误", "成功 1 笔，失败 1 笔"):
        assert words in page
    today = clock.today().isoformat()
    aid.post(f"{MONEY}batches/{made.code}/1/receipt/", {"received_on": today, "way": "signed"})
    repay = {"uuid": uuid4(), "amount": "300", "received_on": today, "reason": "重复享受"}
    aid.post(f"{MONEY}batches/{made.code}/1/repay/", repay)
    page = text(aid, f"{MONEY}batches/{made.code}/1/")
    for words in ("本人签收", "300.00 元", "重复享受"):
        assert words in page


def test_funds_through_their_pages(cast: Cast) -> None:
    staff, today = cast.client("staff"), clock.today().isoformat()
    new = {
        "uuid": uuid4(),
        "name": "区级配套",
        "source": "district",
        "purpose": "aid",
        "budget": "9000",
        "start_on": "2024-01-01",
    }
    bad = staff.post(f"{MONEY}new/", {**new, "end_on": "2023-01-01"})
    assert bad.status_code == 422
    assert "截止日期不能早于起始日期" in bad.content.decode()
    staff.post(f"{MONEY}new/", {**new, "end_on": "2024-12-31"})
    fund = Fund.objects.get()
    url = f"{MONEY}funds/{fund.pk}/"
    staff.post(f"{url}allot/", {"uuid": uuid4(), "amount": "5000", "happened_on": today})
    refused = staff.post(f"{url}take_back/", {"uuid": uuid4(), "amount": "5000.01", "happened_on": today})
    assert refused.status_code == 409
    assert "可用余额 5,000.00 元" in refused.content.decode()
    money.batch(cast, fund, [cast.file_in("in_force")])
    kept = staff.post(f"{url}close/")
    assert kept.status_code == 409
    assert "还有未办结的发放" in kept.content.decode()
    entry = LedgerEntry.objects.get()
    assert staff.post(f"{MONEY}entries/{entry.pk}/reverse/", {"uuid": uuid4(), "reason": "x"}).status_code == 403
    cast.client("leader").post(f"{MONEY}entries/{entry.pk}/reverse/", {"uuid": uuid4(), "reason": "拨错了"})
    assert money.balances(fund) == (0, 0, 0, 0)
    assert "拨错了" in text(staff, f"{MONEY}entries/{LedgerEntry.objects.get(kind='reverse').pk}/")
    caps = {"kind": "medical", "category": "deep", "yearly": "30000", "once": "", "effective_on": today}
    staff.post(f"{MONEY}caps/set/", caps)
    assert "30,000.00" in text(cast.client("aid"), f"{MONEY}caps/")
    assert cast.client("aid").post(f"{MONEY}caps/set/", caps).status_code == 403


def test_a_campaign_counts_whom_it_meant_and_whom_it_reached(cast: Cast) -> None:
    fund, files = money.fund(cast, 20000), [cast.file_in("in_force") for _ in range(3)]
    aid = cast.scope("aid")
    campaign = campaign_create(
        uuid=uuid4(),
        name="2024年送清凉",
        kind="cool",
        start_on=clock.today(),
        end_on=clock.today(),
        actor=cast.scope("staff"),
    )
    wanted = [Wanted(file.code, Decimal(500)) for file in files]
    assert targets_add(campaign_id=campaign.pk, wanted=wanted, actor=aid) == 3
    assert targets_add(campaign_id=campaign.pk, wanted=wanted, actor=aid) == 0
    with pytest.raises(FieldErrors, match="标出"):
        money.empty_batch(cast, fund, kind="warmth", campaign=campaign)
    made = money.empty_batch(cast, fund, kind="cool", campaign=campaign)
    batch_fill(code=made.code, actor=aid)
    with pytest.raises(InvalidTransition, match="都已列入"):
        batch_fill(code=made.code, actor=aid)
    with pytest.raises(InvalidTransition, match="已经列入发放批次"):
        target_remove(campaign_id=campaign.pk, target_id=campaign.targets.first().pk, actor=aid)
    money.sent(cast, made)
    rows = [(f"{made.code}-00{n}", 500, "成功" if n < 3 else "失败", "") for n in (1, 2, 3)]
    money.read(cast, made, rows)
    page = text(cast.client("leader"), f"{MONEY}campaigns/")
    assert "1,000.00" in page
    page = text(cast.client("leader"), f"{MONEY}campaigns/{campaign.pk}/")
    for words in ("名单人数", "1,000.00", "发放失败"):
        assert words in page
    again = money.empty_batch(cast, fund, kind="cool", campaign=campaign)
    batch_fill(code=again.code, actor=aid)
    assert again.grants.get().file == files[2]  # whom the bank did not reach stands on the list still


def test_the_files_page_shows_what_was_given(cast: Cast) -> None:
    file = cast.file_in("in_force")
    made = money.everything_paid(cast, money.batch(cast, money.fund(cast), [file], 700))
    money.fund(cast, 1000, purpose="services")
    service, provider = money.offered(cast, 90)
    order_take(
        uuid=uuid4(),
        file_code=file.code,
        service=service,
        provider=provider,
        wanted_on=clock.today(),
        actor=cast.scope("aid"),
    )
    page = text(cast.client("aid"), f"/hardship/{file.code}/")
    for words in ("已发放 1 人次 700.00 元", f"batches/{made.code}/1/", "还剩 910.00 元", "预订服务"):
        assert words in page
    page = text(cast.client("clerk"), f"/hardship/{file.code}/")
    assert "700.00 元" in page
    assert "预订服务" not in page
    assert f"batches/{made.code}" not in page


def test_the_hotline_through_its_pages(cast: Cast) -> None:
    file = cast.file_in("in_force")
    money.fund(cast, 5000, purpose="services")
    service, provider = money.offered(cast, 700)
    aid = cast.client("aid")
    page = text(aid, f"/hardship/services/new/?file={file.code}")
    for words in ("还剩 <b>1,000.00</b> 元", file.holder.opened("name"), "700.00 元"):
        assert words in page
    given: dict[str, Any] = {
        "uuid": uuid4(),
        "file": file.code.lower(),
        "service": service.pk,
        "provider": provider.pk,
        "wanted_on": clock.today().isoformat(),
        "detail": "下午在家",
    }
    answer = aid.post("/hardship/services/new/", given)
    url = answer["Location"]
    over = aid.post("/hardship/services/new/", {**given, "uuid": uuid4()})
    assert over.status_code == 409
    assert "还剩 300.00 元，不够 700.00 元" in over.content.decode()
    assert "下午在家" in over.content.decode()
    assert "下午在家" in text(aid, url)
    assert "下午在家" not in text(cast.client("staff"), url)
    aid.post(f"{url}dispatch/", {"provider": provider.pk})
    aid.post(f"{url}confirm/", {"done_on": clock.today().isoformat(), "cost": "650", "satisfaction": "satisfied"})
    assert aid.post(f"{url}settle/").status_code == 403
    assert cast.client("staff").post(f"{url}settle/").status_code == 302
    page = text(cast.client("leader"), "/hardship/services/")
    for words in ("650.00", "已结算"):
        assert words in page
    staff = cast.client("staff")
    staff.post("/hardship/services/catalogue/provider/", {"provider": "", "name": "新单位", "is_active": "on"})
    assert "新单位" in text(staff, "/hardship/services/catalogue/")


def test_the_api_lists_grants_within_reach_without_names(cast: Cast) -> None:
    here, there = cast.file_in("in_force"), cast.file_in("in_force", township=cast.fusheng)
    made = money.everything_paid(cast, money.batch(cast, money.fund(cast), [here, there], 600))
    url = "/api/v1/hardship/grants/"
    rows = cast.client("leader").get(url).json()["results"]
    assert {row["serial"] for row in rows} == {f"{made.code}-001", f"{made.code}-002"}
    assert (rows[0]["amount"], rows[0]["state"], rows[0]["kind"]) == ("600.00", "paid", "warmth")
    for who, file in (("clerk", here), ("aid_fusheng", there)):
        (row,) = cast.client(who).get(url).json()["results"]
        assert row["file"] == file.code
        assert file.holder.opened("name") not in str(row)
    assert cast.client("leader").get(url, {"file": here.code, "kind": "living"}).json()["results"] == []
    assert len(cast.client("leader").get(url, {"limit": 1}).json()["results"]) == 1
    assert cast.client("cadre").get(url).status_code == 403


@pytest.mark.parametrize("path", ["batches/{code}/", "batches/", "", "campaigns/", "funds/{fund}/accounts/reserved/"])
def test_lists_cost_the_same_with_many_rows(cast: Cast, path: str) -> None:
    fund = money.fund(cast, 50000)
    made = money.batch(cast, fund, [cast.file_in("in_force")], 10)
    url = MONEY + path.format(code=made.code, fund=fund.pk)
    before = queries_of(cast.client("aid"), url)
    more = [Wanted(cast.file_in("in_force").code, Decimal(10)) for _ in range(6)]
    grants_add(code=made.code, wanted=more, actor=cast.scope("aid"))
    money.approved(cast, made)
    money.batch(cast, money.fund(cast), [cast.file_in("in_force")], 10)
    assert queries_of(cast.client("aid"), url) <= before + (1 if path.startswith("batches/{") else 0)


def test_the_list_of_orders_costs_the_same_with_many_rows(cast: Cast) -> None:
    money.fund(cast, 5000, purpose="services")
    service, provider = money.offered(cast, 90)
    files = [cast.file_in("in_force") for _ in range(5)]

    def take(number: int) -> None:
        order_take(
            uuid=uuid4(),
            file_code=files[number].code,
            service=service,
            provider=provider,
            wanted_on=clock.today(),
            actor=cast.scope("aid"),
        )

    take(0)
    before = queries_of(cast.client("aid"), "/hardship/services/")
    for number in range(1, 5):
        take(number)
    assert queries_of(cast.client("aid"), "/hardship/services/") == before


DAMAGE = (
    ("UPDATE hardship_ledgeraccount SET balance = balance + 1 WHERE kind = 'available'", "科目余额与分录之和不符"),
    ("UPDATE hardship_ledgerline SET amount = amount + 1 WHERE amount > 0", "凭证借贷不平"),
    ("UPDATE hardship_grant SET amount = amount + 1", "发放状态与账目不符"),
    ("UPDATE hardship_capuse SET used = used + 1", "年度上限的已批数与发放不符"),
    ("UPDATE hardship_serviceorder SET held = held + 1", "服务单状态与账目不符"),
    ("UPDATE hardship_allowance SET used = used + 1", "便民服务的已用额度与服务单不符"),
)


def test_check_integrity_proves_the_ledger(committed_db: None, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    file = cast.file_in("in_force")
    money.everything_paid(cast, money.batch(cast, money.fund(cast), [file]))
    money.fund(cast, 1000, purpose="services")
    service, provider = money.offered(cast, 90)
    order_take(
        uuid=uuid4(),
        file_code=file.code,
        service=service,
        provider=provider,
        wanted_on=clock.today(),
        actor=cast.scope("aid"),
    )
    call_command("check_integrity")
    assert "没有发现不一致" in capsys.readouterr().out
    for statement, words in DAMAGE:
        past_the_triggers(statement)
        with pytest.raises(CommandError):
            call_command("check_integrity")
        assert words in capsys.readouterr().out
        past_the_triggers(statement.replace("+ 1", "- 1"))
    call_command("check_integrity")


def past_the_triggers(statement: str) -> None:
    """What somebody with the owner's password could do."""
    table = statement.split()[1]
    with connections["owner"].cursor() as cursor:
        for step in (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            statement,
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ):
            cursor.execute(step)
