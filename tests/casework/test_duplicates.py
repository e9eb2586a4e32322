"""Duplicates: the hint while somebody types, merging, splitting, and what each side shows."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.duplicates import LOOKED_AT
from casework.models import Issue
from casework.services import code_create, issue_move
from tests.casework.cast import Cast
from tests.casework.test_public_reports import reported
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition


def hint(cast: Cast, who: str, **asked: Any) -> str:
    return cast.client(who).get("/issues/similar/", asked).content.decode()


class TestHint:
    def test_like_words_at_the_same_enterprise_are_shown(self, cast: Cast) -> None:
        cast.issue(title="食堂卫生条件差，多人腹泻")
        asked = {"title": "食堂卫生差", "enterprise": cast.plant.credit_code}
        page = hint(cast, "registrar", **asked)
        assert "食堂卫生条件差" in page
        assert "同一企业" in page
        assert "食堂" not in hint(cast, "registrar", **{**asked, "title": "加班费没有发"})
        assert "食堂" in hint(cast, "staff", title="食堂卫生差", township=cast.jishan.code)
        assert "食堂" not in hint(cast, "staff", title="食堂卫生差", township=cast.fusheng.code)

    def test_a_row_of_a_visit_asks_the_same(self, cast: Cast) -> None:
        cast.issue(title="食堂卫生条件差")
        asked = {"issues-0-title": "食堂卫生条件", "enterprise": cast.plant.credit_code}
        assert "食堂卫生条件差" in hint(cast, "registrar", **asked)

    def test_it_tells_nothing_beyond_the_readers_scope(self, cast: Cast) -> None:
        cast.issue(title="食堂卫生条件差")
        asked = {"title": "食堂卫生条件差", "enterprise": cast.plant.credit_code, "township": cast.jishan.code}
        assert "食堂" not in hint(cast, "outsider", **asked)
        assert cast.client("handler").get("/issues/similar/", asked).status_code == 403

    def test_what_was_rejected_is_not_shown(self, cast: Cast) -> None:
        cast.issue_in("rejected", title="食堂卫生条件差")
        assert hint(cast, "staff", title="食堂卫生条件差", township=cast.jishan.code).strip() == ""

    @pytest.mark.parametrize("title", ["", "差", "<>&", "' OR 1=1 --"])
    def test_too_little_to_go_by_is_no_error(self, cast: Cast, title: str) -> None:
        cast.issue(title="食堂卫生条件差")
        assert hint(cast, "staff", title=title, township=cast.jishan.code).strip() == ""

    def test_it_looks_at_the_newest_only_whatever_there_is(self, cast: Cast) -> None:
        first = cast.issue(title="食堂卫生条件差")
        rows = [
            Issue(
                code=f"YC-2024-9{n:05d}",
                title="别的事",
                category=cast.dues,
                township=cast.jishan,
                received_on=first.received_on,
            )
            for n in range(LOOKED_AT)
        ]
        Issue.objects.bulk_create(rows)
        assert hint(cast, "staff", title="食堂卫生条件差", township=cast.jishan.code).strip() == ""
        with CaptureQueriesContext(connection) as queries:
            hint(cast, "staff", title="别的事情", township=cast.jishan.code)
        looks = [q["sql"] for q in queries if "casework_issue" in q["sql"]]
        assert all("LIMIT" in sql or " IN (" in sql for sql in looks)


class TestMerge:
    @pytest.mark.parametrize("state", ["registered", "assigned", "in_progress", "answered", "followed"])
    def test_there_and_back_again(self, cast: Cast, state: str) -> None:
        issue, main = cast.issue_in(state), cast.issue(title="主诉求")
        before = Issue.objects.filter(pk=issue.pk).values().get()
        merged = cast.move(issue, "merge", "staff", main=main, note="同一件事。")
        assert (merged.state, merged.main_id) == ("merged", main.pk)
        assert [e.action for e in main.events.all()] == ["register", "absorb"]
        split = cast.move(merged, "split", "staff", note="不是同一件事。")
        after = Issue.objects.filter(pk=split.pk).values().get()
        assert {name for name in after if after[name] != before[name]} == {"version", "search_tokens"}
        assert [e.action for e in main.events.all()] == ["register", "absorb", "release"]
        main.refresh_from_db()
        assert main.version == 3

    def test_merged_leaves_the_figures(self, cast: Cast) -> None:
        issue, main = cast.issue(), cast.issue(title="主诉求")
        cast.move(issue, "merge", "staff", main=main)
        assert list(Issue.objects.counted()) == [main]

    def test_what_cannot_be_a_main_issue(self, cast: Cast) -> None:
        issue = cast.issue()
        merged = cast.move(cast.issue(title="乙"), "merge", "staff", main=cast.issue(title="甲"))
        for main, words in (
            (issue, "不能并入自己"),
            (merged, "已并入另一条"),
            (cast.issue_in("closed"), "已办结"),
            (cast.issue_in("rejected"), "不予受理"),
            (cast.issue_in("voided"), "已作废"),
        ):
            with pytest.raises(FieldErrors) as refused:
                cast.move(issue, "merge", "staff", main=Issue.objects.get(pk=main.pk))
            assert words in refused.value.fields["main"]
        with pytest.raises(FieldErrors):
            cast.move(issue, "merge", "staff")
        issue.refresh_from_db()
        assert (issue.state, issue.version) == ("registered", 1)

    def test_no_chains(self, cast: Cast) -> None:
        main, other = cast.issue(title="甲"), cast.issue(title="乙")
        cast.move(cast.issue(), "merge", "staff", main=main)
        with pytest.raises(FieldErrors) as refused:
            cast.move(main, "merge", "staff", main=other)
        assert "已有其他诉求并入" in refused.value.fields["main"]
        for action in ("reject", "void"):
            with pytest.raises(InvalidTransition):
                cast.move(main, action, "staff", note="写明理由。")

    def test_other_steps_take_no_main_issue(self, cast: Cast) -> None:
        issue, main = cast.issue(), cast.issue(title="主诉求")
        answer = cast.post(issue, "assign", "staff", unit=cast.legal.code, main=main.code)
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"main"})
        assert set(cast.post(issue, "merge", "staff", main="YC-1").json()["fields"]) == {"main"}

    def test_a_voided_duplicate_lets_go_of_its_main(self, cast: Cast) -> None:
        issue, main = cast.issue(), cast.issue(title="主诉求")
        cast.move(issue, "merge", "staff", main=main)
        issue = cast.move(issue, "void", "staff", note="试填。")
        assert (issue.state, issue.main_id) == ("voided", None)
        assert cast.move(main, "reject", "staff", note="可以了。").state == "rejected"

    def test_pages_point_to_each_other(self, cast: Cast) -> None:
        issue, main = cast.issue(title="食堂卫生差"), cast.issue(title="食堂卫生条件差")
        staff = cast.client("staff")
        assert f"?main={main.code}#merge" in staff.get(f"/issues/{issue.code}/").content.decode()
        dialog = staff.get(f"/issues/{issue.code}/?main={main.code}").content.decode()
        assert f'value="{main.code}"' in dialog
        wrong = staff.post(f"/issues/{issue.code}/merge/", {"version": 1, "main": "YC-2024-999999"})
        assert (wrong.status_code, "没有这个编号的诉求" in wrong.content.decode()) == (422, True)
        staff.post(f"/issues/{issue.code}/merge/", {"version": 1, "main": f" {main.code.lower()} "})
        merged = staff.get(f"/issues/{issue.code}/").content.decode()
        assert f'href="/issues/{main.code}/">{main.code} {main.title}</a>，由那一条办理' in merged
        assert merged.index("由那一条办理") < merged.index("办理进度")  # under the title, not a screen below
        page = staff.get(f"/issues/{main.code}/").content.decode()
        assert "1 条并入" in page
        assert f"并入 {issue.code}" in page

    def test_the_reporter_reads_the_main_issues_answers(self, cast: Cast, client: Any) -> None:
        code = code_create(owner=cast.plant, actor=cast.scope("staff"))
        issue, address = reported(client, code)
        main = cast.issue_in("in_progress", title="主诉求")
        cast.move(issue, "merge", "staff", main=main)
        cast.move(main, "report", "handler", note="内部。", answer="已统一整改。")
        page = client.get(address).content.decode()
        for words in ("合并办理", "已统一整改。", "合并办理的不单独评价"):
            assert words in page
        refused = client.post(address, {"satisfaction": "satisfied"})
        assert refused.status_code == 409
        assert 'role="alert"' in refused.content.decode()


def test_two_people_who_merge_crosswise_do_not_wait_for_ever(committed_cast: Cast) -> None:
    cast = committed_cast
    one, other = cast.issue(title="甲"), cast.issue(title="乙")
    start, outcomes = threading.Barrier(2), []

    def merge(issue: Issue, main: Issue) -> None:
        try:
            with clock.at(cast.now):
                start.wait()
                issue_move(code=issue.code, action="merge", version=1, main=main, actor=cast.scope("staff"))
                outcomes.append("merged")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[-1] == "merged"
    assert outcomes.count("merged") == 1
    assert "OperationalError" not in outcomes
    assert Issue.objects.filter(state="merged").count() == 1
