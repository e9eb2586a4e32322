"""The list: who sees what, filters, pages, and what it costs."""

import html
import re
from datetime import timedelta

import pytest

from casework.models import Issue
from tests.casework.cast import Cast
from tests.queries import queries_of


def titles(cast: Cast, who: str, query: str = "") -> set[str]:
    answer = cast.client(who).get(f"/api/v1/issues/?{query}")
    assert answer.status_code == 200, answer.json()
    found = {row["title"] for row in answer.json()["results"]}
    page = re.sub("</?mark>", "", cast.client(who).get(f"/issues/?{query}").content.decode())
    shown = set(re.findall(r'<td class="title-cell"><a href="/issues/YC-[^"]+/">([^<]+)</a>', page))
    assert shown == found
    return found


@pytest.fixture
def several(cast: Cast) -> Cast:
    cast.issue(title="甲 返还款未到账")
    cast.issue_in("in_progress", title="乙 加班费未足额发放")
    cast.issue(title="丙 矿山除尘", actor=cast.scope("outsider"), township=cast.fusheng, enterprise=cast.quarry)
    cast.issue_in("followed", title="丁 联谊活动", enterprise=None)
    cast.issue_in("closed", title="戊 建会进度慢", received_on=cast.now.date() - timedelta(days=40))
    return cast


def test_everybody_sees_their_own_part(several: Cast) -> None:
    everything = {"甲 返还款未到账", "乙 加班费未足额发放", "丙 矿山除尘", "丁 联谊活动", "戊 建会进度慢"}
    jishan = everything - {"丙 矿山除尘"}
    assert titles(several, "staff") == titles(several, "leader") == everything
    assert titles(several, "registrar") == titles(several, "colleague") == titles(several, "clerk") == jishan
    assert titles(several, "outsider") == titles(several, "neighbour") == {"丙 矿山除尘"}
    assert titles(several, "handler") == jishan - {"甲 返还款未到账"}
    assert titles(several, "other_handler") == set()
    assert several.client("auditor").get("/issues/").status_code == 403


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("staff", "q=返还", "甲"),
        ("staff", "q=光典芯元", "甲乙戊"),
        ("staff", "q=YC-2024-000002", "乙"),
        ("staff", "q=000002", "乙"),
        ("staff", "q=申领流程", "甲乙丙丁戊"),
        ("staff", "q=没有这个词", ""),
        ("staff", "state=open", "甲乙丙丁"),
        ("staff", "state=closed&outcome=resolved", "戊"),
        ("staff", "category=dues_refund&township=330602108", "丙"),
        ("staff", "holder=D-LEGAL&state=in_progress", "乙"),
        ("staff", "enterprise=91330602MA00000026", "丙"),
        ("staff", "received_from=2024-09-01", "甲乙丙丁"),
        ("staff", "received_to=2024-08-31", "戊"),
        ("staff", "due=overdue", ""),
        ("staff", "mine=waiting", "甲丙丁"),
        ("registrar", "mine=waiting", ""),
        ("clerk", "mine=waiting", "甲"),
        ("handler", "mine=waiting", "乙"),
        ("outsider", "mine=registered", "丙"),
        ("staff", "mine=registered", ""),
    ],
)
def test_filters(several: Cast, who: str, query: str, expected: str) -> None:
    assert "".join(sorted(title[0] for title in titles(several, who, query))) == "".join(sorted(expected))


def test_a_filter_that_cannot_be_read_says_so(several: Cast) -> None:
    page = several.client("staff").get("/issues/?received_from=昨天")
    assert page.status_code == 200
    answer = several.client("staff").get("/api/v1/issues/?state=lost")
    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"state"})


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert "登记诉求" in cast.client("clerk").get("/issues/").content.decode()
    assert "没有符合条件的诉求" in cast.client("staff").get("/issues/?q=nothing").content.decode()


def test_the_list_costs_the_same_at_one_and_at_twenty_rows(cast: Cast) -> None:
    def measure() -> list[int]:
        return [
            # the lesser of two: what a process keeps for some seconds may just have run out
            min(queries_of(cast.client(who), url) for _ in range(2))
            for who in ("staff", "registrar", "handler")
            for url in ("/issues/", "/api/v1/issues/", "/issues/?mine=waiting&q=返还")
        ]

    cast.issue_in("in_progress")
    one = measure()
    for _ in range(19):
        cast.issue_in("in_progress")
    assert measure() == one


