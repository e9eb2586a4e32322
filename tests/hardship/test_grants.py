"""Grants from preparation to the bank and back: three people, caps, and what a bank's file may not say."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import msoffcrypto
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image
from python_calamine import CalamineWorkbook

from hardship.models import BankReturn, CapUse, FileLook, Grant, GrantBatch, GrantCap, HardshipFile, LedgerEntry
from hardship.money_part import PART
from hardship.services.bank import bank_sheet
from hardship.services.batch_grants import Wanted, grant_change, grant_withdraw, grants_add
from hardship.services.batches import batch_approve, batch_cancel, batch_check, batch_return, batch_submit
from hardship.services.caps import cap_set
from hardship.services.funds import entry_reverse
from hardship.services.receipts import grant_repay, receipt_add
from tests.hardship import money
from tests.hardship.cast import CARD, Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.files.models import Attachment
from unionportal.core.notify.models import Notification

pytestmark = pytest.mark.django_db


def states(made: GrantBatch) -> list[str]:
    return list(made.grants.order_by("seq").values_list("state", flat=True))


def test_a_batch_goes_through_three_hands_to_the_bank_and_back(cast: Cast) -> None:
    fund = money.fund(cast, 5000)
    files = [cast.file_in("in_force") for _ in range(3)]
    made = money.batch(cast, fund, files, 1000)
    assert (made.code, made.state, money.balances(fund)) == ("FF-2024-0001", "draft", (5000, 5000, 0, 0))
    money.checked(cast, made)
    assert money.balances(fund) == (5000, 5000, 0, 0)
    batch_approve(code=made.code, actor=cast.scope("leader"))
    assert money.balances(fund) == (5000, 2000, 3000, 0)
    assert set(CapUse.objects.values_list("used", "limit", "year")) == {(1000, 6000, 2024)}
    bank_sheet(code=made.code, password=money.PASSWORD, actor=cast.scope("aid"))
    first, second, third = made.grants.order_by("seq")
    read = money.read(cast, made, [(first.serial, 1000, "成功", ""), (second.serial, 1000, "失败", "户名不符")])
    assert (read.paid, read.failed, GrantBatch.objects.get().state) == (1, 1, "sent")
    assert money.balances(fund) == (5000, 3000, 1000, 1000)
    money.read(cast, made, [(third.serial, "1000.00", "成功", "")])
    assert states(made) == ["paid", "failed", "paid"]
    assert GrantBatch.objects.get().state == "settled"
    assert Grant.objects.get(pk=second.pk).failure == "name"
    assert CapUse.objects.get(file=files[1]).used == 0
    assert money.balances(fund) == (5000, 3000, 0, 2000)
    assert list(made.steps.values_list("action", flat=True)) == [
        "create",
        "submit",
        "check",
        "approve",
        "send",
        "result",
        "result",
        "settle",
    ]
    money.prove_ledger()


def test_whoever_is_next_is_told(cast: Cast) -> None:
    made = money.approved(cast, money.batch(cast, money.fund(cast), [cast.file_in("in_force")]))
    told = Notification.objects.order_by("pk").values_list("user__username", "text")
    assert [(who, text.partition("”")[2]) for who, text in told] == [
        ("staff", "待复核。"),
        ("leader", "待审批。"),
        ("aid", "已审批，可以生成银行表。"),
    ]
    assert {row.url for row in Notification.objects.all()} == {f"/hardship/money/batches/{made.code}/"}


def test_nobody_checks_or_approves_what_they_prepared(cast: Cast) -> None:
    made = money.batch(cast, money.fund(cast), [cast.file_in("in_force")])
    cast.users["second"] = cast.district.person("aid", "leader")
    batch_submit(code=made.code, actor=cast.scope("aid"))
    with pytest.raises(Forbidden, match="自己编制的批次不能由自己复核通过"):
        batch_check(code=made.code, actor=cast.scope("aid"))
    for who in ("leader", "clerk", "cadre"):
        with pytest.raises(Forbidden):
            batch_check(code=made.code, actor=cast.scope(who))
    batch_check(code=made.code, actor=cast.scope("second"))
    with pytest.raises(Forbidden, match="自己复核的批次"):
        batch_approve(code=made.code, actor=cast.scope("second"))
    own = money.batch(cast, money.fund(cast), [cast.file_in("in_force")], actor=cast.scope("aid"))
    GrantBatch.objects.filter(pk=own.pk).update(prepared_by=cast.users["second"])
    batch_submit(code=own.code, actor=cast.scope("second"))
    batch_check(code=own.code, actor=cast.scope("staff"))
    with pytest.raises(Forbidden, match="自己编制的批次不能由自己审批通过"):
        batch_approve(code=own.code, actor=cast.scope("second"))
    with pytest.raises(IntegrityError, match="batch_by_different_people"), transaction.atomic():
        GrantBatch.objects.filter(pk=own.pk).update(checked_by=cast.users["second"])
    assert not LedgerEntry.objects.filter(kind="reserve").exists()


def test_who_reaches_a_batch(cast: Cast) -> None:
    made = money.batch(cast, money.fund(cast), [cast.file_in("in_force")])
    assert GrantBatch.objects.visible_to(cast.scope("staff")).count() == 1
    with pytest.raises(Forbidden, match="区总工会统一办理"):
        money.batch(cast, made.fund, [], actor=cast.scope("aid_jishan"))
    with pytest.raises(NotFound):
        batch_submit(code=made.code, actor=cast.scope("aid_jishan"))
    cast.users["second"] = cast.district.person("aid")
    with pytest.raises(Forbidden, match="只有编制人"):
        grants_add(code=made.code, wanted=[Wanted(made.grants.get().file.code, Decimal(1))], actor=cast.scope("second"))
    assert Grant.objects.visible_to(cast.scope("clerk")).count() == 1
    assert not Grant.objects.visible_to(cast.scope("neighbour")).exists()


def test_only_files_in_force_with_an_account_are_paid(cast: Cast) -> None:
    fund = money.fund(cast)
    open_file, closed, draft = cast.file_in("in_force"), cast.file_in("lifted"), cast.file()
    for file, words in ((closed, "已脱困"), (draft, "起草中")):
        with pytest.raises(FieldErrors) as refused:
            money.batch(cast, fund, [open_file, file])
        assert file.code in refused.value.fields["files"]
        assert words in refused.value.fields["files"]
    assert not Grant.objects.exists()
    made = money.batch(cast, fund, [open_file])
    money.checked(cast, made)
    close(open_file)
    with pytest.raises(InvalidTransition, match=rf"{open_file.code}：档案是“已清档”，不能发放"):
        batch_approve(code=made.code, actor=cast.scope("leader"))
    assert money.balances(fund)[2] == 0
    no_card = cast.file_in("in_force")
    HardshipFile.objects.filter(pk=no_card.pk).update(card_sealed="")
    with pytest.raises(InvalidTransition, match="没有登记银行卡号"):
        batch_submit(code=money.batch(cast, fund, [no_card]).code, actor=cast.scope("aid"))


def close(file: HardshipFile) -> None:
    HardshipFile.objects.filter(pk=file.pk).update(state="cleared", closed_on=date(2024, 9, 4))


def test_a_file_closed_before_the_bank_sheet_is_taken_off(cast: Cast) -> None:
    fund = money.fund(cast, 2000)
    files = [cast.file_in("in_force") for _ in range(2)]
    made = money.approved(cast, money.batch(cast, fund, files))
    close(files[0])
    with pytest.raises(InvalidTransition, match="请撤下"):
        bank_sheet(code=made.code, password=money.PASSWORD, actor=cast.scope("aid"))
    assert GrantBatch.objects.get().state == "approved"
    grant_withdraw(code=made.code, seq=1, actor=cast.scope("aid"))
    assert (money.balances(fund), CapUse.objects.get(file=files[0]).used) == ((2000, 1000, 1000, 0), 0)
    bank_sheet(code=made.code, password=money.PASSWORD, actor=cast.scope("aid"))
    with pytest.raises(InvalidTransition):
        grant_withdraw(code=made.code, seq=2, actor=cast.scope("aid"))
    money.prove_ledger()


def test_a_batch_all_of_which_was_taken_off_is_settled(cast: Cast) -> None:
    fund = money.fund(cast)
    made = money.approved(cast, money.batch(cast, fund, [cast.file_in("in_force")]))
    assert grant_withdraw(code=made.code, seq=1, actor=cast.scope("aid")).state == "settled"
    assert money.balances(fund) == (10000, 10000, 0, 0)


def test_more_than_the_fund_holds_is_refused_whole(cast: Cast) -> None:
    fund = money.fund(cast, 1500)
    made = money.batch(cast, fund, [cast.file_in("in_force") for _ in range(2)])
    money.checked(cast, made)
    with pytest.raises(InvalidTransition, match=r"可用余额 1,500\.00 元，不足 2,000\.00 元"):
        batch_approve(code=made.code, actor=cast.scope("leader"))
    assert states(made) == ["planned", "planned"]
    assert not CapUse.objects.filter(used__gt=0).exists()
    money.allot(cast, fund, 500)
    batch_approve(code=made.code, actor=cast.scope("leader"))
    assert money.balances(fund) == (2000, 0, 2000, 0)


def set_cap(cast: Cast, **changes: Any) -> GrantCap:
    facts = {
        "kind": "warmth",
        "category": "",
        "yearly": Decimal(1500),
        "once": None,
        "effective_on": clock.today(),
        "actor": cast.scope("staff"),
    }
    return cap_set(**{**facts, **changes})


def test_the_years_cap_counts_all_batches_of_a_household(cast: Cast) -> None:
    fund, file = money.fund(cast), cast.file_in("in_force")
    set_cap(cast)
    money.approved(cast, money.batch(cast, fund, [file], 1000))
    second = money.checked(cast, money.batch(cast, fund, [file], 501))
    with pytest.raises(InvalidTransition, match=r"已批 1,000\.00 元，再批 501\.00 元将超过年度上限 1,500\.00 元"):
        batch_approve(code=second.code, actor=cast.scope("leader"))
    batch_return(code=second.code, reason="超过上限", actor=cast.scope("leader"))
    grant_change(code=second.code, seq=1, amount=Decimal(500), actor=cast.scope("aid"))
    money.approved(cast, second)
    other = money.approved(cast, money.batch(cast, fund, [file], 800, kind="living"))
    assert other.state == "approved"  # another kind has its own cap
    assert CapUse.objects.get(file=file, kind="warmth").used == 1500


def test_a_cap_changed_in_mid_year_holds_from_its_day_for_the_whole_year(cast: Cast) -> None:
    fund, file = money.fund(cast), cast.file_in("in_force")
    set_cap(cast, yearly=Decimal(3000))
    money.approved(cast, money.batch(cast, fund, [file], 2000))
    set_cap(cast, yearly=Decimal(1000), effective_on=clock.today() + timedelta(days=7))
    money.approved(cast, money.batch(cast, fund, [file], 500))
    later = cast.now + timedelta(days=7)
    with clock.at(later):
        made = money.checked(cast, money.batch(cast, fund, [file], 100))
        with pytest.raises(InvalidTransition, match=r"已批 2,500\.00 元.*上限 1,000\.00 元（2024年9月11日起执行）"):
            batch_approve(code=made.code, actor=cast.scope("leader"))
        page = cast.client("staff").get(f"/hardship/money/batches/{made.code}/").content.decode()
        assert "2,500.00" in page
        assert "2024年9月11日起" in page
        set_cap(cast, yearly=Decimal(2600))
        batch_approve(code=made.code, actor=cast.scope("leader"))
    use = CapUse.objects.get()
    assert (use.used, use.limit) == (2600, 2600)


def test_caps_by_category_and_for_a_single_time(cast: Cast) -> None:
    fund = money.fund(cast)
    deep, relative = cast.file_in("in_force"), cast.file_in("in_force")
    HardshipFile.objects.filter(pk=relative.pk).update(category="relative")
    set_cap(cast, category="deep", yearly=Decimal(4000), once=Decimal(2000))
    set_cap(cast, category="", yearly=None, once=Decimal(500))
    with pytest.raises(FieldErrors) as refused:
        money.batch(cast, fund, [deep, relative], 600)
    assert refused.value.fields["files"].startswith(f"{relative.code}：单次 600.00 元，超过上限 500.00 元")
    assert deep.code not in refused.value.fields["files"]
    for changes, field in (
        ({"yearly": Decimal(-1)}, "yearly"),
        ({"yearly": Decimal(10), "once": Decimal(11)}, "once"),
        ({"effective_on": clock.today() - timedelta(days=1)}, "effective_on"),
        ({"kind": "x"}, "kind"),
    ):
        with pytest.raises(FieldErrors) as wrong:
            set_cap(cast, **changes)
        assert field in wrong.value.fields
    with pytest.raises(Forbidden):
        set_cap(cast, actor=cast.scope("aid"))


def test_children_of_one_household_share_its_cap(cast: Cast) -> None:
    fund, file = money.fund(cast), cast.file_in("in_force")
    HardshipFile.objects.filter(pk=file.pk).update(state="draft")
    children = [
        cast.member(file, relation="2", enrolled_year=2023),
        cast.member(file, relation="3", enrolled_year=2022),
    ]
    HardshipFile.objects.filter(pk=file.pk).update(state="in_force")
    set_cap(cast, kind="schooling", yearly=Decimal(5000))
    made = money.batch(cast, fund, [file], 2600, kind="schooling")
    grants_add(code=made.code, wanted=[Wanted(file.code, Decimal(2600), children[0].pk)], actor=cast.scope("aid"))
    with pytest.raises(FieldErrors):
        grants_add(code=made.code, wanted=[Wanted(file.code, Decimal(1), children[0].pk)], actor=cast.scope("aid"))
    money.checked(cast, made)
    with pytest.raises(InvalidTransition, match=r"再批 5,200\.00 元将超过年度上限 5,000\.00 元"):
        batch_approve(code=made.code, actor=cast.scope("leader"))


def test_the_bank_sheet_alone_has_account_numbers_behind_a_password(cast: Cast) -> None:
    file = cast.file_in("in_force")
    made = money.approved(cast, money.batch(cast, money.fund(cast), [file]))
    for weak in ("short1", "12345678", "onlyletters"):
        with pytest.raises(FieldErrors):
            bank_sheet(code=made.code, password=weak, actor=cast.scope("aid"))
    for who in ("leader", "staff"):
        with pytest.raises(Forbidden):
            bank_sheet(code=made.code, password=money.PASSWORD, actor=cast.scope(who))
    content = bank_sheet(code=made.code, password=money.PASSWORD, actor=cast.scope("aid"))
    assert CARD.encode() not in content
    locked = msoffcrypto.OfficeFile(BytesIO(content))
    assert locked.is_encrypted()
    locked.load_key(password=money.PASSWORD)
    opened = BytesIO()
    locked.decrypt(opened)
    opened.seek(0)
    heading, row = CalamineWorkbook.from_filelike(opened).get_sheet_by_index(0).to_python()
    assert row[:5] == ["FF-2024-0001-001", file.holder.opened("name"), CARD, "", 1000]
    assert heading[0] == "流水号"
    look = FileLook.objects.get(file=file, way="export")
    assert (look.actor, look.shown) == (cast.users["aid"], ["name", "card"])
    trail = "".join(str(entry.data) for entry in AuditEntry.objects.all())
    assert AuditEntry.objects.filter(action="batch.send", actor=cast.users["aid"]).count() == 1
    assert CARD not in trail
    assert money.PASSWORD not in trail
    for who in ("aid", "leader", "staff"):
        page = cast.client(who).get(f"/hardship/money/batches/{made.code}/").content.decode()
        assert CARD not in page
        assert (file.holder.opened("name") in page) == (who == "aid")


def refused_rows(cast: Cast, made: GrantBatch, rows: list[tuple[Any, ...]]) -> str:
    before = (BankReturn.objects.count(), states(made), LedgerEntry.objects.count())
    with pytest.raises(FieldErrors) as refused:
        money.read(cast, made, rows)
    assert before == (BankReturn.objects.count(), states(made), LedgerEntry.objects.count())
    return refused.value.fields["file"]


def test_a_wrong_bank_file_changes_nothing_and_says_why(cast: Cast) -> None:
    made = money.sent(cast, money.batch(cast, money.fund(cast), [cast.file_in("in_force") for _ in range(2)]))
    good = (f"{made.code}-001", 1000, "成功", "")
    assert "流水号 FF-2024-0099-001 不在批次" in refused_rows(
        cast, made, [good, ("FF-2024-0099-001", 1000, "成功", "")]
    )
    assert "第 3 行：流水号 FF-2024-0001-001 与第 2 行重复" in refused_rows(cast, made, [good, good])
    words = refused_rows(cast, made, [good, (f"{made.code}-002", 999, "成功", "")])
    assert "金额是 999.00 元，批准的是 1,000.00 元" in words
    assert "应是“成功”或“失败”" in refused_rows(cast, made, [(f"{made.code}-001", 1000, "处理中", "")])
    assert "请填金额" in refused_rows(cast, made, [(f"{made.code}-001", "一千", "成功", "")])
    headless = money.result_file([("x", "1")], ("编号", "钱"))
    with pytest.raises(FieldErrors) as missing:
        money.read(cast, made, [], upload=headless)
    assert "缺少“流水号”“金额”“结果”列" in missing.value.fields["file"]
    late = money.result_file([(*good[:3], "", "2024-09-05")], ("流水号", "金额", "结果", "原因", "交易日期"))
    with pytest.raises(FieldErrors) as tomorrow:
        money.read(cast, made, [], upload=late)
    assert "交易日期应在审批之后" in tomorrow.value.fields["file"]


def test_the_same_bank_file_is_read_once(cast: Cast) -> None:
    made = money.sent(cast, money.batch(cast, money.fund(cast), [cast.file_in("in_force") for _ in range(2)]))
    rows = [(f"{made.code}-001", 1000, "成功", "")]
    upload = money.result_file(rows)
    content = upload.read()
    upload.seek(0)
    money.read(cast, made, rows, upload=upload)
    upload.seek(0)
    upload.file = BytesIO(content)
    with pytest.raises(FieldErrors) as twice:
        money.read(cast, made, rows, upload=upload)
    assert "已在2024年9月4日 09:30读入（FF-2024-0001），没有重复处理" in twice.value.fields["file"]
    again = refused_rows(cast, made, [*rows, (f"{made.code}-002", 1000, "成功", "")])
    assert "FF-2024-0001-001 已是“已发放”，不能再次处理" in again
    money.prove_ledger()


def test_returned_batches_say_why_and_are_mended(cast: Cast) -> None:
    made = money.batch(cast, money.fund(cast), [cast.file_in("in_force")])
    batch_submit(code=made.code, actor=cast.scope("aid"))
    with pytest.raises(InvalidTransition, match="已经提交"):
        grant_change(code=made.code, seq=1, amount=Decimal(1), actor=cast.scope("aid"))
    with pytest.raises(FieldErrors):
        batch_return(code=made.code, reason=" ", actor=cast.scope("staff"))
    back = batch_return(code=made.code, reason="金额有误", actor=cast.scope("staff"))
    assert (back.state, back.returned_reason) == ("draft", "金额有误")
    with pytest.raises(StaleVersion):
        grant_change(code=made.code, seq=1, amount=Decimal(900), version=1, actor=cast.scope("aid"))
    grant_change(code=made.code, seq=1, amount=Decimal(900), version=back.version, actor=cast.scope("aid"))
    batch_cancel(code=made.code, actor=cast.scope("aid"))
    with pytest.raises(InvalidTransition, match="已作废"):
        batch_submit(code=made.code, actor=cast.scope("aid"))
    empty = money.batch(cast, made.fund, [cast.file_in("in_force")])
    grant_withdraw(code=empty.code, seq=1, actor=cast.scope("aid"))
    with pytest.raises(InvalidTransition, match="还没有发放对象"):
        batch_submit(code=empty.code, actor=cast.scope("aid"))


def test_money_that_comes_back_frees_fund_and_cap(cast: Cast) -> None:
    fund, file = money.fund(cast), cast.file_in("in_force")
    made = money.batch(cast, fund, [file])
    back: dict[str, Any] = {"code": made.code, "seq": 1, "received_on": cast.now.date(), "reason": "重复享受"}
    with pytest.raises(InvalidTransition, match="还没有发放"):
        grant_repay(**back, uuid=uuid4(), amount=Decimal(1), actor=cast.scope("aid"))
    money.everything_paid(cast, made)
    same = uuid4()
    for _ in range(2):
        grant_repay(**back, uuid=same, amount=Decimal(400), actor=cast.scope("aid"))
    assert (money.balances(fund), CapUse.objects.get().used) == ((10000, 9400, 0, 600), 600)
    with pytest.raises(FieldErrors) as more:
        grant_repay(**back, uuid=uuid4(), amount=Decimal("600.01"), actor=cast.scope("aid"))
    assert more.value.fields["amount"] == "最多退 600.00 元。"
    entry = LedgerEntry.objects.get(kind="repay")
    entry_reverse(entry_id=entry.pk, uuid=uuid4(), reason="退错了", actor=cast.scope("leader"))
    assert (money.balances(fund), CapUse.objects.get().used) == ((10000, 9000, 0, 1000), 1000)
    assert Grant.objects.get().repaid == 0
    money.prove_ledger()


def test_a_payment_booked_wrongly_is_reversed_and_waits_again(cast: Cast) -> None:
    fund = money.fund(cast)
    made = money.everything_paid(cast, money.batch(cast, fund, [cast.file_in("in_force") for _ in range(2)]))
    assert made.state == "settled"
    entry_reverse(
        entry_id=LedgerEntry.objects.get(kind="pay").pk, uuid=uuid4(), reason="回盘错了", actor=cast.scope("leader")
    )
    assert (money.balances(fund), states(made)) == ((10000, 8000, 2000, 0), ["approved", "approved"])
    assert GrantBatch.objects.get().state == "sent"
    money.read(cast, made, [(f"{made.code}-001", 1000, "成功", ""), (f"{made.code}-002", 1000, "失败", "账号有误")])
    assert (money.balances(fund), states(made)) == ((10000, 9000, 0, 1000), ["paid", "failed"])
    money.prove_ledger()


def scan() -> SimpleUploadedFile:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    return SimpleUploadedFile("签收单.png", picture.getvalue())


def test_what_names_people_goes_when_the_time_is_up(cast: Cast) -> None:
    file = cast.file_in("in_force")
    made = money.everything_paid(cast, money.batch(cast, money.fund(cast), [file]))
    receipt_add(
        code=made.code, seq=1, way="signed", received_on=cast.now.date(), upload=scan(), actor=cast.scope("aid")
    )
    assert [label for label, _ in PART.tell(file)] == [f"送温暖 {made.code}-001"]
    assert PART.erase(file) == 1
    assert not Attachment.objects.exists()
    assert money.balances(made.fund) == (10000, 9000, 0, 1000)


def test_receipts_are_written_once_and_in_order(cast: Cast) -> None:
    made = money.everything_paid(cast, money.batch(cast, money.fund(cast), [cast.file_in("in_force")]))
    receipt: dict[str, Any] = {"code": made.code, "seq": 1, "way": "signed", "actor": cast.scope("aid")}
    for day in (cast.now.date() - timedelta(days=1), cast.now.date() + timedelta(days=1)):
        with pytest.raises(FieldErrors):
            receipt_add(**receipt, received_on=day)
    receipt_add(**receipt, received_on=cast.now.date(), upload=scan())
    client, url = cast.client("aid"), f"/hardship/money/batches/{made.code}/1/scan/"
    assert client.get(url).status_code == 200
    assert FileLook.objects.filter(way="paper", actor=cast.users["aid"]).count() == 1
    assert [cast.client(who).get(url).status_code for who in ("staff", "aid_fusheng")] == [403, 404]
    with pytest.raises(InvalidTransition, match="已经登记过签收"):
        receipt_add(**receipt, received_on=cast.now.date())
