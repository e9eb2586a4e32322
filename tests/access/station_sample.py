"""An open station with everything an address may name."""

from datetime import time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile

from stations.models import Station, StationKind
from stations.services import (
    GivenPoint,
    PeriodInput,
    StationFacts,
    closure_add,
    hours_set,
    keeper_appoint,
    station_create,
    station_open,
)
from stations.services.photos import photos_change
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit


def station_of(township: Unit, keeper: User, photo: UploadedFile, staff: Scope) -> Station:
    """Open every day, closed in thirty days, kept by `keeper`, with a photo."""
    facts = StationFacts(
        name="延安路驿站",
        township=township,
        kind=StationKind.objects.get(code="worker"),
        address="延安路1号",
        point=GivenPoint("gcj02", Decimal("120.604512"), Decimal("29.998834")),
    )
    station = station_create(uuid=uuid4(), facts=facts, actor=staff)
    week = PeriodInput((1, 2, 3, 4, 5, 6, 7), time(8), time(20))
    hours_set(code=station.code, version=None, open_all_day=False, periods=[week], actor=staff)
    station_open(code=station.code, version=None, actor=staff)
    today = clock.today()
    keeper_appoint(code=station.code, user=keeper, start_on=today, actor=staff)
    closure_add(code=station.code, start_on=today + timedelta(days=30), end_on=None, reason="装修", actor=staff)
    return photos_change(code=station.code, photos=[photo], actor=staff)
