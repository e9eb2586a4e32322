"""Enterprises from a workbook: a new credit code is registered, a known one gets the columns that are filled in."""

from collections.abc import Sequence
from datetime import datetime

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import BadCell, Column, ImportKind, Outcome, Row, Write
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.credit_code import credit_code_problem
from unionportal.core.orgs.forms import INDUSTRIES
from unionportal.core.orgs.models import Enterprise
from unionportal.core.orgs.selectors import townships
from unionportal.core.orgs.services import enterprise_create, enterprise_update

MOST_PEOPLE = 1_000_000


def township_reader() -> cells.Read:
    """A township by code, name, or short name."""
    names = [(name, unit) for unit in townships().active() for name in (unit.code, unit.name, unit.short_name)]
    return cells.known(names, missing="没有“{}”这个镇街，请填名称（如“稽山街道”）或 9 位代码。")


def township_names() -> tuple[str, ...]:
    """For a drop-down."""
    return tuple(townships().active().values_list("short_name", flat=True))


def columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of the workbook, with the townships of today."""
    states = Enterprise.UnionState.choices
    people = cells.whole(0, MOST_PEOPLE)
    yes_no = ("是", "否")
    return (
        Column(
            "credit_code",
            "统一社会信用代码",
            _credit_code,
            required=True,
            note="18 位，含校验位；已在台账的按填写的列更新，空着的列不变。",
            example="91330602MA00000018",
            width=24,
        ),
        Column("name", "企业名称", _text("name"), note="新企业必填。", example="光典芯元微电子有限公司", width=30),
        Column(
            "township",
            "镇街",
            township_reader(),
            note="新企业必填，填名称或代码。",
            example="稽山街道",
            choices=township_names(),
        ),
        Column("is_key", "重点企业", cells.yes_no, note="不填按“否”。", example="是", choices=yes_no),
        Column(
            "industry",
            "行业门类",
            cells.one_of(INDUSTRIES),
            note="GB/T 4754 的门类名称或字母。",
            example="制造业",
            choices=tuple(label for _, label in INDUSTRIES),
        ),
        Column("address", "地址", _text("address"), width=30),
        Column("contact_name", "联系人", _text("contact_name")),
        Column("contact_phone", "联系电话", _text("contact_phone")),
        Column("employees", "职工人数", people, example="320"),
        Column(
            "union_state",
            "建会情况",
            cells.one_of(states),
            note="不填按“未建会”。",
            example="单独建会",
            choices=tuple(label for _, label in states),
        ),
        Column("union_members", "会员人数", people, note="不多于职工人数。", example="300"),
        Column("union_term_ends_on", "本届届满日期", cells.day, example="2027-06-30"),
        Column("yearly_dues", "年缴工会经费（元）", cells.money, example="12000.00"),
        Column("is_active", "在营", cells.yes_no, note="不填按“是”。", example="是", choices=yes_no),
    )


def _text(name: str) -> cells.Read:
    return cells.text(getattr(Enterprise._meta.get_field(name), "max_length", None) or 0)


def _credit_code(value: object) -> str:
    code = cells.text(30)(value).upper()
    if problem := credit_code_problem(code):
        raise BadCell(problem)
    return code


def writer(scope: Scope, rows: Sequence[Row], now: datetime) -> Write:
    """Registers or changes one enterprise; what is there already as the row says is left alone."""
    found = Enterprise.objects.select_related("township").defer("search_tokens")
    known = {each.credit_code: each for each in found.filter(credit_code__in=[r.values["credit_code"] for r in rows])}

    def write(row: Row) -> Outcome:
        given = {name: value for name, value in row.values.items() if value is not None}
        code = given.pop("credit_code")
        enterprise = known.get(code)
        if enterprise is None:
            _require_new(given)
            enterprise_create(credit_code=code, actor=scope, **given)
            return Outcome.CREATED
        if all(getattr(enterprise, name) == value for name, value in given.items()):
            return Outcome.SAME
        whole = {name: getattr(enterprise, name) for name in ("employees", "union_members", "union_state")}
        enterprise_update(enterprise=enterprise, version=enterprise.version, actor=scope, **{**whole, **given})
        return Outcome.CHANGED

    return write


def _require_new(given: dict[str, object]) -> None:
    missing = {"name": "这是新企业，请填写企业名称。", "township": "这是新企业，请填写镇街。"}
    problems = {name: words for name, words in missing.items() if name not in given}
    if problems:
        raise FieldErrors(problems)


IMPORT = ImportKind(
    code="enterprises",
    label="企业台账",
    action="enterprise.manage",
    columns=columns,
    writer=writer,
    key=("credit_code",),
    notes=("每行一家企业。台账里没有的新增；已有的按填写的列更新，空着的列不变。",),
)
