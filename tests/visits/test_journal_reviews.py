"""A journal is handed in, read, remarked on, returned, approved; reminders; Word."""

from datetime import date, datetime
from io import BytesIO

import pytest
from docx import Document

from tests.people import client_for, scope_of
from tests.queries import queries_of
from tests.visits.builders import form_data, issue_input, logged
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.notify.models import Notification
from visits.models import Journal, JournalReader, JournalRemark
from visits.services import journal_open, journal_submit, remind_of_journals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
WEEK = "/journals/2024-W37/"


@pytest.fixture
def cadre(district):
    return district.cadre(name="陈示例")


@pytest.fixture
def township(district):
    return district.township_clerk()


@pytest.fixture
def journal(cadre, district):
    """Handed in, with one visit and its issue."""
    visit = logged(cadre, district.enterprise(1), narrative="车间很热", issues=(issue_input(title="高温补贴没有发"),))
    return journal_submit(
        journal_id=visit.journal_id,
        version=1,
        reflections="职工盼着高温补贴",
        next_plan="走访三家",
        actor=scope_of(cadre),
    )


def act(journal, name, **data):
    return f"/journals/{journal.pk}/{name}/", {"version": str(journal.version), **data}


def test_the_leader_approves_and_the_cadre_hears_of_it(journal, cadre, district):
    leader = district.leader()
    client = client_for(leader)
    assert "审阅通过" in client.get(f"/journals/{journal.pk}/").content.decode()
    client.post(*act(journal, "approve", text="走访扎实"))
    journal.refresh_from_db()
    assert journal.state == "approved"
    assert list(journal.readers.values_list("reader", flat=True)) == [leader.pk]
    assert [(r.act, r.text, r.author_id) for r in journal.remarks.all()] == [("approve", "走访扎实", leader.pk)]
    told = Notification.objects.get(user=cadre)
    assert told.text == "2024年第37周的周记已审阅"
    assert AuditEntry.objects.filter(action="journal.approve", actor_id=leader.pk).count() == 1
    page = client_for(cadre).get(WEEK).content.decode()
    assert "走访扎实" in page
    assert "已审阅" in page


def test_a_returned_week_is_open_again_and_comes_back_as_waiting(journal, cadre, district):
    client_for(district.leader()).get(f"/journals/{journal.pk}/")
    client_for(district.staff()).post(*act(journal, "return", text="请补写体会"))
    journal.refresh_from_db()
    assert (journal.state, journal.submitted_at) == ("draft", None)
    assert journal.returned_at is not None
    assert not JournalReader.objects.exists()
    client = client_for(cadre)
    page = client.get(WEEK).content.decode()
    assert "已退回" in page
    assert "请补写体会" in page
    assert client.post("/visits/new/", form_data(district.enterprise(1))).status_code == 302
    client.post(WEEK, {"version": str(journal.version), "reflections": "补写好了", "next_plan": ""})
    journal.refresh_from_db()
    assert (journal.state, journal.returned_at) == ("submitted", None)


def test_a_return_says_why(journal, district):
    answer = client_for(district.leader()).post(*act(journal, "return", text="  "))
    assert answer.status_code == 422
    assert "请写明退回的理由" in answer.content.decode()
    journal.refresh_from_db()
    assert journal.state == "submitted"


def test_a_journal_is_judged_once(journal, district):
    first, second = client_for(district.leader()), client_for(district.staff())
    first.post(*act(journal, "approve"))
    answer = second.post(*act(journal, "return", text="再改改"))
    assert answer.status_code == 409
    assert JournalRemark.objects.count() == 1
    journal.refresh_from_db()
    assert journal.state == "approved"


def test_a_page_looked_at_before_the_return_decides_nothing(journal, cadre, district):
    stale = act(journal, "approve")
    client_for(district.staff()).post(*act(journal, "return", text="请补写体会"))
    journal.refresh_from_db()
    journal_submit(journal_id=journal.pk, version=journal.version, actor=scope_of(cadre))
    assert client_for(district.leader()).post(*stale).status_code == 409
    journal.refresh_from_db()
    assert journal.state == "submitted"


def test_the_township_it_speaks_of_reads_and_remarks(journal, cadre, township):
    client = client_for(township)
    assert "陈示例" in client.get("/journals/?week=2024-W37").content.decode()
    assert "职工盼着高温补贴" in client.get(f"/journals/{journal.pk}/").content.decode()
    client.post(*act(journal, "remark", text="补贴已在催发"))
    client_for(cadre).post(*act(journal, "remark", text="谢谢，下周回访"))
    assert [r.text for r in journal.remarks.all()] == ["补贴已在催发", "谢谢，下周回访"]
    assert (
        Notification.objects.get(user=township, source__startswith="journal-remark").url
        == f"/journals/{journal.pk}/#remarks"
    )


