"""Contacts of an enterprise: kept with a sealed number, shown masked, read in clear for a reason. Source: docs/domain.md, "Enterprises and organisations"."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock, sealed
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.phones import LOST, NOT_A_PHONE, is_phone, masked, plain_phone
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import ContactReveal, Enterprise, EnterpriseContact
from unionportal.core.orgs.models.records import NAME_LENGTH, WORDS_LENGTH
from unionportal.core.orgs.services.reached import reached, said


@transaction.atomic
def contact_save(
    *,
    credit_code: str,
    uuid: UUID,
    name: str,
    actor: Scope,
    post: str = "",
    phone: str = "",
    version: int | None = None,
) -> EnterpriseContact:
    """Add a contact (`version` None; the same `uuid` again is the same contact) or change one; a number left empty stays as it was.

    Raises NotFound, Forbidden, FieldErrors, StaleVersion, Conflict for a uuid that is another enterprise's.
    """
    enterprise = reached(credit_code, "contact.manage", actor)
    found = EnterpriseContact.objects.select_for_update().filter(uuid=uuid).first()
    if found is not None and (found.enterprise_id != enterprise.pk or found.removed_at is not None):
        raise Conflict
    if version is None and found is not None:
        return found
    if version is not None and found is None:
        raise NotFound
    name, digits = _checked(name, post, phone)
    contact = found or EnterpriseContact(uuid=uuid, enterprise=enterprise, version=0)
    if found is not None and found.version != version:
        raise StaleVersion
    contact.name, contact.post = name, post.strip()
    if digits:
        contact.phone_sealed = sealed.seal(digits, context=contact.phone_context)
    contact.version += 1
    contact.save()
    _record("contact.save", enterprise, contact, actor)
    return contact


def _checked(name: str, post: str, phone: str) -> tuple[str, str]:
    problems: dict[str, str] = {}
    name, problem = said(name, NAME_LENGTH, "请填写姓名。")
    if problem:
        problems["name"] = problem
    if len(post.strip()) > NAME_LENGTH:
        problems["post"] = f"最多 {NAME_LENGTH} 个字。"
    digits = plain_phone(phone)
    if digits and not is_phone(digits):
        problems["phone"] = NOT_A_PHONE
    if problems:
        raise FieldErrors(problems)
    return name, digits


@transaction.atomic
def contact_remove(
    *, credit_code: str, contact_id: int, actor: Scope, now: datetime | None = None
) -> EnterpriseContact:
    """Take a contact off the page and wipe the number. Once more changes nothing. Raises NotFound, Forbidden."""
    enterprise = reached(credit_code, "contact.manage", actor)
    contact = _contact(enterprise, contact_id)
    if contact.removed_at is None:
        contact.phone_sealed, contact.removed_at = "", now or clock.now()
        contact.save(update_fields=["phone_sealed", "removed_at"])
        _record("contact.remove", enterprise, contact, actor)
    return contact


@transaction.atomic
def contact_reveal(*, credit_code: str, contact_id: int, reason: str, actor: Scope, now: datetime | None = None) -> str:
    """The number in clear, for a reason that is kept. Raises NotFound, Forbidden, FieldErrors at `reason`, Conflict where there is none to read."""
    enterprise = reached(credit_code, "contact.reveal", actor)
    contact = _contact(enterprise, contact_id)
    words, problem = said(reason, WORDS_LENGTH, "请写明为什么要看号码，如“约走访时间”。")
    if problem:
        raise FieldErrors({"reason": problem})
    if not contact.phone_sealed:
        raise Conflict("没有登记这位联系人的电话。")
    try:
        phone = sealed.unseal(contact.phone_sealed, context=contact.phone_context)
    except sealed.Unreadable:
        raise Conflict("密钥已更换，无法读取，请联系系统管理员。") from None
    ContactReveal.objects.create(contact=contact, actor_id=actor.user_id, reason=words, at=now or clock.now())
    _record("contact.reveal", enterprise, contact, actor)
    return phone


def masked_phone(contact: EnterpriseContact, *, near: bool) -> str:
    """The number as pages show it: its ends to those who may reveal it, stars to others."""
    if not contact.phone_sealed:
        return ""
    if not near:
        return "****"
    try:
        return masked(sealed.unseal(contact.phone_sealed, context=contact.phone_context))
    except sealed.Unreadable:
        return LOST


def _contact(enterprise: Enterprise, contact_id: int) -> EnterpriseContact:
    contact = EnterpriseContact.objects.select_for_update().filter(enterprise=enterprise, pk=contact_id).first()
    if contact is None:
        raise NotFound
    return contact


def _record(action: str, enterprise: Enterprise, contact: EnterpriseContact, actor: Scope) -> None:
    record(
        actor=actor,
        action=action,
        object_type="enterprise",
        object_id=enterprise.credit_code,
        contact=contact.pk,
    )
