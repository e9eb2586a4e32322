"""The week's journal: opened by the first visit, saved, submitted, read by the district; and the week's quota."""

from datetime import date, datetime

import pytest

from tests.people import client_for
from tests.visits.builders import TODAY, form_data, issue_input, logged
from unionportal.core.accounts.models import Posting
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.params.models import Parameter
from unionportal.core.params.values import kept_values
from visits.models import Journal
from visits.selectors import weekly_quota

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
WEEK = "/journals/2024-W37/"


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


@pytest.fixture
def factory(district):
    return district.enterprise(1)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2023, 12, 31), (2023, 52)),
        (date(2024, 1, 1), (2024, 1)),
        (date(2024, 12, 29), (2024, 52)),
        (date(2024, 12, 30), (2025, 1)),
        (date(2025, 1, 5), (2025, 1)),
        (date(2025, 1, 6), (2025, 2)),
    ],
)
def test_a_visit_lies_in_the_iso_week_of_its_day(cadre, factory, day, week):
    journal = logged(cadre, factory, on=day).journal
    assert (journal.iso_year, journal.iso_week) == week


def test_visits_of_a_week_share_one_journal(cadre, factory):
    assert logged(cadre, factory).journal == logged(cadre, factory, on=date(2024, 9, 9)).journal
    assert Journal.objects.count() == 1


def test_colleagues_have_journals_of_their_own(cadre, district, factory):
    assert logged(cadre, factory).journal != logged(district.cadre(), factory).journal


def test_page_lists_the_weeks_visits_and_issues_only(cadre, factory):
    logged(cadre, factory, narrative="第三十七周的走访", issues=(issue_input(title="高温补贴没有发"),))
    logged(cadre, factory, on=date(2024, 9, 8), narrative="前一周的走访")
    page = client_for(cadre).get(WEEK).content.decode()
    assert "第三十七周的走访" in page
    assert "高温补贴没有发" in page
    assert "前一周的走访" not in page


def test_looking_at_a_week_writes_nothing(cadre):
    assert client_for(cadre).get(WEEK).status_code == 200
    assert not Journal.objects.exists()


def test_save_keeps_it_open(cadre):
    client = client_for(cadre)
    client.post(WEEK, {"version": "1", "reflections": "车间很热", "next_plan": "走访三家", "save_draft": "1"})
    journal = Journal.objects.get()
    assert (journal.state, journal.reflections, journal.next_plan, journal.version) == (
        "draft",
        "车间很热",
        "走访三家",
        2,
    )
    assert "车间很热" in client.get(WEEK).content.decode()


def test_submit_closes_the_week_and_is_audited(cadre, factory):
    logged(cadre, factory)
    client = client_for(cadre)
    client.post(WEEK, {"version": "1", "reflections": "", "next_plan": "走访三家"})
    journal = Journal.objects.get()
    assert journal.submitted_at is not None
    assert (journal.state, clock.local_date(journal.submitted_at)) == ("submitted", TODAY)
    entry = AuditEntry.objects.get(action="journal.submit")
    assert (entry.data["week"], entry.data["visits"]) == ("2024-W37", 1)
    answer = client.post(WEEK, {"version": "2", "reflections": "再改一下", "save_draft": "1"})
    assert answer.status_code == 409
    journal.refresh_from_db()
    assert journal.reflections == ""
    assert client.post("/visits/new/", form_data(factory)).status_code == 422


def test_a_week_without_visits_is_submitted_with_a_text_only(cadre):
    client = client_for(cadre)
    answer = client.post(WEEK, {"version": "1", "reflections": "  ", "next_plan": "走访三家"})
    assert answer.status_code == 422
    assert "本周没有走访记录" in answer.content.decode()
    assert "走访三家" in answer.content.decode()
    assert not Journal.objects.exists()
    client.post(WEEK, {"version": "1", "reflections": "本周培训，未能走访", "next_plan": ""})
    assert Journal.objects.get().state == "submitted"


def test_text_too_long_is_refused_and_kept(cadre):
    answer = client_for(cadre).post(WEEK, {"version": "1", "reflections": "长" * 4001, "save_draft": "1"})
    assert answer.status_code == 422
    assert "长" * 4001 in answer.content.decode()


