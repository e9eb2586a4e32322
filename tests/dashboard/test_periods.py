"""Periods of any run of months, what they are compared with, and the mark of a frozen month."""

import re
from datetime import date, timedelta

import pytest

from casework.models import Issue
from tests.dashboard.cases import NOW, TODAY, Cases
from tests.dashboard.pages import figure_links, rows_behind
from tests.dashboard.test_dashboard import page_of, ranking_of, tile
from tests.people import client_for, scope_of
from unionportal.core.common import clock
from unionportal.reporting import freezing

AUGUST = date(2024, 8, 1)


def chips(content: str, label: str) -> str:
    """All words of a tile."""
    found = re.search(rf'<div class="tile-label">{label}.*?</div></div>\n', content, re.S)
    assert found, f"no tile {label}"
    return re.sub(r"<[^>]+>", " ", found[0])


def test_a_run_of_months_adds_them_up(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/?from=2024-07&to=2024-09")
    assert "2024年7月至9月 · 全区" in content
    assert tile(content, "收集诉求") == "24"
    assert tile(content, "走访（家次）") == "6"
    one = page_of(history.district.leader(), "/dashboard/?from=2024-08&to=2024-08")
    assert "2024年8月 · 全区" in one


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2024-08", "请把起止月份都选上"),
        ("from=2024-09&to=2024-08", "2024年9月至2024年8月：结束月份早于开始月份"),
        ("month=2030-01", "2030年1月还没有到"),
        ("month=2024-13", "没有“2024-13”"),
        ("from=2024-08&to=2024-10", "还没有到"),
        ("from=2024-08&to=soon", "月份应写成 2024-09"),
    ],
)
def test_a_period_that_cannot_be_is_told_and_what_is_shown_instead(cases: Cases, query: str, words: str) -> None:
    for page in ("", "wall/"):
        content = page_of(cases.district.leader(), f"/dashboard/{page}?{query}")
        assert words in content
        assert "下面是2024年9月的数据" in content
        assert "2024年9月 · 全区" in content
    assert client_for(cases.staff).get(f"/dashboard/rows/?measure=received&{query}").status_code == 400


