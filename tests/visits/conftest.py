from collections.abc import Iterator

import pytest

from tests.visits.builders import THURSDAY
from unionportal.core.common import clock
from unionportal.core.params.values import kept_values
from unionportal.core.workcal.days import kept_calendar


@pytest.fixture
def thursday() -> Iterator[None]:
    """The business clock stands at Thursday 2024-09-12 15:30."""
    with clock.at(THURSDAY):
        yield


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What each process keeps for some seconds lasts through the test: on a slow machine its renewal would count as the page's query."""
    monkeypatch.setattr(clock, "OFFSET_KEPT_SECONDS", 3600.0)
    for table in (kept_calendar, kept_values):
        monkeypatch.setattr(table, "_seconds", 3600.0)
    yield
    clock.forget_offset()
    for table in (kept_calendar, kept_values):
        table.forget()
