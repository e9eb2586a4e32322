"""What each role finds on the workbench: the next steps in order, and nobody else's work."""

import re
from datetime import date

from tests.dashboard.cases import Cases
from tests.people import client_for
from tests.queries import queries_of


def bench_of(user) -> str:
    response = client_for(user).get("/")
    assert response.status_code == 200
    return response.content.decode()


def todo(content: str) -> list[tuple[str, str]]:
    """(title, button) of each line of 接下来要做, in order."""
    titles = re.findall(r'class="todo-title"[^>]*>([^<]+)<', content)
    buttons = re.findall(r'</div></div><a class="btn"[^>]*>([^<]+)</a>', content)
    assert len(titles) == len(buttons)
    return list(zip(titles, buttons, strict=True))


def counts(content: str) -> dict[str, str]:
    """Queue -> size, as the page states it."""
    return dict(re.findall(r'data-queue="([^"]+)" data-figure="([^"]+)"', content))


def test_a_cadre_sees_quota_follow_ups_and_what_came_back(history: Cases) -> None:
    content = bench_of(history.cadre(history.district.township("330602006")))
    lines = todo(content)
    assert ("稽山街道 · 消防培训讲师", "回访") in lines
    assert ("稽山街道 · 停车难", "补充") in lines
    assert not any("经费返还" in title for title, _ in lines)
    assert "本周已走访 1 家，任务完成" in content
    assert "记一次走访" in content
    assert "周记填写中" in content
    assert "2024年9月12日 周四 · 第37周" in content


def test_the_quota_ring_says_what_is_missing(cases: Cases) -> None:
    content = bench_of(cases.cadre(cases.district.township()))
    assert "本周还差 1 家" in content
    assert 'aria-label="本周走访 0/1"' in content
    assert "周记还没有写" in content


def test_a_new_cadre_is_told_what_belongs_here(cases: Cases) -> None:
    content = bench_of(cases.cadre(cases.district.township()))
    assert "眼下没有待办" in content
    assert "一个工作日内回访" in content
    assert "化解率 0/0" in content
    assert "—" in content[content.index('id="mine-h"') :]


def test_key_enterprises_long_not_visited_come_up(cases: Cases) -> None:
    township = cases.district.township()
    cadre = cases.cadre(township)
    never, long_ago = (cases.district.enterprise(n, is_key=True) for n in (1, 2))
    fresh, plain = cases.district.enterprise(3, is_key=True), cases.district.enterprise(4)
    foreign = cases.district.enterprise(5, township=cases.district.township("330602108"), is_key=True)
    cases.visit(long_ago, date(2024, 8, 1))
    cases.visit(fresh, date(2024, 9, 2))
    content = bench_of(cadre)
    assert [title for title, _ in todo(content)] == [f"稽山街道 · {never.name}", f"稽山街道 · {long_ago.name}"]
    assert "还没有走访过" in content
    assert "42 天未走访" in content
    assert f"/visits/new/?enterprise={never.credit_code}" in content
    for absent in (fresh, plain, foreign):
        assert absent.name not in content


def test_overdue_comes_first_and_red(history: Cases) -> None:
    content = bench_of(history.clerk(history.district.township("330602006")))
    assert todo(content)[0] == ("稽山街道 · 工资拖欠", "反馈")
    first = content[content.index("工资拖欠") :]
    assert re.search(r'chip chip-late">.*?逾期 \d+ 个工作日', first[:900], re.DOTALL)


def test_a_deadline_passed_over_a_weekend_is_overdue_already(cases: Cases) -> None:
    from tests.dashboard.cases import at
    from unionportal.core.common import clock

    township = cases.district.township()
    cases.answered(date(2024, 9, 5), township)  # Thursday: to be followed up on Friday
    with clock.at(at(date(2024, 9, 8))):  # Sunday
        content = bench_of(cases.cadre(township))
    assert "逾期 1 个工作日" in content
    assert "今天到期" not in content


def test_each_role_has_its_own_queues(history: Cases) -> None:
    district = history.district
    jishan, didang = district.township("330602006"), district.township("330602007")
    assert counts(bench_of(history.staff)) == {
        "待回访": "1",
        "待交办": "2",
        "待办结": "1",
        "不满意待定夺": "0",
        "延期待答复": "0",
        "已逾期": "1",
    }
    assert counts(bench_of(history.clerk(jishan))) == {"待签收": "1", "待反馈": "1", "待交办": "2", "已逾期": "1"}
    assert counts(bench_of(history.clerk(didang))) == {"待签收": "0", "待反馈": "1", "待交办": "0", "已逾期": "0"}
    assert counts(bench_of(history.cadre(didang))) == {"待回访": "0", "退回我的": "0", "待走访重点企业": "1"}
    assert counts(bench_of(district.leader())) == {"已逾期": "1"}
    assert counts(bench_of(district.handler())) == {"待签收": "0", "待反馈": "0", "已逾期": "0"}


def test_a_handler_sees_what_its_unit_holds(cases: Cases) -> None:
    cases.assigned(date(2024, 9, 11), cases.district.township(), to=cases.district.department, title="法律咨询")
    assert todo(bench_of(cases.district.handler())) == [("稽山街道 · 法律咨询", "签收")]
    assert todo(bench_of(cases.district.handler(cases.district.workroom))) == []


def test_a_leader_sees_the_figures_and_the_way_to_the_dashboard(history: Cases) -> None:
    content = bench_of(history.district.leader())
    assert 'href="/dashboard/"' in content
    headline = content[content.index('id="headline-h"') :]
    assert "收集诉求" in headline
    assert "化解率（本月收集）" in headline


def test_administrators_find_what_they_do_and_no_cases(history: Cases) -> None:
    district = history.district
    for user, address in ((district.sysadmin(), "/accounts/"), (district.auditor(), "/audit/")):
        content = bench_of(user)
        assert f'href="{address}"' in content
        assert "车间高温" not in content
        assert "接下来要做" not in content


def test_somebody_elses_queue_is_not_found(cases: Cases) -> None:
    client = client_for(cases.district.handler())
    assert client.get("/todo/to_close/").status_code == 404
    assert client.get("/todo/nothing/").status_code == 404
    assert client.get("/todo/to_accept/").status_code == 200


def test_who_is_not_signed_in_is_sent_to_sign_in(cases: Cases, client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_the_workbench_costs_the_same_with_one_row_and_with_twenty(cases: Cases) -> None:
    township = cases.district.township()
    people = [cases.staff, cases.cadre(township), cases.clerk(township), cases.district.leader()]
    _fill(cases, 1)
    few = [queries_of(client_for(user), "/") for user in people]
    _fill(cases, 20)
    assert [queries_of(client_for(user), "/") for user in people] == few


def _fill(cases: Cases, number: int) -> None:
    township = cases.district.township()
    for count in range(number):
        cases.registered(date(2024, 9, 10), township)
        cases.in_progress(date(2024, 8, 20), township)
        cases.followed_up(date(2024, 9, 10), township)
        cases.answered(date(2024, 9, 10), township)
        cases.district.enterprise(count + 1, is_key=True)
    cases.settle()
