"""Caps of grants by kind and category: what holds on a day, and what of it a household has used, counted under a lock.

A cap changed in the middle of a year holds from its day on for the whole year: what was approved before stays and counts.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from hardship import codes
from hardship.models import CapUse, GrantCap, HardshipFile
from hardship.money_workflow import AID_KIND_LABELS
from hardship.services.ledger import LARGEST
from unionportal.core.audit.services import record
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope


@transaction.atomic
def cap_set(
    *,
    kind: str,
    category: str,
    yearly: Decimal | None,
    once: Decimal | None,
    effective_on: date,
    actor: Scope,
    basis: str = "",
    now: datetime | None = None,
) -> GrantCap:
    """What may be granted from a day on (staff); a second value for the same day replaces the first. No amount is no cap."""
    require(actor, "grant_cap.manage")
    moment = now or clock.now()
    problems: dict[str, str] = {}
    if kind not in AID_KIND_LABELS:
        problems["kind"] = "请选择帮扶项目。"
    if category and category not in dict(codes.CATEGORIES):
        problems["category"] = "请选择困难类别。"
    for name, amount in (("yearly", yearly), ("once", once)):
        if amount is not None and not 0 <= amount <= LARGEST:
            problems[name] = "金额不能小于 0。" if amount < 0 else "金额太大。"
    if yearly is not None and once is not None and once > yearly:
        problems.setdefault("once", "单次上限不能超过年度上限。")
    if effective_on < clock.local_date(moment):
        problems["effective_on"] = "生效日期不能早于今天：过去按当时的上限批准的不再改变。"
    if problems:
        raise FieldErrors(problems)
    row, _ = GrantCap.objects.update_or_create(
        kind=kind,
        category=category,
        effective_on=effective_on,
        defaults={
            "yearly": yearly,
            "once": once,
            "basis": basis.strip(),
            "set_by_id": actor.user_id or None,
            "set_at": moment,
        },
    )
    record(
        actor=actor,
        action="grant_cap.set",
        object_type="grant_cap",
        object_id=row.pk,
        kind=kind,
        category=category,
        effective_on=str(effective_on),
        yearly=str(yearly),
        once=str(once),
    )
    return row


class Caps:
    """The caps of one kind on one day: that of a category, else that of all."""

    def __init__(self, kind: str, on: date) -> None:
        self.kind = kind
        rows = GrantCap.objects.filter(kind=kind, effective_on__lte=on).order_by("effective_on")
        self._by_category = {row.category: row for row in rows}

    def of(self, category: str) -> GrantCap | None:
        return self._by_category.get(category) or self._by_category.get("")

    def once_problem(self, category: str, amount: Decimal) -> str:
        """Why a single grant is too large; "" if it is not."""
        cap = self.of(category)
        if cap is None or cap.once is None or amount <= cap.once:
            return ""
        return f"单次 {formats.money(amount)} 元，超过上限 {formats.money(cap.once)} 元（{since(cap)}）"

    def year_problem(self, category: str, used: Decimal, more: Decimal) -> str:
        """Why the year's sum would be too large; "" if it would not."""
        cap = self.of(category)
        if cap is None or cap.yearly is None or used + more <= cap.yearly:
            return ""
        return (
            f"本年{AID_KIND_LABELS[self.kind]}已批 {formats.money(used)} 元，再批 {formats.money(more)} 元"
            f"将超过年度上限 {formats.money(cap.yearly)} 元（{since(cap)}）"
        )


def since(cap: GrantCap) -> str:
    """From when a cap holds, in words."""
    return f"{formats.zh_day(cap.effective_on)}起执行"


def count_in(files: Mapping[int, HardshipFile], amounts: Mapping[int, Decimal], kind: str, on: date) -> list[str]:
    """Count amounts (file -> sum) against the caps of the day, all or none; the problems found, one a file. Rows are held in the order of the files."""
    ids = sorted(amounts)
    CapUse.objects.bulk_create((CapUse(file_id=each, kind=kind, year=on.year) for each in ids), ignore_conflicts=True)
    caps, problems = Caps(kind, on), []
    uses = list(CapUse.objects.select_for_update().filter(file_id__in=ids, kind=kind, year=on.year).order_by("file_id"))
    for use in uses:
        file = files[use.file_id]
        if problem := caps.year_problem(file.category, use.used, amounts[use.file_id]):
            problems.append(f"{file.code}：{problem}")
        cap = caps.of(file.category)
        use.used += amounts[use.file_id]
        use.limit = cap.yearly if cap else None
    if not problems:
        CapUse.objects.bulk_update(uses, ["used", "limit"])
    return problems


def use_cap(file_id: int, kind: str, year: int, amount: Decimal) -> None:
    """Count an amount in (or, negative, out) against the cap it was last judged by. Raises InvalidTransition."""
    use = CapUse.objects.select_for_update().get(file_id=file_id, kind=kind, year=year)
    use.used += amount
    if use.limit is not None and use.used > use.limit and amount > 0:
        raise InvalidTransition(f"恢复后将超过年度上限 {formats.money(use.limit)} 元。")
    use.save(update_fields=["used"])
