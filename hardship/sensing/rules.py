"""When a person's facts make a lead: rules as data and their evaluation, which knows no database and no clock.

A rule asks one fact of one source, and gives its cause a weight. The weights of a cause add up; from the threshold on there is a finding, with the
words of every rule that spoke. That is a reason to look, never a decision (个人信息保护法 24).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from hardship.sensing.sources import SOURCES, Value


class Comparison(StrEnum):
    """What is asked of a fact."""

    LISTED = "listed"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    IS = "is"

    @property
    def label(self) -> str:
        return {"listed": "在名单中", "at_least": "达到", "at_most": "不超过", "is": "为"}[self.value]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in force from `start_on` to the day before `end_before`. `fact` is empty for the mere presence on a list."""

    pk: int
    source: str
    comparison: str
    weight: int
    cause: str
    fact: str = ""
    value: str = ""
    start_on: date = date.min
    end_before: date | None = None

    def in_force(self, day: date) -> bool:
        return self.start_on <= day and (self.end_before is None or day < self.end_before)

    def words(self) -> str:
        """The rule as a sentence: 个人自负金额达到 20,000.00 元."""
        fact = SOURCES[self.source].fact(self.fact)
        if fact is None:
            return f"在“{SOURCES[self.source].label}”名单中"
        if not fact.is_number:
            return f"{fact.label}为{self.value}"
        return f"{fact.label}{Comparison(self.comparison).label} {fact.shown(Decimal(self.value))}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A person in one sheet. `origin` says in words which one; `weak`: known only by name and employer."""

    source: str
    facts: Mapping[str, Value]
    origin: str = ""
    weak: bool = False
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule spoke, in words a person can check against the sheet."""

    rule: Rule
    words: str
    weak: bool
    value: str = ""
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say of one person and one cause. `weak`: without the rows that merely bear the same name it would not be there."""

    cause: str
    score: int
    weak: bool
    reasons: tuple[Reason, ...] = field(default_factory=tuple)

    @property
    def basis(self) -> str:
        """What was found by which rules, whenever it was told: the same basis again is no news."""
        return "|".join(sorted(f"{reason.rule.pk}={reason.value}" for reason in self.reasons))


def evaluate(rules: Iterable[Rule], seen: Sequence[Seen], *, on: date, threshold: int) -> list[Finding]:
    """The findings about one person on a day, by cause. The order of rules and rows makes no difference, and a rule counts once however many rows."""
    spoke: dict[str, list[Reason]] = {}
    for rule in sorted(rules, key=lambda rule: (-rule.weight, rule.pk)):
        if rule.in_force(on) and (reason := _reason(rule, seen)):
            spoke.setdefault(rule.cause, []).append(reason)
    found = []
    for cause, reasons in sorted(spoke.items(), key=lambda pair: int(pair[0])):
        score = sum(reason.rule.weight for reason in reasons)
        certain = sum(reason.rule.weight for reason in reasons if not reason.weak)
        if score >= threshold:
            found.append(Finding(cause, score, certain < threshold, tuple(reasons)))
    return found


def _reason(rule: Rule, seen: Sequence[Seen]) -> Reason | None:
    """The rule's reason from the row that says most: an identified one before one of the same name, then the higher (lower) number."""
    fits = [row for row in seen if row.source == rule.source and _holds(rule, row)]
    if not fits:
        return None
    row = min(fits, key=lambda row: (row.weak, _rank(rule, row), row.origin))
    return Reason(rule, _words(rule, row), row.weak, str(row.facts.get(rule.fact, "")), row.batch)


def _holds(rule: Rule, row: Seen) -> bool:
    if rule.comparison == Comparison.LISTED:
        return True
    value = row.facts.get(rule.fact)
    if value is None:
        return False
    if rule.comparison == Comparison.IS:
        return value == rule.value
    if not isinstance(value, Decimal):
        return False
    return value >= Decimal(rule.value) if rule.comparison == Comparison.AT_LEAST else value <= Decimal(rule.value)


def _rank(rule: Rule, row: Seen) -> Decimal:
    value = row.facts.get(rule.fact)
    if not isinstance(value, Decimal):
        return Decimal(0)
    return -value if rule.comparison == Comparison.AT_LEAST else value


def _words(rule: Rule, row: Seen) -> str:
    origin = row.origin or SOURCES[rule.source].label
    matched = "（只按姓名和单位对上，须先核对是不是本人）" if row.weak else ""
    fact, value = SOURCES[rule.source].fact(rule.fact), row.facts.get(rule.fact)
    if rule.comparison == Comparison.LISTED or fact is None or value is None:
        return f"{origin}：在名单中{matched}。"
    if rule.comparison == Comparison.IS:
        return f"{origin}：{fact.label}为{fact.shown(value)}{matched}。"
    limit = fact.shown(Decimal(rule.value))
    return f"{origin}：{fact.label} {fact.shown(value)}，{Comparison(rule.comparison).label} {limit}{matched}。"
