"""Parameters for their pages: the value in force, what is to come, what was."""

from dataclasses import dataclass
from datetime import date

from unionportal.core.common import clock
from unionportal.core.params.definitions import DEFINITIONS
from unionportal.core.params.kinds import Definition, Value
from unionportal.core.params.models import Parameter


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a parameter with its days. `row` is None for the default. `state`: ahead, current, past."""

    value: Value
    start_on: date | None
    end_before: date | None
    state: str
    row: Parameter | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A parameter as its pages show it, newest value first."""

    definition: Definition
    lines: tuple[Line, ...]

    @property
    def current(self) -> Line:
        return next(line for line in self.lines if line.state == "current")

    @property
    def coming(self) -> Line | None:
        """The next value that will hold, if one is set."""
        return next((line for line in reversed(self.lines) if line.state == "ahead"), None)


def all_parameters() -> list[Shown]:
    """Every parameter in one query, in the order they are defined."""
    rows: dict[str, list[Parameter]] = {key: [] for key in DEFINITIONS}
    for row in Parameter.objects.select_related("set_by").order_by("effective_on"):
        if row.key in rows:
            rows[row.key].append(row)
    return [shown(definition, rows[key]) for key, definition in DEFINITIONS.items()]


def one_parameter(definition: Definition) -> Shown:
    rows = Parameter.objects.filter(key=definition.key).select_related("set_by").order_by("effective_on")
    return shown(definition, list(rows))


def shown(definition: Definition, rows: list[Parameter]) -> Shown:
    """Lines newest first; `rows` oldest first."""
    today = clock.today()
    steps: list[tuple[Value, date | None, Parameter | None]] = [(definition.default, None, None)]
    steps += [(definition.kind.read(row.value), row.effective_on, row) for row in rows]
    in_force = max(i for i, (_, start, _) in enumerate(steps) if start is None or start <= today)
    lines = [
        Line(
            value=value,
            start_on=start,
            end_before=steps[i + 1][1] if i + 1 < len(steps) else None,
            state="ahead" if i > in_force else "current" if i == in_force else "past",
            row=row,
        )
        for i, (value, start, row) in enumerate(steps)
    ]
    return Shown(definition, tuple(reversed(lines)))
