"""Search: any two characters and more, wherever they stand; pinyin of enterprises; the reporter for those who may know; scoped and marked."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from casework import search
from casework.models import Issue
from casework.search import search_issues
from casework.selectors import issue_list
from casework.services import ReporterInput
from tests.casework.cast import Cast
from tests.queries import queries_of

PHONE = "13812345678"


def found(cast: Cast, who: str, text: str) -> list[str]:
    rows = search_issues(issue_list(cast.scope(who)), text, cast.scope(who))
    return sorted(rows.values_list("title", flat=True))


def listed(cast: Cast, who: str, text: str) -> str:
    return cast.client(who).get("/issues/", {"q": text}).content.decode()


TITLE, CONTENT = "返还款未到账", "企业不了解申领流程，财务王科长说要等 2024Q3 批次。"


@pytest.mark.parametrize(
    "text",
    [
        "返还",
        "还款",
        "未到",
        "到账",
        "款未到账",
        "申领流程",
        "王科长",
        "2024q3",
        "YC-2024-000001",
        "光典",
        "芯元微",
        "gdxy",
        "GDXY",
    ],
)
def test_any_two_characters_of_an_entry(cast: Cast, text: str) -> None:
    cast.issue(title=TITLE, description=CONTENT)
    cast.issue(title="别的事", description="", enterprise=None)
    assert found(cast, "staff", text) == [TITLE]


def test_every_word_must_be_found(cast: Cast) -> None:
    cast.issue(title=TITLE, description=CONTENT)
    assert found(cast, "staff", "返还 gdxy 王科长") == [TITLE]
    assert found(cast, "staff", "返还 食堂") == []


def test_many_are_read_from_the_newest_on_and_none_is_lost(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest issues are looked through before the index of words is asked: with few or many of them, the same pages come out."""
    first = cast.now.date()
    for number in range(52):
        cast.issue(title=f"{number:02} 吊机没有护栏", received_on=first - timedelta(days=number))
    cast.issue(title="食堂太小", received_on=first)
    for newest in (5, 500):
        monkeypatch.setattr(search, "NEWEST", newest)
        search._newest.forget()
        page = listed(cast, "staff", "吊机")
        assert ("共 50+ 条" in page, page.count('<td class="title-cell">')) == (True, 50)
        following = cast.client("staff").get(
            "/issues/" + re.search(r'href="(\?[^"]*)" rel="next"', page)[1].replace("&amp;", "&")
        )
        assert following.content.decode().count('<td class="title-cell">') == 2
        assert "食堂" not in page
        old = (
            cast.client("staff")
            .get("/issues/", {"q": "吊机", "received_to": first - timedelta(days=51)})
            .content.decode()
        )
        assert "51 <mark>吊机" in old


