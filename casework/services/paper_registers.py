"""The registers behind the papers: licensed supervisors, signers, how numbers begin. Source: docs/domain.md, "Supervision papers"."""

from datetime import date

from django.db import IntegrityError, transaction

from casework.models import PaperKind, PaperSeries, Signer, Supervisor
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope


@transaction.atomic
def supervisor_add(*, name: str, licence_no: str, valid_from: date, valid_to: date, actor: Scope) -> Supervisor:
    """Enter a licensed supervisor; a renewed licence is a new entry with its own number or the same person's next period."""
    require(actor, "paper.registers")
    problems = {}
    if not name.strip():
        problems["name"] = "请填写姓名。"
    if not licence_no.strip():
        problems["licence_no"] = "请填写证号。"
    elif Supervisor.objects.filter(licence_no=licence_no.strip()).exists():
        problems["licence_no"] = "这个证号已经登记。"
    if valid_to < valid_from:
        problems["valid_to"] = "有效期止不能早于有效期起。"
    if problems:
        raise FieldErrors(problems)
    supervisor = Supervisor.objects.create(
        name=name.strip(), licence_no=licence_no.strip(), valid_from=valid_from, valid_to=valid_to
    )
    record(actor=actor, action="supervisor.add", object_type="supervisor", object_id=supervisor.pk)
    return supervisor


@transaction.atomic
def signer_add(*, user: User, title: str, valid_from: date, valid_to: date | None, actor: Scope) -> Signer:
    """Enter a chair or vice-chair; only somebody who holds the leader's role can sign."""
    require(actor, "paper.registers")
    problems = {}
    if not RoleGrant.objects.filter(user=user, role=Role.LEADER).exists():
        problems["user"] = "签发人须是区总领导。"
    if title not in Signer.Title.values:
        problems["title"] = "请选择职务。"
    if valid_to is not None and valid_to < valid_from:
        problems["valid_to"] = "任职止不能早于任职起。"
    if problems:
        raise FieldErrors(problems)
    try:
        with transaction.atomic():
            signer = Signer.objects.create(user=user, title=title, valid_from=valid_from, valid_to=valid_to)
    except IntegrityError:
        raise FieldErrors({"valid_from": "这个人同一天任职的记录已经有了。"}) from None
    record(actor=actor, action="signer.add", object_type="signer", object_id=signer.pk)
    return signer


@transaction.atomic
def signer_end(*, signer: Signer, valid_to: date, actor: Scope) -> Signer:
    """Set the last day of a signer's term."""
    require(actor, "paper.registers")
    signer = Signer.objects.select_for_update().get(pk=signer.pk)
    if valid_to < signer.valid_from:
        raise FieldErrors({"valid_to": "任职止不能早于任职起。"})
    signer.valid_to = valid_to
    signer.save()
    record(actor=actor, action="signer.end", object_type="signer", object_id=signer.pk)
    return signer


@transaction.atomic
def series_set(*, kind: str, prefix: str, actor: Scope) -> PaperSeries:
    """How the numbers of a kind begin; papers already numbered keep theirs."""
    require(actor, "paper.registers")
    if kind not in PaperKind.values:
        raise FieldErrors({"kind": "请选择种类。"})
    if not prefix.strip() or len(prefix.strip()) > 30:
        raise FieldErrors({"prefix": "文号字头为 1 到 30 个字。"})
    series, _ = PaperSeries.objects.update_or_create(kind=kind, defaults={"prefix": prefix.strip()})
    record(actor=actor, action="paper.series", object_type="paper", object_id=kind)
    return series
