"""A batch of grants from preparation to approval: three different people. Moves come from `hardship.money_workflow`."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from hardship.models import BatchCounter, BatchStep, Campaign, Fund, Grant, GrantBatch, HardshipFile
from hardship.money_querysets import require_books
from hardship.money_telling import tell_next
from hardship.money_workflow import AID_KIND_LABELS, BATCH_STEPS, BatchState, GrantState, Step, find_step
from hardship.services.caps import Caps, count_in
from hardship.services.ledger import Item, Kind, fund_locked, post
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope

TITLE_LENGTH = 60
REASON_LENGTH = 200
#: So many households are named in a refusal; of the others the number.
NAMED = 5
OWN_WORK = {"prepared_by": "自己编制的批次不能由自己{}，请交另一位同事。", "checked_by": "自己复核的批次不能由自己{}。"}


@transaction.atomic
def batch_create(
    *,
    uuid: UUID,
    title: str,
    fund: Fund,
    kind: str,
    actor: Scope,
    campaign: Campaign | None = None,
    now: datetime | None = None,
) -> GrantBatch:
    """Begin a batch (aid officer). A repeat of `uuid` returns the first row. Raises Forbidden, FieldErrors."""
    require(actor, "batch.prepare")
    require_books(actor)
    moment = now or clock.now()
    first = GrantBatch.objects.visible_to(actor).filter(pk=uuid).first()
    if first is not None:
        return first
    problems = {}
    if not title.strip() or len(title.strip()) > TITLE_LENGTH:
        problems["title"] = f"请填写名称，最多 {TITLE_LENGTH} 个字。"
    if kind not in AID_KIND_LABELS:
        problems["kind"] = "请选择帮扶项目。"
    if campaign is not None and campaign.kind != kind:
        problems["kind"] = f"“{campaign}”发放的是{AID_KIND_LABELS[campaign.kind]}。"
    if fund.state != Fund.State.OPEN or fund.purpose != Fund.Purpose.AID:
        problems["fund"] = "请选择使用中的帮扶资金。"
    if problems:
        raise FieldErrors(problems)
    batch = GrantBatch.objects.create(
        id=uuid,
        code=next_code("FF", BatchCounter, clock.local_date(moment).year),
        title=title.strip(),
        fund=fund,
        kind=kind,
        campaign=campaign,
        prepared_by_id=actor.user_id,
        prepared_at=moment,
    )
    log_step(batch, "create", "", actor, moment)
    return batch


@transaction.atomic
def batch_submit(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> GrantBatch:
    """Hand a batch over to be checked (whoever prepared it). Everything that would stand in the way of approval is said now."""
    batch, step = _to_step(code, "submit", actor, version)
    grants = _standing(batch)
    if not grants:
        raise InvalidTransition("批次里还没有发放对象。")
    _refuse_unfit(batch, grants)
    batch.returned_reason = ""
    return _moved(batch, step, actor, now)


@transaction.atomic
def batch_check(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> GrantBatch:
    """The second person of the two: people, amounts and accounts were compared with the files."""
    batch, step = _to_step(code, "check", actor, version)
    batch.checked_by_id, batch.checked_at = actor.user_id, now or clock.now()
    return _moved(batch, step, actor, now)


@transaction.atomic
def batch_return(
    *, code: str, reason: str, actor: Scope, version: int | None = None, now: datetime | None = None
) -> GrantBatch:
    """Back to preparation, with a reason."""
    batch, step = _to_step(code, "return", actor, version)
    if not reason.strip() or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明退回原因，最多 {REASON_LENGTH} 个字。"})
    batch.returned_reason, batch.checked_by_id, batch.checked_at = reason.strip(), None, None
    return _moved(batch, step, actor, now)


@transaction.atomic
def batch_cancel(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> GrantBatch:
    """Give up a batch in preparation; it stays, as cancelled."""
    batch, step = _to_step(code, "cancel", actor, version)
    return _moved(batch, step, actor, now)


@transaction.atomic
def batch_approve(*, code: str, actor: Scope, version: int | None = None, now: datetime | None = None) -> GrantBatch:
    """Approve (leader; neither who prepared nor who checked it): promises the money. Fund and caps are counted under their locks, all or nothing.

    Locks are taken in one order everywhere: batch, files, fund, caps.
    """
    moment = now or clock.now()
    day = clock.local_date(moment)
    batch, step = _to_step(code, "approve", actor, version)
    grants = _standing(batch)
    files = _files_locked(grants)
    _refuse_unfit(batch, grants, files)
    fund_locked(batch.fund_id)
    amounts: dict[int, Decimal] = defaultdict(Decimal)
    for grant in grants:
        amounts[grant.file_id] += grant.amount
    if problems := count_in(files, amounts, batch.kind, day):
        raise InvalidTransition(listed(problems))
    post(
        fund=batch.fund,
        kind=Kind.RESERVE,
        items=[Item(grant.amount, grant_id=grant.pk) for grant in grants],
        actor=actor,
        now=moment,
        batch_id=batch.pk,
    )
    batch.grants.filter(state=GrantState.PLANNED).update(state=GrantState.APPROVED, cap_year=day.year)
    batch.approved_by_id, batch.approved_at = actor.user_id, moment
    return _moved(batch, step, actor, moment)


def may_part(batch: GrantBatch, action: str, actor: Scope) -> bool:
    """Whether the step is this person's to make: the one from the present state, or where there is none, any of that name. The services judge again."""
    step = find_step(BATCH_STEPS, action, batch.state)
    steps = [step] if step else [each for each in BATCH_STEPS if each.action == action]
    return any(allowed(actor, each.policy) and not _own_work(batch, each, actor) for each in steps)


