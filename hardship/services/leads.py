"""Leads that people bring, from an issue or because somebody applies, and how any lead is kept. Source: docs/domain.md, "Leads"."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from casework.models import Issue
from hardship import codes
from hardship.models import Lead, LeadCounter
from hardship.models.files import NAME_LENGTH, UNIT_LENGTH
from hardship.models.sealing import found_by
from hardship.personal import sight_of, whose_file
from hardship.sensing.keys import full_id, who
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.identity import id_problem, plain_id
from unionportal.core.common.phones import NOT_A_PHONE, is_phone, plain_phone
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays

TEXT_LENGTH = 1000
#: The issue category that can become a lead; its children count too.
CATEGORY = "hardship"
TWICE = "这个人因同样的原因已有一条没有了结的线索{}，不必再登记。"


@dataclass(frozen=True, slots=True)
class LeadInput:
    """Whom a lead is about, and why. `id_number` of 18 digits or an old one of 15, or empty where nobody has it yet."""

    name: str
    cause: str
    words: str
    id_number: str = ""
    phone: str = ""
    enterprise: Enterprise | None = None
    unit_name: str = ""


@transaction.atomic
def lead_raise(
    *,
    uuid: UUID,
    given: LeadInput,
    actor: Scope,
    township: Unit | None = None,
    issue_code: str = "",
    now: datetime | None = None,
) -> Lead:
    """A lead that a person brings: from an issue about hardship, or because somebody applies. A repeat of `uuid` returns the first row.

    Raises NotFound, Forbidden, FieldErrors, Conflict, InvalidTransition.
    """
    require(actor, "lead.raise")
    moment = now or clock.now()
    today = clock.local_date(moment)
    first = Lead.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.raised_by_id != actor.user_id:
            raise Conflict
        return first
    issue = _issue_of(issue_code, actor) if issue_code else None
    place = issue.township if issue is not None else township
    problems = _problems(given)
    if place is None or place.kind != Unit.Kind.TOWNSHIP or not place.is_active:
        problems["township"] = "请选择镇街。"
    number = full_id(given.id_number)
    if number and "id_number" not in problems and (words := whose_file(number, actor)):
        problems["id_number"] = words
    if problems:
        raise FieldErrors(problems)
    assert place is not None
    if not may_raise_in(actor, place):
        raise Forbidden("只能登记自己负责的镇街的线索。")
    unit_name = given.enterprise.name if given.enterprise is not None else given.unit_name.strip()
    lead = Lead(
        uuid=uuid,
        origin=Lead.Origin.ISSUE if issue is not None else Lead.Origin.APPLICATION,
        cause=given.cause,
        township=place,
        enterprise=given.enterprise,
        unit_name=unit_name[:UNIT_LENGTH],
        issue=issue,
        raised_by_id=actor.user_id,
        verifier_id=actor.user_id if actor.has(Role.CADRE) else None,
    )
    lead.seal("words", given.words.strip())
    lead.seal("phone", plain_phone(given.phone))
    if not keep_lead(lead, given.name, number, today):
        raise FieldErrors({"cause": TWICE.format(_told(_same_lead(lead), actor))})
    record(
        actor=actor,
        action="lead.raise",
        object_type="hardship_lead",
        object_id=lead.code,
        origin=lead.origin,
        cause=lead.cause,
        issue=issue.code if issue is not None else "",
    )
    return lead


def keep_lead(lead: Lead, name: str, number: str, today: date) -> bool:
    """Give a new lead its person, number and day and save it; False where the person has an undecided one for the cause (`_same_lead`)."""
    lead.raised_on = today
    lead.due_on = add_workdays(today, int(value("hardship.lead_workdays", on=today))).day
    lead.seal("name", name.strip())
    lead.seal("id", number)
    lead.seal("who", who(name, lead.unit_name))
    if _same_lead(lead) is not None:
        return False
    lead.code = next_code("XS", LeadCounter, today.year)
    try:
        with transaction.atomic():
            lead.save(force_insert=True)
    except IntegrityError as refusal:
        if "lead_once_a_" not in str(refusal):
            raise
        return False
    return True


def may_raise_in(scope: Scope, township: Unit) -> bool:
    """Whether the person brings leads from there."""
    if scope.has(Role.STAFF):
        return True
    reach = scope.township_ids | scope.posted_township_ids | sight_of(scope).township_ids
    if scope.posted_enterprise_ids and township.pk not in reach:
        return Enterprise.objects.filter(pk__in=scope.posted_enterprise_ids, township=township).exists()
    return township.pk in reach


def _problems(given: LeadInput) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not given.name.strip() or len(given.name.strip()) > NAME_LENGTH:
        problems["name"] = f"请填写姓名，最多 {NAME_LENGTH} 个字。"
    if given.cause not in dict(codes.CAUSES):
        problems["cause"] = "请选择可能的致困原因。"
    if not given.words.strip() or len(given.words.strip()) > TEXT_LENGTH:
        problems["words"] = f"最多 {TEXT_LENGTH} 个字。" if given.words.strip() else "请写明有什么困难、从哪里知道的。"
    if given.id_number.strip() and not full_id(given.id_number):
        problems["id_number"] = id_problem(plain_id(given.id_number)) or "身份证号不对，请核对。"
    if given.phone.strip() and not is_phone(plain_phone(given.phone)):
        problems["phone"] = NOT_A_PHONE
    if len(given.unit_name.strip()) > UNIT_LENGTH:
        problems["unit_name"] = f"最多 {UNIT_LENGTH} 个字。"
    return problems


def _issue_of(code: str, actor: Scope) -> Issue:
    """The issue a lead comes from. Locked: two people may have the same thought."""
    issue = (
        Issue.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("category__parent", "township", "enterprise")
        .filter(code=code)
        .first()
    )
    if issue is None:
        raise NotFound
    if not is_about_hardship(issue):
        raise InvalidTransition("只有困难帮扶类的诉求可以登记为线索。")
    if Lead.objects.filter(issue=issue).exclude(state=Lead.State.DISMISSED).exists():
        raise Conflict("这条诉求已经登记过线索。")
    return issue


def is_about_hardship(issue: Issue) -> bool:
    """Whether an issue's category, or the one above it, is hardship."""
    parent = issue.category.parent
    return CATEGORY in (issue.category.code, parent.code if parent is not None else "")


def _same_lead(lead: Lead) -> Lead | None:
    """An undecided lead about the same person and cause, whichever key hashed it."""
    pending = Lead.objects.pending().filter(cause=lead.cause)
    if lead.id_sealed:
        return pending.filter(found_by("id", lead.opened("id"), Lead)).first()
    if not lead.who_sealed:
        return None
    return pending.filter(found_by("who", lead.opened("who"), Lead), id_find="").first()


def _told(same: Lead | None, actor: Scope) -> str:
    visible = same is not None and Lead.objects.visible_to(actor).filter(pk=same.pk).exists()
    return f"（{same.code}）" if same is not None and visible else ""
