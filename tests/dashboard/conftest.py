from collections.abc import Iterator

import pytest

from tests.dashboard.cases import NOW, Cases, make_history
from tests.people import District
from unionportal.core.common import clock


@pytest.fixture
def today() -> Iterator[None]:
    """The business clock stands at 2024-09-12 10:00."""
    with clock.at(NOW):
        yield


@pytest.fixture
def cases(district: District, today: None) -> Cases:
    """A district without history, and who works in it."""
    return Cases(district, staff=district.staff())


@pytest.fixture
def history(cases: Cases) -> Cases:
    """The same with two months of visits and issues."""
    make_history(cases)
    return cases
