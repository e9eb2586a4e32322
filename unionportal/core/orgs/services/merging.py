"""Two entries of one enterprise become one. Source: docs/domain.md, "Enterprises"."""

from datetime import datetime

from django.db import IntegrityError, transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.merging import Follower, followers
from unionportal.core.orgs.models import Enterprise

REASON_LENGTH = 200


@transaction.atomic
def enterprise_merge(
    *, credit_code: str, main_code: str, reason: str, actor: Scope, now: datetime | None = None
) -> Enterprise:
    """Merge an entry into the one that stays, which is returned. All that hangs on it goes along; the entry itself stays readable and says where
    it went; its union facts and moves of before stay with it.

    Raises Forbidden, NotFound, FieldErrors at main (no such enterprise, itself, merged, or two of a kind that have to be settled first) and reason.
    """
    require(actor, "enterprise.manage")
    moment = now or clock.now()
    duplicate, main = _locked(credit_code, main_code.strip().upper())
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明为什么是同一家企业，最多 {REASON_LENGTH} 个字。"})
    taken, clashes = 0, []
    for follower in followers():
        number, is_clear = _take(follower, duplicate, main, reason, actor, moment)
        taken += number
        if not is_clear:
            clashes.append(follower.label)
    if clashes:
        raise FieldErrors({"main": f"两家都有：{'、'.join(clashes)}。请先停用、解除或改正其中一个，再合并。"})
    duplicate.merged_into, duplicate.is_active, duplicate.version = main, False, duplicate.version + 1
    duplicate.save()
    if duplicate.is_key and not main.is_key:
        main.is_key = True
        main.version += 1
        main.save()
    record(
        actor=actor,
        action="enterprise.merge",
        object_type="enterprise",
        object_id=duplicate.credit_code,
        main=main.credit_code,
        rows=taken,
    )
    return main


def merge_problem(duplicate: Enterprise, main: Enterprise | None) -> str:
    """What keeps one entry from being merged into another; "" if nothing."""
    if main is None:
        return "没有这家企业，请核对统一社会信用代码。"
    if main == duplicate:
        return "不能并入自己。"
    if main.merged_into_id is not None:
        return f"{main.name}已经并入另一家企业，请填那一家的代码。"
    return ""


def _locked(credit_code: str, main_code: str) -> tuple[Enterprise, Enterprise]:
    """Both, locked in one order, so that two mergers cannot wait for each other."""
    wanted = Enterprise.objects.select_for_update().filter(credit_code__in={credit_code, main_code}).order_by("pk")
    found = {each.credit_code: each for each in wanted}
    duplicate, main = found.get(credit_code), found.get(main_code)
    if duplicate is None:
        raise NotFound
    if duplicate.merged_into_id is not None:
        raise FieldErrors({"main": "这家企业已经并入另一家了。"})
    if problem := merge_problem(duplicate, main):
        raise FieldErrors({"main": problem})
    assert main is not None, "merge_problem says so"
    return duplicate, main


def _take(
    follower: Follower, duplicate: Enterprise, main: Enterprise, reason: str, actor: Scope, now: datetime
) -> tuple[int, bool]:
    """Take the rows along: how many went, and whether none is left that would have to."""
    went, is_clear = 0, True
    for row in (
        follower.model._default_manager.select_for_update(of=("self",)).filter(enterprise=duplicate).order_by("pk")
    ):
        try:
            with transaction.atomic():
                follower.take(row, main, reason, actor, now)
            went += 1
        except IntegrityError:
            is_clear = is_clear and follower.stays
    return went, is_clear
