"""A figure counted from rows that another app keeps: its definition, and how it finds exactly its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.expressions import Combinable

from unionportal.core.orgs.cuts import Cut
from unionportal.reporting.definitions import Kind, Versioned

CENT = Decimal("0.01")
MONEY = "元"
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class RowMeasure(Versioned):
    """What a figure counts, in words, and its rows. `adds`: what it adds up where it is not their number.

    `key` names it in addresses and among the figures of its app; `lists`: how its rows are listed.
    """

    app: str
    key: str
    name: str
    formula: str
    lists: str
    rows: Callable[[Cut], QuerySet]
    kind: Kind = Kind.FLOW
    adds: str | Combinable = ""
    unit: str = "个"

    @property
    def id(self) -> str:
        """Its name among all definitions."""
        return self.key if self.key == f"{self.app}s" else f"{self.app}_{self.key}"

    @property
    def is_money(self) -> bool:
        return self.unit == MONEY

    def number(self, value: Any) -> Number:
        """A value as the figure states it: money to the cent."""
        return Decimal(value).quantize(CENT) if self.is_money else int(value)

    def count(self, rows: QuerySet) -> Number:
        """The figure of some of its rows."""
        if not self.adds:
            return rows.count()
        return self.number(rows.order_by().aggregate(total=Sum(self.adds))["total"] or 0)
