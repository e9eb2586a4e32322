"""What is given of a household and of its people, and what is wrong with it."""

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from stdnum import luhn

from hardship import codes
from hardship.models import FileMember, HardshipFile
from hardship.models.files import LINE_LENGTH, NAME_LENGTH, UNIT_LENGTH
from unionportal.core.common import clock
from unionportal.core.common.identity import FEMALE, MALE, id_problem, plain_id, read_id
from unionportal.core.common.phones import NOT_A_PHONE, is_phone, plain_phone

CHOOSE = "请从列表中选择。"
MISSING = "请填写这一项。"
NEGATIVE = "金额不能小于 0。"
MONEY_MOST = Decimal("99999999.99")
CARD_LENGTHS = range(12, 20)


@dataclass(frozen=True, slots=True)
class FileInput:
    """Facts of the household. `address` and `card`: empty leaves what is there."""

    main_cause: str = ""
    secondary_causes: list[str] = field(default_factory=list)
    scheme: str = "current"
    unit_name: str = ""
    unit_nature: str = ""
    unit_condition: str = ""
    industry: str = ""
    worked_since: date | None = None
    model_worker: str = "none"
    housing: str = ""
    floor_area: Decimal | None = None
    hukou: str = ""
    hukou_area: str = ""
    self_help: str = ""
    is_single_parent: bool = False
    is_zero_employment: bool = False
    bank_name: str = ""
    address: str = ""
    card: str = ""


@dataclass(frozen=True, slots=True)
class MemberInput:
    """Somebody of the household. `id_number`, `phone`, `illness` and `workplace`: empty leaves what is there."""

    name: str
    relation: str = codes.HOLDER
    id_number: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    ethnicity: str = ""
    political: str = ""
    marriage: str = ""
    health: str = ""
    illness: str = ""
    insurance: str = ""
    work: str = ""
    standing: str = ""
    education: str = ""
    enrolled_year: int | None = None
    schooling_years: int | None = None
    workplace: str = ""
    contract_from: date | None = None
    contract_to: date | None = None
    monthly_income: Decimal = Decimal(0)


#: Given names that are sealed, by the column they go into.
FILE_SEALED = {"address": "address", "card": "card"}
MEMBER_SEALED = {"name": "name", "id_number": "id", "phone": "phone", "illness": "illness", "workplace": "workplace"}


def plain_card(text: str) -> str:
    """Digits only: what people write between them means nothing."""
    return "".join(text.split()).replace("-", "")


def file_problems(given: FileInput) -> dict[str, str]:
    """What is wrong with the facts of a household, by field."""
    problems = _choice_problems(HardshipFile, given)
    causes = dict(codes.CAUSES)
    if given.main_cause not in causes:
        problems["main_cause"] = "请选择一个主要致困原因。"
    if any(cause not in causes for cause in given.secondary_causes):
        problems["secondary_causes"] = CHOOSE
    elif len(set(given.secondary_causes)) > codes.SECONDARY_CAUSES_MOST:
        problems["secondary_causes"] = f"次要致困原因最多选 {codes.SECONDARY_CAUSES_MOST} 个。"
    elif given.main_cause in given.secondary_causes:
        problems["secondary_causes"] = "次要致困原因不能与主要原因相同。"
    if len(given.unit_name.strip()) > UNIT_LENGTH:
        problems["unit_name"] = f"最多 {UNIT_LENGTH} 个字。"
    if given.floor_area is not None and not 0 <= given.floor_area < 100_000:
        problems["floor_area"] = "请填 0 到 99999 之间的面积。"
    if given.hukou_area and not (
        given.hukou_area.isascii() and given.hukou_area.isdigit() and len(given.hukou_area) == 6
    ):
        problems["hukou_area"] = "请填 6 位行政区划代码，如 330602。"
    if given.worked_since and given.worked_since > clock.today():
        problems["worked_since"] = "不能晚于今天。"
    if len(given.address.strip()) > LINE_LENGTH:
        problems["address"] = f"最多 {LINE_LENGTH} 个字。"
    if card := plain_card(given.card):
        if not (card.isascii() and card.isdigit() and len(card) in CARD_LENGTHS):
            problems["card"] = "银行卡号应为 12 到 19 位数字。"
        elif len(card) >= 16 and not luhn.is_valid(card):
            problems["card"] = "银行卡号的校验位不对，请对照卡面核对。"
    return problems


def member_problems(given: MemberInput, *, has_id: bool = False) -> dict[str, str]:
    """What is wrong with the facts of a person, by field. `has_id`: a number is kept already."""
    problems = _choice_problems(FileMember, given)
    if not given.name.strip() or len(given.name.strip()) > NAME_LENGTH:
        problems["name"] = f"请填写姓名，最多 {NAME_LENGTH} 个字。"
    problems |= _identity_problems(given, has_id)
    if (phone := plain_phone(given.phone)) and not is_phone(phone):
        problems["phone"] = NOT_A_PHONE
    for name in ("illness", "workplace"):
        if len(getattr(given, name).strip()) > LINE_LENGTH:
            problems[name] = f"最多 {LINE_LENGTH} 个字。"
    if given.monthly_income < 0:
        problems["monthly_income"] = NEGATIVE
    elif given.monthly_income > MONEY_MOST:
        problems["monthly_income"] = "金额太大，请核对。"
    if given.contract_from and given.contract_to and given.contract_to < given.contract_from:
        problems["contract_to"] = "合同止不能早于合同起。"
    this_year = clock.today().year
    if given.enrolled_year is not None and not this_year - 30 <= given.enrolled_year <= this_year + 1:
        problems["enrolled_year"] = f"请填 {this_year - 30} 到 {this_year + 1} 之间的年份。"
    if given.schooling_years is not None and not 1 <= given.schooling_years <= 12:
        problems["schooling_years"] = "请填 1 到 12 年。"
    return problems


def _identity_problems(given: MemberInput, has_id: bool) -> dict[str, str]:
    """Number, birth date and sex must agree; only a small child may be without a number."""
    if not plain_id(given.id_number):
        if has_id:
            return {}
        if given.relation == codes.HOLDER:
            return {"id_number": "请填写户主的身份证号。"}
        return {} if given.born_on else {"born_on": "没有身份证号的，请填写出生日期。"}
    if problem := id_problem(given.id_number):
        return {"id_number": problem}
    identity = read_id(given.id_number)
    problems = {}
    if given.born_on and given.born_on != identity.born_on:
        problems["born_on"] = "与身份证号里的出生日期不一致。"
    if given.sex in (MALE, FEMALE) and given.sex != identity.sex:
        problems["sex"] = "与身份证号里的性别不一致。"
    return problems


def _choice_problems(model: type[Model], given: FileInput | MemberInput) -> dict[str, str]:
    """Values that are none of a column's choices; empty ones are for others to judge."""
    problems = {}
    columns: dict[str, Any] = {column.name: column for column in model._meta.concrete_fields}
    for name in (each.name for each in fields(given)):
        column, value = columns.get(name), getattr(given, name)
        if column is not None and column.choices and value and value not in dict(column.flatchoices):
            problems[name] = CHOOSE
    return problems
