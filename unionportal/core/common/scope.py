"""Who is asking, and for what part of the district. Built by `access`, taken by every queryset and service."""

from dataclasses import dataclass, field


class Role:
    """Role codes as the outside knows them."""

    SYSADMIN = "sysadmin"
    SECURITY = "security"
    AUDITOR = "auditor"
    LEADER = "leader"
    STAFF = "staff"
    CADRE = "cadre"
    TOWNSHIP = "township"
    HANDLER = "handler"
    AID = "aid"
    KEEPER = "keeper"


@dataclass(frozen=True, slots=True)
class Scope:
    """A signed-in person's reach on one day.

    `district`: sees all casework of the district (leader, staff). `township_ids`: townships whose union the person works for.
    `unit_ids`: units the person acts for as a holder (own township, department, workroom).
    `aid_unit_ids`: units whose hardship files the person works on, personal data included; a unit stands for everything below it.
    `posted_township_ids`, `posted_enterprise_ids`: a cadre's postings in force on that day, and those of whom they stand in for.
    """

    user_id: int
    roles: frozenset[str] = frozenset()
    district: bool = False
    township_ids: frozenset[int] = field(default_factory=frozenset)
    unit_ids: frozenset[int] = field(default_factory=frozenset)
    aid_unit_ids: frozenset[int] = field(default_factory=frozenset)
    posted_township_ids: frozenset[int] = field(default_factory=frozenset)
    posted_enterprise_ids: frozenset[int] = field(default_factory=frozenset)

    def has(self, *roles: str) -> bool:
        """Whether the person holds any of the roles."""
        return not self.roles.isdisjoint(roles)


#: Acts for nobody: the scheduler, a command. Sees the district; is allowed what the policy grants `system`.
SYSTEM = Scope(user_id=0, roles=frozenset({"system"}), district=True)

#: Somebody without an account who came by a public link. Sees no rows; is allowed what the policy grants `public`.
PUBLIC = Scope(user_id=0, roles=frozenset({"public"}))
