"""What a parameter is on a day."""

from collections import defaultdict
from datetime import date
from typing import cast

from unionportal.core.common import clock
from unionportal.core.common.kept import Kept
from unionportal.core.params.definitions import DEFINITIONS
from unionportal.core.params.kinds import Number, Value

History = dict[str, list[tuple[date, Value]]]


def _load() -> History:
    from unionportal.core.params.models import Parameter

    found: History = defaultdict(list)
    for key, effective_on, stored in Parameter.objects.order_by("effective_on").values_list(
        "key", "effective_on", "value"
    ):
        if key in DEFINITIONS:
            found[key].append((effective_on, DEFINITIONS[key].kind.read(stored)))
    return dict(found)


kept_values: Kept[History] = Kept(_load)


def value(key: str, *, on: date | None = None) -> Number:
    """The parameter's value on a day (default: today). int, or Decimal for percentages; `word` for those in words. KeyError for a key nobody defined."""
    return cast(Number, _in_force(key, on))


def word(key: str, *, on: date | None = None) -> str:
    """As `value`, of a parameter that is one of a few words."""
    return str(_in_force(key, on))


def _in_force(key: str, on: date | None) -> Value:
    definition = DEFINITIONS[key]
    day = on or clock.today()
    present: Value = definition.default
    for effective_on, entered in kept_values.get().get(key, ()):
        if effective_on > day:
            break
        present = entered
    return present
