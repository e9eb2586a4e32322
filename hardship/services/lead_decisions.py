"""What becomes of a lead: somebody is named for it, goes there, and somebody decides. Source: docs/domain.md, "Leads"."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hardship.lead_people import verifiers_of
from hardship.models import HardshipFile, Lead
from hardship.personal import sight_of
from hardship.services import FileInput, MemberInput, file_open
from hardship.services.leads import TEXT_LENGTH
from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from visits.models import Visit


@transaction.atomic
def lead_assign(
    *, code: str, verifier: User, actor: Scope, version: int | None = None, now: datetime | None = None
) -> Lead:
    """Say who is to verify a lead: an aid officer of its area, a clerk of its township, a cadre posted there. They are told."""
    require(actor, "lead.assign")
    lead = _locked(code, actor, version)
    if not lead.is_pending:
        raise InvalidTransition("这条线索已经有结果，不能再安排核实。")
    if not verifiers_of(lead, clock.local_date(now or clock.now())).filter(pk=verifier.pk).exists():
        raise FieldErrors({"verifier": "请在负责这个镇街的人员中选择。"})
    lead.verifier = verifier
    _step(lead, "verifier")
    record(actor=actor, action="lead.assign", object_type="hardship_lead", object_id=code, user=verifier.pk)
    tell(
        [Told(verifier.pk, Kind.TODO)],
        text=f"困难线索 {lead.code}（{lead.township}）请您核实",
        url=f"/hardship/leads/{lead.code}/",
        source=f"lead.assign:{lead.code}:{lead.version}",
        now=now,
    )
    return lead


@transaction.atomic
def lead_verify(
    *,
    code: str,
    verified_on: date,
    way: str,
    found: str,
    finding: str,
    actor: Scope,
    visit: Visit | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Lead:
    """Write down what somebody saw or heard who went there or called. The decision is another step. Raises NotFound, Forbidden, FieldErrors,
    StaleVersion, InvalidTransition."""
    require(actor, "lead.verify")
    today = clock.local_date(now or clock.now())
    lead = _locked(code, actor, version)
    if not may_verify(lead, actor):
        raise Forbidden("这条线索不由您核实。")
    if lead.state != Lead.State.OPEN:
        raise InvalidTransition("这条线索已经核实过。")
    problems = {}
    if not lead.raised_on <= verified_on <= today:
        problems["verified_on"] = "核实日期应在线索产生之后，不能晚于今天。"
    if way not in Lead.Way.values:
        problems["way"] = "请选择核实方式。"
    if found not in Lead.Found.values:
        problems["found"] = "请选择核实结论。"
    if not finding.strip() or len(finding.strip()) > TEXT_LENGTH:
        problems["finding"] = f"最多 {TEXT_LENGTH} 个字。" if finding.strip() else "请写明看到、问到的情况。"
    if visit is not None and not Visit.objects.visible_to(actor).filter(pk=visit.pk).exists():
        problems["visit"] = "没有找到这次走访。"
    if problems:
        raise FieldErrors(problems)
    lead.state, lead.verified_on, lead.verified_by_id = Lead.State.VERIFIED, verified_on, actor.user_id
    lead.way, lead.found, lead.visit = way, found, visit
    lead.seal("finding", finding.strip())
    _step(lead, "state", "verified_on", "verified_by", "way", "found", "visit", "finding_sealed")
    record(actor=actor, action="lead.verify", object_type="hardship_lead", object_id=code, found=found, way=way)
    return lead


@transaction.atomic
def lead_dismiss(
    *, code: str, dismissal: str, actor: Scope, note: str = "", version: int | None = None, now: datetime | None = None
) -> Lead:
    """Decide that a lead comes to nothing, and why (aid officer, township). Raises NotFound, Forbidden, FieldErrors, StaleVersion, InvalidTransition."""
    require(actor, "lead.dismiss")
    lead = _locked(code, actor, version)
    if not may_decide(lead, actor):
        raise Forbidden("这条线索不由您决定。")
    if not lead.is_pending:
        raise InvalidTransition("这条线索已经有结果。")
    problems = {}
    if dismissal not in Lead.Dismissal.values:
        problems["dismissal"] = "请选择排除原因。"
    if dismissal == Lead.Dismissal.OTHER and not note.strip():
        problems["note"] = "请写明原因。"
    if len(note.strip()) > TEXT_LENGTH:
        problems["note"] = f"最多 {TEXT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    lead.state, lead.dismissal = Lead.State.DISMISSED, dismissal
    lead.seal("note", note.strip())
    _decided(lead, actor, now, "state", "dismissal", "note_sealed")
    record(actor=actor, action="lead.dismiss", object_type="hardship_lead", object_id=code, dismissal=dismissal)
    return lead


@transaction.atomic
def lead_confirm(
    *,
    code: str,
    file_uuid: UUID,
    name: str,
    actor: Scope,
    id_number: str = "",
    phone: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> HardshipFile:
    """Decide that a verified lead becomes a file, as a draft with its holder (aid officer). What the lead knows need not be typed again.

    Raises NotFound, Forbidden, FieldErrors, StaleVersion, InvalidTransition.
    """
    require(actor, "lead.confirm")
    lead = _locked(code, actor, version)
    if lead.state != Lead.State.VERIFIED:
        raise InvalidTransition("先核实再建档。" if lead.state == Lead.State.OPEN else "这条线索已经有结果。")
    if lead.found == Lead.Found.UNTRUE:
        raise InvalidTransition("核实结论是“不属实”，不能建档；请写明原因排除。")
    holder = MemberInput(
        name=name,
        id_number=id_number.strip() or lead.opened("id"),
        phone=phone.strip() or lead.opened("phone"),
    )
    try:
        file = file_open(
            uuid=file_uuid,
            township=lead.township,
            facts=FileInput(main_cause=lead.cause, unit_name=lead.unit_name),
            holder=holder,
            actor=actor,
            now=now,
        )
    except FieldErrors as refusal:
        raise FieldErrors({field.removeprefix("holder_"): words for field, words in refusal.fields.items()}) from None
    lead.state, lead.file = Lead.State.CONFIRMED, file
    _decided(lead, actor, now, "state", "file")
    record(actor=actor, action="lead.confirm", object_type="hardship_lead", object_id=code, file=file.code)
    return file


def may_verify(lead: Lead, scope: Scope) -> bool:
    """Who is named for it; besides, the aid officer of the area and the township's own union."""
    return lead.verifier_id == scope.user_id or may_decide(lead, scope)


def may_decide(lead: Lead, scope: Scope) -> bool:
    """The aid officer of the area, and the township's own union."""
    return lead.township_id in (scope.township_ids | sight_of(scope).township_ids)


def _decided(lead: Lead, actor: Scope, now: datetime | None, *columns: str) -> None:
    lead.decided_on, lead.decided_by_id = clock.local_date(now or clock.now()), actor.user_id
    _step(lead, "decided_on", "decided_by", *columns)


def _step(lead: Lead, *columns: str) -> None:
    lead.version += 1
    lead.save(update_fields=[*columns, "version"])


def _locked(code: str, actor: Scope, version: int | None) -> Lead:
    lead = (
        Lead.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("township")
        .filter(code=code)
        .first()
    )
    if lead is None:
        raise NotFound
    if version is not None and version != lead.version:
        raise StaleVersion
    return lead
