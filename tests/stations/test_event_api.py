"""`/api/v1/station-events/`: what a program sees, plans and records."""

from uuid import uuid4

import pytest

from stations.models import StationEvent
from tests.queries import queries_of
from tests.stations.cast import StationCast
from tests.stations.events import held_event, planned_event

pytestmark = pytest.mark.django_db
URL = "/api/v1/station-events/"
JSON = "application/json"


def test_planned_held_and_put_right(cast: StationCast) -> None:
    station = cast.station()
    cast.kept(station)
    keeper = cast.client("keeper")
    sent = {
        "id": str(uuid4()),
        "station": station.code,
        "kind": "haircut",
        "title": "免费理发",
        "planned_on": "2024-09-04",
        "partners": ["美发协会"],
    }
    made = keeper.post(URL, sent, content_type=JSON)
    assert made.status_code == 201
    assert keeper.post(URL, sent, content_type=JSON).status_code == 200
    assert keeper.post(URL, {**sent, "title": "别的"}, content_type=JSON).status_code == 409
    event = made.json()
    assert (event["station"], event["township"], event["partners"]) == (station.code, "330602006", ["美发协会"])

    record = {"version": 1, "held_on": "2024-09-04", "attendance": 18, "attendance_way": "tally", "cost": "90.00"}
    held = keeper.post(f"{URL}{event['code']}/actions/hold/", record, content_type=JSON).json()
    assert (held["state"], held["attendance"], held["cost"], held["version"]) == ("held", 18, "90.00", 2)
    stale = keeper.post(f"{URL}{event['code']}/actions/correct/", record, content_type=JSON)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    right = keeper.post(
        f"{URL}{event['code']}/actions/correct/",
        {**record, "version": 2, "attendance_way": "estimate"},
        content_type=JSON,
    )
    assert right.json()["attendance_way"] == "estimate"
    gone = keeper.post(f"{URL}{event['code']}/actions/cancel/", {"version": 3, "reason": "x"}, content_type=JSON)
    assert (gone.status_code, gone.json()["code"]) == (409, "invalid_transition")


def test_refusals_name_the_field(cast: StationCast) -> None:
    station = cast.station()
    client = cast.client("staff")
    sent = {"id": str(uuid4()), "station": station.code, "kind": "meal", "title": "", "planned_on": "2024-02-01"}
    assert set(client.post(URL, sent, content_type=JSON).json()["fields"]) == {"title"}
    early = client.post(URL, {**sent, "title": "爱心餐"}, content_type=JSON)
    assert (early.status_code, set(early.json()["fields"])) == (400, {"planned_on"})
    nowhere = client.post(URL, {**sent, "title": "爱心餐", "station": "YZ-99999"}, content_type=JSON)
    assert set(nowhere.json()["fields"]) == {"station"}
    assert not StationEvent.objects.exists()


def test_reach_filters_and_cost_of_the_list(cast: StationCast) -> None:
    station = cast.station()
    held_event(cast, station)
    planned_event(cast, station, kind="lecture")
    leader = cast.client("leader")
    assert [row["kind"] for row in leader.get(f"{URL}?state=held").json()["results"]] == ["cooling"]
    assert len(leader.get(f"{URL}?kind=six").json()["results"]) == 1
    assert cast.client("neighbour").get(URL).json()["results"] == []
    assert cast.client("handler").get(URL).status_code == 403
    assert leader.post(URL, {}, content_type=JSON).status_code == 403
    code = StationEvent.objects.earliest("id").code
    assert (
        cast.client("neighbour").post(f"{URL}{code}/actions/cancel/", {"version": 1, "reason": "x"}).status_code == 404
    )
    few = queries_of(leader, URL)
    for _ in range(19):
        planned_event(cast, station)
    assert queries_of(leader, URL) == few
