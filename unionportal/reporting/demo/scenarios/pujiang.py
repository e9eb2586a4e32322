"""浦江: a county whose stations made the news. 14 stations renovated in 2024 of 90 planned over three years, 42 events of 六送, more than
20 000 people served (each way of counting apart), 99 妈咪暖心小屋. Source of the figures: docs/demo.md.

Townships bear the names and statistical codes of 浦江县 (2023). Stations, points, people and numbers of single days are made up and marked.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from django.db import transaction

from stations.check_in import address_token, new_pass
from stations.counting import Way
from stations.models import BuildProject, Facility, Station, StationEvent, StationKind
from stations.services import (
    GivenPoint,
    PeriodInput,
    StationFacts,
    hours_set,
    keeper_appoint,
    station_create,
    station_level_set,
    station_open,
)
from stations.services.accepting import acceptance_version, project_accept
from stations.services.building import ProjectFacts, build_plan_save, project_move, project_propose
from stations.services.building_records import project_money_add, project_photos_add
from stations.services.check_ins import check_in
from stations.services.events import EventPlan, EventRecord, station_event_create, station_event_hold
from stations.services.inputs import QUESTIONS
from stations.services.served import CountInput, served_record
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.notify.services import silence
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import library_workday
from unionportal.core.workcal.demo_clock import start_demo_clock
from unionportal.reporting.demo.scenarios.ground import Ground, lay_ground
from unionportal.reporting.demo.scenarios.pujiang_reports import report_and_answer
from unionportal.reporting.demo.scenarios.pujiang_words import (
    CITY,
    DISTRICT,
    EVENTS,
    MARK,
    PARTNERS,
    PEOPLE,
    ROOMS,
    TOWNSHIPS,
    WORKPLACES,
)
from unionportal.reporting.demo.session import long_session
from unionportal.reporting.demo.station_care import drawing
from unionportal.reporting.rollups.refresh import recompute

YEAR = 2024
SET_UP_AT = datetime(YEAR, 1, 2, 9, 0, tzinfo=clock.SHANGHAI)
DEMO_STARTS_AT = datetime(YEAR, 12, 31, 9, 0, tzinfo=clock.SHANGHAI)
OPENED_ON = date(2023, 6, 1)
#: Renovations planned for each year; those of 2024 are accepted.
RENOVATIONS = {2024: 14, 2025: 38, 2026: 38}
STATIONS, NURSING_ROOMS = sum(RENOVATIONS.values()), 99
BENCHMARKS, SMART, ALL_DAY = 20, 6, 14
#: Stations whose keepers tally one day a week, stations that estimate a month a quarter, stations with the day's code from October on.
TALLYING, ESTIMATING, SCANNING, SCANS_A_DAY = 12, 40, 6, 5
NAMES = UUID("7a1c8f0e-2f5e-4f0b-9d7b-330726000000")
Say = Callable[[str], None]


def is_loaded() -> bool:
    """Whether the county is here. It came in one transaction, so its events tell for all."""
    return Unit.objects.filter(code=DISTRICT.code).exists() and StationEvent.objects.exists()


@transaction.atomic
def load(*, password: str, say: Say) -> None:
    """Build the county and let 2024 happen at its stations. Raises FieldErrors for a password that is refused."""
    with long_session(), silence():
        say("建立单位与账号…")
        with clock.at(SET_UP_AT):
            ground = lay_ground(
                city=CITY, district=DISTRICT, townships=[t.place for t in TOWNSHIPS], people=PEOPLE, password=password
            )
        county = _County(ground)
        say("登记驿站与妈咪暖心小屋…")
        with clock.at(SET_UP_AT):
            county.register()
        say("一年的改造、活动与服务…")
        county.renovate()
        county.hold_events()
        county.count_people()
        report_and_answer(ground, county.served)
    start_demo_clock(at=DEMO_STARTS_AT)
    say("计算月、季、年统计…")
    recompute()


class _County:
    """The stations and what happens at them. Its own random source: every load makes the same rows."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.rng = ground, Random("pujiang")
        self.served: list[Station] = []
        self._scopes: dict[str, Scope] = {}

    def actor(self, username: str) -> Scope:
        """The reach of one of its people; nobody's changes during the year."""
        if username not in self._scopes:
            self._scopes[username] = self.ground.actor(username, on=SET_UP_AT.date())
        return self._scopes[username]

    def register(self) -> None:
        """90 stations, more of them where more people work, and 99 nursing rooms."""
        kinds = {kind.code: kind for kind in StationKind.objects.all()}
        facilities = {one.code: one for one in Facility.objects.all()}
        for number in range(STATIONS):
            kind = "driver" if number % 9 == 4 else "courier" if number % 11 == 7 else "worker"
            name = f"{WORKPLACES[number % len(WORKPLACES)]}驿站"
            station = self._open(number, kinds[kind], name, _equipment(facilities, number))
            self.served.append(station)
        for number in range(NURSING_ROOMS):
            name = f"{ROOMS[number % len(ROOMS)]}妈咪暖心小屋"
            fitted = [facilities[code] for code in ("nursing", "water", "seating", "sockets")]
            self._open(STATIONS + number, kinds["mother"], name, fitted)
        for number, station in enumerate(self.served[: BENCHMARKS + SMART]):
            level = "benchmark" if number < BENCHMARKS else "smart"
            self.served[number] = station_level_set(
                code=station.code, version=None, level=level, reason="县总工会验收", actor=self.actor("staff")
            )
        for number, station in enumerate(self.served[:TALLYING]):
            keeper = self.ground.users[_keeper(number)]
            keeper_appoint(code=station.code, user=keeper, start_on=SET_UP_AT.date(), actor=self.actor("staff"))

    def _open(self, number: int, kind: StationKind, name: str, facilities: list[Facility]) -> Station:
        township = TOWNSHIPS[_township_of(number)]
        turn = number // len(TOWNSHIPS)
        facts = StationFacts(
            name=f"{township.label}{name}{f'{turn + 1}号' if turn else ''}{MARK}",
            township=self.ground.units[township.place.code],
            kind=kind,
            address=f"{township.place.short_name}{name.removesuffix('驿站')}旁{MARK}",
            building_kind=("own", "government", "social")[number % 3],
            partnership=("", "co_built", "shared", "allied")[number % 4],
            # Around the township's middle, each a few hundred metres from the last.
            point=GivenPoint(
                "wgs84",
                township.longitude + Decimal(number % 13 - 6) * Decimal("0.0021"),
                township.latitude + Decimal(number % 17 - 8) * Decimal("0.0017") + Decimal(turn) * Decimal("0.0001"),
            ),
            area=Decimal(12 + number % 25),
            services="歇脚、饮水、热饭、充电",
            facilities=facilities,
        )
        actor = self.actor("staff")
        station = station_create(uuid=uuid5(NAMES, f"station/{number}"), facts=facts, sure=QUESTIONS, actor=actor)
        all_day = number < ALL_DAY
        periods = [] if all_day else [PeriodInput((1, 2, 3, 4, 5, 6, 7), time(7, 0), time(20, 0))]
        hours_set(code=station.code, version=None, open_all_day=all_day, periods=periods, actor=actor)
        return station_open(code=station.code, version=None, opened_on=OPENED_ON, actor=actor)

    def renovate(self) -> None:
        """Three years' plans, decided on before the first; the first year's projects are accepted between March and November."""
        stations = iter(self.served)
        for year, number in RENOVATIONS.items():
            with clock.at(SET_UP_AT):
                projects = self._plan(year, [next(stations) for _ in range(number)])
            for turn, project in enumerate(projects if year == YEAR else ()):
                accepted_on = _workday(date(YEAR, 3, 5) + timedelta(days=turn * 18))
                self._build(project, accepted_on, cost=Decimal(18_000 + 1_500 * (turn % 5)))

    def _plan(self, year: int, stations: list[Station]) -> list[BuildProject]:
        """The county's plan of a year, and a project for every station of it, each to the level the station has."""
        staff = self.actor("staff")
        numbers = {"renovated": len(stations)}
        build_plan_save(year=year, unit=self.ground.units[DISTRICT.code], numbers=numbers, actor=staff)
        projects = []
        for station in stations:
            facts = ProjectFacts(
                year=year,
                township=station.township,
                kind=BuildProject.Kind.RENOVATION,
                name=f"{station.name.removesuffix(MARK)}改造{MARK}",
                budget=Decimal(25_000),
                planned_on=date(year, 12, 20),
                station=station,
                level=station.level,
                open_all_day=station.open_all_day,
            )
            project = project_propose(uuid=uuid5(NAMES, f"renovation/{station.code}"), facts=facts, actor=staff)
            projects.append(project_move(project_id=project.pk, action="approve", version=None, actor=staff))
        return projects

    def _build(self, project: BuildProject, accepted_on: date, *, cost: Decimal) -> None:
        """Six weeks of work, and a week until the acceptance."""
        begun, done = (_workday(accepted_on - timedelta(days=days)) for days in (49, 7))
        with clock.at(_noon(begun)):
            self._move(project, "start")
            self._pay(project, "granted", project.budget, begun)
        with clock.at(_noon(done)):
            self._move(project, "finish")
            project_photos_add(project_id=project.pk, stage="after", photos=[drawing()], actor=self.actor("staff"))
        with clock.at(_noon(accepted_on)):
            self._accept(project, accepted_on)
            self._pay(project, "spent", cost, accepted_on)

    def _move(self, project: BuildProject, action: str) -> None:
        project_move(project_id=project.pk, action=action, version=None, actor=self.actor("staff"))

    def _pay(self, project: BuildProject, kind: str, amount: Decimal, on: date) -> None:
        project_money_add(
            uuid=uuid5(project.uuid, kind),
            project_id=project.pk,
            kind=kind,
            source="district",
            amount=amount,
            on=on,
            actor=self.actor("staff"),
        )

    def _accept(self, project: BuildProject, on: date) -> None:
        sheet = acceptance_version(project, on)
        project_accept(
            uuid=uuid5(project.uuid, "acceptance"),
            project_id=project.pk,
            version=None,
            checklist=sheet.pk,
            accepted_on=on,
            answers={item.code: "yes" for item in sheet.items.all()},
            actor=self.actor("staff"),
        )

    def hold_events(self) -> None:
        """42 events of the six kinds, in their seasons; most attendances are counted, some estimated."""
        for number, (kind, title, day) in enumerate(EVENTS):
            station = self.served[number % 30]
            held = _workday(day)
            township = self._clerk_of(station)
            plan = EventPlan(kind=kind, title=title, planned_on=held, partners=(PARTNERS[kind],))
            counted = number % 4 != 3
            record = EventRecord(
                held_on=held,
                attendance=self.rng.randint(38, 96) if counted else self.rng.randint(6, 12) * 10,
                attendance_way=Way.TALLY if counted else Way.ESTIMATE,
                cost=Decimal(self.rng.randint(12, 60) * 50),
                summary=f"在{station.name}为户外劳动者{title}。",
                partners=(PARTNERS[kind],),
            )
            with clock.at(_noon(held - timedelta(days=7))):
                event = station_event_create(
                    uuid=uuid5(NAMES, f"event/{number}"), station=station.code, plan=plan, actor=township
                )
            with clock.at(_noon(held)):
                station_event_hold(code=event.code, version=None, record=record, actor=township)

    def count_people(self) -> None:
        """Tallies of keepers on Wednesdays, estimates of a month a quarter, check-ins from October on."""
        for number, station in enumerate(self.served[:TALLYING]):
            for day in _days(date(YEAR, 1, 3), date(YEAR, 12, 25), step=7):
                count = CountInput(Way.TALLY, day, day, self.rng.randint(14, 30))
                self._count(station, count, _keeper(number))
        for number, station in enumerate(self.served[TALLYING : TALLYING + ESTIMATING]):
            for month in (2, 5, 8, 11):
                first = date(YEAR, month, 1)
                count = CountInput(
                    Way.ESTIMATE, first, date(YEAR, month, 28), self.rng.randint(45, 75), "按领水登记本和用电量"
                )
                self._count(station, count, f"township{_township_of(TALLYING + number) + 1:02}")
        for station in self.served[:SCANNING]:
            for day in _days(date(YEAR, 10, 8), date(YEAR, 12, 24), step=4):
                with clock.at(_noon(day)):
                    token = address_token(station.uuid, day)
                    for _ in range(SCANS_A_DAY):
                        check_in(token=token, cookie=new_pass(day), network="")

    def _count(self, station: Station, count: CountInput, username: str) -> None:
        with clock.at(_noon(count.end_on)):
            uuid = uuid5(NAMES, f"served/{station.code}/{count.start_on}")
            served_record(uuid=uuid, station=station.code, count=count, actor=self.actor(username))

    def _clerk_of(self, station: Station) -> Scope:
        codes = [township.place.code for township in TOWNSHIPS]
        return self.actor(f"township{codes.index(station.township.code) + 1:02}")


def _equipment(facilities: dict[str, Facility], number: int) -> list[Facility]:
    """The ten of the standard, and one of the others in turn."""
    standard = [one for one in facilities.values() if one.is_standard]
    return [*standard, facilities[("cooling", "toilet", "books", "legal_corner", "battery_swap")[number % 5]]]


def _township_of(number: int) -> int:
    """Every township has some; the first ones, around the county town, have more."""
    return number % len(TOWNSHIPS) if number % 7 else number % 4


def _keeper(number: int) -> str:
    return f"keeper{number % 4 + 1:02}"


def _days(first: date, last: date, *, step: int) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=step)


def _workday(day: date) -> date:
    """The day, or the first workday after it."""
    while not library_workday(day):
        day += timedelta(days=1)
    return day


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, 0), tzinfo=clock.SHANGHAI)