def test_notes_and_answers_are_found_as_soon_as_they_are_written(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    assert found(cast, "staff", "银行退票") == []
    cast.move(issue, "report", "handler", note="查明是银行退票。", answer="请核对开户行信息。")
    assert found(cast, "staff", "银行退票") == found(cast, "staff", "开户行") == [issue.title]
    page = listed(cast, "staff", "银行退票")
    assert "办理过程：查明是<mark>银行退票</mark>。" in page
    assert "答复：请核对<mark>开户行</mark>信息。" in listed(cast, "staff", "开户行")


def test_a_correction_keeps_what_was_written_findable(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    cast.move(issue, "report", "handler", note="查明是银行退票。")
    issue.refresh_from_db()
    issue.title = "改过的标题"
    issue.fill_search()
    issue.save()
    assert found(cast, "staff", "银行退票") == found(cast, "staff", "改过") == ["改过的标题"]


@pytest.mark.parametrize(("who", "sees"), [("staff", True), ("registrar", True), ("clerk", True), ("outsider", False)])
def test_it_stays_within_the_readers_scope(cast: Cast, who: str, sees: bool) -> None:
    cast.issue(title=TITLE)
    for text in ("返还", "gdxy"):
        assert bool(found(cast, who, text)) is sees


@pytest.mark.parametrize(
    ("privacy", "who", "sees"),
    [
        ("open", "staff", True),
        ("open", "registrar", True),
        ("open", "leader", False),
        ("open", "outsider", False),
        ("staff", "staff", True),
        ("staff", "registrar", False),
        ("staff", "leader", False),
    ],
)
def test_the_reporter_is_found_by_those_who_may_know(cast: Cast, privacy: str, who: str, sees: bool) -> None:
    cast.issue(reporter=ReporterInput(privacy, "欧阳示例", PHONE))
    for text in ("欧阳", "阳示例", PHONE, "138-1234-5678"):
        assert bool(found(cast, who, text)) is sees, text
    assert found(cast, "staff", PHONE[:-1]) == []  # a part of a number finds nobody


def test_hits_are_marked_and_nothing_else_is_markup(cast: Cast) -> None:
    cast.issue(title="<b>返还</b>款未到账", description="a")
    page = listed(cast, "staff", "返还")
    assert "&lt;b&gt;<mark>返还</mark>&lt;/b&gt;款未到账" in page
    assert "<b>" not in listed(cast, "staff", "<b>").split("<tbody>")[1]


def test_a_row_says_why_it_is_there(cast: Cast) -> None:
    cast.issue(title=TITLE, reporter=ReporterInput("staff", "欧阳示例", PHONE))
    name = cast.plant.name
    for letters, words in (("gdxy", "光典芯元"), ("DXY", "典芯元"), ("guangdian", "光典")):
        assert words in name
        assert f"<mark>{words}</mark>" in listed(cast, "staff", letters), letters
    assert "反映人匹配" in listed(cast, "staff", "欧阳示例")
    by_phone = listed(cast, "staff", PHONE)
    assert "电话匹配" in by_phone
    assert PHONE not in by_phone.split("<tbody>")[1].split("</tbody>")[0]
    assert "匹配" not in listed(cast, "staff", "返还")


def test_many_rows_cost_what_one_does(cast: Cast) -> None:
    cast.issue(description="流程复杂")
    one = queries_of(cast.client("staff"), "/issues/?q=流程")
    for _ in range(12):
        cast.issue(description="流程复杂")
    assert queries_of(cast.client("staff"), "/issues/?q=流程") == one


def seeded(cast: Cast, rows: int) -> None:
    """Plain rows by one statement; every hundredth has the word looked for. Statistics as a running portal has them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_issue (uuid, code, title, description, category_id, township_id, source_kind, source_label, state, "
            "outcome, version, received_on, satisfaction, redo_count, bounce_count, reopen_count, due_is_provisional, merged_from, "
            "search_tokens) "
            "SELECT gen_random_uuid(), 'X' || n, '例行', '', %s, %s, 'hand', '', 'registered', '', 1, date '2024-09-04' - (n %% 600), "
            "'', 0, 0, 0, false, '', CASE WHEN n %% 100 = 0 THEN ARRAY['食堂', '堂卫', '卫生'] ELSE ARRAY['例行', 'x' || n] END "
            "FROM generate_series(1, %s) n",
            [cast.dues.pk, cast.jishan.pk, rows],
        )
        cursor.execute("ANALYZE casework_issue")


def plan_of(queryset: Any) -> str:
    with connection.cursor() as cursor:
        sql, params = queryset.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_a_hundred_thousand_rows_are_searched_by_index(committed_cast: Cast) -> None:
    cast = committed_cast
    seeded(cast, 120_000)
    cast.issue(title="食堂卫生太差")
    order = ("-received_on", "-id")
    for text in ("食堂卫生太差", "太差", "gdxy 太差", "x77", "查无此词"):
        rows = search_issues(issue_list(cast.scope("staff")), text, cast.scope("staff")).order_by(*order)[:51]
        assert "Seq Scan on casework_issue" not in plan_of(rows), text
    assert found(cast, "staff", "食堂卫生太差") == ["食堂卫生太差"]
    count = Issue.objects.filter(pk__in=search_issues(Issue.objects.all(), "食堂", cast.scope("staff"))[:1001]).count()
    assert count == 1001
    search.common_tokens.forget()
    tried = {
        text: [plan_of(rows.order_by(*order)[:51]) for rows in search.newest_first(Issue.objects.all(), words)]
        for text in ("例行", "堂卫", "查无此词")
        if (words := search.words_of(text, cast.scope("staff")))
    }
    often, sometimes, nowhere = tried.values()
    assert ["issue_search" in plan for plan in often] == [False]
    assert [("issue_search" in plan, "2000-01-01" in plan) for plan in sometimes] == [(True, True)]
    assert nowhere == []
