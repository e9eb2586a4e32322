"""Bringing a sheet in: every cell read, every row written by the app's own service, everything wrong told at its cell.

The caller holds the transaction: what is wrong is found in one pass, and the caller rolls back all or keeps all.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Model

from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.exchange.cells import plain_text
from unionportal.core.common.exchange.kinds import BadCell, Column, ImportKind, Outcome, Row
from unionportal.core.common.scope import Scope
from unionportal.core.jobs.sheets import Sheet
from unionportal.core.notify.services import silence

#: Row uuids are made in this space, so that the same row of the same kind is the same object whoever sends it.
SPACE = UUID("6f1d1b0e-3c7a-5e7e-9a55-2f4a1c0f7d21")
#: The column our own marked-up copies add; it may come back with them.
MARKS = "问题（系统标注）"
VALUE_LENGTH = 60
Beat = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where: the spreadsheet's row, the heading ("" for the row as a whole), what stands there."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Result:
    """What came of a sheet. `counts`: outcome -> rows."""

    total: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((each.value for each in Outcome), 0))
    problems: list[Problem] = field(default_factory=list)

    def problems_as_json(self, most: int) -> list[dict[str, Any]]:
        return [asdict(problem) for problem in self.problems[:most]]


def bring_in(
    kind: ImportKind,
    sheet: Sheet,
    *,
    actor: Scope,
    dry_run: bool,
    beat: Beat = lambda done, total: None,
    now: datetime | None = None,
) -> Result:
    """Write every row in the caller's transaction; with `dry_run` each is undone at once, so that its locks keep nobody waiting.

    Nobody is notified. Raises FieldErrors at `file` for headings that do not fit; what is wrong with rows is in the result.
    """
    columns = kind.columns(actor)
    result = Result(total=len(sheet.rows))
    rows = _read_rows(kind, _by_position(kind, columns, sheet.headings), sheet, result)
    with silence():
        write = kind.writer(actor, rows, now or clock.now())
        for done, row in enumerate(rows, start=1):
            try:
                with transaction.atomic():
                    outcome = write(row)
                    if dry_run:
                        transaction.set_rollback(True)
                result.counts[outcome] += 1
            except DomainError as error:
                result.problems.extend(_refused(error, row, columns))
            beat(done + result.total - len(rows), result.total)
    order = {column.heading: place for place, column in enumerate(columns)}
    result.problems.sort(key=lambda problem: (problem.row, order.get(problem.column, -1)))
    if kind.personal:
        result.problems = [replace(problem, value="") for problem in result.problems]
    return result


def _by_position(kind: ImportKind, columns: Sequence[Column], headings: Sequence[str]) -> dict[int, Column]:
    """Position in the sheet -> column. FieldErrors for headings that are missing, unknown, or there twice."""
    known = {column.heading: column for column in columns}
    found = {place: known[heading] for place, heading in enumerate(headings) if heading in known}
    there = [column.heading for column in found.values()]
    missing = [column.heading for column in columns if column.required and column.heading not in there]
    unknown = [heading for heading in headings if heading and heading not in known and heading != MARKS]
    twice = sorted({heading for heading in there if there.count(heading) > 1})
    told = []
    if missing:
        told.append(f"缺少标题：{'、'.join(missing)}。")
    if unknown:
        told.append(f"不认识的标题：{'、'.join(f'“{each[:20]}”' for each in unknown[:10])}。")
    if twice:
        told.append(f"重复的标题：{'、'.join(twice)}。")
    if told:
        raise FieldErrors({"file": f"{''.join(told)}标题在第一行，请用“{kind.label}”的模板填写。"})
    return found


def _read_rows(kind: ImportKind, places: dict[int, Column], sheet: Sheet, result: Result) -> list[Row]:
    """The rows all of whose cells could be read; what could not, and rows that are there twice, go to the result."""
    rows: list[Row] = []
    seen: dict[UUID, int] = {}
    for number, cells in sheet.rows:
        values: dict[str, Any] = {}
        wrong = list(_read_cells(number, cells, places, values))
        if not wrong:
            row = Row(number, values, _row_uuid(kind, values))
            first = seen.setdefault(row.uuid, number)
            if first == number:
                rows.append(row)
                continue
            wrong = [_repeated(kind, row, first, places)]
        result.problems.extend(wrong)
    return rows


def _read_cells(
    number: int, cells: Sequence[Any], places: dict[int, Column], values: dict[str, Any]
) -> Iterator[Problem]:
    for place, column in places.items():
        cell = cells[place] if place < len(cells) else None
        shown = plain_text(cell)
        if not shown:
            values[column.name] = None
            if column.required:
                yield Problem(number, column.heading, "", f"请填写{column.heading}。")
            continue
        try:
            values[column.name] = column.read(cell)
        except BadCell as bad:
            yield Problem(number, column.heading, shown[:VALUE_LENGTH], str(bad))


def _row_uuid(kind: ImportKind, values: dict[str, Any]) -> UUID:
    names = kind.key or sorted(name for name, value in values.items() if value is not None)
    content = [(name, _plain(values.get(name))) for name in names]
    return uuid5(SPACE, f"{kind.code} {json.dumps(content, ensure_ascii=False, default=str)}")


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _repeated(kind: ImportKind, row: Row, first: int, places: dict[int, Column]) -> Problem:
    if not kind.key:
        return Problem(row.number, "", "", f"与第 {first} 行完全相同，请删去一行，或写明不同之处。")
    heading = next(column.heading for column in places.values() if column.name == kind.key[0])
    return Problem(row.number, heading, plain_text(row.values[kind.key[0]]), f"与第 {first} 行重复。")


def _refused(error: DomainError, row: Row, columns: Sequence[Column]) -> list[Problem]:
    """A service's refusal at the cells it names."""
    known = {column.name: column for column in columns}
    if not error.fields:
        return [Problem(row.number, "", "", error.detail)]
    found = []
    for name, reason in error.fields.items():
        column = known.get(name)
        value = _shown(row.values.get(name)) if column else ""
        found.append(Problem(row.number, column.heading if column else "", value, reason))
    return found


def _shown(value: Any) -> str:
    return plain_text(str(value) if isinstance(value, Model) else value)[:VALUE_LENGTH]
