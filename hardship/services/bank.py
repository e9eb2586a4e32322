"""To the bank and back: the protected sheet with account numbers, and the bank's result read row by row, whole or not at all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from msoffcrypto.format.ooxml import OOXMLFile

from hardship.models import BankReturn, FileLook, FileMember, Grant, GrantBatch
from hardship.money_workflow import BATCH_STEPS, BatchState, GrantState, find_step
from hardship.personal import look
from hardship.services.batches import batch_locked, batch_touched, listed, log_step, settle_if_done, unfit
from hardship.services.caps import use_cap
from hardship.services.ledger import Item, Kind, fund_locked, post
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable
from unionportal.core.common.tables import workbook
from unionportal.core.files.services import safe_name
from unionportal.core.jobs.sheets import Sheet, read_sheet
from unionportal.core.jobs.uploads import checked_content

SHORTEST_PASSWORD = 8
HEADINGS = ("流水号", "收款户名", "收款账号", "开户行", "金额", "用途", "结果", "原因", "交易日期")
#: Columns of the bank's result that must be there; the reason is asked for only where a row failed, the day may be missing.
NEEDED = ("流水号", "金额", "结果")
SUCCESS, FAILURE = frozenset({"成功", "已付", "已发放"}), frozenset({"失败", "退票", "未付"})
REASONS = {label: code for code, label in Grant.Failure.choices}
MOST_ROWS = 2000


@transaction.atomic
def bank_sheet(
    *, code: str, password: str, actor: Scope, version: int | None = None, now: datetime | None = None
) -> bytes:
    """The workbook for the bank, encrypted with the password the officer chose (kept nowhere). Every household on it gets a look in its record.

    Refuses where a file was closed or lost its account in between. May be made again while the bank's answer is out.
    """
    require(actor, "batch.sheet")
    moment = now or clock.now()
    batch = batch_locked(code, actor, version)
    step = find_step(BATCH_STEPS, "send", batch.state)
    if step is None:
        raise InvalidTransition("批次还没有审批，或已经办结，不能生成银行表。")
    if len(password) < SHORTEST_PASSWORD or password.isdigit() or password.isalpha():
        raise FieldErrors({"password": f"密码至少 {SHORTEST_PASSWORD} 位，并且既有字母又有数字。"})
    held = batch.grants.select_for_update(of=("file",), no_key=True).filter(state=GrantState.APPROVED)
    grants = sorted(held.select_related("file").order_by("file_id"), key=lambda grant: grant.seq)
    if problems := [f"{grant.file.code}：{problem}" for grant in grants if (problem := unfit(grant.file))]:
        raise InvalidTransition(listed(problems))
    content = _protected(_rows(batch, grants), password)
    look([grant.file for grant in grants], FileLook.Way.EXPORT, actor, shown=["name", "card"], now=moment)
    before, batch.state = batch.state, BatchState.SENT
    log_step(batch, step.action, before, actor, moment, rows=len(grants))
    batch_touched(batch)
    return content


def _rows(batch: GrantBatch, grants: list[Grant]) -> list[tuple[object, ...]]:
    holders = {
        member.file_id: member
        for member in FileMember.objects.filter(file__in=[grant.file_id for grant in grants], relation="0")
    }
    rows: list[tuple[object, ...]] = []
    try:
        for grant in grants:
            grant.batch = batch
            name, card = holders[grant.file_id].opened("name"), grant.file.opened("card")
            rows.append((grant.serial, name, card, grant.file.bank_name, grant.amount, batch.get_kind_display()))
    except Unreadable:
        raise Conflict("密钥已更换，读不出账号，请联系系统管理员。") from None
    return rows


def _protected(rows: list[tuple[object, ...]], password: str) -> bytes:
    out = BytesIO()
    with workbook("发放表", HEADINGS, rows) as plain:
        OOXMLFile(plain).encrypt(password, out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Result:
    serial: str
    amount: Decimal
    paid: bool
    failure: str
    day: date


@transaction.atomic
def bank_result_read(
    *,
    code: str,
    upload: UploadedFile,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> BankReturn:
    """Read the bank's result: paid rows become spending, failed ones go back to the fund and out of their caps.

    All rows or none. FieldErrors at `file` for a file read before, unknown or repeated rows, other amounts, rows answered before.
    """
    require(actor, "batch.sheet")
    moment = now or clock.now()
    batch = batch_locked(code, actor, version)
    name = safe_name(upload.name or "")
    content = checked_content(name, upload)
    digest = hashlib.sha256(content).hexdigest()
    if (before := BankReturn.objects.filter(sha256=digest).select_related("batch").first()) is not None:
        raise FieldErrors(
            {"file": f"这份回盘文件已在{formats.zh_moment(before.read_at)}读入（{before.batch.code}），没有重复处理。"}
        )
    if batch.state != BatchState.SENT:
        raise InvalidTransition("批次还没有送银行，或已经办结，不能读入回盘。")
    sheet = read_sheet(content, name.rsplit(".", 1)[-1].lower(), most_rows=MOST_ROWS)
    grants = {grant.serial: grant for grant in batch.grants.select_related("batch", "file").order_by("seq")}
    results = _judged(sheet, grants, batch, clock.local_date(moment))
    _book(batch, grants, results, actor, moment)
    read = BankReturn.objects.create(
        batch=batch,
        sha256=digest,
        paid=sum(result.paid for result in results),
        failed=sum(not result.paid for result in results),
        read_by_id=actor.user_id,
        read_at=moment,
    )
    log_step(batch, "result", batch.state, actor, moment, paid=read.paid, failed=read.failed)
    settle_if_done(batch, actor, moment)
    batch_touched(batch)
    return read


def _judged(sheet: Sheet, grants: dict[str, Grant], batch: GrantBatch, today: date) -> list[_Result]:
    """Every row against the batch; all that is wrong in one refusal."""
    if missing := [heading for heading in NEEDED if heading not in sheet.headings]:
        raise FieldErrors({"file": f"缺少“{'”“'.join(missing)}”列。回盘表须有流水号、金额、结果三列。"})
    problems: list[str] = []
    results: list[_Result] = []
    seen: dict[str, int] = {}
    for number, row in sheet.rows:
        given = dict(zip(sheet.headings, row, strict=False))
        try:
            result = _read_row(given, today)
            _compare(result, grants.get(result.serial), batch, today)
            if result.serial in seen:
                raise BadCell(f"流水号 {result.serial} 与第 {seen[result.serial]} 行重复。")
        except BadCell as problem:
            problems.append(f"第 {number} 行：{str(problem).rstrip('。')}")
            continue
        seen[result.serial] = number
        results.append(result)
    if problems:
        raise FieldErrors({"file": f"没有读入任何一行。{listed(problems)}"})
    return results


def _read_row(given: dict[str, object], today: date) -> _Result:
    word = cells.plain_text(given["结果"])
    if word not in SUCCESS | FAILURE:
        raise BadCell("“结果”应是“成功”或“失败”。")
    reason = cells.plain_text(given.get("原因"))
    typed_day = given.get("交易日期")
    return _Result(
        serial=cells.plain_text(given["流水号"]),
        amount=cells.money(given["金额"]),
        paid=word in SUCCESS,
        failure=REASONS.get(reason, Grant.Failure.OTHER),
        day=cells.day(typed_day) if cells.plain_text(typed_day) else today,
    )


def _compare(result: _Result, grant: Grant | None, batch: GrantBatch, today: date) -> None:
    if grant is None:
        raise BadCell(f"流水号 {result.serial or '（空）'} 不在批次 {batch.code} 里。")
    if grant.state != GrantState.APPROVED:
        raise BadCell(f"{result.serial} 已是“{grant.get_state_display()}”，不能再次处理。")
    if result.amount != grant.amount:
        raise BadCell(
            f"{result.serial} 的金额是 {formats.money(result.amount)} 元，批准的是 {formats.money(grant.amount)} 元。"
        )
    approved_on = clock.local_date(batch.approved_at) if batch.approved_at else today
    if not approved_on <= result.day <= today:
        raise BadCell(f"{result.serial} 的交易日期应在审批之后、今天或以前。")


def _book(batch: GrantBatch, grants: dict[str, Grant], results: list[_Result], actor: Scope, moment: datetime) -> None:
    fund_locked(batch.fund_id)
    for kind, day, part in _entries(results):
        items = [Item(result.amount, grant_id=grants[result.serial].pk) for result in part]
        post(fund=batch.fund, kind=kind, items=items, happened_on=day, actor=actor, now=moment, batch_id=batch.pk)
    for result in sorted(results, key=lambda each: grants[each.serial].file_id):
        grant = grants[result.serial]
        if result.paid:
            grant.state, grant.paid_on = GrantState.PAID, result.day
        else:
            grant.state, grant.failure = GrantState.FAILED, result.failure
            assert grant.cap_year is not None
            use_cap(grant.file_id, batch.kind, grant.cap_year, -grant.amount)
    Grant.objects.bulk_update(grants.values(), ["state", "paid_on", "failure"])


def _entries(results: list[_Result]) -> Iterator[tuple[str, date | None, list[_Result]]]:
    """One entry for each day the bank paid on, one for all that failed."""
    for day in sorted({result.day for result in results if result.paid}):
        yield Kind.PAY, day, [result for result in results if result.paid and result.day == day]
    if failed := [result for result in results if not result.paid]:
        yield Kind.RELEASE, None, failed
