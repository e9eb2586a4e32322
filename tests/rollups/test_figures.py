"""What the figures mean: months and years, medians, stock, rates, and rows for months in which nothing happened."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from casework.models import Category, Issue
from tests.people import District
from tests.rollups.histories import Player
from unionportal.core.common import clock
from unionportal.reporting import figures
from unionportal.reporting.behind import issues_behind
from unionportal.reporting.figures import Rate, between, cumulative, district_figures, rollup_rows, unit_figures
from unionportal.reporting.measures import MEASURES, RATES, RATES_BY_ID
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import period_end, period_label, period_start, previous_start

DECEMBER, JANUARY = date(2024, 12, 31), date(2025, 1, 1)


@pytest.fixture
def player(district: District) -> Player:
    return Player(district, day=JANUARY)


def received(player: Player, day: date, *, township: str = "330602006", category: str = "policy") -> Issue:
    """An issue received (and registered) on a day."""
    player.day = day
    with transaction.atomic():  # a running worker must not count it before it is where the test wants it
        issue = player.register(0)
        issue.township, issue.category = player.district.township(township), Category.objects.get(code=category)
        issue.save()
    return issue


def refresh_on(day: date) -> None:
    with clock.at(clock.datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)):
        refresh.refresh()


def test_the_last_day_of_a_year_and_the_first_of_the_next_are_in_different_periods(player: Player) -> None:
    received(player, DECEMBER)
    received(player, JANUARY)
    refresh_on(JANUARY)
    for period in ("month", "quarter", "year"):
        assert [row["received"] for row in rollup_rows(period=period, units=[player.district.district])] == [1, 1]


def test_a_closing_late_in_the_evening_counts_in_the_shanghai_month(player: Player) -> None:
    issue = received(player, date(2024, 11, 28))
    player.day = date(2024, 11, 30)
    player.close(issue, days=0)  # ten to midnight in Shanghai is still 30 November
    refresh_on(date(2024, 12, 2))
    assert district_figures("month", date(2024, 11, 1)).open_at_end == 0


def test_stock_counts_what_was_open_when_the_period_ended(player: Player) -> None:
    first = received(player, date(2024, 9, 10))
    received(player, date(2024, 10, 10))
    player.day = date(2024, 11, 5)
    first = player.close(first)
    refresh_on(date(2024, 12, 15))
    stocks = {row.start.month: row.open_at_end for row in rollup_rows(period="month", units=[player.district.district])}
    assert stocks == {9: 1, 10: 2, 11: 1, 12: 1}
    player.day = date(2024, 12, 20)
    player.make_named(first, "reopen", note="复查未落实")
    refresh_on(date(2024, 12, 20))
    stocks = {row.start.month: row.open_at_end for row in rollup_rows(period="month", units=[player.district.district])}
    assert stocks == {9: 1, 10: 2, 11: 1, 12: 2}
    assert district_figures("quarter", date(2024, 10, 1)).open_at_end == 2
    behind = issues_behind("open_at_end", period="month", start=date(2024, 11, 1))
    assert [issue.pk for issue in behind] != [first.pk]
    assert behind.count() == 1


def test_an_issue_entered_late_and_reopened_later_was_open_before_it_was_entered(player: Player) -> None:
    player.day = date(2024, 9, 20)
    issue = player.register(40)  # received 40 days ago, in August
    player.make_named(player.close(issue), "reopen", note="复查未落实")
    refresh_on(player.day)
    assert district_figures("month", date(2024, 8, 1)).open_at_end == 1
    assert issues_behind("open_at_end", period="month", start=date(2024, 8, 1)).count() == 1


def test_a_reopened_issue_is_no_longer_resolved_in_the_month_it_was_received(player: Player) -> None:
    issue = player.close(received(player, date(2024, 9, 10)))
    refresh_on(player.day)
    assert district_figures("month", date(2024, 9, 1)).rates["resolution"].text == "100.00%"
    player.day = date(2024, 11, 1)
    player.make_named(issue, "reopen", note="复查未落实")
    refresh_on(player.day)
    assert district_figures("month", date(2024, 9, 1)).rates["resolution"].text == "0.00%"


def test_rejected_issues_are_not_counted(player: Player) -> None:
    issue = received(player, date(2024, 9, 10))
    refresh_on(player.day)
    assert district_figures("month", date(2024, 9, 1))["received"] == 1
    player.make_named(issue, "reject", note="不属受理范围", answer="请向劳动监察反映。")
    refresh_on(player.day)
    gone = district_figures("month", date(2024, 9, 1))
    assert (gone["received"], gone.open_at_end) == (0, 0)


@pytest.mark.parametrize(
    ("waits", "median"),
    [([3], "3.0"), ([1, 2], "1.5"), ([1, 2, 9], "2.0"), ([2, 2, 3, 8], "2.5"), ([5, 1, 1, 1], "1.0")],
)
def test_median_of_workdays(player: Player, waits: list[int], median: str) -> None:
    for waited in waits:
        issue = player.close(received(player, date(2024, 9, 9)), days=1)
        Issue.objects.filter(pk=issue.pk).update(workdays_to_close=waited)
    refresh_on(player.day)
    assert district_figures("month", date(2024, 9, 1)).median_workdays == Decimal(median)
    assert cumulative(player.day).median_workdays == Decimal(median)


def test_no_closed_issue_has_no_median_and_no_rate(player: Player) -> None:
    received(player, date(2024, 9, 10))
    refresh_on(player.day)
    row = district_figures("month", date(2024, 9, 1))
    assert row.median_workdays is None
    assert row.rates["satisfaction"].value is None
    assert row.rates["satisfaction"].text == "—"
    assert row.rates["resolution"].text == "0.00%"


def test_the_published_rate_is_rounded_as_published() -> None:
    assert Rate(RATES_BY_ID["resolution"], 876, 925).text == "94.70%"
    assert Rate(RATES_BY_ID["resolution"], 1, 800).text == "0.13%"  # 0.125: half up


def test_months_without_an_issue_have_rows_of_zeros(player: Player) -> None:
    received(player, date(2024, 8, 10))
    refresh_on(date(2024, 12, 1))
    rows = rollup_rows(period="month")
    assert {(row.start.month, row.unit.code) for row in rows} == {
        (month, code) for month in range(8, 13) for code in ("330602", "330602006", "330602007", "330602108")
    }
    refresh_on(date(2025, 1, 1))
    assert district_figures("month", JANUARY).open_at_end == 1
    assert [row["received"] for row in rollup_rows(period="year", start=JANUARY)] == [0, 0, 0, 0]


def test_a_wrong_year_put_right_leaves_no_rows_behind(player: Player) -> None:
    issue = received(player, date(2024, 10, 1))
    Issue.objects.filter(pk=issue.pk).update(received_on=date(2004, 10, 1))
    refresh_on(player.day)
    assert Rollup.objects.filter(month__year=2004).exists()
    issue.refresh_from_db()
    player.correct(0)  # tells the cell it leaves
    Issue.objects.filter(pk=issue.pk).update(received_on=date(2024, 10, 1))
    player.correct(0)
    refresh_on(player.day)
    assert not Rollup.objects.filter(month__year=2004).exists()
    assert district_figures("month", date(2024, 10, 1))["received"] == 1


def test_a_new_township_and_a_new_category_get_rows(player: Player) -> None:
    from unionportal.core.orgs.models import Unit

    received(player, date(2024, 10, 1))
    refresh_on(player.day)
    unit = Unit.objects.create(
        code="330602009", kind="township", name="灵芝街道总工会", short_name="灵芝街道", parent=player.district.district
    )
    category = Category.objects.create(code="heat", name="高温津贴", promise_workdays=5)
    refresh_on(player.day)
    assert unit_figures(period="month", start=player.day, unit=unit)["received"] == 0
    row = unit_figures(period="year", start=player.day, unit=unit, category=category)
    assert (row["received"], row.open_at_end, row.median_workdays) == (0, 0, None)
    assert unit in [row.unit for row in rollup_rows(period="month")]


def test_townships_sum_to_the_district_and_categories_to_all(player: Player) -> None:
    for number in range(12):
        player.play([("register", number * 31), ("move", number), ("wait", 3), ("move", number * 7)])
    refresh_on(player.day)
    for row in rollup_rows(period="month", units=[player.district.district]):
        parts = [r for r in rollup_rows(period="month", start=row.start) if r.unit.code != "330602"]
        kinds = rollup_rows(
            period="month", start=row.start, units=[player.district.district], categories=Category.objects.all()
        )
        for measure in ("received", "resolved", "assigned", "open_at_end"):
            assert sum(part[measure] for part in parts) == row[measure] == sum(kind[measure] for kind in kinds)


def test_a_run_of_months_adds_up(player: Player) -> None:
    for month in (8, 9, 10):
        player.close(received(player, date(2024, month, 5)))
    refresh_on(player.day)
    run = between(first=date(2024, 9, 1), last=date(2024, 10, 31))
    assert (run["received"], run["resolved"], run["closed"], run.open_at_end) == (2, 2, 2, 0)
    assert cumulative(date(2024, 9, 30))["received"] == 2
    assert cumulative(date(2024, 9, 30), unit=player.district.township("330602007"))["received"] == 0


def test_without_any_issue_the_current_month_is_there(district: District) -> None:
    refresh_on(date(2024, 10, 3))
    assert figures.period_starts("month") == [date(2024, 10, 1)]
    assert cumulative(date(2024, 10, 3))["received"] == 0
    assert district_figures("month", date(2030, 1, 1))["received"] == 0


def test_every_definition_says_what_it_means() -> None:
    for measure in (*MEASURES.values(), *RATES):
        assert measure.name
        assert measure.formula
        assert measure.version >= 1
    for rate in RATES:
        assert rate.numerator in MEASURES
        assert rate.denominator in MEASURES


def test_periods() -> None:
    assert period_start("quarter", date(2024, 12, 31)) == date(2024, 10, 1)
    assert period_end("quarter", date(2024, 10, 1)) == date(2024, 12, 31)
    assert period_end("month", date(2024, 2, 1)) == date(2024, 2, 29)
    assert previous_start("month", JANUARY) == date(2024, 12, 1)
    assert previous_start("quarter", JANUARY) == date(2024, 10, 1)
    assert [period_label(p, JANUARY) for p in ("month", "quarter", "year")] == ["2025年1月", "2025年第1季度", "2025年"]
