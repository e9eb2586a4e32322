"""What a kind of export or import is, and which there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope

#: Rows read from the database at a time: memory stays the same however many there are.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows a person asked for. `conditions`: the filters in words (label, value), for the page; `names`: their codes, for the trail."""

    rows: QuerySet
    conditions: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportKind:
    """A list that can be taken out. `select(params, scope)` raises FieldErrors for a filter nobody can read; `cells(rows)` reads in chunks."""

    code: str
    label: str
    action: str
    headings: tuple[str, ...]
    select: Callable[[Mapping[str, str], Scope], Selection]
    cells: Callable[[QuerySet], Iterator[Sequence[Any]]]


class BadCell(Exception):
    """A cell that cannot be taken; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook to be brought in. `name` is what the service calls the field, so that its refusals find their cell.

    `read` turns a filled cell into the service's value or raises BadCell; an empty cell is None. `choices` become a drop-down.
    """

    name: str
    heading: str
    read: Callable[[Any], Any]
    required: bool = False
    note: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()
    width: int = 16


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read. `number` as the spreadsheet counts; `uuid` is made from the content, so the same row is the same object again."""

    number: int
    values: Mapping[str, Any]
    uuid: UUID


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"

    @property
    def label(self) -> str:
        return {"created": "新增", "changed": "更新", "same": "已有，不变"}[self.value]


#: Writes one row by the app's own service; raises its DomainErrors.
Write = Callable[[Row], Outcome]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """A workbook that can be brought in. `writer(scope, rows, now)` looks up once what all rows need and returns what writes one."""

    code: str
    label: str
    action: str
    columns: Callable[[Scope], Sequence[Column]]
    writer: Callable[[Scope, Sequence[Row], datetime], Write]
    #: The columns that say which object a row is; none: the whole row.
    key: tuple[str, ...] = ()
    #: What a person should know before filling it in.
    notes: tuple[str, ...] = ()
    #: Rows a file may have: all are written in one transaction, and others wait for what it locks.
    most_rows: int = 5000
    #: Rows name people in need of protection: the upload is kept sealed, for a day at most and never after it was brought in; what is wrong is told
    #: without what stands in the cell, and there is no marked-up copy.
    personal: bool = False


_exports: dict[str, ExportKind] = {}
_imports: dict[str, ImportKind] = {}


def offer_export(kind: ExportKind) -> None:
    """Add a kind of export; the order of adding is the order on the page."""
    _exports[kind.code] = kind


def offer_import(kind: ImportKind) -> None:
    """Add a kind of import."""
    _imports[kind.code] = kind


def export_kinds() -> tuple[ExportKind, ...]:
    return tuple(_exports.values())


def import_kinds() -> tuple[ImportKind, ...]:
    return tuple(_imports.values())


def export_kind(code: str) -> ExportKind:
    """The kind of that code; FieldErrors where there is none."""
    if code not in _exports:
        raise FieldErrors({"kind": f"没有这种导出，可以导出：{'、'.join(_exports)}。"})
    return _exports[code]


def import_kind(code: str) -> ImportKind:
    """The kind of that code; FieldErrors where there is none."""
    if code not in _imports:
        raise FieldErrors({"kind": f"没有这种导入，可以导入：{'、'.join(_imports)}。"})
    return _imports[code]
