"""The parties of a mediation: what is kept of them, how it is masked, who reads it in clear. Source: docs/domain.md, "Mediation"."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casework.models import Mediation, MediationParty, MediationReveal
from casework.models.mediations import LINE_LENGTH, NAME_LENGTH
from casework.services.mediation_standing import works_on
from unionportal.core.audit.services import record
from unionportal.core.common import clock, sealed
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.identity import id_problem, masked_id, plain_id
from unionportal.core.common.phones import LOST, NOT_A_PHONE, is_phone, masked, plain_phone
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value

COMPANY_LENGTH = 80


@dataclass(frozen=True, slots=True)
class PartyInput:
    """Somebody who takes part, as written down. `role` is a value of MediationParty.Role."""

    role: str
    name: str
    contact: str = ""
    phone: str = ""
    id_number: str = ""


def party_problems(given: PartyInput, people: int, mediation: Mediation | None = None) -> dict[str, str]:
    """What is wrong with it, by field. `people`: how many the dispute concerns."""
    problems: dict[str, str] = {}
    longest = COMPANY_LENGTH if given.role == MediationParty.Role.RESPONDENT else NAME_LENGTH
    if given.role not in MediationParty.Role.values:
        problems["role"] = "请选择身份。"
    elif given.role == MediationParty.Role.REPRESENTATIVE:
        least = int(value("mediation.representatives_from", on=mediation.applied_on if mediation else None))
        if people < least:
            problems["role"] = f"申请人满 {least} 人才能推选代表，这件调解涉及 {people} 人。"
    if not given.name.strip() or len(given.name.strip()) > longest:
        problems["name"] = f"请填写姓名或名称，最多 {longest} 个字。"
    if len(given.contact.strip()) > NAME_LENGTH:
        problems["contact"] = f"最多 {NAME_LENGTH} 个字。"
    phone, id_number = plain_phone(given.phone), plain_id(given.id_number)
    if phone and not is_phone(phone):
        problems["phone"] = NOT_A_PHONE
    if id_number and given.role == MediationParty.Role.RESPONDENT:
        problems["id_number"] = "用人单位不填身份证号。"
    elif id_number and (words := id_problem(id_number)):
        problems["id_number"] = words
    return problems


def keep_party(mediation: Mediation, given: PartyInput) -> MediationParty:
    """Store a party; call after `party_problems` found nothing."""
    return mend_party(MediationParty(mediation=mediation, role=given.role), given)


def mend_party(party: MediationParty, given: PartyInput) -> MediationParty:
    """Write down what is given of a party; what is left empty stays as it was."""
    party.name = given.name.strip() or party.name
    party.contact = given.contact.strip() or party.contact
    if phone := plain_phone(given.phone):
        party.phone_sealed = sealed.seal(phone, context=party.phone_context)
    if id_number := plain_id(given.id_number):
        party.id_sealed = sealed.seal(id_number, context=party.id_context)
    party.save()
    return party


@dataclass(frozen=True, slots=True)
class PartyLook:
    """A party as a reader may see them."""

    party: MediationParty
    name: str
    phone: str
    id_number: str

    @property
    def has_secrets(self) -> bool:
        return bool(self.party.phone_sealed or self.party.id_sealed)


def party_look(party: MediationParty, *, works: bool, numbers: bool = True) -> PartyLook:
    """Numbers are masked for everybody; names of persons for those who do not work on the case. `numbers` False: a list shows none."""
    name = party.name if works or not party.is_person else f"{party.name[:1]}**"
    if not numbers:
        return PartyLook(party, name, "", "")
    if not works:
        return PartyLook(party, name, "****" if party.phone_sealed else "", "****" if party.id_sealed else "")
    try:
        phone, id_number = secrets_of(party)
    except sealed.Unreadable:
        return PartyLook(party, name, LOST, "")
    return PartyLook(party, name, masked(phone) if phone else "", masked_id(id_number))


def secrets_of(party: MediationParty) -> tuple[str, str]:
    """Phone and ID number in clear. Raises Unreadable."""
    phone = sealed.unseal(party.phone_sealed, context=party.phone_context) if party.phone_sealed else ""
    id_number = sealed.unseal(party.id_sealed, context=party.id_context) if party.id_sealed else ""
    return phone, id_number


@transaction.atomic
def party_reveal(*, party_id: int, reason: str, actor: Scope, now: datetime | None = None) -> tuple[str, str]:
    """Phone and ID number in clear, for a reason that is kept. Raises NotFound, Forbidden, FieldErrors at `reason`, Conflict."""
    mine = Mediation.objects.visible_to(actor)
    party = MediationParty.objects.select_related("mediation__issue").filter(pk=party_id, mediation__in=mine).first()
    if party is None:
        raise NotFound
    if not works_on(party.mediation, actor):
        raise Forbidden("只有经办这件调解的人可以查看当事人的号码。")
    words = reason.strip()
    if not words or len(words) > LINE_LENGTH:
        raise FieldErrors(
            {"reason": "请写明为什么要看，如“通知开调解会”。" if not words else f"理由最多 {LINE_LENGTH} 个字。"}
        )
    if not party.phone_sealed and not party.id_sealed:
        raise Conflict("没有登记电话和身份证号。")
    try:
        found = secrets_of(party)
    except sealed.Unreadable:
        raise Conflict("密钥已更换，无法读取，请联系系统管理员。") from None
    MediationReveal.objects.create(party=party, actor_id=actor.user_id, reason=words, at=now or clock.now())
    record(actor=actor, action="mediation.reveal", object_type="mediation", object_id=party.mediation.number)
    return found
