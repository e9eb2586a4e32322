"""一户一策、一人一策: measures for a household or one of its members, and the district's list of measures.

Source: docs/domain.md, "The plan of a household".
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hardship.models import FileMember, HardshipFile, Measure, MeasureKind
from hardship.models.plans import RESULT_LENGTH, WHAT_LENGTH
from hardship.querysets import units_above
from hardship.services.locking import locked_file
from hardship.workflow import CLOSED_STATES, State
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope

PARTNER_LENGTH = 60


@dataclass(frozen=True, slots=True)
class MeasureInput:
    """What a measure is: one of the list, who sees to it, by when; for one `member`, or for the whole household."""

    kind: MeasureKind
    owner: User
    due_on: date
    what: str = ""
    partner: str = ""
    member: FileMember | None = None


def owners(file: HardshipFile) -> list[User]:
    """Who may see to a measure: the aid officers in whose reach the file lies."""
    units = {file.township_id, *units_above(file.township)}
    grants = RoleGrant.objects.filter(role=Role.AID, unit__in=units).values("user")
    return list(User.objects.filter(pk__in=grants, is_active=True).order_by("display_name"))


@transaction.atomic
def measure_set(*, uuid: UUID, code: str, measure: MeasureInput, actor: Scope, now: datetime | None = None) -> Measure:
    """Add a measure to a household's plan: of a file in force, or of one on its way. A repeat of `uuid` returns the first row."""
    require(actor, "hardship.plan")
    moment = now or clock.now()
    file = _own_file(code, actor)
    first = Measure.objects.filter(pk=uuid).first()
    if first is not None:
        if first.file_id != file.pk:
            raise Conflict
        return first
    if file.state in CLOSED_STATES or file.state == State.DRAFT:
        raise InvalidTransition("档案在办或在档时才能制定措施。")
    today = clock.local_date(moment)
    if problems := _problems(file, measure, today):
        raise FieldErrors(problems)
    made = Measure(pk=uuid, file=file, created_at=moment)
    _fill(made, measure)
    made.save(force_insert=True)
    _record(made, actor, "measure.set")
    return made


@transaction.atomic
def measure_edit(
    *, uuid: UUID, measure: MeasureInput, actor: Scope, version: int | None = None, now: datetime | None = None
) -> Measure:
    """Change a measure that is still open."""
    require(actor, "hardship.plan")
    found = _locked(uuid, actor, version)
    if problems := _problems(found.file, measure, clock.local_date(found.created_at), keeps=found):
        raise FieldErrors(problems)
    _fill(found, measure)
    return _saved(found, actor, "measure.edit")


@transaction.atomic
def measure_finish(
    *,
    uuid: UUID,
    outcome: str,
    result: str,
    ended_on: date,
    actor: Scope,
    version: int | None = None,
    now: datetime | None = None,
) -> Measure:
    """Say that a measure was carried out and what came of it."""
    require(actor, "hardship.plan")
    found = _locked(uuid, actor, version)
    problems = _end_problems(found, result, ended_on, clock.local_date(now or clock.now()))
    if outcome not in Measure.Outcome.values:
        problems["outcome"] = "请选择成效。"
    if problems:
        raise FieldErrors(problems)
    found.state, found.outcome, found.result, found.ended_on = Measure.State.DONE, outcome, result.strip(), ended_on
    return _saved(found, actor, "measure.finish")


@transaction.atomic
def measure_drop(
    *, uuid: UUID, result: str, actor: Scope, version: int | None = None, now: datetime | None = None
) -> Measure:
    """Give a measure up, with the reason."""
    require(actor, "hardship.plan")
    today = clock.local_date(now or clock.now())
    found = _locked(uuid, actor, version)
    if problems := _end_problems(found, result, today, today):
        raise FieldErrors(problems)
    found.state, found.result, found.ended_on = Measure.State.DROPPED, result.strip(), today
    return _saved(found, actor, "measure.drop")


