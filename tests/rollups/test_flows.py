"""本期办结: what was closed in a period, whenever it was received; never mixed with the cohort or the stock."""

from datetime import date

import pytest
from django.db import connection

from casework.models import Issue
from tests.people import District, client_for
from tests.rollups.histories import Player
from tests.rollups.test_api import results
from tests.rollups.test_figures import received, refresh_on
from unionportal.core.common import clock
from unionportal.reporting import freezing
from unionportal.reporting.figures import district_figures, rollup_rows
from unionportal.reporting.measures import COUNT_IDS
from unionportal.reporting.models import Freeze, FrozenRow, Rollup

SEPTEMBER, OCTOBER, NOVEMBER = date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1)


@pytest.fixture
def player(district: District) -> Player:
    """An issue of September, closed in October."""
    player = Player(district)
    issue = received(player, date(2024, 9, 27))
    player.day = date(2024, 10, 10)
    player.close(issue)
    refresh_on(player.day)
    return player


def closed(month: date) -> tuple[int, int | None, int | None]:
    """已办结 of the cohort, 本期办结, and of these the resolved ones."""
    row = district_figures("month", month)
    return row.closed, row.closed_in_period, row.flows["resolved_in_period"]


def test_it_counts_in_the_month_it_was_closed_in(player: Player) -> None:
    assert closed(SEPTEMBER) == (1, 0, 0)
    assert closed(OCTOBER) == (0, 1, 1)
    assert district_figures("year", date(2024, 1, 1)).closed_in_period == 1


def test_reopened_it_counts_nowhere_until_it_is_closed_again(player: Player) -> None:
    issue = Issue.objects.get()
    player.day = date(2024, 11, 4)
    player.make_named(issue, "reopen", note="复查未落实")
    refresh_on(player.day)
    assert [closed(month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)] == [(0, 0, 0)] * 3
    player.make_named(
        player.make_named(Issue.objects.get(), "report", note="已补发"), "follow_up", satisfaction="satisfied"
    )
    player.make_named(Issue.objects.get(), "close", outcome="explained")
    refresh_on(player.day)
    assert [closed(month)[:2] for month in (SEPTEMBER, OCTOBER, NOVEMBER)] == [(1, 0), (0, 0), (0, 1)]
    assert district_figures("month", NOVEMBER).flows["explained_in_period"] == 1


def test_a_month_with_nothing_but_a_closing_and_a_reopening_keeps_its_row(player: Player) -> None:
    """The stock did not move, and yet something was closed."""
    other = received(player, date(2024, 10, 12), township="330602007", category="safety")
    player.day = date(2024, 10, 14)
    other = player.close(other)
    player.day = date(2024, 12, 2)
    player.make_named(other, "reopen", note="复查未落实")
    other = player.make_named(Issue.objects.get(pk=other.pk), "report", note="已补发")
    other = player.make_named(other, "follow_up", satisfaction="satisfied")
    player.make_named(other, "close", outcome="resolved")
    refresh_on(player.day)
    row = district_figures("month", date(2024, 12, 1), other.category)
    assert (row["received"], row.open_at_end, row.closed_in_period) == (0, 0, 1)


def test_scripts_read_it_and_open_its_rows(player: Player) -> None:
    with clock.at(player.now):
        client = client_for(player.district.leader())
        (row,) = results(client, period="month", start="2024-10-01", unit="330602")
        assert (row["closed_in_period"], row["resolved_in_period"], row["resolved"]) == (1, 1, 0)
        assert row["p90_workdays"] is None  # of the cohort, which is empty
        for measure in ("closed_in_period", "resolved_in_period"):
            link = row["rows"].removeprefix("http://testserver").replace("measure=received", f"measure={measure}")
            assert [one["code"] for one in results(client, link)] == [Issue.objects.get().code]
        (then,) = (
            results(client, period="month", start="2024-10-01", unit="330602", as_of="2024-10-31")
            if (player.day > date(2024, 10, 31))
            else [row]
        )
        assert then["closed_in_period"] == 1


def test_cumulative_figures_open_everything_up_to_the_end(player: Player) -> None:
    received(player, date(2024, 10, 20))
    refresh_on(player.day)
    client = client_for(player.district.leader())
    for measure, number in (("received_so_far", 2), ("resolved_so_far", 1)):
        found = results(
            client, "/api/v1/rollups/rows/", period="month", start="2024-10-01", unit="330602", measure=measure
        )
        assert len(found) == number


@pytest.mark.parametrize(
    ("spent", "p90"), [([3], 3), ([1, 2], 2), ([*range(1, 11)], 9), ([*range(1, 12)], 10), ([1] * 9 + [30], 1)]
)
def test_nine_tenths_took_no_longer(district: District, spent: list[int], p90: int) -> None:
    player = Player(district)
    issue = player.close(received(player, date(2024, 9, 9)))
    refresh_on(player.day)
    row = district_figures("month", SEPTEMBER)
    assert row.p90_workdays == issue.workdays_to_close
    bars = {days: spent.count(days) for days in spent}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reporting_rollup SET workdays = %s, issues = %s WHERE month = %s",
            [list(bars), list(bars.values()), SEPTEMBER],
        )
    assert district_figures("month", SEPTEMBER).p90_workdays == p90


def test_a_month_frozen_before_closings_were_counted_says_that_it_does_not_know(player: Player) -> None:
    frozen_at = clock.datetime(2024, 11, 12, 9, tzinfo=clock.SHANGHAI)
    older = Freeze.objects.create(month=OCTOBER, revision=1, frozen_at=frozen_at, last_step=0)
    kept = ("unit_id", "category_id", *COUNT_IDS, "open_delta", "open_at_end", "workdays", "issues")
    FrozenRow.objects.bulk_create(
        FrozenRow(freeze=older, **row) for row in Rollup.objects.filter(month=OCTOBER).values(*kept)
    )
    with clock.at(frozen_at):
        (row,) = rollup_rows(period="month", start=OCTOBER, units=[player.district.district], frozen=True)
        assert (row.status, row.closed_in_period, row.flows["resolved_in_period"]) == ("frozen", None, None)
        assert row["received"] == 0
        (quarter,) = rollup_rows(period="quarter", start=OCTOBER, units=[player.district.district], frozen=True)
        assert (quarter.status, quarter.closed_in_period) == ("mixed", None)
        assert not freezing.differs(older)
        assert "第1版" in client_for(player.district.leader()).get("/reports/months/2024-10/").content.decode()
