"""The kinds of blocks a report's text is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

#: What a loop calls one of its rows.
ROW = "行"


@dataclass(frozen=True, slots=True)
class Heading:
    """一、… (level 1) or （一）… (level 2); numbered by the writer."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph; left out where it says nothing. `keep`: on the page of what follows."""

    text: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each of `rows`: (heading, name within the row). The first column is what the row is about.

    `widths` are the columns' shares of the line; the first `named` columns are words and stand at the left, the others are numbers; a table that is
    `together` stands on one page.
    """

    caption: str
    rows: str
    columns: Sequence[tuple[str, str]]
    widths: Sequence[float] = ()
    named: int = 1
    together: bool = False

    @property
    def shares(self) -> Sequence[float]:
        """The first column takes two and a half characters more than a number's."""
        return self.widths or (6.5, *(max(4.0, len(heading)) for heading, _ in self.columns[1:]))


@dataclass(frozen=True, slots=True)
class Entries:
    """A line in small print for each of `rows`, whose names `text` uses after 行."""

    rows: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart by its key in `charts`."""

    chart: str
    caption: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who issues it and when."""


@dataclass(frozen=True, slots=True)
class Appendix:
    """What follows stands in an appendix, on a new page."""

    title: str


Block = Heading | Sentence | Table | Entries | Figure | Signature | Appendix


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that are there only where `flag` says so. Headings and tables after them number themselves by what is there; pictures do not."""

    flag: str
    blocks: Sequence[Block]
