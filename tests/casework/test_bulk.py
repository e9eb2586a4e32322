"""Many issues at once: who may, what the preview says of each, that each is done or refused for itself, and a repeat changes nothing."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Issue, IssueEvent
from casework.services import issue_move
from tests.casework.cast import Cast
from tests.queries import queries_of
from unionportal.core.audit.models import AuditEntry


def preview(cast: Cast, who: str, action: str, *issues: Issue) -> str:
    answer = cast.client(who).get(f"/issues/bulk/{action}/", {"code": [issue.code for issue in issues]})
    assert answer.status_code == 200
    return answer.content.decode()


def said_of(page: str, issue: Issue) -> str:
    """What the last cell of the issue's row says."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if f"/issues/{issue.code}/" in row)
    return re.sub(r"<[^>]+>", "", row.split('data-label="会怎样">')[-1].split('data-label="结果">')[-1]).strip()


def offered(page: str) -> list[str]:
    return re.findall(r'name="row" value="([^"]+)"', page)


def run(cast: Cast, who: str, action: str, rows: list[str], **given: Any) -> Any:
    codes = [row.partition(":")[0] for row in rows]
    return cast.client(who).post(f"/issues/bulk/{action}/", {"row": rows, "code": codes, **given})


def test_boxes_stand_only_where_somebody_may_act(cast: Cast) -> None:
    cast.issue_in("in_progress")
    for who, actions in (
        ("staff", ["assign", "remind", "close"]),
        ("leader", ["remind"]),
        ("clerk", ["assign"]),
        ("registrar", []),
        ("handler", []),
    ):
        page = cast.client(who).get("/issues/").content.decode()
        assert re.findall(r'formaction="/issues/bulk/(\w+)/"', page) == actions
        assert ("data-one" in page) == bool(actions)
    assert cast.client("handler").get("/issues/bulk/assign/").status_code == 403
    assert cast.client("leader").get("/issues/bulk/assign/").status_code == 403
    assert cast.client("leader").post("/issues/bulk/close/").status_code == 403
    assert cast.client("staff").get("/issues/bulk/void/").status_code == 404


def test_assigning_says_first_what_it_would_do_and_then_does_that(cast: Cast) -> None:
    first, second, held = cast.issue(title="甲"), cast.issue(title="乙"), cast.issue_in("in_progress", title="丙")
    page = preview(cast, "staff", "assign", first, second, held)
    assert offered(page) == [f"{second.code}:1", f"{first.code}:1"]
    assert said_of(page, first) == "将交办"
    assert said_of(page, held) == "不办 现在是“办理中”，不能交办。"
    assert Issue.objects.filter(state="registered").count() == 2

    answer = run(cast, "staff", "assign", offered(page), unit="D-LEGAL", note="一并交办。")
    assert answer.status_code == 200
    assert said_of(answer.content.decode(), first) == "已交办"
    assert set(Issue.objects.filter(state="assigned").values_list("code", "holder__code")) == {
        (first.code, "D-LEGAL"),
        (second.code, "D-LEGAL"),
    }
    assert IssueEvent.objects.filter(action="assign", note__text="一并交办。", actor=cast.users["staff"]).count() == 2
    entry = AuditEntry.objects.get(action="issue.bulk")
    assert (entry.object_id, entry.data) == ("assign", {"done": 2, "refused": 0})


def test_sent_again_it_changes_nothing_and_says_the_same(cast: Cast) -> None:
    issues = [cast.issue(), cast.issue()]
    rows = [f"{issue.code}:1" for issue in issues]
    once = run(cast, "staff", "assign", rows, unit="D-LEGAL")
    steps = IssueEvent.objects.count()
    again = run(cast, "staff", "assign", rows, unit="D-LEGAL")
    assert IssueEvent.objects.count() == steps
    assert [said_of(each.content.decode(), issues[0]) for each in (once, again)] == ["已交办"] * 2
    other = run(cast, "staff", "assign", rows, unit="D-FINANCE")
    assert "没有办" in said_of(other.content.decode(), issues[0])  # another unit is another wish
    assert set(Issue.objects.values_list("holder__code", flat=True)) == {"D-LEGAL"}


def test_whoever_was_faster_is_not_run_over_and_the_others_go_on(cast: Cast) -> None:
    taken, free = cast.issue(title="甲"), cast.issue(title="乙")
    rows = offered(preview(cast, "staff", "assign", taken, free))
    cast.move(taken, "assign", "clerk", unit=cast.workroom)
    done = run(cast, "staff", "assign", rows, unit="D-LEGAL").content.decode()
    assert "刚被别人修改过" in said_of(done, taken)
    assert said_of(done, free) == "已交办"
    taken.refresh_from_db()
    assert (taken.holder, taken.version) == (cast.workroom, 2)


def test_what_is_wrong_with_the_form_is_said_once_and_nothing_is_done(cast: Cast) -> None:
    issue, other = cast.issue(), cast.issue()
    rows = [f"{issue.code}:1"]
    for given, words in (
        ({}, "请选择承办单位。"),
        ({"unit": "330600"}, "请在可选的单位中选择。"),
        ({"unit": "D-LEGAL", "note": "字" * 4001}, "4000"),
    ):
        answer = run(cast, "staff", "assign", rows, **given)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    page = cast.client("staff").post(
        "/issues/bulk/assign/", {"code": [issue.code, other.code], "unit": "D-LEGAL", "note": "写过的说明"}
    )
    assert page.status_code == 422
    assert "请至少勾选一条。" in page.content.decode()
    assert "写过的说明" in page.content.decode()
    assert Issue.objects.filter(state="registered").count() == 2


