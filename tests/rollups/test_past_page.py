"""`/figures/past/`: the figures of a period as known at a moment, and the rows each number opens."""

import re
from datetime import date, datetime

import pytest
from django.test import Client
from django.utils.html import strip_tags

from casework.models import Category, Issue
from casework.services import issue_correct
from tests.dashboard.pages import figure_links, rows_behind
from tests.people import District, client_for
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.reporting import freezing
from unionportal.reporting.rollups import refresh

URL = "/figures/past/"
DISTRICT, JISHAN, DIDANG = "330602", "330602006", "330602007"
NOW = datetime(2024, 11, 8, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture
def player(district: District) -> Player:
    """September in 稽山: one closed and reopened on 4 November, one entered on 15 October for 20 September,
    one that on 5 November turns out to be of 迪荡. The month was frozen on 12 October."""
    player = Player(district)
    reopened = player.close(received(player, date(2024, 9, 3)))
    moved = received(player, date(2024, 9, 4))
    player.day = date(2024, 10, 12)
    with clock.at(player.now):
        refresh.refresh()
        freezing.month_freeze(month=date(2024, 9, 1), actor=player.staff, now=player.now)
    player.day = date(2024, 10, 15)
    late = player.register(25)
    assert (late.received_on, late.township.code) == (date(2024, 9, 20), "330602108")
    player.day = date(2024, 11, 4)
    player.make_named(Issue.objects.get(pk=reopened.pk), "reopen", note="复查未落实")
    player.day = date(2024, 11, 5)
    moved.refresh_from_db()
    issue_correct(
        code=moved.code,
        version=moved.version,
        reason="镇街登记有误",
        category=Category.objects.get(pk=moved.category_id),
        township=player.district.township(DIDANG),
        enterprise=None,
        received_on=moved.received_on,
        title=moved.title,
        description=moved.description,
        actor=player.staff,
        now=player.now,
    )
    with clock.at(player.now):
        refresh.refresh()
    return player


def page(client: Client, **query: str) -> str:
    answer = client.get(URL, {"period": "2024-09", **query})
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def line(content: str, name: str) -> list[str]:
    """The cells of a figure's line, as read."""
    found = re.search(rf'<td class="name-cell">{re.escape(name)}</td>(.*?)</tr>', content, re.DOTALL)
    assert found, name
    return [" ".join(strip_tags(cell).split()) for cell in re.findall(r"<td\b.*?</td>", found[1], re.DOTALL)]


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({}, ("2", "1", "50.00%", "1")),  # the month's end
        ({"day": "2024-10-15"}, ("3", "1", "33.33%", "2")),  # entered late
        ({"day": "2024-11-04", "time": "23:49"}, ("3", "1", "33.33%", "2")),  # a minute before the reopening
        ({"day": "2024-11-05"}, ("3", "0", "0.00%", "2")),  # reopened; in September itself it was closed
    ],
)
def test_every_number_equals_the_rows_it_opens(player: Player, asked: dict[str, str], known: tuple[str, ...]) -> None:
    client = client_for(player.district.leader())
    with clock.at(NOW):
        content = page(client, **asked)
        names = ("收集录入", "已化解", "化解率", "期末未办结")
        assert tuple(line(content, name)[0] for name in names) == known
        links = figure_links(content)
        assert len(links) > 80
        assert sum("as_of=" in link.url for link in links) * 3 == len(links) + 3  # no month keeps the three of 累计
        for link in links:
            stated, listed = rows_behind(client, link.url)
            assert (stated, listed) == (link.figure, int(link.figure)), link.url


def test_what_changed_since_stands_beside_it(player: Player) -> None:
    with clock.at(NOW):
        content = page(client_for(player.district.staff()))
    assert line(content, "收集录入") == ["2", "2", "3 +1"]
    assert line(content, "化解率") == ["50.00%", "50.00%", "0.00% -50.00 个百分点"]
    assert line(content, "办结用时中位数（工作日）") == ["1", "1", "—"]
    assert line(content, "累计收集录入") == ["2", "未冻结", "3 +1"]
    assert "冻结第1版" in content
    assert "驿站、困难帮扶" in content
    with clock.at(NOW):
        content = page(client_for(player.district.staff()), period="2024", day="2024-10-31")
    assert line(content, "收集录入") == ["3", "3"]
    assert "冻结第1版" not in content


