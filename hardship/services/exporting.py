"""What leaves the portal about people: the register of an area for a purpose, and everything kept of one person for that person."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hardship.models import FileLook, FileMember, HardshipFile, ProtectedBook
from hardship.parts import PARTS
from hardship.personal import KEY_GONE, NOT_YOURS, look, may_see_personal
from hardship.services.books import book_make, reason_problem
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.formats import money, zh_day, zh_moment
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable
from unionportal.core.common.sealed_field import SealedField

#: Files a register may hold: it is made while somebody waits.
MOST_FILES = 2000
REGISTER = (
    "档案编号",
    "镇街",
    "状态",
    "类别",
    "主要原因",
    "与户主关系",
    "姓名",
    "身份证号",
    "电话",
    "住址",
    "工作单位",
    "家庭人口",
    "月人均（元）",
    "建档日期",
)


@transaction.atomic
def register_export(
    *, files: QuerySet[HardshipFile], reason: str, actor: Scope, now: datetime | None = None
) -> tuple[ProtectedBook, str]:
    """The households of a filtered list with names and numbers (never cards), one row a person. `files` are narrowed to those the actor works with.

    Raises Forbidden, FieldErrors at `reason` (also where nothing is there, or too much).
    """
    require(actor, "hardship.export")
    mine = HardshipFile.objects.personal_to(actor).values("pk")
    chosen = list(files.filter(pk__in=mine, erased_at__isnull=True).prefetch_related("members")[: MOST_FILES + 1])
    problem = reason_problem(reason)
    if not chosen:
        problem = "这些条件下没有您负责的档案。"
    elif len(chosen) > MOST_FILES:
        problem = f"一次最多导出 {MOST_FILES} 户，请缩小范围。"
    if problem:
        raise FieldErrors({"reason": problem})
    book, password = book_make(
        kind=ProtectedBook.Kind.FILES,
        name="困难职工名册",
        headings=REGISTER,
        rows=_opened(_register_rows(chosen)),
        reason=reason,
        files=chosen,
        actor=actor,
        now=now,
    )
    shown = ["name", "id", "phone", "address"]
    look(chosen, FileLook.Way.EXPORT, actor, shown=shown, reason=reason, now=now)
    return book, password


def _opened(rows: Iterator[Sequence[Any]]) -> list[Sequence[Any]]:
    """The rows, all of them read. Raises Conflict where a key is gone: a register with holes would be taken for whole."""
    try:
        return list(rows)
    except Unreadable:
        raise Conflict(KEY_GONE) from None


def _register_rows(files: Sequence[HardshipFile]) -> Iterator[list[Any]]:
    for file in files:
        for member in file.members.all():
            if member.left_on is not None:
                continue
            yield [
                file.code,
                str(file.township),
                file.get_state_display(),
                file.get_category_display(),
                file.get_main_cause_display(),
                member.get_relation_display(),
                member.opened("name"),
                member.opened("id"),
                member.opened("phone"),
                file.opened("address") if member.is_holder else "",
                file.unit_name if member.is_holder else "",
                file.people,
                file.per_head,
                file.opened_on,
            ]


@transaction.atomic
def subject_export(
    *, code: str, member_id: int, reason: str, actor: Scope, now: datetime | None = None
) -> tuple[ProtectedBook, str]:
    """Everything kept of one person, for that person (PIPL, article 45). Other members of the household are not in it.

    Raises NotFound, Forbidden, FieldErrors at `reason`.
    """
    file = HardshipFile.objects.visible_to(actor).select_related("township").filter(code=code).first()
    if file is None:
        raise NotFound
    require(actor, "hardship.export")
    if not may_see_personal(actor, file):
        raise Forbidden(NOT_YOURS)
    member = file.members.filter(pk=member_id).first()
    if member is None:
        raise NotFound
    book, password = book_make(
        kind=ProtectedBook.Kind.SUBJECT,
        name="本人信息",
        headings=("类别", "项目", "内容"),
        rows=_opened(_all_about(file, member)),
        reason=reason,
        files=[file],
        actor=actor,
        now=now,
    )
    look([file], FileLook.Way.SUBJECT, actor, member=member, shown=["all"], reason=reason, now=now)
    record(actor=actor, action="hardship.subject", object_type="hardship_file", object_id=file.code, member=member.pk)
    return book, password


#: Columns that say nothing of a person: keys, versions, who entered the row.
_NOT_TOLD = frozenset(
    {"id", "uuid", "file", "in_live_file", "is_live", "version", "opened_by", "entered_at", "erased_at"}
)


def _all_about(file: HardshipFile, member: FileMember) -> Iterator[tuple[str, str, str]]:
    yield from (("个人", *pair) for pair in _columns(member))
    if member.is_holder:
        yield from (("家庭", *pair) for pair in _columns(file))
    for line in file.income_lines.filter(member=member):
        yield (
            "收支",
            f"{line.year} 年 {line.get_kind_display()}",
            f"{money(line.amount)} 元，{line.get_source_display()}",
        )
    for paper in file.papers.filter(member=member):
        signed = f"{zh_day(paper.signed_on)}签署" if paper.signed_on else "有扫描件"
        withdrawn = f"，{zh_day(paper.withdrawn_on)}撤回" if paper.withdrawn_on else ""
        yield "材料", paper.get_kind_display(), signed + withdrawn
    for part in PARTS.values():
        told = part.tell(file) if member.is_holder else part.tell_member(member)
        yield from ((part.label, *pair) for pair in told)
    for seen in file.looks.select_related("actor"):
        yield "查看记录", zh_moment(seen.at), f"{seen.actor} {seen.get_way_display()}"
    yield "说明", "保存依据", "个人信息保护法；保存年限见参数，期满删除。"


def _columns(row: HardshipFile | FileMember) -> Iterator[tuple[str, str]]:
    """Every column that is filled, whatever is added to the table later, in words."""
    for column in row._meta.concrete_fields:
        if column.name in _NOT_TOLD or column.name.endswith("_find"):
            continue
        text = (
            row.opened(column.name.removesuffix("_sealed")) if isinstance(column, SealedField) else _words(row, column)
        )
        if text:
            yield str(column.verbose_name).removesuffix("（加密）"), text


def _words(row: HardshipFile | FileMember, column: Any) -> str:
    value = getattr(row, column.name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        labels = dict(column.base_field.choices)
        return "、".join(labels[each] for each in value)
    shown = getattr(row, f"get_{column.name}_display", None)
    return "" if value in (None, "") else str(shown() if shown else value)
