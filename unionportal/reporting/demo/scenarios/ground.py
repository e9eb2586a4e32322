"""The ground a small scenario stands on: a city, a district, townships and the people who act in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.models import User
from unionportal.core.accounts.services import account_create, role_grant
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.orgs.services import unit_create


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to set up: its official or own code, its names."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account to open: invented names only, marked as demo."""

    username: str
    display_name: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What was set up, by unit code and username."""

    units: dict[str, Unit]
    users: dict[str, User]

    def actor(self, username: str, *, on: date) -> Scope:
        """The reach of one of its people on a day."""
        return build_scope(self.users[username], on=on)


def lay_ground(
    *, city: Place, district: Place, townships: Iterable[Place], people: Iterable[Person], password: str
) -> Ground:
    """Set up units and accounts through the services. Raises FieldErrors for a password that is refused."""
    units: dict[str, Unit] = {}
    levels = [("city", city, None), ("district", district, city.code)]
    levels += [("township", township, district.code) for township in townships]
    for kind, place, above in levels:
        units[place.code] = unit_create(
            code=place.code,
            kind=kind,
            name=place.name,
            short_name=place.short_name,
            parent=units[above] if above else None,
            actor=SYSTEM,
        )
    encoded = make_password(password)
    users: dict[str, User] = {}
    for person in people:
        user = account_create(
            username=person.username,
            display_name=person.display_name,
            password=password,
            actor=SYSTEM,
            must_change_password=False,
            encoded_password=encoded,
        )
        role_grant(user=user, role=person.role, unit=units[person.unit], actor=SYSTEM)
        users[person.username] = user
    return Ground(units, users)
