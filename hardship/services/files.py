"""Opening a hardship file and keeping its facts and people. Source: docs/domain.md, "Hardship files"."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from hardship import codes
from hardship.models import FileCounter, FileMember, HardshipFile
from hardship.personal import NOT_YOURS, sight_of, whose_file
from hardship.services.inputs import (
    FILE_SEALED,
    MEMBER_SEALED,
    FileInput,
    MemberInput,
    file_problems,
    member_problems,
    plain_card,
)
from hardship.services.locking import file_for_update, require_live, require_version, step
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.identity import plain_id, read_id
from unionportal.core.common.phones import plain_phone
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit

TWICE = "这个身份证号在这户里已经有了。"
_FILE_COLUMNS = [each.name for each in fields(FileInput) if each.name not in FILE_SEALED]
_MEMBER_COLUMNS = [
    each.name for each in fields(MemberInput) if each.name not in MEMBER_SEALED and each.name not in ("born_on", "sex")
]


@transaction.atomic
def file_open(
    *,
    uuid: UUID,
    township: Unit,
    facts: FileInput,
    holder: MemberInput,
    actor: Scope,
    opened_on: date | None = None,
    now: datetime | None = None,
) -> HardshipFile:
    """Begin a file as a draft, with its holder. A repeat of `uuid` returns the first row.

    Raises Forbidden, Conflict, FieldErrors; problems of the holder stand at `holder_…`.
    """
    require(actor, "hardship.write")
    moment = now or clock.now()
    first = HardshipFile.objects.filter(uuid=uuid).first()
    if first is not None:
        if not sight_of(actor).reaches(first):
            raise Conflict
        return first
    problems = file_problems(facts)
    if township.kind != Unit.Kind.TOWNSHIP or not township.is_active:
        problems["township"] = "请选择镇街。"
    elif township.pk not in sight_of(actor).township_ids:
        raise Forbidden(NOT_YOURS)
    day = opened_on or clock.local_date(moment)
    if day > clock.local_date(moment):
        problems["opened_on"] = "建档日期不能晚于今天。"
    of_holder = member_problems(holder)
    if holder.relation != codes.HOLDER:
        of_holder["relation"] = "请先登记户主。"
    if not of_holder and (words := whose_file(plain_id(holder.id_number), actor)):
        of_holder["id_number"] = words
    problems |= {f"holder_{name}": words for name, words in of_holder.items()}
    if problems:
        raise FieldErrors(problems)
    file = HardshipFile(
        uuid=uuid,
        code=next_code("KN", FileCounter, day.year),
        township=township,
        opened_on=day,
        opened_by_id=actor.user_id,
        entered_at=moment,
    )
    _set_facts(file, facts)
    file.save(force_insert=True)
    with _one_live_file(actor, holder, "holder_id_number"):
        _keep(FileMember(file=file), holder)
    record(
        actor=actor,
        action="hardship.open",
        object_type="hardship_file",
        object_id=file.code,
        township=township.code,
    )
    return file


@transaction.atomic
def file_edit(*, code: str, version: int, facts: FileInput, actor: Scope, township: Unit | None = None) -> HardshipFile:
    """Put the facts of the household right, or move it to another township of the own area. Raises NotFound, Forbidden, StaleVersion,
    InvalidTransition, FieldErrors."""
    file = file_for_update(code, actor, action="hardship.write", version=version)
    require_live(file)
    problems = file_problems(facts)
    if township is not None and township.pk not in sight_of(actor).township_ids:
        problems["township"] = "请选择您负责的镇街。"
    if problems:
        raise FieldErrors(problems)
    before = {name: getattr(file, name) for name in _FILE_COLUMNS}
    _set_facts(file, facts)
    changed = sorted(name for name, old in before.items() if getattr(file, name) != old)
    changed += [name for name in FILE_SEALED if getattr(facts, name)]
    if township is not None and township.pk != file.township_id:
        file.township = township
        changed.append("township")
    step(file, "township", *_FILE_COLUMNS, "address_sealed", "card_sealed")
    record(
        actor=actor,
        action="hardship.edit",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        changed=changed,
    )
    return file


@transaction.atomic
def member_save(
    *,
    code: str,
    version: int,
    facts: MemberInput,
    actor: Scope,
    uuid: UUID | None = None,
    member_id: int | None = None,
) -> FileMember:
    """Add somebody to the household, or put the facts of a member right (`member_id`). A repeat of `uuid` returns the first row.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, Conflict, FieldErrors.
    """
    file = file_for_update(code, actor, action="hardship.write")
    if uuid is not None and (first := FileMember.objects.filter(uuid=uuid).first()):
        if first.file_id != file.pk:
            raise Conflict
        return first
    require_version(file, version)
    require_live(file)
    member = FileMember(file=file, **({"uuid": uuid} if uuid else {}))
    if member_id is not None:
        member = _member_of(file, member_id)
    problems = member_problems(facts, has_id=bool(member.id_sealed))
    if (facts.relation == codes.HOLDER) != member.is_holder:
        problems["relation"] = "户主不能改成别的关系。" if member.is_holder else "一份档案只有一个户主。"
    number = plain_id(facts.id_number)
    if number and "id_number" not in problems and (words := whose_file(number, actor, but=file)):
        problems["id_number"] = words
    if problems:
        raise FieldErrors(problems)
    with _one_live_file(actor, facts, "id_number", file):
        _keep(member, facts)
    _count_people(file)
    record(
        actor=actor,
        action="hardship.member",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        member=member.pk,
    )
    return member


@transaction.atomic
def member_leave(*, code: str, version: int, member_id: int, left_on: date, reason: str, actor: Scope) -> FileMember:
    """Take somebody out of the household from a day on; the row stays. Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors."""
    file = file_for_update(code, actor, action="hardship.write", version=version)
    require_live(file)
    member = _member_of(file, member_id)
    problems = {}
    if member.is_holder:
        problems["member"] = "户主不能离户；户主去世或迁出的，请清档后由家人另行申请。"
    if left_on > clock.today():
        problems["left_on"] = "离户日期不能晚于今天。"
    if reason not in dict(codes.LEAVING):
        problems["reason"] = "请选择离户原因。"
    if problems:
        raise FieldErrors(problems)
    member.left_on, member.left_reason = left_on, reason
    member.save(update_fields=["left_on", "left_reason"])
    _count_people(file)
    record(
        actor=actor,
        action="hardship.member_leave",
        object_type="hardship_file",
        object_id=file.code,
        version=file.version,
        member=member.pk,
        reason=reason,
    )
    return member


def _member_of(file: HardshipFile, member_id: int) -> FileMember:
    member = file.members.select_for_update().filter(pk=member_id, left_on__isnull=True).first()
    if member is None:
        raise NotFound
    return member


def _set_facts(file: HardshipFile, facts: FileInput) -> None:
    for name in _FILE_COLUMNS:
        given = getattr(facts, name)
        setattr(file, name, given.strip() if isinstance(given, str) else given)
    file.secondary_causes = list(dict.fromkeys(facts.secondary_causes))
    if facts.address.strip():
        file.seal("address", facts.address.strip())
    if card := plain_card(facts.card):
        file.seal("card", card)


def _keep(member: FileMember, facts: MemberInput) -> None:
    """Write a person down; call after `member_problems` found nothing."""
    member.in_live_file = member.file.is_live
    for name in _MEMBER_COLUMNS:
        setattr(member, name, getattr(facts, name))
    born_on, sex = facts.born_on, facts.sex
    if number := plain_id(facts.id_number):
        identity = read_id(number)
        born_on, sex = identity.born_on, identity.sex
        member.seal("id", number)
    if born_on is not None:
        member.seal("born", born_on.isoformat())
        member.birth_year = born_on.year
    member.sex = sex or member.sex
    member.seal("name", facts.name.strip())
    if phone := plain_phone(facts.phone):
        member.seal("phone", phone)
    for name in ("illness", "workplace"):
        if text := getattr(facts, name).strip():
            member.seal(name, text)
    member.save()


def _count_people(file: HardshipFile) -> None:
    file.people = file.members.present().count()
    step(file, "people")


@contextmanager
def _one_live_file(actor: Scope, given: MemberInput, at: str, file: HardshipFile | None = None) -> Iterator[None]:
    """Say in words what the database refuses: the number came into this or another live file in the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        if "hardship_one_live_file_an_id" not in str(refusal):
            raise
        raise FieldErrors({at: whose_file(plain_id(given.id_number), actor, but=file) or TWICE}) from None
