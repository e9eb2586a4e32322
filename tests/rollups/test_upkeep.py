"""How the figures are kept up, on its page: the outbox, and a full computation staff ask for and a worker does."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from casework.models import RollupOutbox
from tests.chaos.faults import SECONDS, kill_group, stopped_in_the_middle
from tests.people import District, client_for, scope_of
from tests.rollups.histories import Player
from tests.rollups.test_figures import received, refresh_on
from tests.rollups.test_incremental import everything_kept
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.errors import Forbidden
from unionportal.embedded.process import wait_until
from unionportal.reporting import tasks, upkeep
from unionportal.reporting.models import Recomputation, Rollup
from unionportal.reporting.rollups import refresh

URL = "/figures/state/"


@pytest.fixture
def player(district: District) -> Player:
    player = Player(district)
    received(player, date(2024, 9, 9))
    refresh_on(player.day)
    return player


def page_of(person: Any) -> str:
    return client_for(person).get(URL).content.decode()


def test_the_page_says_what_waits_and_when_it_was_worked_off(player: Player) -> None:
    cache.clear()
    leader = player.district.leader()
    assert "后台尚未更新" in page_of(leader)
    received(player, date(2024, 9, 10))
    assert "1 条，最早一条已等" in page_of(leader)
    tasks.refresh_rollups()
    page = page_of(leader)
    assert "最早一条" not in page
    assert "后台尚未更新" not in page


def test_staff_ask_for_a_full_computation_and_it_puts_right_what_was_wrong(player: Player) -> None:
    staff = player.district.staff()
    right = everything_kept()
    assert "还没有过" in page_of(staff)
    answer = client_for(staff).post(URL, follow=True).content.decode()
    assert "已交给后台全部重算" in answer
    assert "等待后台" in answer
    assert AuditEntry.objects.filter(action="figures.recompute").count() == 1
    Rollup.objects.filter(month=date(2024, 9, 1), category=None).update(received=77)
    with clock.at(player.now):
        assert tasks.recompute() is True
    assert everything_kept() == right
    page = page_of(staff)
    assert "改正 4 行" in page  # the district and three townships
    assert str(staff) in page


def test_a_second_tap_asks_for_nothing_more(player: Player) -> None:
    client = client_for(player.district.staff())
    client.post(URL)
    assert "还没有完成，不必再发起" in client.post(URL, follow=True).content.decode()
    assert Recomputation.objects.count() == 1
    with clock.at(player.now):
        assert tasks.recompute() is True
        assert tasks.recompute() is False  # a duplicate of the task finds nothing to do
    assert "没有不符的" in client.get(URL).content.decode()


def test_only_staff_ask(player: Player) -> None:
    for role, person in player.district.everybody().items():
        if role == "staff":
            continue
        with pytest.raises(Forbidden):
            upkeep.recomputation_ask(actor=scope_of(person))
    assert client_for(player.district.leader()).post(URL).status_code == 403
    assert "全部重算</button>" not in page_of(player.district.leader())
    assert not Recomputation.objects.exists()


@pytest.mark.worker
@pytest.mark.usefixtures("committed_db")
def test_a_worker_killed_in_the_middle_is_made_good(district: District, celery_worker_process: Any) -> None:
    player = Player(district)
    received(player, date(2024, 9, 9))
    staff = district.staff()
    assert wait_until(
        lambda: not RollupOutbox.objects.exists() and Rollup.objects.exists(), seconds=SECONDS, interval=0.1
    )
    right = everything_kept()
    Rollup.objects.filter(category=None).update(received=77)
    with stopped_in_the_middle() as watch:
        client_for(staff).post(URL)
        watch.until_waiting()
        page = page_of(staff)
        assert "正在计算" in page
        assert "第 4 步，共 4 步" in page
        kill_group(celery_worker_process)
    assert Recomputation.objects.get().finished_at is None
    assert "等待后台" in page_of(staff)
    assert wait_until(tasks.recompute, seconds=SECONDS, interval=0.1)  # what beat does every minute
    assert everything_kept() == right
    assert Recomputation.objects.get().finished_at is not None
    assert refresh.refresh() == 0
