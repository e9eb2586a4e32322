"""Hardship households from a workbook, one row a person: the holder's row opens the file, the others join it. The kind is `personal`: see `core.jobs`."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hardship import codes
from hardship.models import FileMember, HardshipFile
from hardship.models.files import LINE_LENGTH, NAME_LENGTH, UNIT_LENGTH
from hardship.models.sealing import found_by
from hardship.personal import sight_of
from hardship.services import FileInput, MemberInput, file_open, member_save
from hardship.services.inputs import member_problems
from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell, Column, ImportKind, Outcome, Row, Write
from unionportal.core.common.identity import id_problem, plain_id
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.importing import township_names, township_reader

ELSEWHERE = "这个身份证号已在另一份档案中，一户只能建一份档案。"
#: Fields of the holder's row alone.
_OF_FILE = {each.name for each in fields(FileInput)}
_OF_MEMBER = {each.name for each in fields(MemberInput)}


def columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of the workbook. A command names the officer it acts for."""
    return (*_officer(scope), *_of_persons(), *_of_households())


def _officer(scope: Scope) -> tuple[Column, ...]:
    if "system" not in scope.roles:
        return ()
    officers = User.objects.filter(grants__role=Role.AID).distinct()
    names = [(name, user) for user in officers for name in (user.username, user.display_name)]
    read = cells.known(names, missing="没有叫“{}”的帮扶专员。", ambiguous="有几位帮扶专员叫“{}”，请填用户名。")
    return (Column("officer", "建档人", read, required=True, note="帮扶专员的用户名或姓名。"),)


def _of_persons() -> tuple[Column, ...]:
    text = cells.text
    return (
        Column("holder_id", "户主身份证号", _id_number, required=True, note="同一户各行相同。", width=24),
        _pick("relation", "与户主关系", codes.RELATIONS, required=True, note="户主的一行放在最前。"),
        Column("name", "姓名", text(NAME_LENGTH), required=True),
        Column("id_number", "身份证号", _id_number, note="18 位；户主必填。", width=24),
        Column("born_on", "出生日期", cells.day, note="没有身份证号的必填。"),
        Column("phone", "电话", text(30)),
        _pick("marriage", "婚姻状况", codes.MARRIAGES),
        _pick("health", "健康状况", codes.HEALTH),
        Column("illness", "疾病", text(LINE_LENGTH)),
        _pick("insurance", "医保状况", codes.INSURANCE),
        _pick("work", "工作状态", codes.WORK),
        _pick("standing", "身份", codes.STANDINGS),
        _pick("education", "学历", codes.EDUCATION),
        Column("workplace", "单位或学校", text(LINE_LENGTH)),
        Column("monthly_income", "月均收入（元）", _income),
    )


def _of_households() -> tuple[Column, ...]:
    return (
        Column("township", "镇街", township_reader(), note="户主必填，填名称或代码。", choices=township_names()),
        Column("opened_on", "建档日期", cells.day, note="不填按导入当天。"),
        _pick("scheme", "建档标准", codes.SCHEMES, note="不填按“现行三类”。"),
        _pick("main_cause", "主要致困原因", codes.CAUSES, note="户主必填。"),
        Column("unit_name", "工作单位", cells.text(UNIT_LENGTH)),
        _pick("unit_nature", "单位性质", codes.UNIT_NATURES),
        _pick("housing", "住房类型", codes.HOUSING),
        Column("address", "住址", cells.text(LINE_LENGTH), width=30),
        Column("bank_name", "开户行", cells.text(60)),
        Column("card", "银行卡号", cells.text(30), width=24),
    )


def _pick(name: str, heading: str, options: codes.Codes, **more: Any) -> Column:
    return Column(name, heading, cells.one_of(options), choices=tuple(label for _, label in options), **more)


def _id_number(value: Any) -> str:
    number = plain_id(cells.text(30)(value))
    if problem := id_problem(number):
        raise BadCell(problem)
    return number


