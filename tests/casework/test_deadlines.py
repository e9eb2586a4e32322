"""Deadlines in workdays of the State Council's calendar, holidays off and make-up days on."""

from datetime import date, datetime, timedelta

import pytest

from tests.casework.cast import Cast
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)


def test_over_the_national_day_of_2024(cast: Cast) -> None:
    """Friday 27 September: Sunday the 29th is worked (调休), 1–7 October are off."""
    cast.now = at(date(2024, 9, 27))
    issue = cast.issue_in("assigned")
    assert issue.accept_due_on == date(2024, 9, 29)
    assert issue.due_on == date(2024, 10, 10)  # 29 and 30 September, 8, 9 and 10 October
    assert not issue.due_is_provisional


def test_follow_up_and_time_taken_over_the_holidays(cast: Cast) -> None:
    cast.now = at(date(2024, 9, 30))
    issue = cast.issue_in("answered")
    assert issue.follow_up_due_on == date(2024, 10, 8)
    cast.now = at(date(2024, 10, 12))  # a Saturday that is worked
    cast.move(issue, "follow_up", "registrar", satisfaction="satisfied")
    issue = cast.move(issue, "close", "staff", outcome="resolved")
    assert issue.workdays_to_close == 5  # 8, 9, 10, 11 and 12 October


def test_a_deadline_in_a_year_without_a_calendar_is_provisional(cast: Cast) -> None:
    cast.now = at(date(2031, 3, 3))
    issue = cast.issue_in("assigned")
    assert (issue.due_on, issue.due_is_provisional) == (date(2031, 3, 10), True)
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "暂定" in page


@pytest.mark.parametrize(
    ("days_later", "words"),
    [(0, "剩 5 个工作日"), (7, "今天到期"), (9, "逾期 2 个工作日")],
)
def test_the_page_says_what_is_left(cast: Cast, days_later: int, words: str) -> None:
    issue = cast.issue_in("in_progress")
    with clock.at(cast.now + timedelta(days=days_later)):
        assert words in cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
        assert words in cast.client("staff").get("/issues/").content.decode()


def test_overdue_over_a_weekend_is_never_due_today(cast: Cast) -> None:
    cast.now = at(date(2024, 8, 30))  # Friday; due Friday 6 September
    issue = cast.issue_in("in_progress")
    with clock.at(at(date(2024, 9, 7))):
        page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "逾期 1 个工作日" in page
