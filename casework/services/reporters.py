"""Who reported: kept apart from the issue, the phone sealed; who may read what of it. source: docs/domain.md, "Reports by public code"."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from casework.models import ConsentText, Issue, PublicCode, Reporter, ReporterReveal
from casework.models.public import PHONE_PURPOSE
from casework.services.standing import standings
from casework.workflow import Who
from unionportal.core.audit.services import record
from unionportal.core.common import clock, sealed
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.phones import LOST, NOT_A_PHONE, is_phone, masked, plain_phone
from unionportal.core.common.scope import Role, Scope

NAME_LENGTH = 30
REASON_LENGTH = 200
LINK_BYTES = 24  # 192 bits


@dataclass(frozen=True, slots=True)
class ReporterInput:
    """What a reporter said of themselves. `privacy` is a value of Reporter.Privacy."""

    privacy: str
    name: str = ""
    phone: str = ""


def reporter_problems(given: ReporterInput) -> dict[str, str]:
    """What is wrong with it, by field."""
    problems: dict[str, str] = {}
    name, phone = given.name.strip(), plain_phone(given.phone)
    if given.privacy not in Reporter.Privacy.values:
        problems["privacy"] = "请选择是否匿名。"
    elif given.privacy == Reporter.Privacy.ANONYMOUS:
        if name:
            problems["name"] = "选择匿名就不要填姓名；要留姓名，请改选其他方式。"
        if phone:
            problems["phone"] = "选择匿名就不要填电话；要留电话，请改选其他方式。"
        return problems
    if len(name) > NAME_LENGTH:
        problems["name"] = f"姓名最多 {NAME_LENGTH} 个字。"
    if phone and not is_phone(phone):
        problems["phone"] = NOT_A_PHONE
    if not name and not phone:
        problems["phone"] = "请留下姓名或电话；不想留，请选择匿名。"
    return problems


def keep_reporter(
    issue: Issue,
    given: ReporterInput,
    *,
    now: datetime,
    code: PublicCode | None = None,
    consent: ConsentText | None = None,
    track_hash: str = "",
) -> Reporter:
    """Store who reported; call after `reporter_problems` found nothing."""
    phone = plain_phone(given.phone)
    reporter = Reporter(
        issue=issue,
        privacy=given.privacy,
        name=given.name.strip(),
        code=code,
        consent=consent,
        track_hash=track_hash,
        reported_at=now,
    )
    if phone:
        reporter.phone_sealed = sealed.seal(phone, context=reporter.phone_context)
        reporter.phone_find = sealed.fingerprint(phone, purpose=PHONE_PURPOSE)
    reporter.save(force_insert=True)
    return reporter


def may_know(reporter: Reporter, scope: Scope) -> bool:
    """Whether this reader of the issue may learn who reported: staff always; who works on it, where the reporter agreed."""
    if reporter.privacy == Reporter.Privacy.ANONYMOUS or reporter.redacted_at is not None:
        return False
    if scope.has(Role.STAFF):
        return True
    works_on_it = standings(reporter.issue, scope) & {Who.TOWNSHIP, Who.CADRE}
    holds_it = reporter.issue.holder_id is not None and reporter.issue.holder_id in scope.unit_ids
    return reporter.privacy == Reporter.Privacy.OPEN and bool(works_on_it or holds_it)


def phone_of(reporter: Reporter) -> str:
    """The number in clear, for `masked` and for a reveal."""
    return sealed.unseal(reporter.phone_sealed, context=reporter.phone_context) if reporter.phone_sealed else ""


def masked_phone(reporter: Reporter) -> str:
    """The number as pages show it; what cannot be read any more says so."""
    try:
        phone = phone_of(reporter)
    except sealed.Unreadable:
        return LOST
    return masked(phone) if phone else ""


@transaction.atomic
def reporter_reveal(*, code: str, reason: str, actor: Scope, now: datetime | None = None) -> str:
    """The phone in clear, for a reason that is kept. Raises NotFound, Forbidden, FieldErrors at `reason`, Conflict where there is none to read."""
    reporter = _reporter_of(code, actor)
    if not may_know(reporter, actor):
        raise Forbidden("您不能查看这位反映人的电话。")
    reason = reason.strip()
    if not reason:
        raise FieldErrors({"reason": "请写明为什么要看电话，如“回访”。"})
    if len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"理由最多 {REASON_LENGTH} 个字。"})
    if not reporter.phone_sealed:
        raise Conflict("反映人没有留下电话。")
    try:
        phone = phone_of(reporter)
    except sealed.Unreadable:
        raise Conflict("电话的密钥已更换，无法读取，请联系系统管理员。") from None
    ReporterReveal.objects.create(reporter=reporter, actor_id=actor.user_id, reason=reason, at=now or clock.now())
    record(actor=actor, action="reporter.reveal", object_type="issue", object_id=code)
    return phone


def new_link_token() -> str:
    """The secret of a tracking link. Only its hash is stored."""
    return secrets.token_urlsafe(LINK_BYTES)


def link_hash(token: str) -> str:
    """What is stored of a tracking link: the token is long and random, so a plain hash cannot be tried out."""
    return sha256(f"track/{token}".encode()).hexdigest()


@transaction.atomic
def track_link_renew(*, code: str, actor: Scope) -> str:
    """A new tracking link's token for a reporter who called, came, or lost theirs; the former link dies. Staff, and who registered it."""
    reporter = _reporter_of(code, actor)
    if not actor.has(Role.STAFF) and reporter.issue.registered_by_id != actor.user_id:
        raise Forbidden("只有区总工会工作人员和登记人可以发放查询链接。")
    token = new_link_token()
    reporter.track_hash = link_hash(token)
    reporter.save(update_fields=["track_hash"])
    record(actor=actor, action="reporter.link", object_type="issue", object_id=code)
    return token


def _reporter_of(code: str, actor: Scope) -> Reporter:
    issue = Issue.objects.visible_to(actor).filter(code=code).first()
    reporter = (
        Reporter.objects.select_for_update(of=("self",)).select_related("issue").filter(issue=issue).first()
        if issue is not None
        else None
    )
    if reporter is None:
        raise NotFound
    return reporter
