"""Figures of the past as they were known in the past, and the rows they counted then."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.models import Issue
from tests.people import District, client_for
from tests.rollups.histories import Player
from tests.rollups.test_api import URL, results
from tests.rollups.test_figures import received
from unionportal.core.common import clock
from unionportal.reporting.rollups import refresh

SEPTEMBER = {"period": "month", "start": "2024-09-01", "unit": "330602"}


@pytest.fixture
def player(district: District) -> Player:
    """One issue of September closed that month and reopened in November; one entered in October for September; one closed in November."""
    player = Player(district)
    reopened = player.close(received(player, date(2024, 9, 3)))
    received(player, date(2024, 9, 4))
    player.day = date(2024, 10, 15)
    late = player.register(25)
    assert late.received_on == date(2024, 9, 20)
    player.day = date(2024, 11, 4)
    player.make_named(Issue.objects.get(pk=reopened.pk), "reopen", note="复查未落实")
    player.close(Issue.objects.filter(state="registered").earliest("pk"))
    with clock.at(player.now):
        refresh.refresh()
    return player


def figures(player: Player, as_of: str) -> tuple[Any, ...]:
    with clock.at(player.now):
        (row,) = results(client_for(player.district.leader()), **SEPTEMBER, as_of=as_of)
    return row["received"], row["resolved"], row["open_at_end"], row["status"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2024-09-30", (2, 1, 1, "known")),
        ("2024-10-14", (2, 1, 1, "known")),
        ("2024-10-15", (3, 1, 2, "known")),  # entered late
        ("2024-11-04T23:00:00+08:00", (3, 1, 2, "known")),  # fifty minutes before the reopening
        ("2024-11-05", (3, 1, 2, "known")),  # one reopened, another closed; in September itself nothing was undone
    ],
)
def test_a_month_as_it_was_known(player: Player, as_of: str, expected: tuple[Any, ...]) -> None:
    player.wait(3)
    assert figures(player, as_of) == expected


def test_the_rows_are_those_that_were_counted_then(player: Player) -> None:
    codes = list(Issue.objects.order_by("code").values_list("code", flat=True))
    player.wait(3)
    with clock.at(player.now):
        client = client_for(player.district.staff())
        for as_of, resolved in (("2024-10-31", codes[:1]), ("2024-11-05", codes[1:2])):
            (row,) = results(client, **SEPTEMBER, as_of=as_of)
            link = row["rows"].removeprefix("http://testserver").replace("measure=received", "measure=resolved")
            assert "as_of=" in link
            assert [issue["code"] for issue in results(client, link)] == resolved


def test_before_the_first_entry_there_is_nothing(player: Player) -> None:
    with clock.at(player.now):
        assert results(client_for(player.district.leader()), **SEPTEMBER, as_of="2024-08-31") == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"as_of": "gestern"}, "时间应写成"),
        ({"as_of": "2024-13-01"}, "时间应写成"),
        ({"as_of": "2124-01-01"}, "不能晚于现在"),
        ({"as_of": "2024-10-01", "state": "frozen"}, "不能同时使用"),
    ],
)
def test_a_moment_that_makes_no_sense_is_refused(player: Player, query: dict[str, str], said: str) -> None:
    answer = client_for(player.district.leader()).get(URL, {**SEPTEMBER, **query})
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_township_reads_its_own_past_and_no_other(player: Player) -> None:
    client = client_for(player.district.township_clerk())
    query = {"period": "month", "start": "2024-09-01", "as_of": "2024-10-31"}
    with clock.at(datetime(2024, 11, 8, tzinfo=clock.SHANGHAI)):
        assert [row["unit"] for row in results(client, **query)] == ["330602006"]
        assert client.get(URL, {**query, "unit": "330602"}).status_code == 404