def test_the_issue_page_costs_the_same_after_more_steps(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    urls = (f"/issues/{issue.code}/", f"/api/v1/issues/{issue.code}/")
    short = [min(queries_of(cast.client("handler"), url) for _ in range(2)) for url in urls]
    for _ in range(4):
        cast.move(issue, "report", "handler", note="已办。")
        cast.move(issue, "redo", "staff", note="再办。")
    assert [min(queries_of(cast.client("handler"), url) for _ in range(2)) for url in urls] == short


def test_lists_leave_the_content_out(cast: Cast, django_assert_max_num_queries) -> None:
    cast.issue()
    cast.client("staff").get("/issues/")
    with django_assert_max_num_queries(20) as captured:
        cast.client("staff").get("/issues/")
        cast.client("staff").get("/api/v1/issues/")
    rows = [q["sql"] for q in captured.captured_queries if '"casework_issue"."title"' in q["sql"]]
    assert rows
    assert not any('"description"' in sql or '"search_tokens"' in sql for sql in rows)


def test_pages_are_whole_and_overlap_nowhere(cast: Cast) -> None:
    """Many issues of one day and a few of others, through the API's cursor and the page's."""
    for number in range(23):
        cast.issue(title=f"第{number}条", received_on=cast.now.date() - timedelta(days=number // 9))
    seen, url = [], "/api/v1/issues/?limit=5"
    while url:
        body = cast.client("staff").get(url).json()
        assert len(body["results"]) <= 5
        seen += [row["code"] for row in body["results"]]
        url, last = body["next"], body
    expected = [row["code"] for row in cast.client("staff").get("/api/v1/issues/?limit=500").json()["results"]]
    assert seen == expected
    assert len(set(seen)) == 23
    back = cast.client("staff").get(last["previous"]).json()
    assert [row["code"] for row in back["results"]] == expected[15:20]
    assert cast.client("staff").get(back["previous"]).json()["results"][-1]["code"] == expected[14]


def test_whoever_sees_an_issue_for_two_reasons_counts_it_once(cast: Cast) -> None:
    """The list is asked for each reason by itself; its pages are whole, forth and back."""
    held = [cast.issue_in("assigned") for _ in range(52)]
    asked = [cast.issue(), cast.issue()]
    joined = [issue.pk for issue in (*held[:3], *asked)]
    Issue.objects.filter(pk__in=joined).update(joined_unit_ids=[cast.legal.pk])
    Issue.objects.filter(pk__in=[issue.pk for issue in held[:4]]).update(township=cast.fusheng, enterprise=cast.quarry)
    # The registrar sees all: of the township, or registered by that very person; its clerk not the four that went elsewhere.
    for who, number in (("handler", 54), ("registrar", 54), ("clerk", 50 + 1), ("neighbour", 4)):
        if who == "clerk":
            cast.issue()
        first = cast.client(who).get("/issues/").content.decode()
        assert f"共 {number} 条" in first, who
        if number <= 50:
            continue
        onward = html.unescape(re.search(r'href="([^"]+)" rel="next"', first)[1])
        second = cast.client(who).get(f"/issues/{onward}").content.decode()
        assert f"共 {number} 条" in second, who
        assert len(set(re.findall("/issues/(YC-[0-9-]+)/", first + second))) == number, who
        back = html.unescape(re.search(r'href="([^"]+)" rel="prev"', second)[1])
        again = cast.client(who).get(f"/issues/{back}").content.decode()
        assert [*re.findall("/issues/(YC-[0-9-]+)/", again)] == [*re.findall("/issues/(YC-[0-9-]+)/", first)], who
    assert "共 52 条" in cast.client("handler").get("/issues/?state=assigned").content.decode()


@pytest.mark.parametrize(
    "cursor", ["x", "a", "aW10", "aWyJub3QgYSBkYXRlIiwiMSJd", "aWyIyMDI0LTA5LTA0IiwgW11d", "aWzFd"]
)
def test_a_damaged_cursor_shows_the_first_page(cast: Cast, cursor: str) -> None:
    issue = cast.issue()
    body = cast.client("staff").get(f"/api/v1/issues/?cursor={cursor}").json()
    assert [row["code"] for row in body["results"]] == [issue.code]
    assert issue.code in cast.client("staff").get(f"/issues/?after={cursor[1:]}").content.decode()


HOSTILE = "<b onclick=\"alert('x')\">&amp;"
SHOWN = "&lt;b onclick=&quot;alert(&#x27;x&#x27;)&quot;&gt;&amp;amp;"


def test_text_people_typed_is_never_markup(cast: Cast) -> None:
    """The rows are written without a template, so nothing escapes them but their own code."""
    cast.plant.name = f"{HOSTILE}厂（演示）"
    cast.plant.save()
    cast.dues.name = f"{HOSTILE}类"
    cast.dues.save()
    cast.legal.short_name = f"{HOSTILE}部"[:30]
    cast.legal.save()
    cast.issue_in("in_progress", title=f"{HOSTILE}标题")
    page = cast.client("staff").get("/issues/").content.decode()
    assert "<b onclick" not in page
    assert f">{SHOWN}标题</a>" in page
    assert f"{SHOWN}厂（演示）" in page
    assert f'<span class="nowrap">{SHOWN}类</span>' in page