def test_a_township_reads_its_own_past_and_is_told_what_left_it(player: Player) -> None:
    client = client_for(player.district.township_clerk())
    with clock.at(NOW):
        content = page(client, day="2024-10-31")
        assert "稽山街道" in content
        assert "全区" not in content
        assert line(content, "收集录入") == ["2", "2", "1 -1"]
        then = next(
            link.url for link in figure_links(content) if "measure=received&" in link.url and "as_of" in link.url
        )
        assert rows_behind(client, then) == ("1", 1)
        assert "另有 1 件" in client.get(then).content.decode()
        for unit in (DISTRICT, DIDANG):
            answer = client.get(URL, {"period": "2024-09", "unit": unit})
            assert answer.status_code == 422
            assert "不在您的查看范围内" in answer.content.decode()
            assert not figure_links(answer.content.decode())
            assert client.get(then.replace(JISHAN, unit)).status_code == 404


def test_the_rows_of_the_past_are_a_file_and_lead_back(player: Player) -> None:
    client = client_for(player.district.staff())
    with clock.at(NOW):
        content = page(client, day="2024-10-31", time="18:00")
        then = next(
            link.url for link in figure_links(content) if "measure=resolved&" in link.url and "as_of" in link.url
        )
        rows = client.get(then).content.decode()
        assert "period=2024-09&amp;unit=330602&amp;day=2024-10-31&amp;time=18%3A00" in rows
        assert "这是按 2024年10月31日 18:00以前录入" in rows
        answer = client.get(f"{then}&format=csv")
        lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert AuditEntry.objects.filter(action="figure.export", data__measure="resolved").count() == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"day": "2024-11-09"}, "时间不能晚于现在"),
        ({"day": "2024-11-08", "time": "10:00"}, "时间不能晚于现在"),
        ({"day": "9999-12-31"}, "时间不能晚于现在"),
        ({"day": "2024-09-02"}, "那时还没有录入过诉求，最早的记录是 2024年9月3日 23:50"),
        ({"period": "2024-10", "day": "2024-09-30"}, "那时2024年10月还没有开始"),
        ({"day": "昨天"}, "看不懂这个日期"),
        ({"time": "下午"}, "看不懂这个时间"),
        ({"period": "2024-08"}, "没有“2024-08”这一期的统计数据"),
        ({"period": ""}, "请选择月份、季度或年份"),
        ({"unit": "999"}, "没有“999”这个单位的统计数据"),
        ({"unit": "999", "day": "2024-11-09"}, "时间不能晚于现在"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(player: Player, asked: dict[str, str], said: str) -> None:
    with clock.at(NOW):
        answer = client_for(player.district.leader()).get(URL, {"period": "2024-09", "day": "2024-10-01", **asked})
    content = answer.content.decode()
    assert answer.status_code == 422
    assert said in content
    assert not figure_links(content)
    assert f'value="{asked.get("day", "2024-10-01")}"' in content


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("as_of=gestern", "时间应写成"),
        ("as_of=2124-01-01", "不能晚于现在"),
        ("as_of=2024-10-31&known=1", "不能同时指定"),
        ("as_of=2024-10-31&holder=rights", "不能同时指定"),
        ("as_of=2024-10-31&measure=visits", "只有现在的数字"),
    ],
)
def test_rows_of_a_moment_that_make_no_sense_are_refused(player: Player, query: str, said: str) -> None:
    with clock.at(NOW):
        answer = client_for(player.district.leader()).get(f"/dashboard/rows/?month=2024-09&measure=received&{query}")
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_it_is_found_where_one_looks_for_it(player: Player) -> None:
    client = client_for(player.district.leader())
    with clock.at(NOW):
        for url in ("/dashboard/", "/figures/", "/reports/months/2024-9/"):
            assert URL in client.get(url).content.decode(), url
        empty = client.get(URL).content.decode()
    assert "往期查证" in empty
    assert not figure_links(empty)
