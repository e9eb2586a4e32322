"""A district after a quarter with a history: it is Monday 13 January 2025, ten o'clock; 2024-Q4 is over."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from tests.dashboard.cases import Cases
from tests.people import District
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI

NOW = datetime(2025, 1, 13, 10, 0, tzinfo=SHANGHAI)
Q3, Q4, Q1 = date(2024, 7, 1), date(2024, 10, 1), date(2025, 1, 1)


@pytest.fixture
def january() -> Iterator[None]:
    """The business clock stands at 2025-01-13 10:00: the eighth workday after 2024-Q4."""
    with clock.at(NOW):
        yield


@pytest.fixture
def cases(district: District, january: None) -> Cases:
    """A district without history, and who works in it."""
    return Cases(district, staff=district.staff(name="王调度"))
