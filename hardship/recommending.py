"""The category the rules point to, with its working line by line. It is a recommendation: a person decides. Source: docs/domain.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from hardship import codes
from unionportal.core.common.formats import money, zh_day
from unionportal.core.params.hardship_definitions import UP_TO
from unionportal.core.params.values import value, word

CENT = Decimal("0.01")
#: Main causes that speak for a sudden hardship (意外致困): illness, disaster, accident.
SUDDEN_CAUSES = frozenset({"6", "7", "8"})
_GROUNDS = dict(codes.DISQUALIFIERS)
_CATEGORIES = dict(codes.CATEGORIES)


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters as they hold on a day."""

    on: date
    line: Decimal
    factor: Decimal
    inclusive: bool

    def within(self, amount: Decimal, limit: Decimal) -> bool:
        return amount <= limit if self.inclusive else amount < limit


@dataclass(frozen=True, slots=True)
class Sums:
    """A year's worksheet added up, by kind."""

    kinds: Mapping[str, Decimal]
    people: int

    @property
    def income(self) -> Decimal:
        return sum((self.kinds.get(kind, Decimal(0)) for kind, _ in codes.INCOME), Decimal(0))

    @property
    def spending(self) -> Decimal:
        return sum((self.kinds.get(kind, Decimal(0)) for kind, _ in codes.SPENDING), Decimal(0))

    @property
    def per_head(self) -> Decimal:
        """Yuan a head and month, to the cent; below zero where rigid spending eats more than comes in."""
        return ((self.income - self.spending) / self.people / 12).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """`category` empty: the rules point to none. `steps`: the working in words; `open_grounds`: what nobody has checked yet."""

    category: str
    steps: tuple[str, ...]
    open_grounds: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return _CATEGORIES.get(self.category, "不建议建档")


def rules_on(day: date) -> Rules:
    """The lines that hold on a day."""
    return Rules(
        day,
        Decimal(value("hardship.line", on=day)),
        (Decimal(value("hardship.relative_percent", on=day)) / 100).quantize(CENT),
        word("hardship.comparison", on=day) == UP_TO,
    )


def add_up(lines: Iterable[tuple[str, Decimal]], people: int) -> Sums:
    """Sums of (kind, amount) lines."""
    kinds: dict[str, Decimal] = {}
    for kind, amount in lines:
        kinds[kind] = kinds.get(kind, Decimal(0)) + amount
    return Sums(kinds, people)


def recommend(sums: Sums, rules: Rules, *, main_cause: str, answers: Mapping[str, str]) -> Recommendation:
    """The category by income line, cause and grounds; `answers` by ground."""
    per_head, relative = sums.per_head, (rules.line * rules.factor).quantize(CENT)
    sign = "≤" if rules.inclusive else "<"
    steps = [
        f"家庭年总收入 {money(sums.income)} 元，年刚性支出 {money(sums.spending)} 元",
        f"（{money(sums.income)} − {money(sums.spending)}）÷ {sums.people} 人 ÷ 12 个月 = 每人每月 {money(per_head)} 元",
        f"{zh_day(rules.on)}的低保标准 {money(rules.line)} 元，相对困难线 {money(rules.line)} × {rules.factor.normalize():f} = {money(relative)} 元",
    ]
    category = ""
    if rules.within(per_head, rules.line):
        category = "deep"
        steps.append(f"{money(per_head)} {sign} {money(rules.line)}，在低保标准以内")
    elif rules.within(per_head, relative):
        category = "relative"
        steps.append(f"{money(per_head)} {sign} {money(relative)}，在相对困难线以内")
    elif main_cause in SUDDEN_CAUSES:
        category = "sudden"
        steps.append(
            f"收入在相对困难线以上，主因是{dict(codes.CAUSES)[main_cause]}；"
            "须核对赔偿、保险和救助之后是否仍有困难，才可认定意外致困"
        )
    else:
        steps.append("收入在相对困难线以上，也不属于突发困难")
    standing = [_GROUNDS[ground] for ground in _GROUNDS if answers.get(ground) == "yes"]
    if standing:
        category = ""
        steps.append(f"有不予建档的情形：{'；'.join(standing)}")
    unanswered = tuple(words for ground, words in _GROUNDS.items() if ground not in answers)
    return Recommendation(category, tuple(steps), unanswered)
