"""Workdays: the State Council's calendar with its make-up days, years entered in the portal, years nobody knows."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import client_for, scope_of
from unionportal.core.common.errors import Forbidden
from unionportal.core.workcal.days import (
    LIBRARY_YEARS,
    Deadline,
    add_workdays,
    is_known,
    is_workday,
    iso_week,
    week_range,
    week_workdays,
    workdays_between,
    workdays_left,
)
from unionportal.core.workcal.notation import Unreadable, parse, write
from unionportal.core.workcal.selectors import specials
from unionportal.core.workcal.services import calendar_year_clear, calendar_year_set

UNKNOWN = max(LIBRARY_YEARS) + 1
quick = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
days = st.dates(date(2003, 1, 1), date(UNKNOWN + 2, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        *[
            "2024-02-04",
            "2024-02-18",
            "2024-04-07",
            "2024-04-28",
            "2024-05-11",
            "2024-09-14",
            "2024-09-29",
            "2024-10-12",
        ],
        *["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
    ],
)
def test_make_up_days_on_weekends_are_worked(db, day):
    assert date.fromisoformat(day).weekday() >= 5
    assert is_workday(date.fromisoformat(day))


@pytest.mark.parametrize("day", [f"2024-10-0{n}" for n in range(1, 8)] + ["2024-02-12", "2024-05-03", "2024-09-17"])
def test_holidays_are_off(db, day):
    assert not is_workday(date.fromisoformat(day))


def test_day_one_is_the_next_workday(db):
    assert add_workdays(date(2024, 9, 5), 5) == Deadline(date(2024, 9, 12), False)
    # from the Friday before 国庆: Sunday the 29th and Monday the 30th are worked, then a week off
    assert add_workdays(date(2024, 9, 27), 3) == Deadline(date(2024, 10, 8), False)
    # received on a Saturday off: Sunday (make-up) is day 1
    assert add_workdays(date(2024, 9, 28), 1) == Deadline(date(2024, 9, 29), False)
    assert add_workdays(date(2024, 9, 5), 0) == Deadline(date(2024, 9, 5), False)


def test_a_year_nobody_knows_is_monday_to_friday_and_provisional(db):
    assert not is_known(UNKNOWN)
    assert not is_known(2003)
    assert is_workday(date(2003, 1, 1))
    last = date(UNKNOWN - 1, 12, 31)
    due = add_workdays(last, 5)
    assert due.provisional
    assert due.day.year == UNKNOWN
    assert not add_workdays(last - timedelta(days=60), 5).provisional


def test_a_negative_period_is_a_mistake(db):
    with pytest.raises(ValueError, match="negative"):
        add_workdays(date(2024, 1, 1), -1)


@quick
@given(start=days, number=st.integers(1, 400))
def test_a_deadline_is_a_workday_that_counts_back_to_its_period(db, start, number):
    due = add_workdays(start, number)
    assert due.day > start
    assert is_workday(due.day)
    assert workdays_between(start, due.day) == number
    assert workdays_between(start, due.day - timedelta(days=1)) == number - 1


@quick
@given(start=days, number=st.integers(1, 60))
def test_provisional_means_that_an_unknown_year_was_counted(db, start, number):
    due = add_workdays(start, number)
    counted = {(start + timedelta(days=n + 1)).year for n in range((due.day - start).days)}
    assert due.provisional == any(not is_known(year) for year in counted)


@quick
@given(start=days, length=st.integers(-30, 500))
def test_counting_agrees_with_looking_at_every_day(db, start, length):
    end = start + timedelta(days=length)
    slowly = sum(is_workday(start + timedelta(days=n)) for n in range(1, length + 1))
    assert workdays_between(start, end) == slowly


@quick
@given(a=days, b=days, c=days)
def test_counts_add_up(db, a, b, c):
    first, middle, last = sorted((a, b, c))
    assert workdays_between(first, last) == workdays_between(first, middle) + workdays_between(middle, last)


def test_days_left_until_and_after_a_due_day(db):
    due = date(2024, 9, 30)
    assert workdays_left(due, date(2024, 9, 27)) == 2
    assert workdays_left(due, due) == 0
    assert workdays_left(due, date(2024, 10, 7)) == 0  # nobody worked since
    assert workdays_left(due, date(2024, 10, 9)) == -2


def test_iso_weeks(db):
    assert iso_week(date(2024, 12, 30)) == (2025, 1)
    assert iso_week(date(2023, 1, 1)) == (2022, 52)
    assert week_range(2025, 1) == (date(2024, 12, 30), date(2025, 1, 5))
    assert week_workdays(2024, 40) == 1  # 国庆: only Monday the 30th
    assert week_workdays(2024, 39) == 6  # with Sunday the 29th
    assert week_workdays(2024, 37) == 6  # with Saturday the 14th
    assert week_workdays(2024, 36) == 5


NATIONAL_DAY = f"{UNKNOWN}-10-01 至 {UNKNOWN}-10-07 休 国庆节\n{UNKNOWN}-10-09 班 国庆节调休"


def test_an_entered_year_holds_at_once_and_is_no_longer_provisional(district):
    scope = scope_of(district.sysadmin())
    start = date(UNKNOWN, 9, 30)
    assert add_workdays(start, 1).provisional
    calendar_year_set(year=UNKNOWN, source="放假通知（演示）", days=NATIONAL_DAY, actor=scope)
    assert is_known(UNKNOWN)
    due = add_workdays(start, 1)
    assert not due.provisional
    assert due.day > date(UNKNOWN, 10, 7)
    assert is_workday(date(UNKNOWN, 10, 9))
    calendar_year_clear(year=UNKNOWN, actor=scope)
    assert add_workdays(start, 1).provisional


def test_an_entered_year_replaces_what_the_library_knows(district):
    calendar_year_set(
        year=2025, source="更正（演示）", days="2025-03-03 休 演示节", actor=scope_of(district.sysadmin())
    )
    assert not is_workday(date(2025, 3, 3))
    assert is_workday(date(2025, 10, 1))
    assert not is_workday(date(2024, 10, 1))


def test_the_new_years_make_up_day_may_lie_in_the_december_before(district):
    text = f"{UNKNOWN - 1}-12-31 休 元旦\n{UNKNOWN}-01-01 休 元旦"
    calendar_year_set(year=UNKNOWN, source="通知（演示）", days=text, actor=scope_of(district.sysadmin()))
    assert not is_workday(date(UNKNOWN - 1, 12, 31))


def test_looking_up_days_costs_no_query_each(db, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        for n in range(400):
            add_workdays(date(2024, 1, 1) + timedelta(days=n), 5)


def test_only_the_system_administrator_enters_years(district):
    with pytest.raises(Forbidden):
        calendar_year_set(year=UNKNOWN, source="x", days=NATIONAL_DAY, actor=scope_of(district.staff()))


@pytest.mark.parametrize("year", [2024, 2026])
def test_what_is_written_can_be_read_back(db, year):
    assert parse(write(specials(year)), year=year) == specials(year)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2027-10-01 国庆节", "第 1 行看不懂"),
        ("2027-10-01 休\n\n明天 休", "第 3 行看不懂"),
        ("2027-02-30 休", "第 1 行：没有这一天"),
        ("2027-10-07 至 2027-10-01 休", "起止日期不对"),
        ("2027-01-01 至 2027-12-31 休", "起止日期不对"),
        ("2028-01-01 休", "不在2027年"),
        ("2027-10-01 休\n2027-09-30 至 2027-10-02 休", "在第 1 行已经写过"),
        (f"2027-10-01 休 {'节' * 31}", "不超过 30 个字"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(text, words):
    with pytest.raises(Unreadable, match=words):
        parse(text, year=2027)


def test_bad_lines_come_back_at_the_field_with_everything_typed(district):
    client = client_for(district.sysadmin())
    typed = {"source": "国办发明电〔演示〕", "days": f"{UNKNOWN}-10-01 休\n乱写一行"}
    answer = client.post(f"/calendar/{UNKNOWN}/edit/", typed)
    assert answer.status_code == 422
    assert "第 2 行看不懂" in answer.context["form"].errors["days"][0]
    assert "乱写一行" in answer.content.decode()
    assert "国办发明电〔演示〕" in answer.content.decode()
    assert not is_known(UNKNOWN)


def test_the_administrator_enters_a_year_on_the_page_and_staff_see_it(district):
    client = client_for(district.sysadmin())
    staff = client_for(district.staff())
    assert "按周一至周五推算" in staff.get(f"/calendar/{UNKNOWN}/").content.decode()
    answer = client.post(f"/calendar/{UNKNOWN}/edit/", {"source": "通知（演示）", "days": NATIONAL_DAY}, follow=True)
    assert answer.redirect_chain == [(f"/calendar/{UNKNOWN}/", 302)]
    seen = staff.get(f"/calendar/{UNKNOWN}/").content.decode()
    assert "按周一至周五推算" not in seen
    assert "通知（演示）" in seen


def test_a_year_outside_the_range_is_not_found(district):
    client = client_for(district.sysadmin())
    assert client.get("/calendar/1890/").status_code == 404
    assert client.get("/calendar/9999/edit/").status_code == 404


def test_the_year_shows_holidays_make_up_days_and_weekends_apart(district):
    months = client_for(district.staff()).get("/calendar/2026/").context["months"]
    kinds = {cell.day: cell.kind for month in months for week in month.weeks for cell in week if cell}
    assert len(kinds) == 365
    assert kinds[date(2026, 10, 1)] == "holiday"
    assert kinds[date(2026, 10, 3)] == "holiday"  # a Saturday within the holiday
    assert kinds[date(2026, 10, 10)] == "makeup"
    assert kinds[date(2026, 10, 17)] == "weekend"
    assert kinds[date(2026, 10, 12)] == "work"
    assert sum(month.workdays for month in months) == sum(kind in ("work", "makeup") for kind in kinds.values())
