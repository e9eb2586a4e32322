"""Whose names on leads a person may read: an aid officer's in the own area, and those of a lead one is to verify, until it is decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hardship.models import Lead, LeadLook
from hardship.models.sensing import LINE_LENGTH
from hardship.personal import ERASED, HIDDEN, masked_name, sight_of
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.identity import masked_id
from unionportal.core.common.phones import LOST, masked
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable


@dataclass(frozen=True, slots=True)
class LeadSight:
    """Whose personal data one person works with, asked once for a whole list."""

    user_id: int
    township_ids: frozenset[int]

    def reaches(self, lead: Lead) -> bool:
        return lead.township_id in self.township_ids or (lead.is_pending and lead.verifier_id == self.user_id)


def lead_sight(scope: Scope) -> LeadSight:
    """What the person may read of leads."""
    return LeadSight(scope.user_id, sight_of(scope).township_ids)


def lead_seen_by(scope: Scope, leads: Iterable[Lead], *, way: str = LeadLook.Way.NAME) -> LeadSight:
    """Whom these leads are about, as far as the reader may know. Every page that shows any asks here: that they were seen is written down, once a
    person, lead and day."""
    sight = lead_sight(scope)
    _look([lead for lead in leads if sight.reaches(lead)], way, scope)
    return sight


def _look(leads: Iterable[Lead], way: str, actor: Scope, *, reason: str = "", now: datetime | None = None) -> None:
    moment = now or clock.now()
    LeadLook.objects.bulk_create(
        [
            LeadLook(lead=lead, way=way, reason=reason, actor_id=actor.user_id, at=moment, on=clock.local_date(moment))
            for lead in leads
        ],
        ignore_conflicts=way != LeadLook.Way.REVEAL,
    )


def lead_name(lead: Lead, sight: LeadSight) -> str:
    """The name as this reader may see it."""
    name = opened(lead, "name")
    return name if sight.reaches(lead) or name in (LOST, ERASED) else masked_name(name)


def lead_numbers(lead: Lead, sight: LeadSight) -> dict[str, str]:
    """ID and telephone number before they are revealed: their ends for who may reveal them, else only that there are any."""
    shown = {}
    for name, mask in (("id", masked_id), ("phone", masked)):
        if not getattr(lead, f"{name}_sealed"):
            shown[name] = ERASED if lead.erased_at else ""
        elif not sight.reaches(lead):
            shown[name] = HIDDEN
        else:
            text = opened(lead, name)
            shown[name] = text if text == LOST else mask(text)
    return shown


def lead_text(lead: Lead, name: str, sight: LeadSight) -> str:
    """A sealed text of the lead, for whoever may read whom it is about; others learn that there is one."""
    if not getattr(lead, f"{name}_sealed"):
        return ERASED if lead.erased_at else ""
    return opened(lead, name) if sight.reaches(lead) else HIDDEN


def opened(lead: Lead, name: str) -> str:
    """A sealed column in clear; says so where it was erased or its key is gone."""
    try:
        return lead.opened(name) or ERASED
    except Unreadable:
        return LOST


@transaction.atomic
def lead_reveal(*, code: str, reason: str, actor: Scope, now: datetime | None = None) -> dict[str, str]:
    """ID and telephone number in clear, for a reason that is kept. Raises NotFound, Forbidden, FieldErrors at `reason`, Conflict."""
    lead = Lead.objects.visible_to(actor).filter(code=code).first()
    if lead is None:
        raise NotFound
    require(actor, "lead.reveal")
    if not lead_sight(actor).reaches(lead):
        raise Forbidden("只有负责这个地区的帮扶专员和核实人可以查看号码。")
    words = reason.strip()
    if not words or len(words) > LINE_LENGTH:
        raise FieldErrors(
            {"reason": f"理由最多 {LINE_LENGTH} 个字。" if words else "请写明为什么要看，如“约上门时间”。"}
        )
    try:
        found = {name: text for name in ("id", "phone") if (text := lead.opened(name))}
    except Unreadable:
        raise Conflict("密钥已更换，无法读取，请联系系统管理员。") from None
    if not found:
        raise Conflict("没有登记身份证号和电话。")
    _look([lead], LeadLook.Way.REVEAL, actor, reason=words, now=now)
    record(actor=actor, action="lead.reveal", object_type="hardship_lead", object_id=code, shown=sorted(found))
    return found
