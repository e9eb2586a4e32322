"""What the dashboard says, to whom, and when it has nothing to say."""

import re
from datetime import date

import pytest

from tests.dashboard.cases import Cases
from tests.people import client_for
from tests.queries import queries_of


def page_of(user, url: str = "/dashboard/") -> str:
    response = client_for(user).get(url)
    assert response.status_code == 200
    return response.content.decode()


def tile(content: str, label: str) -> str:
    """The printed value of the tile with this label."""
    found = re.search(rf'aria-label="{re.escape(label)} ([^，"]*)，看明细"', content)
    assert found, f"no tile {label}"
    return found[1]


def test_the_tiles_say_what_the_rows_say(history: Cases) -> None:
    content = page_of(history.district.leader(), "/dashboard/?month=2024-08")
    assert tile(content, "走访（家次）") == "4"
    assert tile(content, "覆盖重点企业") == "2/3"
    assert tile(content, "收集诉求") == "15"
    assert tile(content, "已化解") == "12"
    assert tile(content, "化解率（本月收集）") == "80.00%"
    assert tile(content, "按时办结率") == "92.86%"  # 13 of 14: one answer came thirty days later
    assert "在办 1" in content
    assert "已解释 1" in content
    assert "未化解 1" in content
    assert "逾期 1" in content


def test_a_quarter_and_a_year_add_up_the_months(history: Cases) -> None:
    leader = history.district.leader()
    for query in ("quarter=2024-3", "year=2024", "period=year&start=2024-01-01"):
        content = page_of(leader, f"/dashboard/?{query}")
        assert tile(content, "收集诉求") == "24"
        assert tile(content, "已化解") == "14"
        assert tile(content, "走访（家次）") == "6"


def test_the_total_since_the_beginning_is_the_sum_of_all_rows(history: Cases) -> None:
    content = page_of(history.district.leader())
    total = content[content.index('id="total-h"') :]
    assert re.findall(r"<b>([^<]+)</b>", total)[:4] == ["6", "24", "14", "58.33%"]
    assert "2024年8月以来" in total
    leader = client_for(history.district.leader())
    for page in ("", "wall/"):
        assert 'id="total-h">截至今日累计</h2>' in leader.get(f"/dashboard/{page}?month=2024-08").content.decode()
    rows = leader.get("/dashboard/rows/?measure=resolution&period=all&unit=330602").content.decode()
    assert "截至今日累计 · 全区" in rows


def test_a_township_sees_its_own_figures_and_nobody_elses(history: Cases) -> None:
    didang = history.district.township("330602007")
    clerk = history.clerk(didang)
    content = page_of(clerk, "/dashboard/?month=2024-08")
    assert "迪荡街道" in content
    assert "镇街排名" not in content
    assert "稽山街道" not in content
    assert tile(content, "收集诉求") == "2"
    client = client_for(clerk)
    assert client.get("/dashboard/?unit=330602006").status_code == 404
    assert client.get("/dashboard/?unit=330602").status_code == 404
    assert client.get("/dashboard/rows/?measure=received&period=year&start=2024-01-01&unit=330602").status_code == 404


def test_who_has_no_dashboard_is_refused_in_chinese(history: Cases) -> None:
    district = history.district
    for outsider in (history.cadre(district.township()), district.handler(), district.sysadmin(), district.auditor()):
        response = client_for(outsider).get("/dashboard/")
        assert response.status_code == 403
        assert "您的角色不能进行这项操作" in response.content.decode()


def test_a_cadre_opens_only_what_is_their_own(history: Cases) -> None:
    jishan, didang = history.district.township("330602006"), history.district.township("330602007")
    client = client_for(history.cadre(jishan))
    own = client.get("/dashboard/rows/?measure=received&period=year&start=2024-01-01&mine=1").content.decode()
    without = client.get("/dashboard/rows/?measure=received&period=year&start=2024-01-01").content.decode()
    for content in (own, without):
        assert "车间高温" in content
        assert "用工招聘" not in content
    foreign = f"/dashboard/rows/?measure=received&period=year&start=2024-01-01&unit={didang.code}"
    assert client.get(foreign).status_code == 403


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("month=2024-13", "月份应写成 2024-09"),
        ("month=九月", "月份应写成 2024-09"),
        ("month=0001-01", "月份应写成 2024-09"),
        ("month=2024-10", "还没有到"),
        ("quarter=2024-5", "季度应写成 2024-3"),
        ("year=20x4", "年份应写成 2024"),
        ("period=week&start=2024-09-02", "周期只能是"),
        ("period=month&start=2024-09-02", "不是一个周期的第一天"),
        ("period=month&start=yesterday", "看不懂开始日期"),
    ],
)
def test_a_period_that_cannot_be_is_told_and_the_present_month_shown(cases: Cases, query: str, words: str) -> None:
    content = page_of(cases.district.leader(), f"/dashboard/?{query}")
    assert words in content
    assert "2024年9月 · 全区" in content


