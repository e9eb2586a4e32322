"""Legal supervision papers (一函两书): drafting, signing with a number, serving, the answer, the result. Source: docs/domain.md, "Supervision papers"."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from casework.models import Issue, Paper, PaperCounter, PaperKind, PaperSeries, PaperSupervisor, Supervisor
from casework.models.papers import BODY_LENGTH, TEXT_LENGTH
from casework.services.paper_rules import (
    NOT_A_SIGNER,
    answer_due,
    lacks_supervisors,
    may_go_on,
    referral_trigger,
    signer_of,
)
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_number
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

TEXTS = {"facts": "事实", "basis": "法律依据", "advice": "意见和建议"}


@transaction.atomic
def paper_draft(
    *,
    uuid: UUID,
    kind: str,
    issue_code: str,
    facts: str,
    basis: str,
    advice: str,
    actor: Scope,
    base: Paper | None = None,
    authority: str = "",
    material: str = "",
    supervisors: Sequence[Supervisor] = (),
    investigated_on: date | None = None,
    now: datetime | None = None,
) -> Paper:
    """Draft a paper about an issue's employer (staff). A referral stands on a demand that was refused, not answered in time, or not followed.

    A repeat of `uuid` returns the first row. Raises NotFound, Forbidden, InvalidTransition, FieldErrors.
    """
    require(actor, "paper.manage")
    moment = now or clock.now()
    today = clock.local_date(moment)
    issue = Issue.objects.visible_to(actor).select_related("enterprise").filter(code=issue_code).first()
    if issue is None:
        raise NotFound
    first = Paper.objects.filter(pk=uuid).first()
    if first is not None:
        return first
    if issue.enterprise is None:
        raise InvalidTransition("这条诉求没有写明企业，请先更正后再发文书。")
    trigger = ""
    if kind == PaperKind.REFERRAL:
        if base is None or base.issue_id != issue.pk:
            raise FieldErrors({"base": "建议书须以这条诉求已发出的意见书为依据。"})
        # The issue before the paper, in the order in which deadlines are recounted.
        Issue.objects.select_for_update(of=("self",)).get(pk=issue.pk)
        base = Paper.objects.select_for_update(of=("self",)).get(pk=base.pk)
        trigger = referral_trigger(base, today)
        if not trigger:
            raise InvalidTransition("意见书没有被拒绝、没有逾期未答复，也没有未改正的记录，不能提建议书。")
        if Paper.objects.filter(base=base).exists():
            raise InvalidTransition("这份意见书已经提过建议书。")
    paper = Paper(
        id=uuid,
        kind=kind,
        issue=issue,
        enterprise=issue.enterprise,
        base=base if kind == PaperKind.REFERRAL else None,
        trigger=trigger,
        authority=authority.strip() if kind == PaperKind.REFERRAL else "",
        drafted_by_id=actor.user_id,
        drafted_at=moment,
    )
    _fill(paper, facts, basis, advice, material, investigated_on, supervisors, today)
    paper.save(force_insert=True)
    _set_investigators(paper, supervisors)
    _record(paper, actor, "paper.draft")
    return paper


@transaction.atomic
def paper_edit(
    *,
    paper_id: UUID,
    facts: str,
    basis: str,
    advice: str,
    actor: Scope,
    material: str = "",
    supervisors: Sequence[Supervisor] = (),
    investigated_on: date | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """Change a draft (staff). A signed paper never changes."""
    require(actor, "paper.manage")
    paper = _locked(paper_id, actor, version)
    _require_state(paper, Paper.State.DRAFT, "已经签发，不能再改")
    _fill(paper, facts, basis, advice, material, investigated_on, supervisors, clock.local_date(now or clock.now()))
    _set_investigators(paper, supervisors)
    return _saved(paper, actor, "paper.edit")


@transaction.atomic
def paper_sign(*, paper_id: UUID, actor: Scope, version: int | None = None, now: datetime | None = None) -> Paper:
    """Sign and number a paper: by a leader who stands in the register of signers on that day.

    A demand needs two supervisors licensed on the day they investigated. Numbers run per kind and year; a signing that fails leaves no gap.
    """
    require(actor, "paper.sign")
    today = clock.local_date(now or clock.now())
    paper = _locked(paper_id, actor, version)
    signer = signer_of(actor, today)
    if signer is None:
        raise Forbidden(NOT_A_SIGNER)
    _require_state(paper, Paper.State.DRAFT, "已经签发")
    if problem := lacks_supervisors(paper):
        raise InvalidTransition(problem)
    if paper.base is not None and not referral_trigger(paper.base, today):
        raise InvalidTransition("所依据的意见书情况已变，不再符合提建议书的条件。")
    paper.state, paper.signer, paper.signed_on = Paper.State.SIGNED, signer, today
    paper.year, paper.number = today.year, next_number(PaperCounter, kind=paper.kind, year=today.year)
    prefix = PaperSeries.objects.filter(kind=paper.kind).values_list("prefix", flat=True).first() or ""
    paper.number_text = f"{prefix}〔{paper.year}〕{paper.number}号"
    return _saved(paper, actor, "paper.sign")


@transaction.atomic
def paper_serve(
    *,
    paper_id: UUID,
    served_on: date,
    served_way: str,
    receiver: str,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """Record how and to whom a signed paper was served (staff). The employer's days to answer a demand begin here."""
    require(actor, "paper.manage")
    today = clock.local_date(now or clock.now())
    paper = _locked(paper_id, actor, version)
    _require_state(paper, Paper.State.SIGNED, "还没有签发，或已经送达")
    problems = _day_problem("served_on", served_on, paper.signed_on, today, "签发")
    if served_way not in Paper.Way.values:
        problems["served_way"] = "请选择送达方式。"
    if not receiver.strip():
        problems["receiver"] = "请填写签收人。"
    if problems:
        raise FieldErrors(problems)
    paper.state, paper.served_on, paper.served_way = Paper.State.SERVED, served_on, served_way
    paper.receiver = receiver.strip()
    if paper.kind == PaperKind.DEMAND:
        paper.answer_due_on = answer_due(paper).day
    return _saved(paper, actor, "paper.serve")


