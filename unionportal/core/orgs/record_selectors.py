"""What the page of an enterprise shows beside its facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from unionportal.core.common.scope import Scope
from unionportal.core.orgs.history import timeline
from unionportal.core.orgs.models import CollectiveContract, Enterprise, EnterpriseContact, RiskMark
from unionportal.core.orgs.services.contacts import masked_phone
from unionportal.core.orgs.standing import may_do

RISK_TONES: dict[str, str] = {"watch": "warn", "high": "late", "severe": "late"}
PERFORMANCE_TONES: dict[str, str] = {"unchecked": "idle", "kept": "ok", "partly": "warn", "broken": "late"}


@dataclass(frozen=True, slots=True)
class RiskLook:
    """A standing mark as a chip: 欠薪 · 严重."""

    mark: RiskMark
    label: str
    tone: str


def risk_looks(enterprise: Enterprise) -> list[RiskLook]:
    """The marks that stand, in the order of their kinds. Read with `with_risks`, they cost no query."""
    order = RiskMark.Kind.values
    marks = sorted(enterprise.standing_marks, key=lambda mark: order.index(mark.kind))
    return [RiskLook(mark, str(mark), RISK_TONES[mark.level]) for mark in marks]


def with_risks(enterprises: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
    """The enterprises with the risk marks that stand, in one query more."""
    standing = RiskMark.objects.filter(lifted_at__isnull=True).select_related("set_by")
    return enterprises.prefetch_related(Prefetch("risk_marks", standing, to_attr="standing_marks"))


def kept_of(enterprise: Enterprise, scope: Scope, today: date) -> dict[str, Any]:
    """History, contacts, lifted marks, contracts, mutual aid, and what the person may do with them."""
    near = may_do("contact.reveal", enterprise, scope)
    contracts = list(enterprise.contracts.all())
    aid = list(enterprise.mutual_aid.all())
    in_force = [each for each in contracts if each.start_on <= today <= each.end_on]
    return {
        "history": timeline(enterprise.union_history.select_related("recorded_by")),
        "contacts": [_contact(each, near) for each in enterprise.contacts.filter(removed_at__isnull=True)],
        "risks": risk_looks(enterprise),
        "lifted": enterprise.risk_marks.filter(lifted_at__isnull=False).select_related("set_by", "lifted_by"),
        "contracts": [_contract(each, today) for each in contracts],
        "in_force": len(in_force),
        "covered": sum(each.people for each in in_force),
        "aid": aid,
        "insured": sum(each.people for each in aid),
        "can_reveal": near,
        "can_contacts": may_do("contact.manage", enterprise, scope),
        "can_mark": may_do("risk.set", enterprise, scope),
        "can_lift": may_do("risk.lift", enterprise, scope),
        "can_records": may_do("enterprise.records", enterprise, scope),
    }


def _contact(contact: EnterpriseContact, near: bool) -> dict[str, Any]:
    return {"contact": contact, "phone": masked_phone(contact, near=near)}


def _contract(contract: CollectiveContract, today: date) -> dict[str, Any]:
    if today > contract.end_on:
        state = ("已到期", "idle")
    elif today < contract.start_on:
        state = ("未生效", "link")
    else:
        state = ("有效", "ok")
    return {"contract": contract, "state": state, "tone": PERFORMANCE_TONES[contract.performance]}
