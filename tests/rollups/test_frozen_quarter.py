"""A frozen quarter against its list: an issue that two of its months counted stands in each, and says why."""

from datetime import date, datetime
from typing import Any

import pytest

from casework.models import Category
from casework.services import issue_correct
from casework.workflow import Outcome, Satisfaction
from tests.people import District, client_for
from tests.rollups.histories import Player
from tests.rollups.test_api import URL, results
from unionportal.core.common import clock
from unionportal.reporting import freezing
from unionportal.reporting.rollups import refresh

AUGUST, SEPTEMBER = date(2024, 8, 1), date(2024, 9, 1)
OCTOBER = datetime(2024, 10, 15, 9, tzinfo=clock.SHANGHAI)
QUARTER = {"period": "quarter", "start": "2024-07-01", "state": "frozen"}


def freeze(player: Player, month: date, now: datetime) -> None:
    with clock.at(now):
        refresh.refresh()
        freezing.month_freeze(month=month, actor=player.staff, now=now)


@pytest.fixture
def player(district: District) -> Player:
    """August froze with three issues; then one of them was moved to September, another reopened and closed there; then September froze."""
    player = Player(district)
    player.day = date(2024, 8, 20)
    again = player.close(player.register(0))
    player.day = date(2024, 8, 30)
    player.register(0)
    player.day = date(2024, 9, 5)
    moved = player.register(6)  # as received on 30 August
    freeze(player, AUGUST, datetime(2024, 9, 9, 9, tzinfo=clock.SHANGHAI))
    player.day = date(2024, 9, 10)
    issue_correct(
        code=moved.code,
        version=moved.version,
        reason="日期、镇街和类别都写错了",
        category=Category.objects.get(code="safety"),
        township=district.township("330602007"),
        enterprise=None,
        received_on=date(2024, 9, 2),
        title=moved.title,
        description=moved.description,
        actor=player.staff,
        now=player.now,
    )
    player.register(0)
    again = player.make_named(again, "reopen", note="款项没有到账")
    again = player.make_named(again, "report", note="已补发")
    again = player.make_named(again, "follow_up", satisfaction=Satisfaction.SATISFIED)
    player.make_named(again, "close", outcome=Outcome.RESOLVED)
    freeze(player, SEPTEMBER, datetime(2024, 10, 14, 9, tzinfo=clock.SHANGHAI))
    return player


def all_rows(client: Any, link: str, measure: str = "received", **more: str) -> list[dict[str, Any]]:
    """What a link opens, from answer to answer."""
    found: list[dict[str, Any]] = []
    following = link.replace("measure=received", f"measure={measure}")
    following += "".join(f"&{name}={text}" for name, text in more.items())
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        following = answer.json()["next"]
    return found


def test_every_number_of_a_frozen_quarter_opens_as_many_rows(player: Player) -> None:
    client = client_for(player.district.leader())
    with clock.at(OCTOBER):
        places = results(client, URL, **QUARTER)
        kinds = [
            *results(client, URL, **QUARTER, unit="330602", category="wage_arrears"),
            *results(client, URL, **QUARTER, unit="330602", category="safety"),
        ]
        district = places[0]
        for measure, number in {"received": 5, "resolved": 1, "closed_in_period": 2, "open_at_end": 3}.items():
            assert district[measure] == number
            for row in (*places, *kinds):
                for page in ("1", "50"):
                    assert len(all_rows(client, row["rows"], measure, limit=page)) == row[measure], (row, measure)
            assert sum(row[measure] for row in places[1:]) == number
            assert sum(row[measure] for row in kinds) == number


def test_an_issue_that_two_months_counted_stands_in_each_and_says_why(player: Player) -> None:
    client = client_for(player.district.leader())
    with clock.at(OCTOBER):
        link = results(client, URL, **QUARTER, unit="330602")[0]["rows"]
        for measure, code, why in (
            ("received", player.issues[2], "收集日期更正过：2024年8月、2024年9月各按当时的收集日期计了数"),
            ("closed_in_period", player.issues[0], "办结后重新办理，又办结过：2024年8月、2024年9月各计了一次办结"),
        ):
            rows = all_rows(client, link, measure)
            twice = [row for row in rows if row["code"] == code]
            assert [row["counted_in"] for row in twice] == ["2024-08-01", "2024-09-01"]
            assert all(why in row["counted_note"] for row in twice)
            assert all(row["counted_note"] == "" for row in rows if row["code"] != code)
        assert [row["counted_in"] for row in all_rows(client, link, counted_in="2024-09-01")] == ["2024-09-01"] * 2
        assert client.get(f"{link}&counted_in=2024-10-01").status_code == 400
