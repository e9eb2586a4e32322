"""What the money keeps of a household: told to the household itself, and cleared of what names people when the time is up. The ledger stays."""

from django.db.models import Q

from hardship.models import Grant, GrantBatch, GrantReceipt, HardshipFile, Repayment, ReversalReason
from hardship.parts import Part, Told
from hardship.personal import ERASED
from unionportal.core.common import formats
from unionportal.core.files.services import attachment_drop


def tell(file: HardshipFile) -> Told:
    """Grants and services, in the order of the days."""
    told = [
        (
            f"{grant.batch.get_kind_display()} {grant.serial}",
            f"{formats.money(grant.amount)} 元，{grant.get_state_display()}"
            + (f"，{formats.zh_day(grant.paid_on)}" if grant.paid_on else "")
            + (f"，退回 {formats.money(grant.repaid)} 元" if grant.repaid else ""),
        )
        for grant in Grant.objects.filter(file=file).select_related("batch").order_by("batch__prepared_at", "seq")
    ]
    for order in file.orders.select_related("service", "provider").order_by("pk"):
        wish = order.opened("detail")
        words = f"{order.provider}，{formats.money(order.held)} 元，{order.get_state_display()}"
        told.append((f"便民服务 {order.code} {order.service}", f"{words}，需求：{wish}" if wish else words))
    return told


def erase(file: HardshipFile) -> int:
    """What was wanted of a service and why money or a batch came back may name people and places, and receipts are signed; the ledger names nobody."""
    orders = list(file.orders.exclude(detail_sealed=""))
    for order in orders:
        order.seal("detail", "")
        order.save(update_fields=["detail_sealed"])
    receipts = list(
        GrantReceipt.objects.filter(grant__file=file, attachment__isnull=False).select_related("attachment")
    )
    for receipt in receipts:
        scan, receipt.attachment = receipt.attachment, None
        assert scan is not None
        receipt.save(update_fields=["attachment"])
        attachment_drop(scan)
    why = Repayment.objects.filter(grant__file=file).exclude(reason=ERASED).update(reason=ERASED)
    undone = ReversalReason.objects.filter(
        Q(entry__lines__grant__file=file) | Q(entry__lines__order__file=file)
    ).exclude(text=ERASED)
    why += ReversalReason.objects.filter(pk__in=undone.values("pk")).update(text=ERASED)
    # It may speak of any household of the batch: the first whose time is up takes it.
    returned = GrantBatch.objects.filter(grants__file=file).exclude(returned_reason__in=("", ERASED))
    why += GrantBatch.objects.filter(pk__in=returned.values("pk")).update(returned_reason=ERASED)
    return len(orders) + len(receipts) + why


PART = Part("money", "帮扶资金与便民服务", tell, erase)
