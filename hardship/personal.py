"""Names and numbers of hardship files: who may see them, how they look to everybody else, and the record of every look.

An aid officer works with the personal data of the own area: names are read in clear there, numbers are masked until revealed for a reason. Everybody
else who sees the row (leader, staff, township) reads masks only. Source: docs/domain.md, "Hardship files".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hardship import codes
from hardship.models import FileLook, FileMember, HardshipFile
from hardship.models.files import LINE_LENGTH
from hardship.querysets import units_above, units_below
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.identity import masked_id
from unionportal.core.common.phones import LOST, masked
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.sealed import Unreadable

HIDDEN = "****"
ERASED = "（已删除）"
#: What a reveal may show, in the words of the page. Those of the holder's file are `address` and `card`.
MEMBER_SECRETS = {
    "id": "身份证号",
    "phone": "电话",
    "born": "出生日期",
    "illness": "疾病",
    "workplace": "单位或学校",
}
FILE_SECRETS = {"address": "住址", "card": "银行卡号"}
KEY_GONE = "密钥已更换，无法读取，请联系系统管理员。"
NOT_YOURS = "只有负责这个地区的帮扶专员可以查看个人信息。"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose personal data one person works with, asked once for a whole list."""

    township_ids: frozenset[int]

    def reaches(self, file: HardshipFile) -> bool:
        return file.township_id in self.township_ids


def sight_of(scope: Scope) -> Sight:
    """The townships whose personal data the person works with."""
    if not scope.has(Role.AID):
        return Sight(frozenset())
    return Sight(frozenset(units_below(scope.aid_unit_ids).values_list("pk", flat=True)))


def seen_by(scope: Scope, files: Iterable[HardshipFile], *, way: str = FileLook.Way.NAME) -> Sight:
    """Whose names among these files the reader sees in clear. Every page that shows any asks here: that they were seen is written down, once a
    person, file and day."""
    sight = sight_of(scope)
    look({file.pk: file for file in files if sight.reaches(file)}.values(), way, scope, shown=["name"])
    return sight


def may_see_personal(scope: Scope, file: HardshipFile) -> bool:
    """Whether the person works with this file's personal data. Asks nothing of the database where the file came with its township's parents."""
    return scope.has(Role.AID) and not scope.aid_unit_ids.isdisjoint({file.township_id, *units_above(file.township)})


def masked_name(name: str) -> str:
    """王**: the surname, and one star for each further character, at most two."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 2) if name else ""


def masked_card(number: str) -> str:
    """**** 1234."""
    return f"{HIDDEN} {number[-4:]}" if number else ""


def name_shown(member: FileMember, *, personal: bool) -> str:
    """A member's name as this reader may see it."""
    if not member.name_sealed:
        return ERASED
    try:
        name = member.opened("name")
    except Unreadable:
        return LOST
    return name if personal else masked_name(name)


def whom(member: FileMember | None, *, personal: bool) -> str:
    """For whom something is done: the household, or a member by relation, with the name for those who may read it."""
    if member is None:
        return "全家"
    relation = member.get_relation_display()
    return f"{relation} {name_shown(member, personal=True)}" if personal else relation


_MASKS = {"id": masked_id, "phone": masked, "card": masked_card}


def secret_shown(row: FileMember | HardshipFile, name: str, *, personal: bool) -> str:
    """A sealed column as a page shows it before it is revealed: its ends for whoever works on the file, else only that there is something."""
    if not getattr(row, f"{name}_sealed"):
        return ""
    if not personal or name not in _MASKS:
        return HIDDEN
    try:
        return _MASKS[name](row.opened(name))
    except Unreadable:
        return LOST


@transaction.atomic
def file_reveal(
    *,
    code: str,
    reason: str,
    actor: Scope,
    member_id: int | None = None,
    now: datetime | None = None,
) -> dict[str, str]:
    """Everything sealed of one member, or of the file itself, in clear by name, for a reason that is kept.

    Raises NotFound, Forbidden, FieldErrors at `reason`, Conflict where nothing is there or a key is gone.
    """
    file = HardshipFile.objects.visible_to(actor).filter(code=code).first()
    if file is None:
        raise NotFound
    require(actor, "hardship.reveal")
    if not may_see_personal(actor, file):
        raise Forbidden(NOT_YOURS)
    member = None
    if member_id is not None:
        member = file.members.filter(pk=member_id).first()
        if member is None:
            raise NotFound
    words = reason.strip()
    if not words or len(words) > LINE_LENGTH:
        raise FieldErrors(
            {"reason": "请写明为什么要看，如“核对医保报销材料”。" if not words else f"理由最多 {LINE_LENGTH} 个字。"}
        )
    row: FileMember | HardshipFile = member or file
    names = MEMBER_SECRETS if member is not None else FILE_SECRETS
    try:
        found = {name: text for name in names if (text := row.opened(name))}
    except Unreadable:
        raise Conflict(KEY_GONE) from None
    if not found:
        raise Conflict("没有登记这些信息。")
    look([file], FileLook.Way.REVEAL, actor, member=member, shown=list(found), reason=words, now=now)
    record(
        actor=actor,
        action="hardship.reveal",
        object_type="hardship_file",
        object_id=file.code,
        member=member.pk if member else None,
        shown=list(found),
    )
    return found


def look(
    files: Iterable[HardshipFile],
    way: str,
    actor: Scope,
    *,
    member: FileMember | None = None,
    shown: list[str] | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """Write down that somebody saw personal data of files. Pages and names count once a person, file and day."""
    moment = now or clock.now()
    FileLook.objects.bulk_create(
        [
            FileLook(
                file=file,
                member=member,
                way=way,
                shown=shown or [],
                reason=reason.strip(),
                actor_id=actor.user_id,
                at=moment,
                on=clock.local_date(moment),
            )
            for file in files
        ],
        ignore_conflicts=way in (FileLook.Way.PAGE, FileLook.Way.NAME),
    )


def whose_file(id_number: str, scope: Scope, *, but: HardshipFile | None = None) -> str:
    """Why an ID number cannot be entered again, in words; empty if no other live file has it. Who holds the other file is told only to those who
    work with its personal data."""
    from hardship.models.sealing import found_by

    taken = (
        FileMember.objects.present()
        .filter(found_by("id", id_number, FileMember), in_live_file=True)
        .select_related("file__township")
    )
    if but is not None:
        taken = taken.exclude(file=but)
    found = taken.first()
    if found is None:
        return ""
    if not may_see_personal(scope, found.file):
        return "这个身份证号已在另一份档案中，一户只能建一份档案。请与区总工会帮扶专员联系核对。"
    holder = found.file.members.get(relation=codes.HOLDER)
    # Masked: what is said in a refusal leaves no record that it was seen. The file's own page does.
    name = name_shown(holder, personal=False)
    return f"这个身份证号已在档案 {found.file.code}（{found.file.township}，户主{name}）中，一户只能建一份档案。"
