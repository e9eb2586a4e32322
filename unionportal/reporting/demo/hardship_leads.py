"""Three leads of the demo district: one that somebody is to look into, one that waits for a decision, one that came to nothing.

Everybody in them is invented and marked so; ID numbers of a region that does not exist, telephones of no exchange. None comes from an issue: the
published figures stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import uuid5

from stdnum.cn import ric

from hardship.models import Lead
from hardship.services.lead_decisions import lead_assign, lead_dismiss, lead_verify
from hardship.services.leads import LeadInput, lead_raise
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.demo.hardship import NO_REGION, SPACE
from unionportal.reporting.demo.moments import on
from unionportal.reporting.demo.places import DISTRICT, MARK


@dataclass(frozen=True, slots=True)
class _Lead:
    """Whom it is about, who brought it, in which township (the last three digits of its code) and when."""

    key: str
    name: str
    cause: str
    words: str
    unit: str
    by: str
    township: str
    day: date


OPEN = _Lead(
    "open",
    "钱示例甲",
    "3",
    "来电说所在的厂去年底停产，一家三口没有别的收入。",
    "迪荡示例皮件厂",
    "staff",
    "007",
    date(2025, 1, 16),
)
VERIFIED = _Lead(
    "verified",
    "郑示例乙",
    "6",
    "同事反映其妻住院两个月，向亲友借了钱。",
    "稽山示例五金厂",
    "aid01",
    "006",
    date(2025, 1, 8),
)
DISMISSED = _Lead(
    "dismissed",
    "冯示例丙",
    "9",
    "本人来申请，女儿考上大学，学费有困难。",
    "富盛示例竹编厂",
    "aid02",
    "108",
    date(2024, 9, 2),
)
VERIFIED_ON, DISMISSED_ON = date(2025, 1, 13), date(2024, 9, 6)


def play(units: Mapping[str, Unit]) -> None:
    """Let the leads come in and go as far as they have come. After the officers are there."""
    source = Random("hardship-leads")
    names = {each.by for each in (OPEN, VERIFIED, DISMISSED)} | {"aid"}
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    actors = {name: build_scope(user) for name, user in users.items()}
    dismissed = _raise(DISMISSED, units, source, actors)
    with on(DISMISSED_ON):
        lead_dismiss(
            code=dismissed.code,
            dismissal=Lead.Dismissal.HELPED,
            note=f"学校已减免学费并发放助学金{MARK}。",
            actor=actors[DISMISSED.by],
        )
    verified = _raise(VERIFIED, units, source, actors)
    with on(VERIFIED_ON):
        lead_verify(
            code=verified.code,
            verified_on=VERIFIED_ON,
            way=Lead.Way.VISIT,
            found=Lead.Found.TRUE,
            finding=f"上门查看，病历和借条与所说一致{MARK}。",
            actor=actors[VERIFIED.by],
        )
    pending = _raise(OPEN, units, source, actors)
    with on(OPEN.day):
        lead_assign(code=pending.code, verifier=users["aid"], actor=actors[OPEN.by])


def _raise(lead: _Lead, units: Mapping[str, Unit], source: Random, actors: Mapping[str, Scope]) -> Lead:
    body = f"{NO_REGION}{1970 + source.randrange(18)}0{1 + source.randrange(9)}{10 + source.randrange(18)}9{source.randrange(10, 100)}"
    given = LeadInput(
        name=f"{lead.name}{MARK}",
        cause=lead.cause,
        words=lead.words,
        id_number=body + ric.calc_check_digit(f"{body}0"),
        phone=f"0575-0000{9000 + source.randrange(1000)}",  # no such exchange
        unit_name=f"{lead.unit}{MARK}",
    )
    with on(lead.day):
        return lead_raise(
            uuid=uuid5(SPACE, f"lead {lead.key}"),
            given=given,
            township=units[f"{DISTRICT[0]}{lead.township}"],
            actor=actors[lead.by],
        )