def batch_locked(code: str, actor: Scope, version: int | None) -> GrantBatch:
    """The batch within the person's reach, held. Raises NotFound, StaleVersion."""
    batch = (
        GrantBatch.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("fund", "campaign")
        .filter(code=code)
        .first()
    )
    if batch is None:
        raise NotFound
    if version is not None and version != batch.version:
        raise StaleVersion
    return batch


def settle_if_done(batch: GrantBatch, actor: Scope, now: datetime) -> None:
    """A batch the bank has answered in full (or that nobody is left on) is settled."""
    if batch.state not in (BatchState.APPROVED, BatchState.SENT):
        return
    if batch.grants.filter(state=GrantState.APPROVED).exists():
        return
    before, batch.state = batch.state, BatchState.SETTLED
    log_step(batch, "settle", before, actor, now)


def listed(problems: Iterable[str]) -> str:
    """Several refusals as one sentence."""
    found = [*problems]
    more = f"；另有 {len(found) - NAMED} 条" if len(found) > NAMED else ""
    return f"{'；'.join(found[:NAMED])}{more}。"


def _to_step(code: str, action: str, actor: Scope, version: int | None) -> tuple[GrantBatch, Step]:
    """The batch, held, and the step, if both the table and the person's part in it permit."""
    if not any(allowed(actor, step.policy) for step in BATCH_STEPS if step.action == action):
        raise Forbidden
    batch = batch_locked(code, actor, version)
    step = find_step(BATCH_STEPS, action, batch.state)
    if step is None:
        raise InvalidTransition(f"批次现在是“{batch.get_state_display()}”，不能进行这一步。")
    require(actor, step.policy)
    if problem := _own_work(batch, step, actor):
        raise Forbidden(problem)
    return batch, step


def _own_work(batch: GrantBatch, step: Step, actor: Scope) -> str:
    for part in step.not_by:
        if getattr(batch, f"{part}_id") == actor.user_id:
            return OWN_WORK[part].format(step.label)
    if step.only_by and getattr(batch, f"{step.only_by}_id") != actor.user_id:
        return f"只有编制人可以{step.label}。"
    return ""


def _standing(batch: GrantBatch) -> list[Grant]:
    return list(batch.grants.exclude(state=GrantState.WITHDRAWN).select_related("file").order_by("seq"))


def _files_locked(grants: list[Grant]) -> dict[int, HardshipFile]:
    ids = sorted({grant.file_id for grant in grants})
    return {f.pk: f for f in HardshipFile.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}


def _refuse_unfit(batch: GrantBatch, grants: list[Grant], files: dict[int, HardshipFile] | None = None) -> None:
    """Files that are closed, have no account to pay to, or grants over the cap of a single time."""
    caps, problems = Caps(batch.kind, clock.today()), []
    for grant in grants:
        file = files[grant.file_id] if files else grant.file
        if problem := unfit(file) or caps.once_problem(file.category, grant.amount):
            problems.append(f"{file.code}：{problem}")
    if problems:
        raise InvalidTransition(listed(problems))


def unfit(file: HardshipFile) -> str:
    """Why nothing can be paid to a file now; "" if it can."""
    if file.state != State.IN_FORCE:
        return f"档案是“{file.get_state_display()}”，不能发放，请撤下"
    return "" if file.card_sealed else "没有登记银行卡号"


def _moved(batch: GrantBatch, step: Step, actor: Scope, now: datetime | None) -> GrantBatch:
    moment = now or clock.now()
    before, batch.state = batch.state, step.target
    batch.version += 1
    batch.save()
    log_step(batch, step.action, before, actor, moment)
    tell_next(batch, step.action, actor, moment)
    return batch


def batch_touched(batch: GrantBatch) -> GrantBatch:
    """The batch saved as its next version: what stands on it changed."""
    batch.version += 1
    batch.save(update_fields=["version", "state"])
    return batch


def log_step(batch: GrantBatch, action: str, before: str, actor: Scope, now: datetime, **counts: int) -> None:
    """The step in the batch's log and in the trail."""
    BatchStep.objects.create(
        batch=batch, action=action, from_state=before, to_state=batch.state, actor_id=actor.user_id, at=now
    )
    record(
        actor=actor,
        action=f"batch.{action}",
        object_type="grant_batch",
        object_id=batch.code,
        state=batch.state,
        **counts,
    )