def test_a_township_hands_on_within_itself_and_sees_no_other_township(cast: Cast) -> None:
    own = cast.issue()
    foreign = cast.issue(actor=cast.scope("outsider"), township=cast.fusheng, enterprise=cast.quarry)
    page = preview(cast, "clerk", "assign", own, foreign)
    assert foreign.code not in page.replace(f'value="{foreign.code}"', "")
    assert "另有 1 条没有找到" in page
    assert "W-JISHAN" in page
    assert "D-LEGAL" not in page
    done = run(cast, "clerk", "assign", [f"{own.code}:1", f"{foreign.code}:1"], unit="W-JISHAN").content.decode()
    assert said_of(done, own) == "已交办"
    assert f"{foreign.code}</td>" in done
    assert "没有找到，或已不在您的查看范围内。" in done
    foreign.refresh_from_db()
    assert foreign.state == "registered"


def test_closing_wants_the_follow_up_and_words_for_the_dissatisfied(cast: Cast) -> None:
    happy, waiting, fresh = cast.issue_in("followed"), cast.issue_in("answered"), cast.issue()
    unhappy = cast.move(cast.issue_in("answered"), "follow_up", "registrar", satisfaction="dissatisfied")
    busy = cast.issue_in("followed")
    cast.move(busy, "consult", "staff", units=[cast.finance], note="如何处理")
    page = preview(cast, "staff", "close", happy, waiting, fresh, unhappy, busy)
    assert said_of(page, waiting) == "不办 反馈后还没有回访，先回访再办结。"
    assert said_of(page, fresh) == "不办 当场办结要逐条写明情况，请打开这条办理。"
    assert said_of(page, busy) == "不办 会诊还没有结束，这条诉求暂不能办结。"
    assert "其中 1 条回访不满意，办结请写明理由。" in page
    rows = offered(page)
    assert {row.partition(":")[0] for row in rows} == {happy.code, unhappy.code}
    assert run(cast, "staff", "close", rows, outcome="resolved").status_code == 422
    assert run(cast, "staff", "close", rows, outcome="resolved", note="已当面说明。").status_code == 200
    assert Issue.objects.filter(state="closed", outcome="resolved").count() == 2


def test_a_leader_reminds_many_and_the_refused_say_why(cast: Cast) -> None:
    busy, followed = cast.issue_in("in_progress"), cast.issue_in("followed")
    page = preview(cast, "leader", "remind", busy, followed)
    assert "已经回访" in said_of(page, followed)
    rows = [f"{busy.code}:{busy.version}", f"{followed.code}:{followed.version}"]
    done = run(cast, "leader", "remind", rows).content.decode()
    assert said_of(done, busy) == "已催办"
    assert "没有办 已经回访" in said_of(done, followed)
    busy.refresh_from_db()
    assert busy.remind_count == 1


@pytest.mark.parametrize("rows", [["x"], [":3"], ["YC-2024-999999:1"], ["YC-2024-000001:99999999999"]])
def test_rows_somebody_made_up_do_nothing(cast: Cast, rows: list[str]) -> None:
    cast.issue()
    assert run(cast, "staff", "assign", rows, unit="D-LEGAL").status_code in (200, 422)
    assert Issue.objects.get().state == "registered"


def test_more_than_two_hundred_are_refused(cast: Cast) -> None:
    codes = [f"YC-2024-{number:06d}" for number in range(201)]
    answer = cast.client("staff").get("/issues/bulk/remind/", {"code": codes})
    assert answer.status_code == 400
    assert "一次最多 200 条" in answer.content.decode()
    assert run(cast, "staff", "remind", [f"{code}:1" for code in codes]).status_code == 422


@pytest.mark.parametrize(
    ("action", "state"), [("assign", "registered"), ("remind", "in_progress"), ("close", "followed")]
)
def test_the_preview_costs_the_same_for_one_and_for_ten(cast: Cast, action: str, state: str) -> None:
    issues = [cast.issue_in(state) for _ in range(10)]
    one, ten = (
        queries_of(cast.client("staff"), f"/issues/bulk/{action}/?" + "&".join(f"code={issue.code}" for issue in some))
        for some in (issues[:1], issues)
    )
    assert one == ten


def test_a_run_costs_no_more_than_its_moves(cast: Cast) -> None:
    """Each row by the ordinary service: what the page adds on top does not grow with the rows."""
    single, pair, many = cast.issue(), [cast.issue() for _ in range(2)], [cast.issue() for _ in range(6)]
    with CaptureQueriesContext(connection) as alone:
        issue_move(code=single.code, action="assign", version=1, actor=cast.scope("staff"), unit=cast.legal)
    costs = []
    for issues in (pair, many):
        with CaptureQueriesContext(connection) as captured:
            run(cast, "staff", "assign", [f"{issue.code}:1" for issue in issues], unit="D-LEGAL")
        costs.append(len(captured))
    assert costs[1] - costs[0] <= 4 * (len(alone) + 2)
