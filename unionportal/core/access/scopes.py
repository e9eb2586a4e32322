"""User -> Scope, for one day."""

from datetime import date

from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.spelled import Spelled

_POSTINGS = Spelled(
    lambda user_id, on: Posting.objects.answered_by(user_id, on).order_by().values_list("township_id", "enterprise_id"),
    user_id=-1,
    on=date.min,
)


def build_scope(user: User, *, on: date | None = None) -> Scope:
    """The reach of a person on a day (default: today), with the postings they stand in for. A disabled account has none.

    One query for a cadre's postings; one more for the roles of somebody whom no session brought."""
    if not user.is_active:
        return Scope(user_id=user.pk)
    grants = held_grants(user)
    roles = frozenset(role for role, _ in grants)
    townships = frozenset(unit for role, unit in grants if role == Role.TOWNSHIP)
    units = frozenset(unit for role, unit in grants if role in (Role.TOWNSHIP, Role.HANDLER))
    postings = _POSTINGS.rows(user_id=user.pk, on=on or clock.today()) if Role.CADRE in roles else []
    return Scope(
        user_id=user.pk,
        roles=roles,
        district=not roles.isdisjoint({Role.LEADER, Role.STAFF}),
        township_ids=townships,
        unit_ids=units,
        aid_unit_ids=frozenset(unit for role, unit in grants if role == Role.AID),
        posted_township_ids=frozenset(t for t, _ in postings if t),
        posted_enterprise_ids=frozenset(e for _, e in postings if e),
    )


def held_grants(user: User) -> list[tuple[str, int]]:
    """The roles a person holds, with the unit of each."""
    if user.held_grants is None:
        return list(RoleGrant.objects.filter(user=user).values_list("role", "unit_id"))
    pairs = (held.split() for held in user.held_grants)
    return [(role, int(unit)) for role, unit in pairs]
