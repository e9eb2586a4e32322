"""Figures counted from another app's rows as a section of the dashboard shows them: with the address of exactly their rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from unionportal.core.common import formats
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit
from unionportal.reporting.row_measures import Number, RowMeasure
from unionportal.reporting.selectors.place import Figure, Part, Place


@dataclass(frozen=True, slots=True)
class Section:
    """Where the figures of an app stand, by the keys of their measures."""

    path: str
    measures: Mapping[str, RowMeasure]

    def url(self, place: Place, key: str, township: Unit | None = None, **more: Any) -> str:
        """Where the rows of a figure are listed, of the place or of one township of it."""
        unit = township or place.township
        asked = {"measure": key, "unit": unit.code if unit else "", **more}
        return (
            f"{self.path}rows/?{urlencode({name: text for name, text in asked.items() if text})}&{place.period.query}"
        )

    def text(self, key: str, value: Any) -> str:
        """A value as the figure prints it."""
        return formats.money(value) if self.measures[key].is_money else formats.count(value)

    def part(self, place: Place, key: str, words: str, value: Any, *, tone: str = "idle", **more: Any) -> Part:
        """A number beside a figure: its words before it. Without words it stands in a column, whose head says what money is in."""
        shown = f"{words} {self._with_unit(key, value)}" if words else self.text(key, value)
        return Part(shown, self.url(place, key, **more), self.measures[key].number(value), tone)

    def figure(self, place: Place, key: str, value: Any, *parts: Part, remark: str = "") -> Figure:
        """A tile."""
        one = self.measures[key]
        number = one.number(value)
        url = self.url(place, key)
        unit = one.unit if one.is_money else ""
        shown = self.text(key, value)
        return Figure(one.id, one.name, shown, url, number, one.formula, parts=[*parts], remark=remark, unit=unit)

    def _with_unit(self, key: str, value: Any) -> str:
        return f"{self.text(key, value)} 元" if self.measures[key].is_money else self.text(key, value)

    @property
    def ids(self) -> tuple[str, ...]:
        """The figures of the section as `measures` knows them."""
        return tuple(one.id for one in self.measures.values())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table, a township's or another's: its name and its numbers, each with its rows."""

    name: str
    cells: list[Part]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list of rows, on the page and in its file: days, money and whole numbers are shown as such. `note`: small print below."""

    heading: str
    value: Callable[[Any], date | Number | str | None]
    url: Callable[[Any], str] | None = None
    note: Callable[[Any], str] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """How rows of a sort are listed. `along`: what is read with them; `read`: how else; `icon`: of the empty list."""

    order: tuple[str, ...]
    columns: tuple[Column, ...]
    along: tuple[str, ...] = ()
    read: Callable[[QuerySet], QuerySet] | None = None
    icon: str = "station"

    def rows(self, rows: QuerySet) -> QuerySet:
        """Rows with what their columns show."""
        rows = rows.select_related(*self.along) if self.along else rows
        return self.read(rows) if self.read else rows


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the page prints it."""

    heading: str
    text: str
    css: str = ""
    url: str = ""
    note: str = ""


def cells_of(listing: Listing, row: Any) -> list[Cell]:
    """A row as the page prints it."""
    return [_cell(column, row) for column in listing.columns]


def cut_of(place: Place) -> Cut:
    """The part of an app's rows that a place is about."""
    return Cut(place.scope, place.period.start, place.end, place.township)


def _cell(column: Column, row: Any) -> Cell:
    value = column.value(row)
    match value:
        case date():
            text, css = formats.zh_day(value), "nowrap"
        case Decimal():
            text, css = formats.money(value), "n"
        case int():
            text, css = formats.count(value), "n"
        case _:
            text, css = value or "—", ""
    url = column.url(row) if column.url else ""
    return Cell(column.heading, text, css, url, column.note(row) if column.note else "")