def test_others_do_not_find_it(journal, district):
    for outsider in (district.cadre(name="邻镇"), district.handler()):
        assert client_for(outsider).get(f"/journals/{journal.pk}/").status_code in (403, 404)
        assert client_for(outsider).post(*act(journal, "remark", text="看看")).status_code in (403, 404)
    assert not JournalRemark.objects.exists()


def test_a_township_sees_no_draft(cadre, district, township):
    visit = logged(cadre, district.enterprise(1))
    assert client_for(township).get(f"/journals/{visit.journal_id}/").status_code == 404
    assert "陈示例" not in client_for(township).get("/journals/?week=2024-W37").content.decode()


def test_a_draft_is_not_judged(cadre, district):
    visit = logged(cadre, district.enterprise(1))
    journal = visit.journal
    leader = client_for(district.leader())
    assert leader.post(*act(journal, "approve")).status_code == 409
    assert leader.post(*act(journal, "remark", text="快写")).status_code == 403
    assert not JournalRemark.objects.exists()


def test_the_week_costs_the_same_for_one_journal_and_for_many(journal, district):
    client, week = client_for(district.leader()), "/journals/?week=2024-W37"
    one = queries_of(client, week)
    for _ in range(5):
        logged(district.cadre(), district.enterprise(1))
    assert client.get(week).content.decode().count("填写中") >= 5
    assert queries_of(client, week) == one


def moment(day: int, hour: int) -> datetime:
    return datetime(2024, 9, day, hour, 20, tzinfo=SHANGHAI)


def test_on_the_last_workday_whoever_owes_the_week_is_told_once(cadre, district):
    district.cadre(name="已交的")
    done = district.cadre(name="交了")
    visit = logged(done, district.enterprise(1))
    journal_submit(journal_id=visit.journal_id, version=1, actor=scope_of(done))
    # Saturday 14 September 2024 is a make-up workday, the last of its week.
    assert remind_of_journals(now=moment(13, 10)) == 0
    assert remind_of_journals(now=moment(14, 7)) == 0
    remind_of_journals(now=moment(14, 10))
    remind_of_journals(now=moment(14, 11))
    told = Notification.objects.filter(source="journal-week:2024-W37")
    assert cadre.pk in told.values_list("user", flat=True)
    assert done.pk not in told.values_list("user", flat=True)
    assert told.filter(user=cadre).count() == 1


def test_a_week_of_holidays_owes_nothing(cadre):
    for day in range(1, 8):
        assert remind_of_journals(now=datetime(2024, 10, day, 10, 20, tzinfo=SHANGHAI)) == 0
    assert not Notification.objects.exists()


def paragraphs(answer) -> list[str]:
    assert answer.status_code == 200
    return [p.text for p in Document(BytesIO(answer.content)).paragraphs]


def test_one_week_as_word(journal, district):
    client = client_for(district.leader())
    client.post(*act(journal, "approve", text="走访扎实"))
    text = "\n".join(paragraphs(client.get(f"/journals/{journal.pk}/word/")))
    for words in ("2024年第37周", "车间很热", "高温补贴没有发", "职工盼着高温补贴", "走访三家", "走访扎实"):
        assert words in text
    assert AuditEntry.objects.filter(action="journal.download").count() == 1


def test_a_month_is_bound_by_the_thursdays_of_its_weeks(cadre, district):
    for day in (date(2024, 8, 28), date(2024, 9, 2), date(2024, 9, 10)):
        logged(cadre, district.enterprise(1), on=day, narrative=f"{day.day}日的走访")
    client = client_for(cadre)
    text = "\n".join(paragraphs(client.get("/journals/word/?month=2024-09")))
    assert "2日的走访" in text
    assert "10日的走访" in text
    assert "28日的走访" not in text
    assert client.get("/journals/word/?month=2024-03").status_code == 404
    assert client.get("/journals/word/?month=2024-13").status_code == 404
    assert client_for(district.cadre()).get(f"/journals/word/?month=2024-09&cadre={cadre.username}").status_code == 404


def test_a_week_without_a_visit_can_be_opened_and_reads_as_unwritten(cadre, district):
    with clock.at(moment(12, 9)):
        journal_open(year=2024, week=37, actor=scope_of(cadre))
    assert Journal.objects.get().is_open
    page = client_for(cadre).get(WEEK).content.decode()
    assert "审阅与批注" not in page