def _income(value: Any) -> Decimal:
    if cells.plain_text(value).startswith("-"):
        raise BadCell("金额不能小于 0。")
    return cells.money(value)


def writer(scope: Scope, rows: Sequence[Row], now: datetime) -> Write:
    """Opens a household at its holder's row and adds the others to it; who is there already is left alone."""
    opened_at = {r.values["holder_id"]: r.number for r in rows if r.values["relation"] == codes.HOLDER}

    def write(row: Row) -> Outcome:
        given = {name: value for name, value in row.values.items() if value is not None}
        actor = build_scope(given["officer"]) if "officer" in given else scope
        number = given["holder_id"]
        is_holder = given["relation"] == codes.HOLDER
        if is_holder and given.get("id_number") != number:
            raise FieldErrors({"id_number": "户主的身份证号应与“户主身份证号”相同。"})
        file = _live_file(number, actor)
        if is_holder:
            if file is not None:
                return Outcome.SAME
            _open(given, actor, now)
            return Outcome.CREATED
        if file is None:
            if opened_at.get(number, row.number) >= row.number:
                raise FieldErrors({"holder_id": "没有这个户主的档案；户主的一行应放在家庭成员之前。"})
            return _check_only(given)  # a check undoes each row, so the household of an earlier row is not there yet
        if "id_number" in given and file.members.present().filter(_by_id(given["id_number"])).exists():
            return Outcome.SAME
        _require_free(given.get("id_number"))
        member_save(code=file.code, version=file.version, uuid=uuid4(), facts=_member(given), actor=actor)
        return Outcome.CREATED

    return write


def _by_id(number: str) -> Any:
    return found_by("id", number, FileMember)


def _live_file(holder_id: str, actor: Scope) -> HardshipFile | None:
    """The household of that holder, if the actor works with it. FieldErrors where the number is in somebody else's file."""
    found = FileMember.objects.present().filter(_by_id(holder_id), in_live_file=True).select_related("file").first()
    if found is None:
        return None
    if not found.is_holder or not sight_of(actor).reaches(found.file):
        raise FieldErrors({"holder_id": ELSEWHERE})
    return found.file


def _require_free(number: str | None) -> None:
    """Without saying whose file it is: what is wrong with an import is kept with the job."""
    if number and FileMember.objects.present().filter(_by_id(number), in_live_file=True).exists():
        raise FieldErrors({"id_number": ELSEWHERE})


def _open(given: dict[str, Any], actor: Scope, now: datetime) -> None:
    missing = {name: "户主的一行必填。" for name in ("township", "main_cause") if name not in given}
    if missing:
        raise FieldErrors(missing)
    try:
        file_open(
            uuid=uuid4(),
            township=given["township"],
            opened_on=given.get("opened_on"),
            facts=FileInput(**{name: value for name, value in given.items() if name in _OF_FILE}),
            holder=_member(given),
            actor=actor,
            now=now,
        )
    except FieldErrors as error:
        raise FieldErrors({name.removeprefix("holder_"): words for name, words in error.fields.items()}) from None


def _check_only(given: dict[str, Any]) -> Outcome:
    _require_free(given.get("id_number"))
    if problems := member_problems(_member(given)):
        raise FieldErrors(problems)
    return Outcome.CREATED


def _member(given: dict[str, Any]) -> MemberInput:
    return MemberInput(**{name: value for name, value in given.items() if name in _OF_MEMBER})


IMPORT = ImportKind(
    code="hardship",
    label="困难职工档案",
    action="hardship.import",
    columns=columns,
    writer=writer,
    notes=(
        "每行一个人，同一户的“户主身份证号”相同，户主的一行放在家庭成员之前。",
        "已在档的人不会改动。新建的档案是起草状态，收支明细和材料在档案页面补充。",
        "上传的文件加密保存，写入后立即删除，最多保存一天；检查结果不显示填的内容。",
    ),
    most_rows=1000,
    personal=True,
)
