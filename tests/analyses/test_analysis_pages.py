"""The page of a place's quarter: its figures, the text and its states, who reads what, and what stays of a publication."""

import html
import re
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from docx import Document

from casework.models import Category
from casework.services import issue_register
from tests.analyses.conftest import NOW, Q4
from tests.dashboard.cases import Cases
from tests.dashboard.pages import figure_links, rows_behind
from tests.people import client_for, scope_of
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.gongwen import numeral
from unionportal.reporting.analyses.publishing import analysis_publish_with_figures
from visits.models import Analysis

JISHAN, DIDANG = "330602006", "330602007"
PAGE = f"/analyses/2024-Q4/{JISHAN}/"
DISTRICT = "/analyses/2024-Q4/330602/"


@pytest.fixture
def history(cases: Cases) -> Cases:
    """Two quarters and one of the year before: training rises, one enterprise comes again and again, one unit is late."""
    district = cases.district
    jishan, didang = district.township(JISHAN), district.township(DIDANG)
    for number, place in ((1, jishan), (2, jishan), (3, didang)):
        district.enterprise(number, township=place)
    for day in (3, 10):
        cases.closed(date(2023, 11, day), jishan)
    cases.closed(date(2024, 8, 6), jishan)
    cases.closed(date(2024, 8, 7), jishan, category="safety")
    cases.closed(date(2024, 8, 8), didang)
    for day in range(8, 19):
        cases.closed(date(2024, 10, day), jishan, after=0 if day % 2 else 40)
    cases.closed(date(2024, 11, 5), jishan, category="safety", outcome="explained")
    cases.registered(date(2024, 12, 2), jishan, category="policy")
    cases.closed(date(2024, 12, 3), didang)
    for day, firm in ((4, 1), (11, 1), (18, 1), (5, 2), (6, 3)):
        issue = cases.registered(date(2024, 12, day), district.enterprise(firm).township, category="dues_refund")
        issue.enterprise = district.enterprise(firm)
        issue.save(update_fields=["enterprise"])
        cases.visit(district.enterprise(firm), date(2024, 12, day))
    cases.settle()
    return cases