def test_a_period_still_running_is_never_measured_against_a_whole_one(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/?month=2024-09")
    assert "上月全月 15" in chips(content, "收集诉求")
    assert "较上月" not in content
    assert "本月未完" in content


def test_a_whole_period_stands_beside_the_one_before_and_last_years(cases: Cases) -> None:
    township = cases.district.township()
    for day in (
        date(2023, 8, 2),
        date(2023, 8, 3),
        date(2024, 7, 2),
        date(2024, 8, 1),
        date(2024, 8, 2),
        date(2024, 8, 6),
    ):
        cases.registered(day, township)
    cases.closed(date(2024, 8, 7), township)
    cases.settle()
    leader = cases.district.leader()
    words = chips(page_of(leader, "/dashboard/?month=2024-08"), "收集诉求")
    assert "较上月 +3" in words
    assert "较去年同月 +2" in words
    rate = chips(page_of(leader, "/dashboard/?month=2024-08"), "化解率（本月收集）")
    assert "较上月 +25.00 百分点" in rate
    assert "目标 95%，差 70.00 百分点" in rate
    year = chips(page_of(leader, "/dashboard/?year=2023"), "收集诉求")
    assert "较" not in year  # nothing is known of 2022


@pytest.mark.parametrize(("query", "name"), [("year=2024", "上年"), ("from=2024-01&to=2024-08", "去年同期")])
def test_a_period_whose_first_months_have_no_figures_is_not_whole(cases: Cases, query: str, name: str) -> None:
    township, enterprise = cases.district.township(), cases.district.enterprise(1)
    for day in (date(2023, 4, 3), date(2023, 9, 4), date(2024, 2, 1)):
        cases.registered(day, township)
    cases.visit(enterprise, date(2023, 5, 4))
    cases.settle()
    leader = cases.district.leader()
    words = "上年（未满全期） 2" if query == "year=2024" else "与去年同期（未满全期）持平"
    assert words in chips(page_of(leader, f"/dashboard/?{query}"), "收集诉求")
    for page in ("", "visits/", "wall/"):
        assert f"{name}（未满全期）" in chips(page_of(leader, f"/dashboard/{page}?{query}"), "走访（家次）")
    categories = page_of(leader, f"/dashboard/categories/?{query}")
    assert categories.count("未满全期") >= 3  # the lines of the category and of all, and the chart
    assert "是整年" not in categories
    whole = page_of(leader, "/dashboard/?quarter=2024-3")
    assert "去年同季全季 1" in chips(whole, "收集诉求")
    assert "未满全期" not in whole


def test_a_live_month_says_so(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/?month=2024-08")
    assert "实时数据" in content
    assert "已冻结" not in content


def frozen_and_moved(history: Cases) -> None:
    """August is frozen today; tomorrow its open issue is closed."""
    freezing.month_freeze(month=AUGUST, actor=scope_of(history.staff), now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    issue = Issue.objects.get(title="工资拖欠")
    with clock.at(NOW + timedelta(days=1)):
        issue = history.step(issue, "report", history.clerk(issue.township), tomorrow, note="已补发")
        issue = history.step(issue, "follow_up", history.cadre(issue.township), tomorrow, satisfaction="satisfied")
        history.step(issue, "close", history.staff, tomorrow, outcome="resolved")
        history.settle()


def test_a_frozen_month_shows_its_revision_everywhere_and_what_moved(history: Cases) -> None:
    leader = history.district.leader()
    frozen_and_moved(history)
    with clock.at(NOW + timedelta(days=2)):
        content = page_of(leader, "/dashboard/?month=2024-08")
        assert "已冻结 · 第 1 版 · 2024年9月12日" in content
        assert "冻结后有变动" in content
        assert "/reports/months/2024-8/#changes" in content
        assert (tile(content, "收集诉求"), tile(content, "已化解")) == ("15", "12")
        assert content.count("走访为实时数据") == 2
        assert "12/13" in ranking_of(content)[0]
        live = page_of(leader, "/dashboard/?month=2024-08&live=1")
        assert tile(live, "已化解") == "13"
        assert "走访为实时数据" not in live
        assert "13/13" in ranking_of(live)[0]
        assert "看冻结数据" in live
        # The same value where August stands beside September, and in the line of the year.
        assert "上月全月 12" in chips(page_of(leader, "/dashboard/?month=2024-09"), "已化解")
        categories = page_of(leader, "/dashboard/categories/?month=2024-08")
        assert "80.00%" in categories[categories.index('class="total"') :]


def test_a_longer_period_says_how_it_stands_to_its_frozen_months(history: Cases) -> None:
    leader, clerk = history.district.leader(), history.clerk(history.district.township("330602007"))
    frozen_and_moved(history)
    with clock.at(NOW + timedelta(days=2)):
        for period in ("quarter=2024-3", "year=2024", "from=2024-07&to=2024-09"):
            content = page_of(leader, f"/dashboard/?{period}")
            assert "已冻结的 1 个月比冻结时：已化解 +1、有期限的办结 +1" in content
            assert 'href="/reports/months/"' in content
        assert "已冻结的 1 个月与冻结时一致" in page_of(clerk, "/dashboard/?year=2024")
        assert "已冻结的" not in page_of(leader, "/dashboard/?month=2024-09")
        assert "已冻结的" not in page_of(leader, "/dashboard/?year=2024&live=1")


def test_the_numbers_of_a_frozen_month_open_the_rows_of_its_moment(history: Cases) -> None:
    frozen_and_moved(history)
    with clock.at(NOW + timedelta(days=2)):
        client = client_for(history.district.leader())
        for url in ("/dashboard/?month=2024-08", "/dashboard/categories/?month=2024-08", "/dashboard/?month=2024-09"):
            links = [link for link in figure_links(client.get(url).content.decode()) if "known=1" in link.url]
            assert links
            for link in links:
                stated, listed = rows_behind(client, link.url)
                assert (stated, str(listed)) == (link.figure, link.figure), link
        assert client.get("/dashboard/rows/?measure=received&month=2024-08&known=2").status_code == 404
        assert client.get("/dashboard/rows/?measure=received&year=2024&known=1").status_code == 404


def test_a_township_is_told_of_the_freeze_without_a_way_it_may_not_go(history: Cases) -> None:
    frozen_and_moved(history)
    with clock.at(NOW + timedelta(days=2)):
        content = page_of(history.clerk(history.district.township()), "/dashboard/?month=2024-08")
        assert "已冻结 · 第 1 版" in content
        assert "/reports/months/" not in content
