"""Small tables kept in memory: read rarely, never older than promised, and read again at once where they were changed."""

import pytest

from unionportal.core.common import kept as module
from unionportal.core.common.kept import KEPT_SECONDS, Kept, KeptNames


@pytest.fixture
def clock_hand(monkeypatch):
    """A monotonic clock the test moves by hand."""
    hand = {"now": 1000.0}
    monkeypatch.setattr(module.time, "monotonic", lambda: hand["now"])
    return hand


def test_it_is_read_once_within_its_time_and_again_after(clock_hand):
    table = ["old"]
    kept = Kept(lambda: list(table))
    assert kept.get() == ["old"]
    table[:] = ["new"]  # another process wrote
    clock_hand["now"] += KEPT_SECONDS
    assert kept.get() == ["old"]
    clock_hand["now"] += 0.1
    assert kept.get() == ["new"]


def test_the_process_that_writes_sees_it_at_once(db, clock_hand):
    table = ["old"]
    kept = Kept(lambda: list(table))
    kept.get()
    table[:] = ["new"]
    kept.changed()
    assert kept.get() == ["new"]


def test_what_was_read_inside_the_transaction_is_forgotten_at_its_end(
    db, clock_hand, django_capture_on_commit_callbacks
):
    table = ["old"]
    kept = Kept(lambda: list(table))
    with django_capture_on_commit_callbacks(execute=True):
        kept.changed()
        assert kept.get() == ["old"]  # read by somebody before the write was finished
        table[:] = ["new"]
    assert kept.get() == ["new"]


def test_a_name_just_given_is_known_at_once_and_one_of_nothing_is_an_error(clock_hand):
    table = {1: "东街道"}
    names = KeptNames(lambda: dict(table))
    assert names.of(1) == "东街道"
    table[2] = "西街道"  # another process wrote
    assert names.of(2) == "西街道"
    with pytest.raises(KeyError):
        names.of(3)
