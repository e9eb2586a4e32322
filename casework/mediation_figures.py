"""Figures of mediation: cases by the day of application, how many ended in agreement, people, money."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from casework.mediation_workflow import AGREEMENTS, UNFINISHED_STATES, Outcome
from casework.models import Mediation
from unionportal.core.common.formats import count
from unionportal.core.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class MediationFigures:
    """`concluded`: taken up and over, with an agreement or without. Money nobody named counts as none."""

    cases: int
    unfinished: int
    concluded: int
    agreed: int
    people: int
    claimed: Decimal
    settled: Decimal
    recovered: Decimal

    @property
    def rate(self) -> Mapping[str, int]:
        """Agreements, whole or in part, of those concluded."""
        return {"numerator": self.agreed, "denominator": self.concluded}

    @property
    def rate_words(self) -> str:
        """The parts beside the rate: 9/12."""
        return f"{count(self.agreed)}/{count(self.concluded)}"

    @property
    def unfinished_words(self) -> str:
        return f"未结束 {count(self.unfinished)} 件"


_AGREED = Q(outcome__in=AGREEMENTS)
_SUMS: dict[str, Any] = {
    "cases": Count("pk"),
    "unfinished": Count("pk", filter=Q(state__in=UNFINISHED_STATES)),
    "concluded": Count("pk", filter=~Q(outcome__in=("", Outcome.NOT_ACCEPTED))),
    "agreed": Count("pk", filter=_AGREED),
    "people": Sum("people"),
    "claimed": Sum("amount_claimed"),
    "settled": Sum("amount_agreed"),
    "recovered": Sum("amount_recovered"),
}
_NOTHING: dict[str, Any] = {"people": 0, "claimed": Decimal(0), "settled": Decimal(0), "recovered": Decimal(0)}


def mediation_figures(rows: QuerySet[Mediation]) -> MediationFigures:
    """The figures of some cases, in one query."""
    return _figures(rows.order_by().aggregate(**_SUMS))


def figures_by_organisation(rows: QuerySet[Mediation]) -> list[tuple[Unit, MediationFigures]]:
    """The figures of some cases by the unit that mediates, the busiest first."""
    columns = ("organisation_id", *_SUMS)
    sums = rows.order_by().values("organisation_id").annotate(**_SUMS).values_list(*columns)
    found = [dict(zip(columns, row, strict=True)) for row in sums]
    units = Unit.objects.in_bulk([row["organisation_id"] for row in found])
    lines = [(units[row.pop("organisation_id")], _figures(row)) for row in found]
    return sorted(lines, key=lambda line: (-line[1].cases, line[0].code))


def _figures(row: dict[str, Any]) -> MediationFigures:
    return MediationFigures(**{name: _NOTHING[name] if value is None else value for name, value in row.items()})
