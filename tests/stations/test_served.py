"""People served, on pages: tallies and estimates stand apart, no day counts twice, a year never adds them silently."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from stations.models import CheckInDay, ServedCount, Station
from tests.queries import queries_of
from tests.stations.cast import StationCast
from tests.stations.events import counted, held_event
from unionportal.core.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
URL = "/stations/events/served/"


def tally(**changes: Any) -> dict[str, Any]:
    facts = {"uuid": str(uuid4()), "way": "tally", "start_on": "2024-09-04", "number": "86"}
    return {**facts, **changes}


def estimate(**changes: Any) -> dict[str, Any]:
    facts = {
        "way": "estimate",
        "start_on": "2024-08-01",
        "end_on": "2024-08-31",
        "number": "900",
        "basis": "按领水登记本",
    }
    return tally(**{**facts, **changes})


@pytest.fixture
def station(cast: StationCast) -> Station:
    """A station of 稽山街道, kept by the keeper."""
    made = cast.station()
    cast.kept(made)
    return made


def test_a_keeper_enters_the_day_and_sees_the_year(cast: StationCast, station: Station) -> None:
    keeper = cast.client("keeper")
    assert keeper.post(f"{URL}{station.code}/", tally()).status_code == 302
    guess = {"uuid": str(uuid4()), **estimate()}
    assert keeper.post(f"{URL}{station.code}/", guess).status_code == 302
    assert keeper.post(f"{URL}{station.code}/", guess).status_code == 302
    assert keeper.post(f"{URL}{station.code}/", {**guess, "end_on": "2024-08-30"}).status_code == 409
    CheckInDay.objects.create(station=station, day=date(2024, 9, 4), number=7)
    page = keeper.get(f"{URL}{station.code}/").content.decode()
    for words in ("2024年9月4日", "依据：按领水登记本", "点数86＋扫码7＋估算900＝993人次（计数方式不同"):
        assert words in page
    entry = AuditEntry.objects.get(action="station_served.record", data__way="estimate")
    assert entry.data["number"] == 900
    assert "basis" not in entry.data, "free text stays out of the trail"


def test_the_year_has_three_columns_and_says_what_it_adds(cast: StationCast, station: Station) -> None:
    counted(cast, station, 120)
    counted(cast, station, 300, on=date(2024, 8, 1), way="estimate", end_on=date(2024, 8, 31), basis="按电量")
    CheckInDay.objects.create(station=station, day=date(2024, 9, 3), number=5)
    counted(cast, cast.station(), 11)
    held_event(cast, station, attendance=77)
    page = cast.client("leader").get(f"{URL}?year=2024").content.decode()
    assert "点数131＋扫码5＋估算300＝436人次（计数方式不同，同一人同一天可能重复）" in page
    assert not re.search(r"(?<![0-9A-Za-z])77(?![0-9A-Za-z])", page), (
        "who came to an event is not added to those served"
    )
    row = page[page.index(f">{station.name}<") :]
    assert [row.index(">120<"), row.index(">5<"), row.index(">300<")] == sorted(
        [row.index(">120<"), row.index(">5<"), row.index(">300<")]
    )
    assert "没有登记服务人次" in cast.client("leader").get(f"{URL}?year=2023").content.decode()
    clerk = cast.client("neighbour").get(f"{URL}?year=2024").content.decode()
    assert station.name not in clerk
    assert "没有登记服务人次" in clerk


def test_one_kind_alone_is_not_called_a_sum(cast: StationCast, station: Station) -> None:
    counted(cast, station, 120)
    page = cast.client("leader").get(f"{URL}?year=2024").content.decode()
    assert "点数120人次" in page
    assert "可能重复" not in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (tally(start_on="2024-09-05"), "还没到这一天"),
        (tally(start_on="2024-02-29"), "2024年3月1日才启用"),
        (tally(number="-3"), "不能是负数"),
        (tally(number="10001"), "0 到 10,000 之间"),
        (tally(number=""), "请填写服务人次"),
        (tally(way="guess"), "请选择点数或估算"),
        (estimate(basis=" "), "请写明估算的依据"),
        (estimate(end_on="2024-09-01"), "一次估算不能跨月"),
        (estimate(end_on="2024-07-31"), "结束日期早于开始日期"),
    ],
)
def test_a_number_that_cannot_be_is_told_at_its_field(
    cast: StationCast, station: Station, sent: dict[str, Any], words: str
) -> None:
    answer = cast.client("keeper").post(f"{URL}{station.code}/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ServedCount.objects.exists()


def test_no_day_is_counted_twice_in_one_way(cast: StationCast, station: Station) -> None:
    keeper = cast.client("keeper")
    sent = tally()
    assert keeper.post(f"{URL}{station.code}/", sent).status_code == 302
    assert keeper.post(f"{URL}{station.code}/", sent).status_code == 302, "a double tap is the same row"
    second = keeper.post(f"{URL}{station.code}/", tally(number="90"))
    assert second.status_code == 409
    assert "已经有点数的人次" in second.content.decode()
    assert keeper.post(f"{URL}{station.code}/", {**sent, "number": "91"}).status_code == 409
    assert keeper.post(f"{URL}{station.code}/", estimate()).status_code == 302
    assert keeper.post(f"{URL}{station.code}/", estimate(start_on="2024-08-20")).status_code == 409
    assert ServedCount.objects.count() == 2
    with pytest.raises(DatabaseError, match="served_within_a_month"), transaction.atomic():
        ServedCount.objects.filter(way="estimate").update(end_on=date(2024, 9, 1))


def test_a_number_is_put_right_with_its_trail(cast: StationCast, station: Station) -> None:
    row = counted(cast, station, 86)
    url = f"{URL}{station.code}/{row.pk}/"
    clerk = cast.client("clerk")
    assert clerk.post(url, {**tally(number="68"), "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.number, row.version, row.entered_by_id) == (68, 2, cast.users["clerk"].pk)
    stale = clerk.post(url, {**tally(number="60"), "version": 1})
    assert stale.status_code == 409
    assert AuditEntry.objects.filter(action="station_served.correct").count() == 1


def test_who_counts_and_who_looks(cast: StationCast, station: Station) -> None:
    row = counted(cast, station, 86)
    page = f"{URL}{station.code}/"
    assert "登记服务人次" in cast.client("keeper").get(page).content.decode()
    for reader in ("leader", "cadre"):
        assert "登记服务人次" not in cast.client(reader).get(page).content.decode()
        assert cast.client(reader).post(page, tally(start_on="2024-09-03")).status_code == 403
    for outsider in ("neighbour", "other_keeper"):
        assert cast.client(outsider).get(page).status_code == 404
        assert cast.client(outsider).post(page, tally(start_on="2024-09-03")).status_code == 404
        assert cast.client(outsider).post(f"{page}{row.pk}/", {**tally(), "version": 1}).status_code == 404
    assert cast.client("handler").get(page).status_code == 403
    assert ServedCount.objects.get().number == 86


def test_a_year_of_twenty_stations_costs_what_one_of_one_does(cast: StationCast, station: Station) -> None:
    counted(cast, station, 10)
    client = cast.client("leader")
    few = queries_of(client, URL)
    for _ in range(19):
        counted(cast, cast.station(), 10)
    assert queries_of(client, URL) == few


@pytest.mark.parametrize("address", [URL, "/stations/coverage/", "/stations/coverage/?radius=000500000&year=2024"])
@pytest.mark.parametrize("year", ["020240", "0020240", "9" * 5000, "²024"])
def test_a_year_that_is_none_is_this_year(cast: StationCast, address: str, year: str) -> None:
    answer = cast.client("staff").get(address if "?" in address else f"{address}?year={year}")
    assert answer.status_code == 200
    assert "500,000" not in answer.content.decode()