def page_of(client: Client, url: str = PAGE) -> str:
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def plain(content: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", " ", content)))


def section(content: str, name: str) -> str:
    """A card by the id of its heading, without tags."""
    return plain(content.split(f'id="{name}"')[1].split("</section>")[0])


def sent(client: Client, text: str, version: int, url: str = PAGE, **button: str):
    return client.post(url, {"text": text, "version": version, **(button or {"publish": "1"})})


def published(cases: Cases, text: str = "培训类上升，办一场培训。") -> Analysis:
    jishan = cases.district.township(JISHAN)
    return analysis_publish_with_figures(unit=jishan, quarter=Q4, version=0, text=text, actor=scope_of(cases.staff))


def test_the_figures_are_those_of_the_rows(history: Cases) -> None:
    content = page_of(client_for(history.staff))
    received, resolved, in_time, with_day = one_row(
        """SELECT count(*), count(*) FILTER (WHERE outcome = 'resolved'),
            count(*) FILTER (WHERE state = 'closed' AND answered_on <= due_on), count(*) FILTER (WHERE state = 'closed' AND answered_on IS NOT NULL)
        FROM casework_issue i JOIN orgs_unit u ON u.id = i.township_id
        WHERE u.code = %s AND received_on BETWEEN '2024-10-01' AND '2024-12-31' AND state NOT IN ('rejected', 'merged', 'voided')"""
    )
    median, p90 = one_row(
        """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY workdays_to_close), percentile_disc(0.9) WITHIN GROUP (ORDER BY workdays_to_close)
        FROM casework_issue i JOIN orgs_unit u ON u.id = i.township_id
        WHERE u.code = %s AND received_on BETWEEN '2024-10-01' AND '2024-12-31' AND state = 'closed'"""
    )
    tiles = dict(re.findall(r'aria-label="(\S+) (\S+)，看明细"', content))
    assert tiles["收集诉求"] == str(received) == "17"
    assert tiles["已化解"] == str(resolved) == "11"
    assert tiles["化解率"] == f"{100 * resolved / received:.2f}%"
    assert tiles["按时办结率"] == f"{100 * in_time / with_day:.2f}%"
    assert tiles["用时中位数（工作日）"] == f"{median:g}"
    assert tiles["用时九成值（工作日）"] == str(p90)
    assert "较上季+15" in plain(content)
    assert "较去年同季+15" in plain(content)


def one_row(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, [JISHAN])
        return cursor.fetchone()


def test_what_rises_what_comes_again_and_who_is_slow(history: Cases) -> None:
    content = page_of(client_for(history.staff))
    rising = section(content, "rising-h")
    assert "+10" in rising  # training: one in the third quarter, eleven now
    assert "件数少" in rising  # 政策咨询: none, then one
    repeats = section(content, "repeats-h")
    assert repeats.startswith(">多次反映企业1家") or "1家" in repeats
    assert "越城第1机械有限公司（演示）32" in repeats  # three issues, two of which it had one like before
    units = section(content, "units-h")
    assert "稽山街道" in units
    assert "/12" in units


@pytest.mark.parametrize("who", ["leader", "clerk", "cadre"])
def test_every_number_opens_its_rows(history: Cases, who: str) -> None:
    jishan = history.district.township(JISHAN)
    people = {
        "leader": history.district.leader,
        "clerk": lambda: history.clerk(jishan),
        "cadre": lambda: history.cadre(jishan),
    }
    client = client_for(people[who]())
    pages = [(PAGE, 30), (DISTRICT, 40)] if who == "leader" else [(PAGE, 30)]
    published(history)
    for url, least in pages:
        links = figure_links(page_of(client, url))
        assert len(links) >= least
        for link in dict.fromkeys(links):
            stated, listed = rows_behind(client, link.url)
            assert (stated, str(listed)) == (link.figure, link.figure), link


def test_who_opens_which_page(history: Cases) -> None:
    jishan, didang = (history.district.township(code) for code in (JISHAN, DIDANG))
    allowed = {
        history.district.leader(): (200, 200, 200),
        history.staff: (200, 200, 200),
        history.clerk(jishan): (200, 404, 404),
        history.cadre(jishan): (200, 404, 404),
        history.cadre(didang): (404, 200, 404),
        history.district.handler(): (403, 403, 403),
        history.district.sysadmin(): (403, 403, 403),
        history.district.person("aid"): (403, 403, 403),
    }
    pages = (PAGE, PAGE.replace(JISHAN, DIDANG), DISTRICT)
    for person, expected in allowed.items():
        client = client_for(person)
        assert tuple(client.get(url).status_code for url in pages) == expected, person


def test_no_such_quarter(history: Cases) -> None:
    staff, cadre = client_for(history.staff), client_for(history.district.cadre())
    for quarter in ("2024-Q5", "2024-4", "2025-Q2", "2022-Q1", "0000-Q1", "jetzt"):
        for url in (f"/analyses/{quarter}/{JISHAN}/", f"/analyses/{quarter}/word/", f"/analyses/?quarter={quarter}"):
            assert staff.get(url).status_code == 404, url
        assert cadre.get(f"/analyses/{quarter}/mine/").status_code == 404


def test_the_text_is_the_districts_until_it_is_published(history: Cases) -> None:
    staff, clerk = client_for(history.staff), client_for(history.clerk(history.district.township(JISHAN)))
    assert sent(staff, "先记一笔。", 0, save_draft="1").status_code == 302
    assert "先记一笔" in page_of(staff)
    assert "先记一笔" not in page_of(clerk)
    assert clerk.get(f"{PAGE}word/").status_code == 404
    assert sent(clerk, "改掉", 1).status_code == 403
    assert sent(staff, "培训类上升。", 1).status_code == 302
    assert "培训类上升" in page_of(clerk)
    assert AuditEntry.objects.get(action="analysis.publish").data == {
        "quarter": "2024-Q4",
        "unit": JISHAN,
        "version": 3,
    }
    assert sent(staff, "再改", 3, save_draft="1").status_code == 409
    assert staff.post(f"{PAGE}reopen/", {"version": 3}).status_code == 302
    assert "培训类上升" not in page_of(clerk)
    assert Analysis.objects.get().figures is None


def test_two_staff_at_once_see_both_texts(history: Cases) -> None:
    staff, colleague = client_for(history.staff), client_for(history.district.staff(name="李同事"))
    assert sent(staff, "甲的写法。", 0, save_draft="1").status_code == 302
    late = sent(colleague, "乙的写法。", 0, save_draft="1")
    content = late.content.decode()
    assert late.status_code == 409
    assert "甲的写法。" in content
    assert "乙的写法。" in content
    assert Analysis.objects.get().text == "甲的写法。"
    assert sent(colleague, "乙的写法。", 1, save_draft="1").status_code == 302
    assert [row.text for row in Analysis.objects.get().versions.all()] == ["乙的写法。", "甲的写法。"]
    assert "甲的写法。" in page_of(staff, f"{PAGE}?version=1")


def test_figures_in_words_stand_behind_what_was_typed(history: Cases) -> None:
    client = client_for(history.staff)
    answer = sent(client, "我写的话。", 0, bring_in="1")
    text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", answer.content.decode(), re.S)[1]).strip()
    assert text.startswith(
        "我写的话。\n\n2024年第4季度，稽山街道走访4家次，收集录入问题诉求17件，已化解11件，化解率64.71%。"
    )
    assert "与上季相比，收集录入增加15件，上季化解率100.00%" in text
    assert "多次反映的企业1家" in text
    assert not Analysis.objects.exists()


def test_bad_input_changes_nothing(history: Cases) -> None:
    client = client_for(history.staff)
    long = sent(client, "字" * 12001, 0, save_draft="1")
    assert long.status_code == 422
    assert "最多 12000 个字" in long.content.decode()
    assert "字" * 12001 in long.content.decode()
    assert sent(client, "  ", 0).status_code == 422
    running = f"/analyses/2025-Q1/{JISHAN}/"
    assert sent(client, "早了", 0, running).status_code == 409
    assert not Analysis.objects.exists()
    assert sent(client, "先写着", 0, running, save_draft="1").status_code == 302


def test_a_publication_keeps_its_figures_and_says_what_moved(history: Cases) -> None:
    jishan = history.district.township(JISHAN)
    published(history)
    enter_late(history, date(2024, 12, 30))
    client = client_for(history.clerk(jishan))
    content = page_of(client)
    tiles = dict(re.findall(r'aria-label="(\S+) (\S+)，看明细"', content))
    assert tiles["收集诉求"] == "17"
    assert "为发布时留存" in content
    moved = plain(content.split("看变了什么")[1].split("</table>")[0])
    assert "收集录入1718" in moved
    live = page_of(client, f"{PAGE}?live=1")
    assert dict(re.findall(r'aria-label="(\S+) (\S+)，看明细"', live))["收集诉求"] == "18"
    link = next(link for link in figure_links(content) if link.figure == "17" and "published=" in link.url)
    assert rows_behind(client, link.url) == ("17", 17)
    assert "发布季分析时计入" in client.get(link.url).content.decode()
    stranger = client_for(history.clerk(history.district.township(DIDANG)))
    assert stranger.get(link.url.replace(JISHAN, DIDANG)).status_code == 404


def enter_late(history: Cases, received_on: date) -> None:
    """An issue of the quarter that is entered on the day after the publication."""
    jishan = history.district.township(JISHAN)
    issue_register(
        uuid=uuid4(),
        title="迟来的诉求",
        description="",
        category=Category.objects.get(code="training"),
        township=jishan,
        received_on=received_on,
        actor=scope_of(history.cadre(jishan)),
        now=NOW + timedelta(days=1),
    )
    history.settle()


def test_the_list_shows_every_state(history: Cases) -> None:
    published(history)
    content = page_of(client_for(history.district.leader()), "/analyses/")
    places = section(content, "places-h")
    assert "稽山街道已发布王调度" in places
    assert "全区未写" in places
    assert "迪荡街道" not in section(
        page_of(client_for(history.district.leader()), f"/analyses/?quarter=2024-Q4&township={JISHAN}"), "places-h"
    )
    clerk = page_of(client_for(history.clerk(history.district.township(DIDANG))), "/analyses/")
    assert "稽山街道" not in plain(clerk)
    assert "reflections-h" not in clerk


def test_word_of_one_and_of_all(history: Cases) -> None:
    client = client_for(history.staff)
    assert client.get("/analyses/2024-Q4/word/").status_code == 404
    published(history)
    for url in (f"{PAGE}word/", "/analyses/2024-Q4/word/"):
        document = Document(BytesIO(client.get(url).content))
        words = "\n".join(p.text for p in document.paragraphs)
        assert "培训类上升，办一场培训。" in words
        assert "一、稽山街道2024年第4季度分析" in words
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert "64.71%" in cells
        assert "越城第1机械有限公司（演示）" in cells
    assert AuditEntry.objects.filter(action="analysis.download").count() == 2


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (18, "十八"), (20, "二十"), (23, "二十三")]
)
def test_eighteen_chapters_are_numbered(number: int, words: str) -> None:
    assert numeral(number) == words


def test_the_page_costs_the_same_with_more_rows(history: Cases) -> None:
    client, jishan = client_for(history.staff), history.district.township(JISHAN)
    before = queries_of(client, PAGE), queries_of(client, "/analyses/")
    for day in range(9, 29):
        history.closed(date(2024, 10, day), jishan, category="safety")
        history.district.cadre()
    history.settle()
    assert (queries_of(client, PAGE), queries_of(client, "/analyses/")) == before
