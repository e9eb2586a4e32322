"""Postings (分片包干): made, ended and handed over by the district's staff. Past rows are never rewritten."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from unionportal.core.accounts.models import Posting, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit

OVERLAPS = ("posting_enterprise_no_overlap", "posting_cadre_township_no_overlap")


@transaction.atomic
def posting_create(
    *,
    cadre: User,
    start_on: date,
    actor: Scope,
    township: Unit | None = None,
    enterprise: Enterprise | None = None,
    end_on: date | None = None,
) -> Posting:
    """Post a cadre to a township or to one enterprise, from a day to a day (inclusive; None: until further notice).

    FieldErrors at cadre, township, enterprise or end_on; an overlap names who holds the enterprise and when.
    """
    require(actor, "posting.manage")
    _check_target(township, enterprise)
    check_cadre(cadre, "cadre")
    if end_on is not None and end_on < start_on:
        raise FieldErrors({"end_on": "结束日期不能早于开始日期。"})
    posting = Posting(cadre=cadre, township=township, enterprise=enterprise, start_on=start_on, end_on=end_on)
    _save(posting)
    record(actor=actor, action="posting.create", object_type="posting", object_id=posting.pk, **_facts(posting))
    return posting


@transaction.atomic
def posting_end(*, posting: Posting, end_on: date, actor: Scope) -> Posting:
    """Set a posting's last day. FieldErrors at end_on; Conflict where it already has an earlier one."""
    require(actor, "posting.manage")
    locked = _running(posting.pk)
    if end_on < locked.start_on:
        raise FieldErrors({"end_on": f"结束日期不能早于开始日期（{zh_day(locked.start_on)}）。"})
    if locked.end_on is not None and locked.end_on <= end_on:
        raise Conflict(f"这项分工已定于{zh_day(locked.end_on)}结束，不能改晚；需要时请另建一项。")
    locked.end_on = end_on
    locked.save(update_fields=["end_on"])
    record(actor=actor, action="posting.end", object_type="posting", object_id=locked.pk, end_on=str(end_on))
    return locked


@transaction.atomic
def posting_hand_over(*, posting: Posting, successor: User, on: date, actor: Scope) -> Posting:
    """The successor answers for the target from the day `on`; the present posting ends the day before. Returns the new posting.

    Open work follows by itself: what a cadre sees and does is asked of the postings in force. FieldErrors at successor or on.
    """
    require(actor, "posting.manage")
    locked = _running(posting.pk)
    if successor.pk == locked.cadre_id:
        raise FieldErrors({"successor": "接任人不能是原来的人。"})
    check_cadre(successor, "successor")
    if on <= locked.start_on:
        raise FieldErrors({"on": f"交接日期须晚于原分工的开始日期（{zh_day(locked.start_on)}）。"})
    if locked.end_on is not None and on > locked.end_on:
        raise FieldErrors({"on": f"原分工到{zh_day(locked.end_on)}为止，之后没有可交接的。"})
    until = locked.end_on
    locked.end_on = on - timedelta(days=1)
    locked.save(update_fields=["end_on"])
    following = Posting(
        cadre=successor, township=locked.township, enterprise=locked.enterprise, start_on=on, end_on=until
    )
    _save(following, field="successor")
    record(
        actor=actor,
        action="posting.hand_over",
        object_type="posting",
        object_id=locked.pk,
        successor=successor.pk,
        following=following.pk,
        on=str(on),
    )
    return following


def _running(pk: int) -> Posting:
    """The posting, locked; Conflict where it is over, for what is past stays as it was."""
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("township", "enterprise").filter(pk=pk).first()
    )
    if posting is None:
        raise NotFound
    if posting.end_on is not None and posting.end_on < clock.today():
        raise Conflict(f"这项分工已于{zh_day(posting.end_on)}结束，不再更改。")
    return posting


def _check_target(township: Unit | None, enterprise: Enterprise | None) -> None:
    if (township is None) == (enterprise is None):
        message = "镇街和企业请只选一项。" if township else "请选择镇街或企业。"
        raise FieldErrors({"township": message})
    if township is not None and township.kind != Unit.Kind.TOWNSHIP:
        raise FieldErrors({"township": "请选择镇街。"})


def check_cadre(user: User, field: str) -> None:
    """FieldErrors at the field unless the person is an active cadre."""
    if not user.is_active:
        raise FieldErrors({field: f"{user.display_name}的账号已停用。"})
    if not user.grants.filter(role=Role.CADRE).exists():
        raise FieldErrors({field: f"{user.display_name}没有“驻联干部”角色，请先由安全管理员授予。"})


def _save(posting: Posting, field: str = "") -> None:
    """Insert the row; the database alone decides about overlaps, so two people saving at once cannot both succeed."""
    try:
        with transaction.atomic():
            posting.save(force_insert=True)
    except IntegrityError as error:
        if not any(name in str(error) for name in OVERLAPS):
            raise
        raise FieldErrors(
            {field or ("enterprise" if posting.enterprise_id else "township"): _overlap(posting)}
        ) from None


def _overlap(posting: Posting) -> str:
    """Who holds the target in the way, and when."""
    rows = Posting.objects.select_related("cadre").filter(Q(end_on__isnull=True) | Q(end_on__gte=posting.start_on))
    if posting.end_on:
        rows = rows.filter(start_on__lte=posting.end_on)
    if posting.enterprise_id:
        rows = rows.filter(enterprise=posting.enterprise_id)
    else:
        rows = rows.filter(township=posting.township_id, cadre=posting.cadre_id)
    held = rows.order_by("start_on").first()
    if held is None:  # the holder's row went away in between
        return "与刚保存的另一项分工时间重叠，请刷新后再试。"
    until = zh_day(held.end_on) if held.end_on else "今后"
    return f"{posting.target}从{zh_day(held.start_on)}到{until}已由{held.cadre.display_name}负责，时间重叠。"


def _facts(posting: Posting) -> dict[str, object]:
    return {
        "cadre": posting.cadre_id,
        "township": posting.township.code if posting.township else None,
        "enterprise": posting.enterprise_id,
        "start_on": str(posting.start_on),
        "end_on": str(posting.end_on) if posting.end_on else None,
    }
