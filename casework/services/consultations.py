"""Consultations (会诊): joining units, opinions, the decision. Source: docs/domain.md, "Consultations"."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from casework.models import Consultation, ConsultationParty, ConsultationTask, Issue
from casework.models.consultations import BODY_LENGTH, PURPOSE_LENGTH
from casework.services.effects import Step
from casework.services.joined import joined_units
from casework.services.log import append_step
from casework.telling import tell_of_consultation
from casework.workflow import Move
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.core.workcal.days import Deadline, add_workdays

MOST_PARTIES = 30


def consultable_units(issue: Issue) -> QuerySet[Unit]:
    """Units that can be asked about an issue: every active one but its holder, who has it anyway."""
    return Unit.objects.handling().exclude(pk=issue.holder_id)


def party_problems(issue: Issue, move: Move, units: Sequence[Unit], bodies: Sequence[str]) -> dict[str, str]:
    """What is wrong with the parties given for a move, by field."""
    if "units" not in move.fields:
        return {name: "这一步不请其他单位。" for name, given in (("units", units), ("bodies", bodies)) if given}
    if not units and not bodies:
        return {"units": "请至少选择一个会诊单位，或写一个外部单位。"}
    return _wrong_with(issue, units, bodies)


def _wrong_with(issue: Issue, units: Sequence[Unit], bodies: Sequence[str]) -> dict[str, str]:
    problems: dict[str, str] = {}
    askable = set(consultable_units(issue).filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    wrong = next((unit for unit in units if unit.pk not in askable), None)
    if wrong is not None:
        problems["units"] = f"{wrong}就是承办单位，不用请。" if wrong.is_active else f"{wrong}已停用，请另选单位。"
    if any(not body.strip() or len(body) > BODY_LENGTH for body in bodies):
        problems["bodies"] = f"外部单位的名称为 1 到 {BODY_LENGTH} 个字，一行写一个。"
    if len(units) + len(bodies) > MOST_PARTIES:
        problems["units"] = f"一次会诊最多请 {MOST_PARTIES} 个单位。"
    return problems


def consultation_opened(issue: Issue, step: Step, note: str, actor: Scope, now: datetime) -> Consultation:
    """Write the consultation that the move `consult` opens; the move has checked everything."""
    consultation = Consultation.objects.create(
        issue=issue,
        purpose=note,
        called_by_id=actor.user_id,
        called_at=now,
        due_on=_opinions_due(step.day).day,
    )
    _add_parties(consultation, step.units, step.bodies)
    tell_of_consultation(consultation, step.units, actor)
    return consultation


def opinions_due(consultation: Consultation) -> Deadline:
    """Until when opinions are asked for, by the calendar known now. The move may have been entered later than it happened."""
    steps = consultation.issue.events.filter(action="consult", recorded_at=consultation.called_at)
    begun = steps.values_list("happened_at", flat=True).first() or consultation.called_at
    return _opinions_due(clock.local_date(begun))


def _opinions_due(start: date) -> Deadline:
    return add_workdays(start, int(value("issues.consult_workdays", on=start)))


@transaction.atomic
def consultation_join(
    *,
    consultation_id: int,
    actor: Scope,
    units: Sequence[Unit] = (),
    bodies: Sequence[str] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Consultation:
    """Ask more units or bodies. By whoever may convene (staff, the holder), while the consultation is open."""
    moment = now or clock.now()
    issue, consultation = locked(consultation_id, actor, version=version)
    _require_convener(issue, actor)
    _require_open(consultation)
    there = {party.unit_id or party.body for party in consultation.parties.all()}
    fresh = [unit for unit in units if unit.pk not in there]
    named = [body for body in dict.fromkeys(body.strip() for body in bodies) if body not in there]
    problems = _wrong_with(issue, fresh, named)
    if not fresh and not named:
        problems["units"] = "请选择还没有参加会诊的单位，或写一个外部单位。"
    if len(there) + len(fresh) + len(named) > MOST_PARTIES:
        problems["units"] = f"一次会诊最多请 {MOST_PARTIES} 个单位。"
    if problems:
        raise FieldErrors(problems)
    _add_parties(consultation, fresh, named)
    issue.joined_unit_ids = sorted({*issue.joined_unit_ids, *(unit.pk for unit in fresh)})
    append_step(
        issue=issue,
        action="consult_join",
        actor=actor,
        now=moment,
        data={"units": [unit.code for unit in fresh], "bodies": len(named)},
    )
    _next_version(consultation)
    tell_of_consultation(consultation, fresh, actor)
    return consultation


@transaction.atomic
def consultation_leave(
    *,
    consultation_id: int,
    party: ConsultationParty,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> Consultation:
    """Take off a party asked by mistake: one that has said nothing and owes no task. A unit then no longer sees the issue on that account."""
    moment = now or clock.now()
    issue, consultation = locked(consultation_id, actor, version=version)
    _require_convener(issue, actor)
    _require_open(consultation)
    found = consultation.parties.filter(pk=party.pk).first()
    if found is None:
        raise FieldErrors({"party": "请选择参加会诊的单位。"})
    if found.opinion:
        raise FieldErrors({"party": f"{found}已经提了意见，不能移出。"})
    if found.unit_id and ConsultationTask.objects.filter(consultation=consultation, unit_id=found.unit_id).exists():
        raise FieldErrors({"party": f"{found}在这次会诊中有任务，不能移出。"})
    if consultation.parties.count() == 1:
        raise FieldErrors({"party": "会诊至少要有一个单位参加；不再需要会诊时请结束会诊。"})
    code = found.unit.code if found.unit else ""
    found.delete()
    issue.joined_unit_ids = joined_units(issue)
    append_step(issue=issue, action="consult_leave", actor=actor, now=moment, data={"units": [code] if code else []})
    return _next_version(consultation)


@transaction.atomic
def opinion_give(*, party_id: int, opinion: str, actor: Scope, now: datetime | None = None) -> ConsultationParty:
    """Write a party's opinion, or mend it while the consultation is open: a unit's by its own people, an outside body's by the convener.

    Raises NotFound, Forbidden, InvalidTransition, FieldErrors at `opinion`.
    """
    moment = now or clock.now()
    party = _party(party_id, actor)
    issue, consultation = locked(party.consultation_id, actor)
    if not may_give(party, issue, actor):
        raise Forbidden("只能填写本单位的意见。")
    _require_open(consultation)
    text = opinion.strip()
    if not text or len(text) > PURPOSE_LENGTH:
        raise FieldErrors({"opinion": "请写明意见。" if not text else f"意见最多 {PURPOSE_LENGTH} 个字。"})
    party = ConsultationParty.objects.select_for_update().get(pk=party.pk)
    party.opinion, party.given_by_id, party.given_at = text, actor.user_id, moment
    party.save()
    record(
        actor=actor,
        action="consultation.opine",
        object_type="issue",
        object_id=issue.code,
        unit=party.unit.code if party.unit else "",
    )
    return party


@transaction.atomic
def consultation_conclude(
    *,
    consultation_id: int,
    decision: str,
    actor: Scope,
    anyway: bool = False,
    version: int | None = None,
    now: datetime | None = None,
) -> Consultation:
    """End the consultation with a decision (staff). `anyway` says that missing opinions are known to be missing."""
    require(actor, "consultation.conclude")
    moment = now or clock.now()
    issue, consultation = locked(consultation_id, actor, version=version)
    _require_open(consultation)
    text = decision.strip()
    problems: dict[str, str] = {}
    if not text or len(text) > PURPOSE_LENGTH:
        problems["decision"] = "请写明会诊决定。" if not text else f"会诊决定最多 {PURPOSE_LENGTH} 个字。"
    silent = consultation.parties.filter(opinion="").count()
    if silent and not anyway:
        problems["anyway"] = f"还有 {silent} 个单位没有提意见；不再等待时请勾选。"
    if problems:
        raise FieldErrors(problems)
    consultation.state = Consultation.State.CONCLUDED
    consultation.decision = text
    consultation.concluded_by_id, consultation.concluded_at = actor.user_id, moment
    append_step(issue=issue, action="consult_end", actor=actor, now=moment, data={"silent": silent}, note=text)
    return _next_version(consultation)


def may_convene(issue: Issue, actor: Scope) -> bool:
    """Staff, and whoever acts for the unit that holds the issue."""
    return actor.has(Role.STAFF) or (actor.has(Role.HANDLER, Role.TOWNSHIP) and issue.holder_id in actor.unit_ids)


def may_give(party: ConsultationParty, issue: Issue, actor: Scope) -> bool:
    """Whether the person may write this party's opinion."""
    if party.unit_id is None:
        return may_convene(issue, actor)
    return allowed(actor, "consultation.opine") and party.unit_id in actor.unit_ids


