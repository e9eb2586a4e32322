"""Writes to the unit tree, the enterprise register and what is kept of an enterprise."""

from unionportal.core.orgs.services.contacts import contact_remove, contact_reveal, contact_save
from unionportal.core.orgs.services.merging import enterprise_merge, merge_problem
from unionportal.core.orgs.services.moves import enterprises_move
from unionportal.core.orgs.services.records import contract_save, mutual_aid_save
from unionportal.core.orgs.services.register import enterprise_create, enterprise_update, unit_create, unit_update
from unionportal.core.orgs.services.risks import risk_lift, risk_set

__all__ = [
    "contact_remove",
    "contact_reveal",
    "contact_save",
    "contract_save",
    "enterprise_create",
    "enterprise_merge",
    "enterprise_update",
    "enterprises_move",
    "merge_problem",
    "mutual_aid_save",
    "risk_lift",
    "risk_set",
    "unit_create",
    "unit_update",
]
