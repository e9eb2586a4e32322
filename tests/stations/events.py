"""Events and numbers for the tests of the stations' service, through the services."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from stations.models import ServedCount, Station, StationEvent
from stations.services.events import EventPlan, EventRecord, station_event_create, station_event_hold
from stations.services.served import CountInput, served_record
from tests.stations.cast import StationCast


def planned_event(cast: StationCast, station: Station, *, who: str = "staff", **changes: Any) -> StationEvent:
    """An event planned for the cast's day."""
    facts = {"kind": "cooling", "title": "高温天送清凉", "planned_on": cast.now.date(), **changes}
    return station_event_create(
        uuid=uuid4(), station=station.code, plan=EventPlan(**facts), actor=cast.scope(who), now=cast.now
    )


def held_event(cast: StationCast, station: Station, *, on: date | None = None, **changes: Any) -> StationEvent:
    """An event that took place, with 30 people counted and 200 yuan spent unless told."""
    facts = {"attendance": 30, "attendance_way": "tally", "cost": Decimal(200), **changes}
    kind = facts.pop("kind", "cooling")
    day = on or cast.now.date()
    event = planned_event(cast, station, planned_on=day, kind=kind)
    return station_event_hold(
        code=event.code, version=None, record=EventRecord(held_on=day, **facts), actor=cast.scope("staff"), now=cast.now
    )


def counted(
    cast: StationCast, station: Station, number: int, *, on: date | None = None, who: str = "staff", **changes: Any
) -> ServedCount:
    """A tally of a day, or an estimate where `way` says so."""
    day = on or cast.now.date()
    facts = {"way": "tally", "start_on": day, "end_on": day, "number": number, **changes}
    return served_record(
        uuid=uuid4(), station=station.code, count=CountInput(**facts), actor=cast.scope(who), now=cast.now
    )