def locked(consultation_id: int, actor: Scope, *, version: int | None = None) -> tuple[Issue, Consultation]:
    """The issue under its row lock and the consultation re-read below it. Whoever ends an issue takes the same lock, so nothing slips past."""
    code = Consultation.objects.filter(pk=consultation_id).values_list("issue__code", flat=True).first()
    issue = Issue.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=code).first() if code else None
    if issue is None:
        raise NotFound
    consultation = Consultation.objects.select_for_update().get(pk=consultation_id)
    if version is not None and version != consultation.version:
        raise StaleVersion
    return issue, consultation


def _party(party_id: int, actor: Scope) -> ConsultationParty:
    party = ConsultationParty.objects.select_related("unit").filter(pk=party_id).first()
    if party is None:
        raise NotFound
    return party


def _require_convener(issue: Issue, actor: Scope) -> None:
    if not may_convene(issue, actor):
        raise Forbidden("只有区总工会和承办单位可以调整会诊单位。")


def _require_open(consultation: Consultation) -> None:
    if not consultation.is_open:
        raise InvalidTransition("这次会诊已经结束，不能再改。")


def _add_parties(consultation: Consultation, units: Sequence[Unit], bodies: Sequence[str]) -> None:
    names = dict.fromkeys(body.strip() for body in bodies)
    ConsultationParty.objects.bulk_create(
        [
            *(ConsultationParty(consultation=consultation, unit=unit) for unit in dict.fromkeys(units)),
            *(ConsultationParty(consultation=consultation, body=name) for name in names),
        ]
    )


def _next_version(consultation: Consultation) -> Consultation:
    consultation.version += 1
    consultation.save()
    return consultation
