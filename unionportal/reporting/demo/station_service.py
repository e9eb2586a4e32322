"""What the demo district's stations do for people: events, numbers of people served, ratings of passers-by.

A source of random numbers of its own. Everything goes through the services, each at its day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from stations.models import Keepership, Station
from stations.services.events import (
    EventPlan,
    EventRecord,
    station_event_cancel,
    station_event_create,
    station_event_hold,
)
from stations.services.ratings import station_rate
from stations.services.served import CountInput, served_record
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.reporting.demo.moments import on
from unionportal.reporting.demo.places import MARK

#: A person by name at a moment -> their scope.
ActorAt = Callable[[str, datetime], Scope]


@dataclass(frozen=True, slots=True)
class _Event:
    """One event. `number`: people that came; none: still planned, or cancelled where `cancelled` says why."""

    day: date
    kind: str
    title: str
    number: int | None = None
    way: str = "tally"
    cost: int = 0
    partners: tuple[str, ...] = ()
    cancelled: str = ""


EVENTS = (
    _Event(date(2024, 1, 26), "warmth", "寒冬送温暖", 64, cost=3200),
    _Event(date(2024, 3, 5), "haircut", "学雷锋日免费理发", 38, partners=("示范理发店",)),
    _Event(date(2024, 4, 23), "lecture", "户外劳动者安全讲座", 45, cost=600),
    _Event(date(2024, 5, 17), "legal", "法律咨询进驿站", 27, partners=("示范律师事务所",)),
    _Event(date(2024, 6, 12), "health", "血压血糖免费测", 52, cost=800, partners=("示范社区卫生站",)),
    _Event(date(2024, 7, 10), "cooling", "高温天送清凉", 120, "estimate", 5400),
    _Event(date(2024, 8, 7), "cooling", "清凉一夏", 86, cost=3900, partners=("示范银行",)),
    _Event(date(2024, 9, 20), "jobs", "招工信息送到驿站", cancelled="台风来临，改在下月举办"),
    _Event(date(2024, 10, 16), "jobs", "招工信息送到驿站", 33, cost=200),
    _Event(date(2024, 11, 21), "clinic", "骨科义诊", 41, cost=1000, partners=("示范社区卫生站",)),
    _Event(date(2025, 1, 7), "meal", "腊八节送爱心粥", 95, "estimate", 1500),
    _Event(date(2025, 1, 24), "festival", "新春送春联"),
)
#: Stations of which numbers are entered, and the days they are of.
COUNTED, DAYS = 6, (date(2024, 12, 10), date(2024, 12, 19), date(2025, 1, 6), date(2025, 1, 9), date(2025, 1, 14))
ESTIMATED = date(2024, 12, 1), date(2024, 12, 31)
#: Stations people rate, from a day on, and how often.
RATED, RATED_FROM, RATINGS = 10, date(2024, 12, 16), 48


def play(actor: ActorAt) -> None:
    """Let the stations that are open serve."""
    source = Random("station-service")
    stations = list(Station.objects.filter(state=Station.State.OPEN).order_by("code"))
    for event in EVENTS:
        _event(event, [each for each in stations if _open_on(each, event.day)], source, actor)
    old = [each for each in stations if _open_on(each, ESTIMATED[0])]
    _served(old[:COUNTED], source, actor)
    _ratings(old[:RATED], source)


def _open_on(station: Station, day: date) -> bool:
    return station.opened_on is not None and station.opened_on <= day


def _event(event: _Event, stations: Sequence[Station], source: Random, actor: ActorAt) -> None:
    """Planned a week before, written down on the day."""
    uuid, station = _uuid(source), source.choice(stations)
    partners = [f"{name}{MARK}" for name in event.partners]
    planned, held = (datetime.combine(day, time(16), clock.SHANGHAI) for day in (event.day - timedelta(7), event.day))
    with clock.at(planned):
        plan = EventPlan(event.kind, event.title, event.day, "在驿站门口摆台，请附近的户外劳动者参加。", partners)
        staff = actor("staff", planned)
        code = station_event_create(uuid=uuid, station=station.code, plan=plan, actor=staff).code
    if event.number is None and not event.cancelled:
        return
    with clock.at(held):
        staff = actor("staff", held)
        if event.number is None:
            station_event_cancel(code=code, version=None, reason=event.cancelled, actor=staff)
            return
        record = EventRecord(
            event.day, event.number, event.way, Decimal(event.cost), "活动顺利，现场反响好。", partners=partners
        )
        station_event_hold(code=code, version=None, record=record, actor=staff)


def _served(stations: Sequence[Station], source: Random, actor: ActorAt) -> None:
    """Keepers count on some days; of one station December is estimated."""
    for day in DAYS:
        for station in stations:
            _count(station, CountInput("tally", day, day, 18 + source.randrange(40)), day, source, actor)
    first, last = ESTIMATED
    basis = "按领水登记本和每天补水次数估算"
    estimate = CountInput("estimate", first, last, 600 + 10 * source.randrange(20), basis)
    _count(stations[-1], estimate, date(2025, 1, 2), source, actor)


def _count(station: Station, given: CountInput, day: date, source: Random, actor: ActorAt) -> None:
    """Entered in the evening by the keeper, where there is one."""
    at = datetime.combine(day, time(20), clock.SHANGHAI)
    keeping = Keepership.objects.in_force(day).filter(station=station).select_related("user").first()
    with clock.at(at):
        who = actor(keeping.user.username if keeping else "staff", at)
        served_record(uuid=_uuid(source), station=station.code, count=given, actor=who)


def _ratings(stations: Sequence[Station], source: Random) -> None:
    for number in range(RATINGS):
        stars = source.choices((5, 4, 3, 2, 1), (60, 25, 9, 4, 2))[0]
        with on(RATED_FROM + timedelta(days=number * 34 // RATINGS)):
            station_rate(code=source.choice(stations).code, uuid=_uuid(source), stars=stars)


def _uuid(source: Random) -> UUID:
    return UUID(int=source.getrandbits(128), version=4)
