"""User -> Scope, for one day."""

from datetime import date

from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope


def build_scope(user: User, *, on: date | None = None) -> Scope:
    """The reach of a person on a day (default: today), with the postings they stand in for. A disabled account has none. Two queries, one for most people."""
    if not user.is_active:
        return Scope(user_id=user.pk)
    grants = list(RoleGrant.objects.filter(user=user).values_list("role", "unit_id"))
    roles = frozenset(role for role, _ in grants)
    townships = frozenset(unit for role, unit in grants if role == Role.TOWNSHIP)
    units = frozenset(unit for role, unit in grants if role in (Role.TOWNSHIP, Role.HANDLER))
    postings = (
        Posting.objects.answered_by(user.pk, on or clock.today()).values_list("township_id", "enterprise_id")
        if Role.CADRE in roles
        else []
    )
    return Scope(
        user_id=user.pk,
        roles=roles,
        district=not roles.isdisjoint({Role.LEADER, Role.STAFF}),
        township_ids=townships,
        unit_ids=units,
        posted_township_ids=frozenset(t for t, _ in postings if t),
        posted_enterprise_ids=frozenset(e for _, e in postings if e),
    )
