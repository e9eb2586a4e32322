"""What hangs on an enterprise and goes along when it is merged into another; each floor names its own rows (`unionportal/composition.py`)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import CollectiveContract, Enterprise, EnterpriseContact, MutualAid, RiskMark

#: One row, the enterprise it goes to, why, who does it and when.
Take = Callable[[Any, Enterprise, str, Scope, datetime], None]


def retie(row: Any, main: Enterprise, reason: str, actor: Scope, now: datetime) -> None:
    """The plain way: the row names the other enterprise."""
    row.enterprise = main
    row.save(update_fields=["enterprise"])


@dataclass(frozen=True, slots=True)
class Follower:
    """Rows of a model with a column `enterprise`. `stays`: where the other enterprise has such a row already, this one stays with the old
    entry; else two of a kind have to be settled first."""

    label: str
    model: type[Model]
    take: Take = retie
    stays: bool = False


_followers: list[Follower] = [
    Follower("联系人", EnterpriseContact),
    Follower("风险标记", RiskMark),
    Follower("集体合同", CollectiveContract),
    Follower("医疗互助", MutualAid),
]


def follow(followers: Iterable[Follower]) -> None:
    """Name the rows of an upper floor."""
    _followers.extend(followers)


def followers() -> tuple[Follower, ...]:
    """All of them, lower floors first."""
    return tuple(_followers)


def going_along(enterprise: Enterprise) -> list[tuple[str, int]]:
    """What a merger would take along: label and number of rows, without those there are none of."""
    counts = ((one.label, one.model._default_manager.filter(enterprise=enterprise).count()) for one in followers())
    return [(label, number) for label, number in counts if number]