@transaction.atomic
def paper_answered(
    *,
    paper_id: UUID,
    answered_on: date,
    answer: str,
    actor: Scope,
    refused: bool = False,
    version: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """Record the written answer to a paper that was served (staff); `refused`: it declines to correct."""
    require(actor, "paper.manage")
    paper = _locked(paper_id, actor, version)
    _require_state(paper, Paper.State.SERVED, "还没有送达，或已经办结")
    if paper.answered_on is not None:
        raise InvalidTransition("答复已经登记过。")
    problems = _day_problem("answered_on", answered_on, paper.served_on, clock.local_date(now or clock.now()), "送达")
    if not answer.strip() or len(answer) > TEXT_LENGTH:
        problems["answer"] = "请写明答复内容。" if not answer.strip() else f"最多 {TEXT_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    paper.answered_on, paper.answer, paper.refused = answered_on, answer.strip(), refused
    return _saved(paper, actor, "paper.answer")


@transaction.atomic
def paper_end(
    *,
    paper_id: UUID,
    result: str,
    result_note: str,
    ended_on: date,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """Say what came of a paper (staff): corrected, partly, not. A demand waits for its answer or the end of its days."""
    require(actor, "paper.manage")
    today = clock.local_date(now or clock.now())
    paper = _locked(paper_id, actor, version)
    _require_state(paper, Paper.State.SERVED, "还没有送达，或已经办结")
    if paper.answer_due_on is not None and paper.answered_on is None and today <= paper.answer_due_on:
        raise InvalidTransition("答复期限还没有过，收到答复或期满后再登记结果。")
    problems = _day_problem("ended_on", ended_on, paper.served_on, today, "送达")
    if result not in Paper.Result.values:
        problems["result"] = "请选择整改结果。"
    if not result_note.strip():
        problems["result_note"] = "请写明结果。"
    if problems:
        raise FieldErrors(problems)
    paper.state, paper.result, paper.ended_on = Paper.State.ENDED, result, ended_on
    paper.result_note = result_note.strip()
    return _saved(paper, actor, "paper.end")


@transaction.atomic
def paper_hand_over(
    *,
    paper_id: UUID,
    handed_to: str,
    handed_on: date,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> Paper:
    """Record that the matter of a served referral went on to the procuratorate (staff), once; not where all is corrected."""
    require(actor, "paper.manage")
    paper = _locked(paper_id, actor, version)
    if not may_go_on(paper):
        raise InvalidTransition("只有已送达、尚未整改到位、还没有移送过的建议书可以移送检察院。")
    problems = _day_problem("handed_on", handed_on, paper.served_on, clock.local_date(now or clock.now()), "送达")
    body = handed_to.strip()
    if not body or len(body) > BODY_LENGTH:
        problems["handed_to"] = f"最多 {BODY_LENGTH} 个字。" if body else "请填写接收的人民检察院。"
    if problems:
        raise FieldErrors(problems)
    paper.handed_to, paper.handed_on = body, handed_on
    return _saved(paper, actor, "paper.hand_over")


def _fill(
    paper: Paper,
    facts: str,
    basis: str,
    advice: str,
    material: str,
    investigated_on: date | None,
    supervisors: Sequence[Supervisor],
    today: date,
) -> None:
    given = {"facts": facts.strip(), "basis": basis.strip(), "advice": advice.strip()}
    problems = {name: f"请填写{TEXTS[name]}。" for name, text in given.items() if not text}
    problems |= {name: f"最多 {TEXT_LENGTH} 个字。" for name, text in given.items() if len(text) > TEXT_LENGTH}
    if paper.kind == PaperKind.REFERRAL:
        if not paper.authority:
            problems["authority"] = "请填写主送的劳动保障行政部门。"
        if not material.strip():
            problems["material"] = "建议书须附材料，请列出名称。"
    if investigated_on is not None and investigated_on > today:
        problems["investigated_on"] = "调查日期不能晚于今天。"
    if supervisors and investigated_on is None:
        problems["investigated_on"] = "请填写调查日期。"
    if investigated_on is not None:
        expired = [s.name for s in supervisors if not s.valid_from <= investigated_on <= s.valid_to]
        if expired:
            problems["supervisors"] = f"{'、'.join(expired)}在调查当日没有有效的监督员证。"
    if problems:
        raise FieldErrors(problems)
    for name, text in given.items():
        setattr(paper, name, text)
    paper.material, paper.investigated_on = material.strip(), investigated_on


def _set_investigators(paper: Paper, supervisors: Sequence[Supervisor]) -> None:
    PaperSupervisor.objects.filter(paper=paper).delete()
    PaperSupervisor.objects.bulk_create(
        PaperSupervisor(paper=paper, supervisor=supervisor) for supervisor in dict.fromkeys(supervisors)
    )


def _day_problem(field: str, day: date, earliest: date | None, today: date, what: str) -> dict[str, str]:
    if day > today:
        return {field: "日期不能晚于今天。"}
    if earliest is not None and day < earliest:
        return {field: f"日期不能早于{what}日期。"}
    return {}


def _locked(paper_id: UUID, actor: Scope, version: int | None) -> Paper:
    paper = (
        Paper.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("base")
        .filter(pk=paper_id)
        .first()
    )
    if paper is None:
        raise NotFound
    if version is not None and version != paper.version:
        raise StaleVersion
    return paper


def _require_state(paper: Paper, state: str, otherwise: str) -> None:
    if paper.state != state:
        raise InvalidTransition(f"这份{paper.get_kind_display()}{otherwise}。")


def _saved(paper: Paper, actor: Scope, action: str) -> Paper:
    paper.version += 1
    paper.save()
    _record(paper, actor, action)
    return paper


def _record(paper: Paper, actor: Scope, action: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="paper",
        object_id=paper.pk,
        kind=paper.kind,
        state=paper.state,
        version=paper.version,
    )
