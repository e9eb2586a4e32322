"""After the payment: that it arrived, and what of it came back."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hardship.models import FileLook, Grant, GrantReceipt, LedgerEntry, Repayment
from hardship.money_workflow import GrantState
from hardship.personal import look, may_see_personal
from hardship.services.batches import REASON_LENGTH, batch_locked
from hardship.services.caps import use_cap
from hardship.services.ledger import Item, Kind, check_amount, post
from unionportal.core.audit.services import record
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_store


@transaction.atomic
def receipt_add(
    *,
    code: str,
    seq: int,
    received_on: date,
    way: str,
    actor: Scope,
    upload: UploadedFile | None = None,
    now: datetime | None = None,
) -> GrantReceipt:
    """Record that somebody has their money (aid officer), with the scan of what they signed if there is one; once a grant."""
    require(actor, "batch.prepare")
    grant = _paid(code, seq, actor)
    if GrantReceipt.objects.filter(grant=grant).exists():
        raise InvalidTransition("这一笔已经登记过签收。")
    problems = {}
    if way not in GrantReceipt.Way.values:
        problems["way"] = "请选择签收方式。"
    if received_on > clock.local_date(now or clock.now()):
        problems["received_on"] = "日期不能晚于今天。"
    elif grant.paid_on is not None and received_on < grant.paid_on:
        problems["received_on"] = "日期不能早于发放日期。"
    if problems:
        raise FieldErrors(problems)
    attachment = (
        attachment_store(upload=upload, actor=actor, now=now, field="upload", personal=True) if upload else None
    )
    receipt = GrantReceipt.objects.create(
        grant=grant, received_on=received_on, way=way, attachment=attachment, made_by_id=actor.user_id
    )
    record(actor=actor, action="grant.receipt", object_type="grant", object_id=grant.serial)
    return receipt


@transaction.atomic
def receipt_open(*, code: str, seq: int, actor: Scope, now: datetime | None = None) -> Attachment:
    """The scan of a receipt, for somebody who works with the household; the look is written down. Raises NotFound, Forbidden."""
    require(actor, "hardship.reveal")
    found = GrantReceipt.objects.filter(grant__batch__code=code, grant__seq=seq).select_related("grant__file")
    receipt = found.select_related("attachment", "grant__member").first()
    if receipt is None or receipt.attachment is None:
        raise NotFound
    if not may_see_personal(actor, receipt.grant.file):
        raise NotFound
    look([receipt.grant.file], FileLook.Way.PAPER, actor, member=receipt.grant.member, now=now)
    record(actor=actor, action="grant.receipt_open", object_type="grant", object_id=f"{code}-{seq:03d}")
    return receipt.attachment


@transaction.atomic
def grant_repay(
    *,
    code: str,
    seq: int,
    uuid: UUID,
    amount: Decimal,
    received_on: date,
    reason: str,
    actor: Scope,
    now: datetime | None = None,
) -> Repayment:
    """Money of a grant comes back (aid officer): into its fund and out of its cap. A repeat of `uuid` returns the first row."""
    require(actor, "batch.prepare")
    moment = now or clock.now()
    grant = _paid(code, seq, actor)
    first = Repayment.objects.filter(entry__uuid=uuid).first()
    if first is not None:
        return first
    problems = {}
    if not reason.strip() or len(reason) > REASON_LENGTH:
        problems["reason"] = f"请写明原因，最多 {REASON_LENGTH} 个字。"
    if received_on > clock.local_date(moment):
        problems["received_on"] = "日期不能晚于今天。"
    elif grant.paid_on is not None and received_on < grant.paid_on:
        problems["received_on"] = "日期不能早于发放日期。"
    if problems:
        raise FieldErrors(problems)
    amount = check_amount(amount)
    if amount > grant.amount - grant.repaid:
        raise FieldErrors({"amount": f"最多退 {formats.money(grant.amount - grant.repaid)} 元。"})
    entry: LedgerEntry = post(
        fund=grant.batch.fund,
        kind=Kind.REPAY,
        items=[Item(amount, grant_id=grant.pk)],
        happened_on=received_on,
        actor=actor,
        now=moment,
        uuid=uuid,
        batch_id=grant.batch_id,
    )
    assert grant.cap_year is not None
    use_cap(grant.file_id, grant.batch.kind, grant.cap_year, -amount)
    grant.repaid += amount
    grant.save(update_fields=["repaid"])
    record(actor=actor, action="grant.repay", object_type="grant", object_id=grant.serial, entry=entry.pk)
    return Repayment.objects.create(grant=grant, amount=amount, reason=reason.strip(), entry=entry)


def _paid(code: str, seq: int, actor: Scope) -> Grant:
    batch = batch_locked(code, actor, None)
    grant = batch.grants.filter(seq=seq).first()
    if grant is None:
        raise NotFound
    if grant.state != GrantState.PAID:
        raise InvalidTransition("这一笔还没有发放。")
    grant.batch = batch
    return grant
