"""Tables of the unit tree, the enterprises and what is known of them."""

from unionportal.core.orgs.models.facts import UnionFacts
from unionportal.core.orgs.models.moves import EnterpriseMove
from unionportal.core.orgs.models.records import (
    CollectiveContract,
    ContactReveal,
    EnterpriseContact,
    MutualAid,
    RiskMark,
)
from unionportal.core.orgs.models.register import Enterprise, Unit

__all__ = [
    "CollectiveContract",
    "ContactReveal",
    "Enterprise",
    "EnterpriseContact",
    "EnterpriseMove",
    "MutualAid",
    "RiskMark",
    "UnionFacts",
    "Unit",
]
