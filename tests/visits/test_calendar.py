"""One's own calendar, on a page and as a feed: what stands in it, for whom, and who may read the feed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from casework.models import Issue
from tests.people import District, client_for, scope_of
from tests.queries import queries_of
from tests.visits.builders import TODAY, logged
from tests.visits.ics import events
from tests.visits.meeting_cast import Circle
from tests.visits.test_plan_suggestions import answered, issue_at
from tests.visits.test_plans import FESTIVAL, FRIDAY, MONDAY, NEXT_MONDAY, planned, planned_then
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.icalendar import Event, write_calendar
from unionportal.core.orgs.models import Enterprise
from visits.models import CalendarFeed
from visits.schedule import entries
from visits.services import journal_open, journal_submit
from visits.services.feeds import calendar_feed_renew
from visits.services.meetings import meeting_plan
from visits.services.plans import planned_visit_change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def in_hand(cadre: User, enterprise: Enterprise, number: int, due: date, district: District) -> Issue:
    return issue_at(
        enterprise, number, state="in_progress", holder=district.department, due_on=due, registered_by=cadre
    )


def of(user: User, start: date = MONDAY, end: date = FRIDAY + timedelta(days=30)) -> list[tuple[str, date, str]]:
    return [(entry.kind, entry.day, entry.name) for entry in entries(scope_of(user), start, end)]


def feed_of(user: User) -> bytes:
    token = calendar_feed_renew(actor=scope_of(user))
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content


def test_what_stands_in_a_cadres_calendar(district: District) -> None:
    cadre, colleague = district.cadre(), district.cadre()
    done, ahead, due = (district.enterprise(n) for n in (1, 2, 3))
    planned(cadre, done, FRIDAY)
    logged(cadre, done, MONDAY)
    planned(cadre, ahead, FRIDAY, kind="condolence", note="带上台账")
    planned(colleague, due)
    answered(due, 1, NEXT_MONDAY, district)
    in_hand(cadre, due, 2, FRIDAY, district)
    in_hand(colleague, due, 3, FRIDAY, district)
    assert of(cadre, MONDAY, NEXT_MONDAY) == [
        ("visit", MONDAY, f"{done.name}（日常走访）"),
        ("deadline", FRIDAY, f"YC-2024-000002 {due.name}"),
        ("planned", FRIDAY, f"{ahead.name}（慰问）"),
        ("journal", date(2024, 9, 14), "第37周周记"),  # the make-up Saturday is the week's last workday
        ("follow_up", NEXT_MONDAY, f"YC-2024-000001 {due.name}"),
    ]


def test_a_journal_handed_in_is_due_no_more(district: District) -> None:
    cadre = district.cadre()
    journal = journal_open(year=2024, week=37, actor=scope_of(cadre))
    journal_submit(journal_id=journal.pk, version=1, reflections="整理台账。", actor=scope_of(cadre))
    assert [name for kind, _, name in of(cadre, MONDAY, FRIDAY + timedelta(days=8)) if kind == "journal"] == [
        "第38周周记"
    ]


def test_meetings_are_for_those_asked_and_the_district(circle: Circle) -> None:
    staff = circle.people["staff"]
    meeting_plan(
        uuid=uuid4(),
        group=circle.group,
        held_on=FRIDAY,
        starts_at=time(14, 30),
        place="三楼会议室",
        actor=scope_of(staff),
    )
    for who in ("staff", "leader", "cadre"):
        assert ("meeting", FRIDAY, circle.group.name) in of(circle.people[who]), who
    outsider = circle.district.cadre([circle.district.township("330602007")])
    assert [kind for kind, *_ in of(outsider) if kind == "meeting"] == []


def test_staff_see_their_own_deadlines_not_everybodys_follow_ups(district: District) -> None:
    staff, cadre, enterprise = district.staff(), district.cadre(), district.enterprise()
    answered(enterprise, 1, FRIDAY, district)
    in_hand(cadre, enterprise, 2, FRIDAY, district)
    in_hand(staff, enterprise, 3, FRIDAY, district)
    assert of(staff) == [("deadline", FRIDAY, f"YC-2024-000003 {enterprise.name}")]


def test_the_month_marks_days_off_and_make_up_days(district: District) -> None:
    page = client_for(district.cadre()).get("/plan/calendar/")
    kinds = {day.cell.day: (day.cell.kind, day.outside) for day in page.context["days"]}
    assert (kinds[FESTIVAL], kinds[date(2024, 9, 14)]) == (("holiday", False), ("makeup", False))
    assert kinds[date(2024, 8, 26)] == ("work", True)
    assert len(kinds) == 42
    text = page.content.decode()
    assert "中秋节 休" in text
    assert "调休 班" in text
    assert (page.context["previous"], page.context["following"]) == ("2024-08", "2024-10")


def test_the_week_and_what_is_no_week_or_month(district: District) -> None:
    client = client_for(district.cadre())
    page = client.get("/plan/calendar/?week=2024-W38")
    assert [day.cell.day.day for day in page.context["days"]] == [16, 17, 18, 19, 20, 21, 22]
    for nonsense in ("month=2024-13", "month=x", "month=99999-01"):
        assert client.get(f"/plan/calendar/?{nonsense}").context["first"] == date(2024, 9, 1)
    assert client.get("/plan/calendar/?week=nonsense").context["monday"] == MONDAY


def test_the_feed_is_valid_and_holds_names_numbers_and_kinds_alone(district: District) -> None:
    cadre = district.cadre(name="陈示例")
    long_name = district.enterprise(1, name="越城，纺织;印染（演示）" + "很长的名字" * 8)
    row = planned(cadre, long_name, FRIDAY, note="找王师傅")
    answered(long_name, 1, NEXT_MONDAY, district)
    content = feed_of(cadre)
    found = {event["UID"]: event for event in events(content)}
    event = found[f"planned-{row.pk}@unionportal"]
    assert event["SUMMARY"] == f"计划走访：{long_name.name}（日常走访）"
    assert (event["DTSTART"], event["DTEND"]) == (FRIDAY, FRIDAY + timedelta(days=1))
    assert event["URL"].endswith(f"/plan/?week=2024-W37#day-{FRIDAY}")
    assert found["follow_up-YC-2024-000001@unionportal"]["SUMMARY"] == f"回访到期：YC-2024-000001 {long_name.name}"
    for word in ("王师傅", "返还款", "陈示例"):
        assert word.encode() not in content.replace(b"\r\n ", b"")


def test_a_moved_visit_stays_the_same_event(district: District) -> None:
    cadre = district.cadre()
    row = planned(cadre, district.enterprise(), TODAY)
    token = calendar_feed_renew(actor=scope_of(cadre))
    before = events(Client().get(f"/calendar/{token}.ics").content)
    planned_visit_change(planned_id=row.pk, version=1, planned_on=FRIDAY, actor=scope_of(cadre))
    after = events(Client().get(f"/calendar/{token}.ics").content)
    mine = [next(e for e in found if e["UID"].startswith("planned")) for found in (before, after)]
    assert mine[0]["UID"] == mine[1]["UID"]
    assert [event["DTSTART"] for event in mine] == [TODAY, FRIDAY]
    assert mine[1]["SEQUENCE"] > mine[0]["SEQUENCE"]


def test_an_event_with_an_hour_is_written_in_utc() -> None:
    moment = datetime(2024, 9, 13, 6, 30, tzinfo=UTC)
    event = Event("a@b", moment, "月交流：一组\n楼上\\里", moment, lasts=timedelta(hours=2))
    [read] = events(write_calendar("越工周记", [event]))
    assert (read["DTSTART"], read["DTEND"] - read["DTSTART"]) == (moment, timedelta(hours=2))
    assert read["SUMMARY"] == "月交流：一组\n楼上\\里"


def test_the_address_is_shown_once_and_kept_as_a_digest(district: District) -> None:
    client = client_for(district.cadre())
    page = client.post("/plan/calendar/feed/").content.decode()
    [token] = re.findall(r"/calendar/([^/]+)[.]ics", page)
    feed = CalendarFeed.objects.get()
    assert len(token) >= 43
    assert token not in feed.digest
    assert token not in client.get("/plan/calendar/feed/").content.decode()
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    assert token not in str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"feed.renew"}


def test_a_renewed_or_ended_address_is_not_there_any_more(district: District) -> None:
    cadre = district.cadre()
    client = client_for(cadre)
    first, second = (calendar_feed_renew(actor=scope_of(cadre)) for _ in range(2))
    statuses = [Client().get(f"/calendar/{token}.ics").status_code for token in (first, second, "nonsense")]
    assert statuses == [404, 200, 404]
    for words in ("已停用", "没有启用中的"):
        assert words in client.post("/plan/calendar/feed/", {"revoke": "1"}, follow=True).content.decode()
    assert Client().get(f"/calendar/{second}.ics").status_code == 404


def test_a_disabled_account_or_one_without_its_role_has_no_feed(district: District) -> None:
    cadre = district.cadre()
    token = calendar_feed_renew(actor=scope_of(cadre))
    grants = list(RoleGrant.objects.filter(user=cadre))
    RoleGrant.objects.filter(user=cadre).delete()
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    RoleGrant.objects.bulk_create(grants)
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    User.objects.filter(pk=cadre.pk).update(is_active=False)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_calendar_and_feed_cost_the_same_for_one_and_for_twenty(district: District) -> None:
    cadre = district.cadre()
    client, token = client_for(cadre), calendar_feed_renew(actor=scope_of(cadre))
    addresses = ("/plan/calendar/", "/plan/calendar/?week=2024-W37", f"/calendar/{token}.ics")

    def fill(number: int) -> Any:
        enterprise = district.enterprise(number)
        planned(cadre, enterprise, TODAY if number % 2 else FRIDAY)
        answered(enterprise, number, FRIDAY, district)
        in_hand(cadre, enterprise, 100 + number, FRIDAY, district)
        planned_then(cadre, enterprise, FRIDAY - timedelta(days=7))
        logged(cadre, district.enterprise(50 + number), MONDAY)

    fill(1)
    few = [queries_of(client, address) for address in addresses]
    for number in range(2, 21):
        fill(number)
    assert [queries_of(client, address) for address in addresses] == few
    assert few[-1] <= 16