@transaction.atomic
def measure_kind_save(
    *,
    code: str,
    name: str,
    actor: Scope,
    hint: str = "",
    position: int = 100,
    is_active: bool = True,
    is_new: bool = False,
) -> MeasureKind:
    """Add a measure to the district's list, or change one; what is out of use stays where it was taken."""
    require(actor, "hardship.measures")
    name, code = name.strip(), code.strip()
    found = MeasureKind.objects.select_for_update().filter(code=code).first()
    problems = {}
    if is_new and found is not None:
        problems["code"] = "这个代码已有一项举措。"
    if not name:
        problems["name"] = "请填写名称。"
    if not code:
        problems["code"] = "请填写代码。"
    if problems:
        raise FieldErrors(problems)
    if found is None and not is_new:
        raise NotFound
    kind = found or MeasureKind(code=code)
    kind.name, kind.hint, kind.position, kind.is_active = name, hint.strip(), position, is_active
    try:
        with transaction.atomic():
            kind.save()
    except IntegrityError:
        raise FieldErrors({"name": "已有同名的举措。"}) from None
    record(actor=actor, action="measure.kind", object_type="measure_kind", object_id=kind.code, active=is_active)
    return kind


def _problems(
    file: HardshipFile, measure: MeasureInput, earliest: date, keeps: Measure | None = None
) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not measure.kind.is_active and (keeps is None or measure.kind != keeps.kind):
        problems["kind"] = "这项举措已停用，请另选一项。"
    if measure.member and (keeps is None or measure.member != keeps.member) and not _lives_there(measure.member, file):
        problems["member"] = "请选择这户家庭现在的成员。"
    if measure.owner not in owners(file):
        problems["owner"] = "请选择负责这户家庭的帮扶专员。"
    if measure.due_on < earliest:
        problems["due_on"] = "期限不能早于制定措施的那天。"
    if len(measure.what.strip()) > WHAT_LENGTH:
        problems["what"] = f"最多 {WHAT_LENGTH} 个字。"
    if len(measure.partner.strip()) > PARTNER_LENGTH:
        problems["partner"] = f"最多 {PARTNER_LENGTH} 个字。"
    return problems


def _lives_there(member: FileMember, file: HardshipFile) -> bool:
    return member.file_id == file.pk and member.left_on is None


def _end_problems(measure: Measure, result: str, ended_on: date, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not result.strip() or len(result.strip()) > RESULT_LENGTH:
        problems["result"] = "请写明结果。" if not result.strip() else f"最多 {RESULT_LENGTH} 个字。"
    if ended_on > today:
        problems["ended_on"] = "日期不能晚于今天。"
    elif ended_on < clock.local_date(measure.created_at):
        problems["ended_on"] = "日期不能早于制定措施的那天。"
    return problems


def _fill(made: Measure, given: MeasureInput) -> None:
    made.kind, made.owner, made.due_on, made.member = given.kind, given.owner, given.due_on, given.member
    made.what, made.partner = given.what.strip(), given.partner.strip()


def _own_file(code: str, actor: Scope) -> HardshipFile:
    file = locked_file(code, actor)
    if not HardshipFile.objects.personal_to(actor).filter(pk=file.pk).exists():
        raise NotFound
    return file


def _locked(uuid: UUID, actor: Scope, version: int | None) -> Measure:
    files = HardshipFile.objects.personal_to(actor).values("pk")
    found = (
        Measure.objects.select_for_update(of=("self",))
        .select_related("file__township__parent__parent", "kind", "member")
        .filter(pk=uuid, file__in=files)
        .first()
    )
    if found is None:
        raise NotFound
    if version is not None and version != found.version:
        raise StaleVersion
    if found.state != Measure.State.OPEN:
        raise InvalidTransition("这项措施已经结束。")
    return found


def _saved(measure: Measure, actor: Scope, action: str) -> Measure:
    measure.version += 1
    measure.save()
    _record(measure, actor, action)
    return measure


def _record(measure: Measure, actor: Scope, action: str) -> None:
    record(
        actor=actor,
        action=action,
        object_type="measure",
        object_id=measure.pk,
        kind=measure.kind.code,
        state=measure.state,
        outcome=measure.outcome,
        member=measure.member_id,
    )
