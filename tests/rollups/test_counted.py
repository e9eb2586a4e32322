"""Figures of handling units and of cadres: equal to the events played back in plain Python, and to the rows they open."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import given, settings

from casework.models import Issue
from tests.dashboard.pages import figure_links, rows_behind
from tests.people import District, client_for
from tests.queries import queries_of
from tests.rollups.expected import expected_of
from tests.rollups.histories import Player
from tests.rollups.test_api import URL, results
from tests.rollups.test_figures import received
from tests.rollups.test_incremental import FIGURES, QUIET, STEPS
from tests.visits.builders import logged
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from unionportal.reporting.behind import issues_between
from unionportal.reporting.figures import handled_rows, registered_rows
from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import period_end
from unionportal.reporting.visiting import quota_figures

SEPTEMBER = {"period": "month", "start": "2024-09-01"}


def at_noon(day: date) -> Any:
    return clock.at(clock.datetime(day.year, day.month, day.day, 12, tzinfo=clock.SHANGHAI))


@settings(max_examples=8, **QUIET)
@given(steps=STEPS)
def test_counted_figures_are_what_the_events_say(district: District, steps: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        player = Player(district)
        player.play([step for step in steps if step[0] != "refresh"])
        with clock.at(player.now):
            compare("holder", player.day)
            compare("registrar", player.day)
        transaction.set_rollback(True)


def compare(whose: str, today: date) -> None:
    for (period, start, owner), figures in expected_of(whose, today).items():
        cell: dict[str, Any] = {"period": period, "start": start}
        if whose == "holder":
            unit = Unit.objects.get(code=owner)
            (row,) = handled_rows(**cell, units=[unit])
            mine = Q(holder=unit)
        else:
            cadre = User.objects.get(username=owner)
            (row,) = registered_rows(**cell, cadre_ids=[cadre.pk])
            mine = Q(registered_by=cadre)
        assert {name: row[name] for name in FIGURES} == figures, (period, start, owner)
        if period == "month":
            for measure in (*COLUMN_IDS, "open_at_end"):
                rows = issues_between(measure, first=start, end=period_end(period, start)).filter(mine)
                assert rows.count() == row[measure], (measure, period, start, owner)


@pytest.fixture
def player(district: District) -> Player:
    """September: one issue resolved by the department, one in its hands, one not handed to anybody."""
    player = Player(district)
    player.close(received(player, date(2024, 9, 3)))
    player.make_named(received(player, date(2024, 9, 4)), "assign", unit=district.department)
    received(player, date(2024, 9, 5))
    player.day = date(2024, 9, 30)
    return player


def test_a_transferred_issue_counts_with_the_unit_that_has_it(player: Player) -> None:
    issue = Issue.objects.get(state="assigned")
    player.make_named(issue, "transfer", unit=player.district.workroom, note="转办")
    units = [player.district.department, player.district.workroom]
    rows = handled_rows(period="month", start=date(2024, 9, 1), units=units)
    assert [(row["received"], row["resolved"], row.open_at_end) for row in rows] == [(1, 1, 0), (1, 0, 1)]


def test_scripts_ask_for_a_unit_by_its_short_code(player: Player) -> None:
    with clock.at(player.now):
        refresh.refresh()
        client = client_for(player.district.leader())
        (row,) = results(client, **SEPTEMBER, unit="rights")
        assert (row["unit"], row["received"], row["resolved"], row["open_at_end"]) == ("rights", 2, 1, 1)
        assert len(results(client, row["rows"].removeprefix("http://testserver"))) == 2
        (row,) = results(client, **SEPTEMBER, unit="rights", category="safety")
        assert row["received"] == 0
        assert [row["start"] for row in results(client, period="year", unit="rights")] == ["2024-01-01"]
        for more in ({"as_of": "2024-09-30"}, {"state": "frozen"}):
            assert "unit" in client.get(URL, {**SEPTEMBER, "unit": "rights", **more}).json()["fields"]
        for unit in ("3306", "nobody"):
            assert client.get(URL, {**SEPTEMBER, "unit": unit}).status_code == 404


def test_a_township_does_not_read_other_units(player: Player) -> None:
    with clock.at(player.now):
        client = client_for(player.district.township_clerk())
        assert client.get(URL, {**SEPTEMBER, "unit": "rights"}).status_code == 404
        assert "权益部" not in client.get("/figures/units/?month=2024-09").content.decode()
        rows = "/dashboard/rows/?measure=received&month=2024-09&holder="
        assert client.get(f"{rows}rights").status_code == 404
        assert client.get(f"{rows}330602006").status_code == 200


def follow_all(client: Any, url: str, *, at_least: int) -> None:
    links = figure_links(client.get(url).content.decode())
    assert len(links) >= at_least
    for link in links:
        stated, listed = rows_behind(client, link.url)
        assert (stated, str(listed)) == (link.figure, link.figure), link


def test_every_number_of_a_unit_opens_its_rows(player: Player) -> None:
    with clock.at(player.now):
        follow_all(client_for(player.district.leader()), "/figures/units/?month=2024-09", at_least=4)


@pytest.fixture
def week(player: Player) -> dict[str, User]:
    """Two cadres of 稽山街道, one with a visit of a key enterprise and the issue it raised."""
    district = player.district
    busy, idle = district.cadre(), district.cadre()
    logged(busy, district.enterprise(1, is_key=True), date(2024, 9, 12))
    district.enterprise(2, is_key=True)
    Issue.objects.filter(state="registered").update(registered_by=busy)
    return {"busy": busy, "idle": idle}


def test_every_number_of_a_cadre_opens_its_rows(player: Player, week: dict[str, User]) -> None:
    with clock.at(player.now):
        leader = client_for(player.district.leader())
        follow_all(leader, "/figures/cadres/?month=2024-09", at_least=8)
        follow_all(client_for(week["busy"]), "/figures/cadres/?month=2024-09", at_least=4)
        page = leader.get("/figures/cadres/?month=2024-09").content.decode()
        assert str(week["idle"]) in page
        # Ten weeks of September end on a Sunday in it: 1, 8, 15, 22, 29.
        weeks = leader.get(f"/figures/cadres/{week['busy'].pk}/?month=2024-09").content.decode()
        assert ">应走访 5<" in weeks
        assert ">达标 1<" in weeks
        assert weeks.count("未达标") == 4


def test_the_quota_of_the_district_and_of_a_township(player: Player, week: dict[str, User]) -> None:
    elsewhere = player.district.cadre([player.district.township("330602007")])
    logged(elsewhere, player.district.enterprise(3, township=player.district.township("330602007")), date(2024, 9, 19))
    jishan, fusheng = player.district.township(), player.district.township("330602108")
    for unit, weeks, met, rate in ((None, 15, 2, "13.33%"), (jishan, 10, 1, "10.00%"), (fusheng, 0, 0, "—")):
        found = quota_figures(start=date(2024, 9, 1), end=date(2024, 9, 30), unit=unit)
        assert (found.quota_weeks, found.quota_met, found.quota.text) == (weeks, met, rate)
    with clock.at(player.now):
        page = client_for(player.district.leader()).get("/figures/cadres/?month=2024-09").content.decode()
    assert '走访达标率 <b data-plain="beside">13.33%</b>（' in page
    assert "（2/15 周次）" in re.sub(r"<[^>]+>", "", page)
    assert '重点企业覆盖率 <b data-plain="beside">50.00%</b>' in page


def test_a_cadre_reads_nobody_elses_work(player: Player, week: dict[str, User]) -> None:
    with clock.at(player.now):
        client = client_for(week["idle"])
        assert str(week["busy"]) not in client.get("/figures/cadres/?month=2024-09").content.decode()
        assert client.get(f"/figures/cadres/{week['busy'].pk}/?month=2024-09").status_code == 404
        rows = f"/dashboard/rows/?measure=received&month=2024-09&cadre={week['busy'].pk}"
        assert client.get(rows).status_code == 404


def test_a_week_still_running_is_not_owed_yet(player: Player, week: dict[str, User]) -> None:
    url = f"/figures/cadres/{week['busy'].pk}/?month=2024-09"
    for today, owed in ((date(2024, 9, 14), 2), (date(2024, 9, 15), 3)):
        with at_noon(today):
            assert f">应走访 {owed}<" in client_for(player.district.leader()).get(url).content.decode()


def test_a_list_of_many_costs_what_a_list_of_few_does(player: Player, week: dict[str, User]) -> None:
    with clock.at(player.now):
        client = client_for(player.district.leader())
        before = {url: queries_of(client, url) for url in ("/figures/units/", "/figures/cadres/")}
        for number in range(5):
            player.district.cadre()
            unit = Unit.objects.create(
                code=f"aid{number}", kind="agency", name=f"协同{number}", parent=player.district.district
            )
            issue = received(player, player.day - timedelta(days=1))
            player.make_named(issue, "assign", unit=unit)
        for url, number in before.items():
            assert queries_of(client, url) == number


@pytest.mark.parametrize("query", ["month=2024-13", "quarter=9", "month=2030-01"])
def test_a_period_that_cannot_be_is_told(player: Player, query: str) -> None:
    with clock.at(player.now):
        client = client_for(player.district.leader())
        assert client.get(f"/figures/units/?{query}").status_code == 400
