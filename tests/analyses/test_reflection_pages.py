"""The reflection's page: beside it the cadre's quarter in figures; what a refused form shows."""

from datetime import date

import pytest

from casework.models import Issue
from tests.analyses.conftest import Q4
from tests.dashboard.cases import Cases
from tests.dashboard.pages import figure_links, rows_behind
from tests.people import client_for, scope_of
from visits.models import Practice, Reflection
from visits.services.reflections import reflection_submit

OWN = "/analyses/2024-Q4/mine/"
TEXTS = {"methods": "每周走访两家。", "insights": "返还流程不清楚的多。", "next_steps": "办一场解读会。"}


@pytest.fixture
def worked(cases: Cases) -> Cases:
    """The cadre of 稽山街道 made two visits and registered three issues in the fourth quarter, one of them resolved."""
    jishan = cases.district.township()
    enterprise = cases.district.enterprise()
    for day in (8, 15):
        cases.visit(enterprise, date(2024, 10, day))
        cases.registered(date(2024, 10, day), jishan)
    cases.closed(date(2024, 11, 4), jishan)
    cases.registered(date(2024, 9, 2), jishan)
    cases.settle()
    return cases


def test_the_quarter_in_figures_opens_its_rows(worked: Cases) -> None:
    cadre = worked.cadre(worked.district.township())
    client = client_for(cadre)
    content = client.get(OWN).content.decode()
    links = figure_links(content)
    assert [link.figure for link in links] == ["2", "1", "3", "1", "0"]
    for link in links:
        assert rows_behind(client, link.url) == (link.figure, int(link.figure))
    own = Issue.objects.filter(registered_by=cadre, received_on__range=("2024-10-01", "2024-12-31"))
    assert own.count() == 3
    assert "33.33%" in content


def test_what_was_typed_stays_when_it_is_refused(worked: Cases) -> None:
    client = client_for(worked.cadre(worked.district.township()))
    answer = client.post(OWN, {**TEXTS, "insights": "", "version": 0})
    content = answer.content.decode()
    assert answer.status_code == 422
    assert "提交前请写明这一部分" in content
    assert "每周走访两家。" in content
    assert not Reflection.objects.exists()
    running = client.post("/analyses/2025-Q1/mine/", {**TEXTS, "version": 0})
    assert running.status_code == 409
    assert "还没有过完" in running.content.decode()
    assert client.post("/analyses/2025-Q1/mine/", {**TEXTS, "version": 0, "save_draft": "1"}).status_code == 302


def test_two_windows_show_both_texts(worked: Cases) -> None:
    client = client_for(worked.cadre(worked.district.township()))
    assert client.post(OWN, {**TEXTS, "version": 0, "save_draft": "1"}).status_code == 302
    late = client.post(OWN, {**TEXTS, "methods": "另一个窗口写的。", "version": 0, "save_draft": "1"})
    assert late.status_code == 409
    assert "另一个窗口写的。" in late.content.decode()
    assert Reflection.objects.get().methods == TEXTS["methods"]


def test_a_leader_remarks_and_returns_an_outsider_finds_nothing(worked: Cases) -> None:
    cadre, leader = worked.cadre(worked.district.township()), worked.district.leader()
    reflection = reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)
    url = f"/reflections/{reflection.pk}/"
    assert client_for(worked.district.cadre()).get(url).status_code == 404
    assert client_for(worked.district.township_clerk()).get(url).status_code == 403
    client = client_for(leader)
    assert "每周走访两家。" in client.get(url).content.decode()
    assert client.post(f"{url}comment/", {"text": ""}).status_code == 422
    assert client.post(f"{url}comment/", {"text": "写得实在。"}).status_code == 302
    assert client.post(f"{url}return/", {"text": "补一家企业。", "version": 1}).status_code == 409
    assert client.post(f"{url}return/", {"text": "补一家企业。", "version": 2}).status_code == 302
    assert client.get(url).status_code == 404  # the cadre's own again
    own = client_for(cadre).get(OWN).content.decode()
    assert "已退回" in own
    assert "补一家企业。" in own


def test_one_tap_on_the_page_recommends_it(worked: Cases) -> None:
    cadre = worked.cadre(worked.district.township())
    reflection = reflection_submit(quarter=Q4, version=0, actor=scope_of(cadre), **TEXTS)
    client = client_for(cadre)
    for _ in range(2):
        answer = client.post("/library/recommend/", {"source": "reflection", "source_id": reflection.pk})
        assert answer.url == f"/library/{Practice.objects.get().pk}/"
    assert "看这条经验" in client.get(OWN).content.decode()
    assert client.post("/library/recommend/", {"source": "poem", "source_id": 1}).status_code == 404
    assert client.post("/library/recommend/", {"source": "journal", "source_id": "x"}).status_code == 404