def test_stale_version_shows_both_texts(cadre):
    client = client_for(cadre)
    client.post(WEEK, {"version": "1", "reflections": "电脑上写的", "save_draft": "1"})
    answer = client.post(WEEK, {"version": "1", "reflections": "手机上写的", "save_draft": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "电脑上写的" in page
    assert "手机上写的" in page
    assert Journal.objects.get().reflections == "电脑上写的"


@pytest.mark.parametrize(
    "address", ["/journals/2024-W38/", "/journals/2024-W54/", "/journals/2024-W0/", "/journals/0-W1/"]
)
def test_no_such_week_and_weeks_to_come(cadre, address):
    client = client_for(cadre)
    assert client.get(address).status_code == 404
    assert client.post(address, {"version": "1", "reflections": "提前写"}).status_code == 404
    assert not Journal.objects.exists()


def test_who_reads_whose(cadre, district, factory):
    journal = logged(cadre, factory).journal
    address = f"/journals/{journal.pk}/"
    assert client_for(cadre).get(address).url == WEEK
    assert client_for(district.cadre()).get(address).status_code == 404
    assert client_for(district.township_clerk()).get(address).status_code == 404
    assert client_for(district.handler()).get("/journals/").status_code == 403
    page = client_for(district.leader()).get(address).content.decode()
    assert factory.name in page
    assert "提交周记" not in page


def test_the_district_writes_nobodys_journal(district):
    assert client_for(district.staff()).post(WEEK, {"version": "1", "reflections": "代写"}).status_code == 403


def test_district_list_shows_every_posted_cadre_of_the_week(cadre, district, factory):
    logged(cadre, factory)
    idle = district.cadre(name="王没走")
    page = client_for(district.staff()).get("/journals/?week=2024-W37").content.decode()
    assert "陈示例" in page
    assert idle.display_name in page
    assert "未完成任务 1 人" in page
    nonsense = client_for(district.staff()).get("/journals/?week=nonsense")
    assert nonsense.status_code == 200


def test_own_list_shows_the_weeks_of_the_year_in_the_posting(district):
    cadre = district.cadre(townships=[])
    Posting.objects.create(
        cadre=cadre, township=district.township(), start_on=date(2024, 8, 28), end_on=date(2024, 9, 10)
    )
    page = client_for(cadre).get("/journals/").content.decode()
    assert [week for week in range(30, 40) if f"/journals/2024-W{week}/" in page] == [35, 36, 37]


class TestQuota:
    def test_counts_the_weeks_own_visits(self, cadre, factory):
        logged(cadre, factory)
        logged(cadre, factory, on=date(2024, 9, 8))
        quota = weekly_quota(cadre.pk, TODAY)
        assert (quota.done, quota.owed, quota.missing, quota.is_met) == (1, 1, 0, True)

    def test_a_week_without_enough_workdays_owes_nothing(self, cadre):
        """1 to 7 October 2024 were holidays: 40th week 30 September and nothing else, 41st week Tuesday on."""
        golden, after = weekly_quota(cadre.pk, date(2024, 10, 3)), weekly_quota(cadre.pk, date(2024, 10, 9))
        assert (golden.workdays, golden.owed) == (1, 0)
        assert (after.workdays, after.owed) == (5, 1)

    def test_outside_every_posting_owes_nothing(self, district):
        cadre = district.cadre(townships=[])
        Posting.objects.create(
            cadre=cadre, township=district.township(), start_on=date(2024, 1, 1), end_on=date(2024, 9, 9)
        )
        assert weekly_quota(cadre.pk, TODAY).owed == 1
        assert weekly_quota(cadre.pk, date(2024, 9, 16)).owed == 0

    def test_follows_the_parameter_from_its_day_on(self, cadre):
        Parameter.objects.create(key="visits.weekly_quota", effective_on=date(2024, 9, 9), value=4)
        kept_values.forget()
        try:
            assert weekly_quota(cadre.pk, TODAY).owed == 4
            assert weekly_quota(cadre.pk, date(2024, 9, 8)).owed == 1
        finally:
            kept_values.forget()

    def test_the_journal_page_shows_it(self, cadre, factory):
        logged(cadre, factory)
        assert "任务 1 次" in client_for(cadre).get(WEEK).content.decode()
        with clock.at(datetime(2024, 10, 3, 9, 0, tzinfo=SHANGHAI)):
            assert "本周不计走访任务" in client_for(cadre).get("/journals/2024-W40/").content.decode()