def test_a_figure_that_does_not_exist_is_not_found(cases: Cases) -> None:
    client = client_for(cases.staff)
    assert client.get("/dashboard/rows/?measure=happiness").status_code == 404
    assert client.get("/dashboard/rows/?measure=received&category=happiness").status_code == 404
    refused = client.get("/dashboard/rows/?measure=received&month=2024-99")
    assert refused.status_code == 400
    assert "月份应写成" in refused.content.decode()


def test_an_empty_district_has_no_rates(cases: Cases) -> None:
    content = page_of(cases.district.leader())
    for label in ("化解率（本月收集）", "按时办结率", "覆盖重点企业"):
        assert tile(content, label) == "—"
    assert "0.00%" not in content
    assert "100.00%" not in content
    assert "本月没有收集到诉求" in content


def ranking_of(content: str) -> tuple[str, list[str], list[bool]]:
    """The table of townships, their names in its order, and which are greyed."""
    ranking = content[content.index('id="rank-h"') : content.index('id="att-h"')]
    lines = re.findall(r"<li( class=\"few\")?[^>]*><a class=\"rank-name\"[^>]*>([^<]+)", ranking)
    return ranking, [name for _, name in lines], [bool(few) for few, _ in lines]


@pytest.mark.parametrize("query", ["year=2024", "month=2024-09&rank=year", "quarter=2024-3"])
def test_few_issues_are_greyed_and_ranked_behind(history: Cases, query: str) -> None:
    ranking, names, few = ranking_of(page_of(history.district.leader(), f"/dashboard/?{query}"))
    assert names == ["稽山街道", "迪荡街道", "富盛镇"]
    assert few == [False, True, True]
    assert "13/18" in ranking


def test_townships_are_ranked_by_the_period_of_the_page(history: Cases) -> None:
    leader = history.district.leader()
    ranking, names, few = ranking_of(page_of(leader, "/dashboard/?month=2024-08"))
    assert (names[0], few) == ("稽山街道", [False, True, True])
    assert "2024年8月化解率" in ranking
    assert "12/13" in ranking
    ranking, names, few = ranking_of(page_of(leader, "/dashboard/?month=2024-09"))
    assert names == ["迪荡街道", "稽山街道", "富盛镇"]  # 1/3, 1/5, 0/1
    assert few == [True, True, True]
    assert "rank=year" in ranking


def test_the_leader_is_told_what_is_overdue_and_what_was_redone_again_and_again(history: Cases) -> None:
    content = page_of(history.district.leader())
    attention = content[content.index('id="att-h"') : content.index('id="total-h"')]
    assert "工资拖欠" in attention
    assert "食堂饭菜" in attention
    assert "用工招聘" not in attention


def test_definitions_stand_on_the_page(history: Cases) -> None:
    content = page_of(history.staff)
    assert "化解率 = 已化解 ÷ 收集录入" in content
    meant = content[content.index('class="card definitions') :]
    assert "已化解 ÷ 收集录入" in meant
    assert "分子：已化解；分母：收集录入。口径第 1 版，2023年4月1日起" in meant
    assert "口径第 2 版，2024年1月1日起" in meant
    assert "诉求数据最近变动于 2024年9月" in content


@pytest.mark.parametrize("url", ["/dashboard/?month=2024-09", "/dashboard/rows/?measure=received&month=2024-09"])
def test_a_page_of_many_rows_costs_what_a_page_of_few_does(cases: Cases, url: str) -> None:
    township = cases.district.township()
    leader = client_for(cases.district.leader())
    cases.in_progress(date(2024, 8, 28), township)
    _fill(cases, 1)
    few = queries_of(leader, url)
    _fill(cases, 20)
    assert queries_of(leader, url) == few


def _fill(cases: Cases, number: int) -> None:
    for count in range(number):
        township = cases.district.township(("330602006", "330602007", "330602108")[count % 3])
        cases.visit(cases.district.enterprise(count % 3, township=township, is_key=True), date(2024, 9, 3))
        cases.in_progress(date(2024, 9, 2), township, category=("training", "safety", "legal")[count % 3])
    cases.settle()
