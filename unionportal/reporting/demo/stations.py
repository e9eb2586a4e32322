"""The demo district's stations (invented, marked as demo): some thirty with their keepers, hours and grades, and where the townships lie.

A source of random numbers of its own, and nothing of the plan's: the published figures stay what they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from stations.coordinates import Point, from_wgs84
from stations.models import Facility, Station, StationKind
from stations.services import (
    GivenPoint,
    PeriodInput,
    StationFacts,
    closure_add,
    hours_set,
    keeper_appoint,
    station_create,
    station_level_set,
    station_open,
    station_suspend,
)
from stations.services.around import listing_set, partner_add
from stations.services.inputs import QUESTIONS, PartnerInput
from stations.services.places import employer_set, place_set
from unionportal.core.accounts.models import User
from unionportal.core.accounts.services import account_create, role_grant
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.reporting.demo.places import DISTRICT, MARK

#: Middle of each township (WGS-84), rounded to about a kilometre, and the metres within which it lies.
PLACES: dict[str, tuple[float, float, int]] = {
    "330602001": (120.583, 29.993, 4000),
    "330602002": (120.570, 30.000, 4000),
    "330602004": (120.556, 30.009, 4000),
    "330602005": (120.579, 29.968, 5000),
    "330602006": (120.608, 29.984, 5000),
    "330602007": (120.610, 30.008, 4000),
    "330602008": (120.640, 30.006, 5000),
    "330602009": (120.573, 30.040, 6000),
    "330602010": (120.520, 30.040, 6000),
    "330602011": (120.540, 29.950, 8000),
    "330602012": (120.620, 30.085, 8000),
    "330602013": (120.672, 30.003, 8000),
    "330602014": (120.672, 30.075, 8000),
    "330602015": (120.718, 30.078, 8000),
    "330602016": (120.735, 30.016, 8000),
    "330602017": (120.760, 30.130, 10000),
    "330602108": (120.705, 29.935, 10000),
}
STANDARD = ("rain_gear", "first_aid", "water", "sockets", "microwave", "fridge", "seating", "heating", "tools", "wifi")
KEEPERS = ("钱守安", "孙佑民", "李惠平", "周顺和", "吴长青", "郑玉兰", "王建业", "冯素英", "陈广生", "楚云舒")
#: Names a township's stations get, in turn, with their kind.
NAMES = (
    ("爱心驿站", "worker"),
    ("工会驿站", "worker"),
    ("骑手驿站", "courier"),
    ("司机驿站", "driver"),
    ("妈咪暖心小屋", "mother"),
)
NOTES = {"water": "冷热两用", "microwave": "2 台", "sockets": "各种接口", "first_aid": "在前台，随时可取"}
PARTNERS = (
    ("bank", "示范银行", "提供场地"),
    ("enterprise", "示范物流", "提供水电"),
    ("community", "示范社区", "日常照看"),
)
DAYTIME = PeriodInput((1, 2, 3, 4, 5, 6, 7), time(8), time(20))
NIGHT = PeriodInput((1, 2, 3, 4, 5, 6, 7), time(6), time(0))
WORKDAYS = PeriodInput((1, 2, 3, 4, 5), time(8, 30), time(17, 30))
FIRST_OPENED, LAST_CHANGED = date(2023, 6, 1), datetime(2025, 1, 15, 9, 0, tzinfo=clock.SHANGHAI)
#: Where the second station of a township stays out: there is but one.
SINGLE = frozenset({"330602015", "330602016", "330602017", "330602108"})


@dataclass(slots=True)
class StationsPlayer:
    """Sets the stations up on one day of January 2025, each with the days on which things happened."""

    units: Mapping[str, Unit]
    users: dict[str, User]
    enterprises: Mapping[str, Enterprise]
    encoded_password: str
    password: str

    def play(self, actor: Scope) -> None:
        """`actor`: staff. Deterministic, through the services."""
        source = Random("stations")
        for code, (longitude, latitude, reach) in PLACES.items():
            point = GivenPoint("wgs84", _degrees(longitude), _degrees(latitude))
            place_set(township=self.units[code], point=point, reach=reach, actor=actor)
        keepers = self._keepers()
        kinds = {kind.code: kind for kind in StationKind.objects.all()}
        facilities = {facility.code: facility for facility in Facility.objects.all()}
        number = 0
        for code in PLACES:
            for turn in range(1 if code in SINGLE else 2):
                station = self._station(number, code, turn, kinds, facilities, source, actor)
                self._around(station, number, keepers[number // 3], actor)
                number += 1
        self._planned(number, kinds, actor)
        self._employers(source, actor)

    def _keepers(self) -> list[User]:
        found = []
        for number, name in enumerate(KEEPERS, start=1):
            user = account_create(
                username=f"keeper{number:02}",
                display_name=f"{name}{MARK}",
                password=self.password,
                actor=SYSTEM,
                must_change_password=False,
                encoded_password=self.encoded_password,
            )
            role_grant(user=user, role="keeper", unit=self.units[DISTRICT[0]], actor=SYSTEM)
            self.users[user.username] = user
            found.append(user)
        return found

    def _station(
        self,
        number: int,
        code: str,
        turn: int,
        kinds: Mapping[str, StationKind],
        facilities: Mapping[str, Facility],
        source: Random,
        actor: Scope,
    ) -> Station:
        """One station: near the middle of its township the first, out of it the second."""
        township, (word, kind) = self.units[code], NAMES[(number * 2 + turn) % len(NAMES)]
        away = 0.003 if turn == 0 else 0.012
        east, north = (source.uniform(-away, away) for _ in range(2))
        system = ("gcj02", "bd09")[number % 2]
        grid = from_wgs84(system, *Point(PLACES[code][0] + east, PLACES[code][1] + north))
        facts = StationFacts(
            name=f"{township.short_name}{word}{MARK}",
            township=township,
            kind=kinds[kind],
            address=f"{township.short_name}示范路{number * 6 + 8}号{MARK}",
            building_kind=("own", "government", "social")[number % 3],
            partnership=("", "co_built", "shared", "allied")[number % 4],
            point=GivenPoint(system, *grid.rounded()),
            directions="公交站旁，门口有统一标识",
            area=Decimal(15 + number % 6 * 8),
            services="饮水、热饭、充电、避暑取暖、休息",
            contact_name="值班室",
            public_phone=f"0575-0000{number:04}",  # no such exchange
            facilities=[facilities[each] for each in STANDARD if source.random() < 0.85],
            facility_notes=NOTES if number % 3 == 0 else None,
        )
        opened_on = FIRST_OPENED + timedelta(days=number * 19)
        given: dict[str, Any] = {"actor": actor, "now": datetime.combine(opened_on, time(9), clock.SHANGHAI)}
        station = station_create(
            uuid=UUID(int=source.getrandbits(128), version=4), facts=facts, sure=QUESTIONS, **given
        )
        hours = [] if number % 6 == 0 else [(DAYTIME, NIGHT, WORKDAYS)[number % 3]]
        hours_set(code=station.code, version=None, open_all_day=not hours, periods=hours, **given)
        return station_open(code=station.code, version=None, opened_on=opened_on, **given)

    def _around(self, station: Station, number: int, keeper: User, actor: Scope) -> None:
        """Keeper, partner, map, level, a closure here, a pause there. Stars come with the care."""
        assert station.opened_on is not None, "just opened"
        given: dict[str, Any] = {"code": station.code, "actor": actor, "now": LAST_CHANGED}
        keeper_appoint(user=keeper, start_on=station.opened_on, **given)
        if number % 3 == 1:
            kind, name, contributes = PARTNERS[number // 3 % len(PARTNERS)]
            partner_add(partner=PartnerInput(kind, f"{name}{MARK}", contributes), **given)
        if number % 5 != 4:
            listing_set(platform="amap", state="listed", since=station.opened_on + timedelta(days=10), **given)
        if number % 5 == 0:
            listing_set(platform="baidu", state="applied", since=date(2025, 1, 6), **given)
        graded = {**given, "version": None}
        if number % 7 == 3:
            station_level_set(level="benchmark", reason="创建标杆型站点达标", on=date(2024, 11, 20), **graded)
        if number % 12 == 6:
            station_level_set(level="smart", reason="远程管理、智能照明等已接入", on=date(2024, 11, 20), **graded)
        if number == 11:
            closure_add(start_on=date(2025, 1, 26), end_on=date(2025, 2, 5), reason="春节放假", **given)
        if number == 20:
            station_suspend(version=None, reason="屋顶维修", **given)

    def _planned(self, number: int, kinds: Mapping[str, StationKind], actor: Scope) -> None:
        """One that is still to be built: it has no point yet."""
        township = self.units["330602017"]
        facts = StationFacts(
            name=f"{township.short_name}新区驿站{MARK}",
            township=township,
            kind=kinds["worker"],
            address=f"{township.short_name}新区{MARK}",
        )
        station_create(uuid=UUID(int=number, version=4), facts=facts, actor=actor, now=LAST_CHANGED)

    def _employers(self, source: Random, actor: Scope) -> None:
        """A dozen enterprises of transport and sanitation say how many of their people are outdoors, and where they set out."""
        works = {"G": ("courier", "driver"), "N": ("sanitation",), "E": ("construction",)}
        firms = [each for _, each in sorted(self.enterprises.items()) if each.industry in works and each.is_active]
        for number, firm in enumerate(firms[:: max(1, len(firms) // 12)][:12]):
            longitude, latitude, _ = PLACES[firm.township.code]
            point = Point(longitude + source.uniform(-0.02, 0.02), latitude + source.uniform(-0.015, 0.015))
            kinds = works[firm.industry]
            employer_set(
                credit_code=firm.credit_code,
                work=kinds[number % len(kinds)],
                workers=20 + source.randrange(80),
                point=GivenPoint("wgs84", *point.rounded()),
                actor=actor,
                now=LAST_CHANGED,
            )


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}")
