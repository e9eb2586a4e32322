"""The departments' sheets as data: what each tells of a person, and how a cell of it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from unionportal.core.common.exchange import cells
from unionportal.core.common.formats import money as money_words

Value = Decimal | str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a sheet tells. A number (`unit` says of what) can be compared; a word is one of `words`."""

    name: str
    label: str
    unit: str = ""
    words: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return not self.words

    def read(self, cell: Any) -> Value:
        """The value of a filled cell, or BadCell."""
        if self.words:
            return str(cells.one_of((word, word) for word in self.words)(cell))
        if self.unit == "元":
            return cells.money(cell)
        return Decimal(cells.whole(0, 999)(cell))

    def shown(self, value: Value) -> str:
        """The value in words: 32,000.00 元, 14 个月, 一级."""
        if isinstance(value, str):
            return value
        return f"{money_words(value)} 元" if self.unit == "元" else f"{value.normalize():f} {self.unit}"


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of sheet. A roster tells who is a worker of the district and raises nothing by itself. `is_standing`: whoever is missing from the
    next sheet of the same provider is no longer so; else a sheet tells of a period."""

    code: str
    label: str
    facts: tuple[Fact, ...] = ()
    is_roster: bool = False
    is_standing: bool = False

    def fact(self, name: str) -> Fact | None:
        return next((fact for fact in self.facts if fact.name == name), None)


#: What every sheet may tell of who somebody is: field, label, headings departments use for it.
PERSON_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": ("姓名", ("姓名", "职工姓名", "参保人姓名", "人员姓名", "家长姓名")),
    "id_number": ("身份证号", ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证")),
    "employer": ("工作单位", ("工作单位", "单位名称", "单位", "用人单位", "参保单位")),
    "township": ("镇街", ("镇街", "镇街道", "所属镇街", "街道", "乡镇")),
    "phone": ("电话", ("电话", "联系电话", "手机", "手机号", "手机号码")),
}

_ALL = (
    Source("roster", "职工名册", is_roster=True),
    Source(
        "medical",
        "大额医疗支出",
        (
            Fact("self_paid", "个人自负金额", "元", headings=("个人自负金额", "个人自付", "自负金额", "个人负担")),
            Fact("total", "医疗总费用", "元", headings=("医疗总费用", "总费用", "费用总额")),
        ),
    ),
    Source(
        "minimum",
        "低保",
        (
            Fact("kind", "救助类别", words=("低保", "低保边缘", "特困"), headings=("救助类别", "类别", "对象类别")),
            Fact("allowance", "每月救助金额", "元", headings=("每月救助金额", "月救助金额", "保障金额")),
        ),
        is_standing=True,
    ),
    Source(
        "disabled",
        "残联",
        (
            Fact(
                "level",
                "残疾等级",
                words=("一级", "二级", "三级", "四级"),
                headings=("残疾等级", "等级"),
            ),
        ),
        is_standing=True,
    ),
    Source(
        "school",
        "学籍",
        (
            Fact(
                "stage",
                "就读阶段",
                words=("学前", "小学", "初中", "高中", "中职", "大专", "本科", "研究生"),
                headings=("就读阶段", "学段", "学历层次"),
            ),
            Fact("fees", "一年学费", "元", headings=("一年学费", "学费", "年学费")),
        ),
        is_standing=True,
    ),
    Source(
        "unemployed",
        "失业",
        (Fact("months", "失业月数", "个月", headings=("失业月数", "失业时长", "领取月数")),),
        is_standing=True,
    ),
)

SOURCES: dict[str, Source] = {source.code: source for source in _ALL}
SOURCE_CHOICES = tuple((source.code, source.label) for source in _ALL)
#: Those whose facts a rule may ask for.
TELLING_CHOICES = tuple((source.code, source.label) for source in _ALL if not source.is_roster)


def fields_of(source: Source) -> dict[str, str]:
    """Everything that can be mapped to a column of the source's sheets: field -> label."""
    return {name: label for name, (label, _) in PERSON_FIELDS.items()} | {f.name: f.label for f in source.facts}


def known_headings(source: Source) -> dict[str, tuple[str, ...]]:
    """The headings under which each field is looked for where nobody has mapped it yet."""
    return {name: headings for name, (_, headings) in PERSON_FIELDS.items()} | {
        fact.name: (fact.label, *fact.headings) for fact in source.facts
    }
