"""What the demo's stations do for people: events, counts and ratings by the services, every load the same."""

from collections import Counter
from datetime import date, datetime

from stations.models import ServedCount, StationEvent, StationRating
from tests.stations.cast import StationCast
from unionportal.core.common.scope import Scope
from unionportal.reporting.demo import station_service


def test_events_people_and_ratings_stand_on_their_pages(cast: StationCast) -> None:
    stations = [cast.station(opened_on=date(2023, 6, 1)) for _ in range(3)]
    cast.kept(stations[0], start_on=date(2023, 6, 1))
    cast.users[cast.users["keeper"].username] = cast.users["keeper"]

    def actor(name: str, at: datetime) -> Scope:
        return cast.scope(name)

    station_service.play(actor)
    states = Counter(StationEvent.objects.values_list("state", flat=True))
    assert states == {"held": 10, "cancelled": 1, "planned": 1}
    assert StationEvent.objects.get(state="planned").planned_on > date(2025, 1, 20)
    ways = Counter(ServedCount.objects.values_list("way", flat=True))
    assert ways == {"tally": 15, "estimate": 1}
    assert ServedCount.objects.filter(entered_by=cast.users["keeper"]).count() == 5
    assert StationRating.objects.count() == 48
    staff = cast.client("staff")
    assert "高温天送清凉" in staff.get("/stations/events/?from=2024-01-01&to=2025-01-31").content.decode()
    assert staff.get("/stations/events/served/").status_code == 200
