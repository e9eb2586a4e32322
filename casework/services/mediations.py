"""Mediation (调解): opening a case and every later move of it. Source: docs/domain.md, "Mediation"."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When

from casework.mediation_workflow import MOVE_OF, OPEN, STATE_LABELS, UNFINISHED_STATES, Move, State, ends, find_move
from casework.models import Issue, Mediation, MediationCounter, MediationHandover, MediationSession
from casework.services.mediation_bars import barred
from casework.services.mediation_effects import EFFECTS, Given, claim_problems, party_given, set_claim
from casework.services.mediation_log import append_mediation_step, tell_the_issue
from casework.services.mediation_parties import PartyInput, keep_party, mend_party, party_problems
from casework.services.mediation_standing import may_apply, standings
from casework.telling import tell_of_mediation
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import (
    Conflict,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value

MISSING = "请填写这一项。"


def mediating_units() -> QuerySet[Unit]:
    """Units that can mediate, workrooms first."""
    first = Case(When(kind=Unit.Kind.WORKROOM, then=Value(0)), default=Value(1))
    return Unit.objects.handling().order_by(first, "code")


@transaction.atomic
def mediation_open(
    *,
    uuid: UUID,
    issue_code: str,
    organisation: Unit,
    manner: str,
    applied_on: date,
    kind: str,
    matter: str,
    reason: str,
    people: int,
    applicant: PartyInput,
    respondent: PartyInput,
    actor: Scope,
    amount_claimed: Decimal | None = None,
    now: datetime | None = None,
) -> Mediation:
    """Write an application down, oral or written, about an open issue. The clock of the law starts with the day of application.

    A repeat of `uuid` returns the first row. Raises NotFound, Forbidden, InvalidTransition, Conflict, FieldErrors; problems of the two parties
    stand at `applicant_…` and `respondent_…`.
    """
    require(actor, "mediation.manage")
    moment = now or clock.now()
    issue = Issue.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=issue_code).first()
    if issue is None:
        raise NotFound
    if not may_apply(issue, actor):
        raise Forbidden("只有区总工会、所属镇街和承办单位可以登记调解申请。")
    first = Mediation.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.issue_id != issue.pk:
            raise Conflict
        return first
    _require_free(issue)
    claim: Given = {
        "kind": kind,
        "matter": matter,
        "reason": reason,
        "people": people,
        "amount_claimed": amount_claimed,
    }
    problems = claim_problems(claim) | _application_problems(organisation, manner, applied_on, moment)
    for side, given in (("applicant", applicant), ("respondent", respondent)):
        problems |= {f"{side}_{name}": words for name, words in party_problems(given, people).items()}
    if problems:
        raise FieldErrors(problems)
    days = int(value("mediation.days", on=applied_on))
    mediation = Mediation(
        uuid=uuid,
        number=next_code("TJ", MediationCounter, clock.local_date(moment).year),
        issue=issue,
        organisation=organisation,
        manner=manner,
        applied_on=applied_on,
        recorded_by_id=actor.user_id,
        recorded_at=moment,
        period_days=days,
        due_on=applied_on + timedelta(days=days),
    )
    set_claim(mediation, claim)
    mediation.save(force_insert=True)
    keep_party(mediation, applicant)
    keep_party(mediation, respondent)
    append_mediation_step(
        mediation=mediation,
        action=OPEN,
        from_state="",
        actor=actor,
        happened_on=applied_on,
        now=moment,
        given={**claim, "days": days},
    )
    issue.joined_unit_ids = sorted({*issue.joined_unit_ids, organisation.pk})
    tell_the_issue(issue, mediation, "mediate", actor, moment)
    tell_of_mediation(mediation, actor)
    return mediation


@transaction.atomic
def mediation_move(
    *,
    mediation_id: int,
    action: str,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
    **given: Any,
) -> Mediation:
    """One move of the table (`casework.mediation_workflow`) with what its form asks.

    Raises NotFound, StaleVersion, Forbidden, InvalidTransition, FieldErrors at the move's fields.
    """
    require(actor, "mediation.manage")
    moment = now or clock.now()
    today = clock.local_date(moment)
    issue, mediation = _locked(mediation_id, actor)
    move = _permitted(mediation, action, actor, version, today)
    asked: Given = {name: given.get(name) for name in move.fields}
    before, filled = mediation.state, {name: getattr(mediation, name) for name in move.completes}
    problems = _missing(move, asked) or _day_problem(mediation, asked, today)
    problems = problems or EFFECTS[action](mediation, asked, today)
    if problems:
        raise FieldErrors(problems)
    mediation.state = _reached(mediation, move)
    mediation.version += 1
    mediation.save()
    if action in ROWS:
        ROWS[action](mediation, asked, actor, moment)
    append_mediation_step(
        mediation=mediation,
        action=action,
        from_state=before,
        actor=actor,
        happened_on=asked.get("day") or today,
        now=moment,
        given={name: value for name, value in asked.items() if name not in filled or value != filled[name]},
        note=(asked.get("note") or "").strip(),
    )
    if ends(before, mediation.state):
        tell_the_issue(issue, mediation, "mediate_end", actor, moment)
    return mediation


def _locked(mediation_id: int, actor: Scope) -> tuple[Issue, Mediation]:
    """The issue under its row lock and the case re-read below it. Whoever ends an issue takes the same lock, so nothing slips past."""
    issue_id = Mediation.objects.filter(pk=mediation_id).values_list("issue_id", flat=True).first()
    issue = Issue.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=issue_id).first()
    if issue_id is None or issue is None:
        raise NotFound
    mediation = Mediation.objects.select_for_update().get(pk=mediation_id)
    mediation.issue = issue
    return issue, mediation


def _permitted(mediation: Mediation, action: str, actor: Scope, version: int | None, today: date) -> Move:
    if action not in MOVE_OF:
        raise NotFound
    if standings(mediation, actor).isdisjoint(MOVE_OF[action].who):
        raise Forbidden(f"您不能在这件调解中{MOVE_OF[action].label}。")
    if version is not None and version != mediation.version:
        raise StaleVersion
    move = find_move(action, mediation.state)
    if move is None:
        raise InvalidTransition(f"调解{STATE_LABELS[mediation.state]}，不能{MOVE_OF[action].label}。")
    if words := barred(mediation, move, today):
        raise InvalidTransition(words)
    return move


def _reached(mediation: Mediation, move: Move) -> str:
    if move.target is None or any(getattr(mediation, name) is None for name in move.completes):
        return mediation.state
    return move.target


def _missing(move: Move, given: Given) -> dict[str, str]:
    empty = {name for name in move.required if given[name] in (None, "", []) or not str(given[name]).strip()}
    return dict.fromkeys(sorted(empty), MISSING)


def _day_problem(mediation: Mediation, given: Given, today: date) -> dict[str, str]:
    """No step lies in the future or before the application."""
    day = given.get("day")
    if day is not None and day > today:
        return {"day": "日期不能晚于今天。"}
    if day is not None and day < mediation.applied_on:
        return {"day": "日期不能早于申请日期。"}
    return {}


def _require_free(issue: Issue) -> None:
    if not issue.is_open:
        raise InvalidTransition("这条诉求已经办结或不再办理，不能申请调解。")
    other = Mediation.objects.filter(issue=issue, state__in=UNFINISHED_STATES).values_list("number", flat=True).first()
    if other is not None:
        raise InvalidTransition(f"这条诉求的调解 {other} 还没有结束，不能再申请。")


def _application_problems(organisation: Unit, manner: str, applied_on: date, now: datetime) -> dict[str, str]:
    problems = {}
    if not mediating_units().filter(pk=organisation.pk).exists():
        problems["organisation"] = f"{organisation}已停用，请另选调解组织。"
    if manner not in Mediation.Manner.values:
        problems["manner"] = "请选择申请方式。"
    if applied_on > clock.local_date(now):
        problems["applied_on"] = "申请日期不能晚于今天。"
    return problems


def _add_session(mediation: Mediation, given: Given, actor: Scope, now: datetime) -> None:
    MediationSession.objects.create(
        mediation=mediation,
        held_on=given["day"],
        begins_at=given.get("begins_at"),
        place=given["place"].strip(),
        present=given["present"].strip(),
        record=given["record"].strip(),
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )


def _add_handover(mediation: Mediation, given: Given, actor: Scope, now: datetime) -> None:
    MediationHandover.objects.create(
        mediation=mediation, route=given["route"], body=given["body"].strip(), handed_on=given["day"]
    )


def _set_result(mediation: Mediation, given: Given, actor: Scope, now: datetime) -> None:
    confirmed = mediation.state == State.CONFIRMED
    result = MediationHandover.Result.CONFIRMED if confirmed else MediationHandover.Result.DENIED
    pending = MediationHandover.objects.filter(mediation=mediation, result=MediationHandover.Result.PENDING)
    pending.update(result=result, result_on=given["day"])


#: Moves that write a row beside the case itself.
ROWS: dict[str, Callable[[Mediation, Given, Scope, datetime], object]] = {
    "party": lambda mediation, given, actor, now: keep_party(mediation, party_given(given)),
    "mend": lambda mediation, given, actor, now: mend_party(given["party"], party_given({**given, "role": ""})),
    "session": _add_session,
    "hand_over": _add_handover,
    "confirm": _set_result,
    "deny": _set_result,
}
