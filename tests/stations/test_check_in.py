"""Checking in by the QR of the day, without an account: one phone once a day, floods and old codes do not count, nobody is remembered."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from stations.check_in import address_token
from stations.models import CheckInDay, CheckInMark, Station
from stations.services import station_suspend, station_withdraw
from tests.people import scope_of
from tests.stations.cast import StationCast
from unionportal.core.common import clock
from unionportal.core.params.services import parameter_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(cast: StationCast) -> Station:
    made = cast.station()
    cast.kept(made)
    return made


def url(station: Station, day: date = date(2024, 9, 4)) -> str:
    return f"/c/{address_token(station.uuid, day)}/"


def scan(phone: Client, address: str) -> HttpResponse:
    """Open the code and tap the button, as a worker does."""
    phone.get(address)
    return phone.post(address)


def number(station: Station) -> int:
    return sum(CheckInDay.objects.filter(station=station).values_list("number", flat=True))


def test_a_worker_checks_in_with_the_code_the_keeper_shows(cast: StationCast, station: Station) -> None:
    page = cast.client("keeper").get(f"/stations/events/served/{station.code}/code/").content.decode()
    assert "<svg" in page
    address = re.search(r"https?://[^/]+(/c/[^<]+)", page)
    assert address
    phone = Client()
    opened = phone.get(address[1])
    assert station.name in opened.content.decode()
    assert "不记您是谁" in opened.content.decode()
    done = phone.post(address[1], follow=True)
    assert "签到好了" in done.content.decode()
    assert number(station) == 1


def test_a_phone_counts_once_a_day_and_others_count_too(cast: StationCast, station: Station) -> None:
    first, second = Client(), Client()
    assert scan(first, url(station)).status_code == 302
    again = scan(first, url(station))
    assert again.status_code == 409
    assert "今天已经在这里签到过" in again.content.decode()
    assert scan(second, url(station)).status_code == 302
    other = cast.station()
    assert scan(first, url(other)).status_code == 302, "another station is another visit"
    assert (number(station), number(other)) == (2, 1)


def test_the_next_day_it_counts_again_and_leaves_nothing_of_the_day_before(cast: StationCast, station: Station) -> None:
    phone = Client()
    scan(phone, url(station))
    tomorrow = cast.now + timedelta(days=1)
    with clock.at(tomorrow):
        assert scan(phone, url(station, tomorrow.date())).status_code == 302
    assert number(station) == 2
    assert set(CheckInMark.objects.values_list("day", flat=True)) == {tomorrow.date()}


def test_a_code_of_another_day_does_not_count(cast: StationCast, station: Station) -> None:
    for day in (date(2024, 9, 3), date(2024, 9, 5)):
        answer = scan(Client(), url(station, day))
        assert answer.status_code == 410
        assert "请扫驿站里当天的码" in answer.content.decode()
    assert number(station) == 0


def test_a_made_up_code_opens_nothing(cast: StationCast, station: Station) -> None:
    token = address_token(station.uuid, date(2024, 9, 4))
    for wrong in (token[:-2] + "xx", token.replace("20240904", "20240905"), "abc"):
        assert Client().get(f"/c/{wrong}/").status_code == 404
    assert number(station) == 0


def test_a_withdrawn_stations_code_says_so(cast: StationCast, station: Station) -> None:
    station_withdraw(code=station.code, version=None, reason="拆迁", actor=cast.scope("staff"), now=cast.now)
    answer = Client().get(url(station))
    assert answer.status_code == 410
    assert f"“{station.name}”已经撤销" in answer.content.decode()
    assert scan(Client(), url(station)).status_code == 410
    assert number(station) == 0
    paused = cast.station()
    station_suspend(code=paused.code, version=None, reason="装修", actor=cast.scope("staff"), now=cast.now)
    assert "现在没有开放" in Client().get(url(paused)).content.decode()
    assert cast.client("staff").get(f"/stations/events/served/{paused.code}/code/").status_code == 404


def test_without_a_pass_nothing_counts(station: Station) -> None:
    answer = Client().post(url(station))
    assert answer.status_code == 409
    assert "允许浏览器保存 Cookie" in answer.content.decode()
    forged = Client()
    forged.cookies["check_in"] = "20240904madeup.signature"
    assert forged.post(url(station)).status_code == 409
    assert number(station) == 0


def test_a_flood_from_one_network_is_refused_and_does_not_count(cast: StationCast, station: Station) -> None:
    allow(cast, "stations.check_ins_address_hour", 3)
    answers = [scan(Client(), url(station)).status_code for _ in range(6)]
    assert answers == [302, 302, 302, 429, 429, 429]
    assert number(station) == 3
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert scan(elsewhere, url(station)).status_code == 302, "others are not shut out"


def test_a_flood_from_one_phone_over_many_stations_is_refused(cast: StationCast, station: Station) -> None:
    allow(cast, "stations.check_ins_phone_hour", 2)
    phone = Client()
    stations = [station, cast.station(), cast.station()]
    assert [scan(phone, url(each)).status_code for each in stations] == [302, 302, 429]
    assert [number(each) for each in stations] == [1, 1, 0]
    assert scan(Client(), url(stations[2])).status_code == 302


def allow(cast: StationCast, name: str, value: int) -> None:
    """Set a parameter from today on."""
    system = scope_of(cast.district.sysadmin())
    parameter_set(key=name, value=value, effective_on=cast.now.date(), actor=system)


def test_nothing_of_a_person_is_kept(cast: StationCast, station: Station) -> None:
    phone = Client(REMOTE_ADDR="198.51.100.77", headers={"User-Agent": "Courier/1.0"})
    scan(phone, url(station))
    with connection.cursor() as cursor:
        for table in ("stations_checkinmark", "stations_checkinday", "casework_ratewindow"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            rows = " ".join(text for (text,) in cursor.fetchall())
            assert rows
            assert "198.51.100" not in rows
            assert "Courier" not in rows
            assert phone.cookies["check_in"].value.split(".")[0][8:] not in rows, "not even the pass itself"
