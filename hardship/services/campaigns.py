"""四季帮扶: a campaign, the list of those it means to reach, and the batch made from it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hardship.models import Campaign, CampaignTarget, Grant, GrantBatch
from hardship.money_querysets import require_books
from hardship.money_workflow import CAMPAIGN_LABELS, GrantState
from hardship.services.batch_grants import Wanted, grants_add, people_of
from hardship.services.batches import batch_locked, listed
from hardship.services.ledger import check_amount
from hardship.workflow import State
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

NAME_LENGTH = 60


@transaction.atomic
def campaign_create(
    *, uuid: UUID, name: str, kind: str, start_on: date, end_on: date, actor: Scope, now: datetime | None = None
) -> Campaign:
    """Set up a campaign of this season. A repeat of `uuid` returns the first row."""
    require(actor, "campaign.manage")
    require_books(actor)
    first = Campaign.objects.visible_to(actor).filter(pk=uuid).first()
    if first is not None:
        return first
    problems = {}
    if not name.strip() or len(name.strip()) > NAME_LENGTH:
        problems["name"] = f"请填写名称，最多 {NAME_LENGTH} 个字。"
    elif Campaign.objects.filter(name=name.strip(), year=start_on.year).exists():
        problems["name"] = "这一年已有同名的活动。"
    if kind not in CAMPAIGN_LABELS:
        problems["kind"] = "请选择活动。"
    if end_on < start_on:
        problems["end_on"] = "截止日期不能早于起始日期。"
    if problems:
        raise FieldErrors(problems)
    campaign = Campaign.objects.create(
        id=uuid,
        name=name.strip(),
        kind=kind,
        year=start_on.year,
        start_on=start_on,
        end_on=end_on,
        made_by_id=actor.user_id,
    )
    record(actor=actor, action="campaign.create", object_type="campaign", object_id=campaign.pk, kind=kind)
    return campaign


@transaction.atomic
def targets_add(*, campaign_id: UUID, wanted: Sequence[Wanted], actor: Scope) -> int:
    """Put people on a campaign's list; who stands on it already keeps their amount. How many are new."""
    require(actor, "batch.prepare")
    campaign = campaign_locked(campaign_id, actor)
    if not wanted:
        raise FieldErrors({"files": "请选择档案。"})
    found = people_of(wanted, actor)
    if closed := [f"{file.code}：档案不在帮扶中" for file, _ in found if file.state != State.IN_FORCE]:
        raise FieldErrors({"files": listed(closed)})
    present = set(campaign.targets.values_list("member_id", flat=True))
    rows = [
        CampaignTarget(campaign=campaign, file=file, member=member, amount=check_amount(want.amount))
        for want, (file, member) in zip(wanted, found, strict=True)
        if member.pk not in present
    ]
    CampaignTarget.objects.bulk_create(rows)
    record(actor=actor, action="campaign.targets", object_type="campaign", object_id=campaign.pk, count=len(rows))
    return len(rows)


@transaction.atomic
def target_remove(*, campaign_id: UUID, target_id: int, actor: Scope) -> None:
    """Take somebody off the list who is on no batch of the campaign."""
    require(actor, "batch.prepare")
    campaign = campaign_locked(campaign_id, actor)
    target = campaign.targets.filter(pk=target_id).first()
    if target is None:
        raise NotFound
    if _reached(campaign).filter(member_id=target.member_id).exists():
        raise InvalidTransition("已经列入发放批次，不能移出名单。")
    target.delete()
    record(actor=actor, action="campaign.target_remove", object_type="campaign", object_id=campaign.pk)


@transaction.atomic
def batch_fill(*, code: str, actor: Scope, version: int | None = None) -> GrantBatch:
    """Put everybody of the campaign's list on its batch who is on none of the campaign's yet and whose file is still in force."""
    require(actor, "batch.prepare")
    batch = batch_locked(code, actor, version)
    if batch.campaign is None:
        raise InvalidTransition("这个批次不属于四季帮扶活动，没有名单可带入。")
    reached = _reached(batch.campaign).values("member_id")
    waiting = batch.campaign.targets.filter(file__state=State.IN_FORCE).exclude(member_id__in=reached)
    wanted = [Wanted(t.file.code, Decimal(t.amount), t.member_id) for t in waiting.select_related("file")]
    if not wanted:
        raise InvalidTransition("名单上的人都已列入批次，或档案已不在帮扶中。")
    return grants_add(code=code, wanted=wanted, actor=actor, version=version)


def campaign_locked(campaign_id: UUID, actor: Scope) -> Campaign:
    """The campaign, held. Raises NotFound."""
    campaign = Campaign.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=campaign_id).first()
    if campaign is None:
        raise NotFound
    return campaign


def _reached(campaign: Campaign) -> QuerySet[Grant]:
    """Grants of the campaign's batches that stand."""
    gone = (GrantState.WITHDRAWN, GrantState.FAILED)
    return Grant.objects.filter(batch__campaign=campaign).exclude(state__in=gone).exclude(batch__state="cancelled")
