"""How a person stands to an enterprise they can see. Source: docs/domain.md, "Enterprises and organisations"."""

from unionportal.core.common.policy import POLICY
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise


def may_do(action: str, enterprise: Enterprise, scope: Scope) -> bool:
    """Whether one of the person's roles permits the action and reaches this enterprise: a second role does not lend its rows to the first."""
    return not POLICY[action].isdisjoint(_roles_here(enterprise, scope))


def _roles_here(enterprise: Enterprise, scope: Scope) -> set[str]:
    found = {role for role in (Role.STAFF, Role.LEADER) if scope.has(role)}
    if scope.has(Role.TOWNSHIP) and enterprise.township_id in scope.township_ids:
        found.add(Role.TOWNSHIP)
    posted = enterprise.township_id in scope.posted_township_ids or enterprise.pk in scope.posted_enterprise_ids
    if scope.has(Role.CADRE) and posted:
        found.add(Role.CADRE)
    return found
