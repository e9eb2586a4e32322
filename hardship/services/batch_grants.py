"""The people on a batch: put on, given another amount, taken off."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from hardship.models import FileMember, Grant, GrantBatch, HardshipFile
from hardship.money_workflow import BatchState, GrantState
from hardship.services.batches import batch_locked, batch_touched, listed, settle_if_done, unfit
from hardship.services.caps import Caps, use_cap
from hardship.services.ledger import Item, Kind, amount_problem, check_amount, post
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

#: A batch of more is prepared as several.
MOST_GRANTS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A grant to put on a batch: a household's member (nobody named: its holder) and an amount."""

    file_code: str
    amount: Decimal
    member_id: int | None = None


@transaction.atomic
def grants_add(*, code: str, wanted: Sequence[Wanted], actor: Scope, version: int | None = None) -> GrantBatch:
    """Put people on a batch in preparation. Whoever stands on it already is refused by name; all or none."""
    batch = _own_draft(code, actor, version)
    if not wanted:
        raise FieldErrors({"files": "请选择要发放的档案。"})
    found = people_of(wanted, actor)
    present = set(batch.grants.exclude(state=GrantState.WITHDRAWN).values_list("member_id", flat=True))
    caps, problems = Caps(batch.kind, clock.today()), []
    for want, (file, member) in zip(wanted, found, strict=True):
        problem = amount_problem(want.amount) or caps.once_problem(file.category, want.amount)
        if file.state != State.IN_FORCE:
            problem = unfit(file)
        elif member.pk in present:
            problem = "已在这个批次里"
        if problem:
            problems.append(f"{file.code}：{problem}")
        present.add(member.pk)
    if len(present) > MOST_GRANTS:
        problems.append(f"一个批次最多 {MOST_GRANTS} 笔，请分成几个批次")
    if problems:
        raise FieldErrors({"files": listed(problems)})
    last = batch.grants.aggregate(last=Max("seq"))["last"] or 0
    Grant.objects.bulk_create(
        Grant(batch=batch, seq=seq, file=file, member=member, amount=want.amount)
        for seq, (want, (file, member)) in enumerate(zip(wanted, found, strict=True), start=last + 1)
    )
    record(actor=actor, action="batch.add", object_type="grant_batch", object_id=batch.code, count=len(wanted))
    return batch_touched(batch)


@transaction.atomic
def grant_change(*, code: str, seq: int, amount: Decimal, actor: Scope, version: int | None = None) -> GrantBatch:
    """Another amount for one person of a batch in preparation."""
    batch = _own_draft(code, actor, version)
    grant = _grant(batch, seq)
    amount = check_amount(amount)
    if problem := Caps(batch.kind, clock.today()).once_problem(grant.file.category, amount):
        raise FieldErrors({"amount": f"{problem}。"})
    grant.amount = amount
    grant.save(update_fields=["amount"])
    return batch_touched(batch)


@transaction.atomic
def grant_withdraw(
    *, code: str, seq: int, actor: Scope, version: int | None = None, now: datetime | None = None
) -> GrantBatch:
    """Take one person off: while the batch is prepared, or approved and not yet at the bank; then what was promised goes back to the fund."""
    require(actor, "batch.prepare")
    moment = now or clock.now()
    batch = batch_locked(code, actor, version)
    grant = _grant(batch, seq)
    if batch.state == BatchState.DRAFT:
        _only_preparer(batch, actor)
    elif batch.state != BatchState.APPROVED:
        raise InvalidTransition("只有编制中或还没有送银行的批次可以撤下。")
    if batch.state == BatchState.APPROVED:
        _release(batch, [grant], actor, moment)
    grant.state = GrantState.WITHDRAWN
    grant.save(update_fields=["state"])
    record(actor=actor, action="batch.withdraw", object_type="grant_batch", object_id=batch.code, seq=seq)
    settle_if_done(batch, actor, moment)
    return batch_touched(batch)


def _own_draft(code: str, actor: Scope, version: int | None) -> GrantBatch:
    require(actor, "batch.prepare")
    batch = batch_locked(code, actor, version)
    if batch.state != BatchState.DRAFT:
        raise InvalidTransition("批次已经提交，不能再改。")
    _only_preparer(batch, actor)
    return batch


def _only_preparer(batch: GrantBatch, actor: Scope) -> None:
    if batch.prepared_by_id != actor.user_id:
        raise Forbidden("只有编制人可以修改编制中的批次。")


def people_of(wanted: Sequence[Wanted], actor: Scope) -> list[tuple[HardshipFile, FileMember]]:
    """File and member of each, within the reach of an aid officer. Raises FieldErrors naming what is not found."""
    files = {
        file.code: file
        for file in HardshipFile.objects.personal_to(actor).filter(code__in={want.file_code for want in wanted})
    }
    members: dict[int, list[FileMember]] = defaultdict(list)
    for member in FileMember.objects.present().filter(file__in=files.values()):
        members[member.file_id].append(member)
    found: list[tuple[HardshipFile, FileMember]] = []
    lost = []
    for want in wanted:
        file = files.get(want.file_code)
        people = members[file.pk] if file else []
        chosen = next(
            (m for m in people if (m.pk == want.member_id if want.member_id else m.is_holder)),
            None,
        )
        if file is None or chosen is None:
            lost.append(f"{want.file_code}：没有这份档案，或不在您的负责范围内")
        else:
            found.append((file, chosen))
    if lost:
        raise FieldErrors({"files": listed(lost)})
    return found


def _grant(batch: GrantBatch, seq: int) -> Grant:
    grant = batch.grants.select_related("file").filter(seq=seq).exclude(state=GrantState.WITHDRAWN).first()
    if grant is None:
        raise NotFound("批次里没有这一笔，可能刚被撤下。")
    grant.batch = batch
    return grant


def _release(batch: GrantBatch, grants: list[Grant], actor: Scope, now: datetime) -> None:
    """What was promised to these goes back to the fund, and out of their caps."""
    post(
        fund=batch.fund,
        kind=Kind.RELEASE,
        items=[Item(grant.amount, grant_id=grant.pk) for grant in grants],
        actor=actor,
        now=now,
        batch_id=batch.pk,
    )
    for grant in sorted(grants, key=lambda each: each.file_id):
        assert grant.cap_year is not None
        use_cap(grant.file_id, batch.kind, grant.cap_year, -grant.amount)
