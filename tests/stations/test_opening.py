"""Whether a station is open: weekdays, nights, seasons, closures, all day. Pure: no database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from stations.models import Station, StationClosure
from stations.opening import hours_words, is_open, row_words
from stations.services import PeriodInput
from tests.stations.cast import ALL_WEEK, period
from unionportal.core.common.clock import SHANGHAI

WORKDAYS = (1, 2, 3, 4, 5)


@dataclass
class Rows:
    rows: list[Any]

    def all(self) -> list[Any]:
        return self.rows


@dataclass
class Place:
    """What `is_open` reads of a station."""

    hours_: list[PeriodInput] = field(default_factory=list)
    closures_: list[StationClosure] = field(default_factory=list)
    state: str = Station.State.OPEN
    opened_on: date | None = date(2024, 1, 1)
    open_all_day: bool = False

    @property
    def hours(self) -> Rows:
        return Rows(self.hours_)

    @property
    def closures(self) -> Rows:
        return Rows(self.closures_)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-09-04T07:59", False),
        ("2024-09-04T08:00", True),
        ("2024-09-04T19:59", True),
        ("2024-09-04T20:00", False),  # a Wednesday; shut the minute it closes
        ("2024-09-07T10:00", False),  # a Saturday
    ],
)
def test_a_day_from_opening_to_closing(moment: str, expected: bool) -> None:
    assert is_open(Place([period("08:00", "20:00", WORKDAYS)]), at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-09-06T21:59", False),
        ("2024-09-06T22:00", True),  # a Friday
        ("2024-09-07T05:59", True),  # Friday's night, though Saturday has no hours
        ("2024-09-07T06:00", False),
        ("2024-09-07T22:30", False),
        ("2024-09-09T05:00", False),  # Monday before dawn: Sunday had no hours
    ],
)
def test_a_night_belongs_to_the_day_it_began(moment: str, expected: bool) -> None:
    assert is_open(Place([period("22:00", "06:00", WORKDAYS)]), at(moment)) is expected


def test_until_midnight() -> None:
    place = Place([period("08:00", "00:00")])
    assert is_open(place, at("2024-09-04T23:59"))
    assert not is_open(place, at("2024-09-05T00:00"))


def test_seasons_may_go_over_new_year() -> None:
    summer = period("07:00", "22:00", ALL_WEEK, season_from=601, season_until=930)
    winter = period("09:00", "17:00", ALL_WEEK, season_from=1001, season_until=531)
    place = Place([summer, winter])
    assert is_open(place, at("2024-07-15T21:00"))
    assert not is_open(place, at("2024-12-31T21:00"))
    assert is_open(place, at("2024-12-31T16:00"))
    assert is_open(place, at("2025-01-01T16:00"))
    assert not is_open(place, at("2024-10-01T08:00"))


def test_a_season_ends_with_the_night_that_began_in_it() -> None:
    place = Place([period("20:00", "02:00", ALL_WEEK, season_from=601, season_until=930)])
    assert is_open(place, at("2024-10-01T01:00"))
    assert not is_open(place, at("2024-10-02T01:00"))


def test_a_closed_day_is_shut_from_its_first_minute_to_the_end_of_its_night() -> None:
    shut = StationClosure(start_on=date(2024, 9, 5), end_on=date(2024, 9, 5), reason="装修")
    place = Place([period("22:00", "06:00")], [shut])
    assert is_open(place, at("2024-09-04T23:00"))
    assert not is_open(place, at("2024-09-05T01:00"))
    assert not is_open(place, at("2024-09-05T23:00"))
    assert not is_open(place, at("2024-09-06T01:00"))
    assert is_open(place, at("2024-09-06T22:00"))


def test_closed_until_further_notice() -> None:
    place = Place(open_all_day=True, closures_=[StationClosure(start_on=date(2024, 9, 5), reason="拆迁")])
    assert is_open(place, at("2024-09-04T23:59"))
    assert not is_open(place, at("2030-01-01T12:00"))


def test_all_day_means_every_hour_of_an_open_station() -> None:
    assert is_open(Place(open_all_day=True), at("2024-09-04T03:00"))
    assert not is_open(Place(open_all_day=True, state=Station.State.SUSPENDED), at("2024-09-04T03:00"))
    assert not is_open(Place(open_all_day=True, opened_on=date(2024, 9, 5)), at("2024-09-04T12:00"))


def test_the_hour_is_the_hour_in_shanghai() -> None:
    place = Place([period("08:00", "20:00")])
    assert is_open(place, datetime.fromisoformat("2024-09-04T00:30+00:00"))
    assert not is_open(place, datetime.fromisoformat("2024-09-04T12:30+00:00"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (period(), "每天 08:00–20:00"),
        (period("22:00", "06:00", WORKDAYS), "周一至周五 22:00–次日06:00"),
        (period("08:00", "00:00", (6, 7)), "周六、周日 08:00–24:00"),
        (period("09:00", "17:00", (1, 3, 5)), "周一、周三、周五 09:00–17:00"),
        (period("07:00", "22:00", ALL_WEEK, season_from=601, season_until=930), "6月1日至9月30日 每天 07:00–22:00"),
    ],
)
def test_hours_in_words(row: PeriodInput, words: str) -> None:
    assert row_words(row) == words
    assert hours_words(Place([row])) == [words]


def test_all_day_in_words() -> None:
    assert hours_words(Place(open_all_day=True)) == ["24小时开放"]
