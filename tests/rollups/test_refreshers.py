"""Several refreshers, writers in between, a worker: real connections and processes."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from casework.models import Issue, RollupOutbox
from tests.chaos.faults import SECONDS, stopped_in_the_middle
from tests.people import District
from tests.rollups.histories import Player
from tests.rollups.test_figures import received
from tests.rollups.test_incremental import everything_kept
from unionportal.embedded.process import wait_until
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def player(district: District) -> Player:
    player = Player(district, day=date(2024, 9, 9))
    refresh.refresh()
    return player


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    """Run with a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def assert_equal_to_full() -> None:
    kept = everything_kept()
    refresh.recompute()
    assert everything_kept() == kept


def test_a_second_refresher_waits_for_the_first_and_adds_to_its_work(player: Player) -> None:
    received(player, date(2024, 9, 9))
    with stopped_in_the_middle() as watch:
        first = in_thread(refresh.refresh)
        watch.until_waiting()
        received(player, date(2024, 9, 10), township="330602007")
        second = in_thread(refresh.refresh)
        watch.until_waiting("advisory")
    first.join(SECONDS)
    second.join(SECONDS)
    assert Rollup.objects.get(month=date(2024, 9, 1), unit__code="330602", category=None).received == 2
    assert not RollupOutbox.objects.exists()
    assert_equal_to_full()


def test_a_writer_that_commits_during_a_refresh_is_found_by_the_next(player: Player) -> None:
    received(player, date(2024, 9, 9))
    with stopped_in_the_middle() as watch:
        running = in_thread(refresh.refresh)
        watch.until_waiting()
        received(player, date(2024, 9, 10))
    running.join(SECONDS)
    assert RollupOutbox.objects.exists()
    refresh.refresh()
    assert_equal_to_full()


def test_a_writer_that_has_not_committed_is_not_counted(player: Player) -> None:
    with transaction.atomic():
        received(player, date(2024, 9, 9))
        other = in_thread(refresh.refresh)
        other.join(SECONDS)
        assert RollupOutbox.objects.exists()
    refresh.refresh()
    assert_equal_to_full()


def test_a_refresh_that_fails_half_way_leaves_the_outbox_as_it_was(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    received(player, date(2024, 9, 9))
    waiting = set(RollupOutbox.objects.values_list("id", flat=True))
    before = everything_kept()
    monkeypatch.setattr(refresh.stock, "carry_cells", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        refresh.refresh()
    monkeypatch.undo()
    assert set(RollupOutbox.objects.values_list("id", flat=True)) == waiting
    assert everything_kept() == before
    refresh.refresh()
    assert_equal_to_full()


def test_batches_end_where_one_run_would(player: Player) -> None:
    for number in range(5):
        player.play([("register", number * 37), ("move", number), ("wait", 3)])
    while refresh.refresh_batch(limit=2).taken:
        pass
    assert_equal_to_full()


def test_a_refresh_without_news_changes_nothing(player: Player) -> None:
    received(player, date(2024, 9, 9))
    refresh.refresh()
    before = list(Rollup.objects.order_by("id").values_list("id", "as_of"))
    assert refresh.refresh() == 0
    assert list(Rollup.objects.order_by("id").values_list("id", "as_of")) == before


@pytest.mark.worker
def test_a_worker_refreshes_after_a_step(player: Player, celery_worker_process: Any) -> None:
    issue = received(player, date(2024, 9, 9))
    player.close(Issue.objects.get(pk=issue.pk))

    def shown() -> bool:
        row = Rollup.objects.filter(month=date(2024, 9, 1), unit__code="330602", category=None).first()
        return row is not None and row.resolved == 1

    assert wait_until(shown, seconds=SECONDS, interval=0.1)
    assert wait_until(lambda: not RollupOutbox.objects.exists(), seconds=SECONDS, interval=0.1)
    assert_equal_to_full()
