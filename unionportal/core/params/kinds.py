"""What a parameter may be: whole numbers, shares, words; and how one is described."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from unionportal.core.common.errors import FieldErrors

Number = int | Decimal
Value = Number | str


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within limits (inclusive)."""

    least: int
    most: int

    @property
    def hint(self) -> str:
        return f"{self.least} 到 {self.most} 之间的整数"

    def read(self, raw: Any) -> int:
        text = str(raw).strip()
        if not text.isascii() or not text.lstrip("-").isdigit() or not self.least <= int(text) <= self.most:
            raise ValueError(self.hint)
        return int(text)

    def store(self, value: Value) -> Any:
        return int(value)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share in per cent with two decimals, 0 to 100."""

    hint: str = "0 到 100 之间的数，最多两位小数"

    def read(self, raw: Any) -> Decimal:
        try:
            number = Decimal(str(raw).strip().removesuffix("%"))
        except InvalidOperation:
            raise ValueError(self.hint) from None
        if not number.is_finite() or not 0 <= number <= 100 or number != round(number, 2):
            raise ValueError(self.hint)
        return number.quantize(Decimal("0.01"))

    def store(self, value: Value) -> Any:
        return str(value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words, as they stand on screen."""

    words: tuple[str, ...]

    @property
    def hint(self) -> str:
        return f"{'、'.join(self.words)}中的一个"

    def read(self, raw: Any) -> str:
        text = str(raw).strip()
        if text not in self.words:
            raise ValueError(self.hint)
        return text

    def store(self, value: Value) -> Any:
        return value


@dataclass(frozen=True, slots=True)
class Definition:
    """One parameter. `source` says in words where the default comes from."""

    key: str
    name: str
    group: str
    kind: Whole | Percentage | OneOf
    default: Value
    unit: str
    help: str
    source: str

    def read(self, raw: Any) -> Value:
        """The value behind what was typed or stored; raises FieldErrors at `value`."""
        try:
            return self.kind.read(raw)
        except ValueError as error:
            raise FieldErrors({"value": f"请填写{error}。"}) from None


#: How a period is counted, as it stands on screen.
WORKDAYS, CALENDAR_DAYS = "工作日", "自然日"
DAYS = (WORKDAYS, CALENDAR_DAYS)

PROMISE = "参照12345热线一类的办理时限"
OWN = "本系统的约定，各区可以不同"
