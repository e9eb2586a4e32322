"""The people and stations of the tests, by name: a district on a plain Wednesday, with its townships put on the map."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from stations.models import Facility, Station, StationKind, TownshipPlace
from stations.services import (
    GivenPoint,
    PeriodInput,
    StationFacts,
    hours_set,
    keeper_appoint,
    station_create,
    station_open,
)
from tests.people import District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope

#: A Wednesday with plain working weeks on both sides.
WEDNESDAY = datetime(2024, 9, 4, 9, 30, tzinfo=SHANGHAI)
OPENED = date(2024, 3, 1)
ALL_WEEK = (1, 2, 3, 4, 5, 6, 7)
#: Middle of each township of tests/people.py, WGS-84, and how far it reaches in metres. Invented, in the right district.
PLACES = {
    "330602006": ("120.600000", "30.000000", 6000),
    "330602007": ("120.630000", "30.020000", 6000),
    "330602108": ("120.720000", "29.930000", 9000),
}
SURE = frozenset({"sure_system", "sure_place", "sure_near", "sure_night"})


@dataclass
class StationCast:
    """Staff, a leader, two townships' clerks, a cadre, a keeper, an outsider; stations as asked for."""

    district: District
    now: datetime = WEDNESDAY
    made: int = 0
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, (longitude, latitude, reach) in PLACES.items():
            TownshipPlace.objects.create(
                township=self.district.township(code),
                longitude=Decimal(longitude),
                latitude=Decimal(latitude),
                reach=reach,
            )
        self.jishan = self.district.township()
        self.fusheng = self.district.township("330602108")
        self.users: dict[str, User] = {
            "staff": self.district.staff(name="王区总"),
            "leader": self.district.leader(name="李主席"),
            "clerk": self.district.township_clerk(self.jishan, name="陈镇街"),
            "neighbour": self.district.township_clerk(self.fusheng, name="赵镇街"),
            "cadre": self.district.cadre(name="周干部"),
            "keeper": self.district.person("keeper", name="钱站长"),
            "other_keeper": self.district.person("keeper", name="孙站长"),
            "handler": self.district.handler(name="吴承办"),
        }

    def scope(self, who: str) -> Scope:
        """The person's reach, read anew."""
        return scope_of(self.users[who], on=self.now.date())

    def client(self, who: str) -> Client:
        """A browser in which the person is signed in."""
        if who not in self.clients:
            self.clients[who] = client_for(self.users[who])
        return self.clients[who]

    def facts(self, **changes: Any) -> StationFacts:
        """A station of 稽山街道 some way from the last one, given on 高德's grid."""
        self.made += 1
        facts: dict[str, Any] = {
            "name": f"稽山第{self.made}驿站",
            "township": self.jishan,
            "kind": kind("worker"),
            "address": f"稽山街道延安路{self.made}号",
            "point": point("gcj02", f"{120.60 + self.made * 0.002:.4f}", "29.9960"),
            "facilities": facilities("water", "seating"),
            "public_phone": "0575-88010001",
        }
        return StationFacts(**{**facts, **changes})

    def planned(self, *, actor: str = "staff", **changes: Any) -> Station:
        """A station registered and not yet open."""
        return station_create(
            uuid=uuid4(), facts=self.facts(**changes), actor=self.scope(actor), sure=SURE, now=self.now
        )

    def station(
        self, *, hours: Sequence[PeriodInput] | None = None, opened_on: date = OPENED, **changes: Any
    ) -> Station:
        """A station that is open since March, every day from 8 to 20 o'clock unless told; `hours` empty: all day."""
        made = self.planned(**changes)
        self.hours(made, hours if hours is not None else [period()])
        return station_open(code=made.code, version=None, opened_on=opened_on, actor=self.scope("staff"), now=self.now)

    def hours(self, station: Station, periods: Sequence[PeriodInput]) -> Station:
        """Set the hours; none: open all day."""
        return hours_set(
            code=station.code,
            version=None,
            open_all_day=not periods,
            periods=periods,
            actor=self.scope("staff"),
            sure=SURE,
            now=self.now,
        )

    def kept(
        self, station: Station, *, who: str = "keeper", start_on: date = OPENED, end_on: date | None = None
    ) -> None:
        """Have somebody keep a station."""
        keeper_appoint(
            code=station.code,
            user=self.users[who],
            start_on=start_on,
            end_on=end_on,
            actor=self.scope("staff"),
            now=self.now,
        )


def kind(code: str) -> StationKind:
    return StationKind.objects.get(code=code)


def facilities(*codes: str) -> list[Facility]:
    return list(Facility.objects.filter(code__in=codes))


def point(system: str, longitude: str, latitude: str) -> GivenPoint:
    return GivenPoint(system, Decimal(longitude), Decimal(latitude))


def period(
    opens: str = "08:00", closes: str = "20:00", weekdays: Sequence[int] = ALL_WEEK, **season: int
) -> PeriodInput:
    """Hours of a day; every day unless told. `season_from`, `season_until`: 601 is 1 June."""
    return PeriodInput(weekdays, time.fromisoformat(opens), time.fromisoformat(closes), **season)
