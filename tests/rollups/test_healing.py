"""What goes wrong around the figures and is made good without anybody: boundaries missed, beats doubled, clocks moved, the broker emptied."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.db import connection

from casework.models import Issue, RollupOutbox
from tests.people import District
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from tests.rollups.test_incremental import everything_kept
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict
from unionportal.reporting import freezing, tasks, upkeep
from unionportal.reporting.figures import district_figures, kept_months
from unionportal.reporting.models import Freeze, Rollup
from unionportal.reporting.rollups import refresh

SEPTEMBER = date(2024, 9, 1)


def moment(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.SHANGHAI)


@pytest.fixture
def player(district: District) -> Player:
    """One issue of September, refreshed on its day."""
    player = Player(district)
    received(player, date(2024, 9, 9))
    with clock.at(player.now):
        tasks.refresh_rollups()
    return player


def assert_equal_to_full() -> None:
    kept = everything_kept()
    refresh.recompute()
    assert everything_kept() == kept


def test_month_boundaries_missed_while_nothing_ran_get_their_rows_and_stock(player: Player) -> None:
    """Neither the beat of 1 October nor that of 1 January came; the next sweep makes up for all of them."""
    with clock.at(moment(2025, 2, 11)):
        tasks.refresh_rollups()
        for month in (date(2024, 10, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)):
            assert district_figures("month", month).open_at_end == 1
        assert_equal_to_full()


def test_a_row_lost_from_between_comes_back_by_a_run_with_nothing_to_do(player: Player) -> None:
    with clock.at(moment(2025, 2, 11)):
        tasks.refresh_rollups()
        lost = Rollup.objects.filter(month=date(2024, 11, 1), category=None, unit__code="330602006")
        assert lost.delete()[0] == 1
        tasks.refresh_rollups()
        assert lost.count() == 1
        assert_equal_to_full()


def test_a_beat_that_comes_twice_changes_nothing(player: Player) -> None:
    with clock.at(moment(2024, 10, 1, 0)):
        tasks.open_periods()
        before = list(Rollup.objects.order_by("pk").values_list("pk", "as_of"))
        tasks.open_periods()
        tasks.refresh_rollups()
        assert list(Rollup.objects.order_by("pk").values_list("pk", "as_of")) == before
    with clock.at(moment(2024, 10, 14)):
        assert (tasks.freeze_months(), tasks.freeze_months()) == (1, 0)


def test_a_clock_set_back_and_forward_again_leaves_the_figures_right(player: Player) -> None:
    received(player, date(2024, 12, 3))
    with clock.at(moment(2024, 12, 4)):
        tasks.refresh_rollups()
    with clock.at(moment(2024, 10, 2)):  # two months back: what is received later stays, and stays counted
        received(player, date(2024, 10, 2))
        tasks.refresh_rollups()
        assert district_figures("month", date(2024, 12, 1))["received"] == 1
        assert_equal_to_full()
    with clock.at(moment(2026, 1, 5)):
        tasks.refresh_rollups()
        kept = kept_months()
        assert kept is not None
        assert kept.last == date(2026, 1, 1)
        assert district_figures("month", date(2026, 1, 1)).open_at_end == 3
        assert_equal_to_full()


def test_an_emptied_broker_and_cache_lose_nothing(player: Player, redis_url: str) -> None:
    """Every queued nudge is gone; the change is in the outbox and the next sweep takes it."""
    received(player, date(2024, 9, 12))
    redis.Redis.from_url(redis_url).flushall()
    assert cache.get("figures.refreshed") is None
    with clock.at(player.now):
        assert upkeep.upkeep().refreshed_at is None
        assert tasks.refresh_rollups() == 1
        assert district_figures("month", SEPTEMBER)["received"] == 2
        assert upkeep.upkeep().refreshed_at == clock.now()
    assert not RollupOutbox.objects.exists()


def in_threads(work: Callable[[], Any]) -> list[Any]:
    """The same twice at once, each on a connection of its own: what each got, or was refused with."""
    barrier, found = threading.Barrier(2), []

    def run() -> None:
        barrier.wait()
        try:
            found.append(work())
        except Conflict as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.usefixtures("committed_db")
def test_two_who_freeze_at_once_make_one_revision(player: Player) -> None:
    now = moment(2024, 10, 12)
    found = in_threads(lambda: freezing.month_freeze(month=SEPTEMBER, actor=player.staff, now=now))
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "Freeze"]
    assert Freeze.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_two_who_revise_at_once_make_one_revision(player: Player) -> None:
    """The second waits, and then finds that nothing has changed since."""
    freezing.month_freeze(month=SEPTEMBER, actor=player.staff, now=moment(2024, 10, 12))
    player.day = date(2024, 10, 15)
    changed = player.close(Issue.objects.get())
    now = moment(2024, 10, 20)
    found = in_threads(lambda: freezing.month_revise(month=SEPTEMBER, reason="补办结", actor=player.staff, now=now))
    (refusal,) = [one for one in found if isinstance(one, Conflict)]
    assert "没有变动" in refusal.detail
    assert list(Freeze.objects.order_by("revision").values_list("revision", "reason")) == [(1, ""), (2, "补办结")]
    assert list(Freeze.objects.get(revision=2).issues.all()) == [changed]


@pytest.mark.usefixtures("committed_db")
def test_two_beats_at_once_refresh_once(player: Player) -> None:
    received(player, date(2024, 9, 12))
    assert sorted(in_threads(tasks.refresh_rollups)) == [0, 1]
    assert_equal_to_full()


@pytest.mark.usefixtures("committed_db")
def test_two_who_ask_for_a_full_computation_at_once_get_one(player: Player) -> None:
    found = in_threads(lambda: upkeep.recomputation_ask(actor=player.staff))
    assert sorted(one.is_new for one in found) == [False, True]
    assert len({one.recomputation.pk for one in found}) == 1
