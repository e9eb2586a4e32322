from collections.abc import Iterator

import pytest

from tests.evaluations.cast import Year
from tests.people import District
from tests.visits.builders import THURSDAY
from unionportal.core.common import clock


@pytest.fixture
def thursday() -> Iterator[None]:
    """The business clock stands at Thursday 2024-09-12 15:30."""
    with clock.at(THURSDAY):
        yield


@pytest.fixture
def year(district: District, thursday: None) -> Year:
    """The evaluation of 2024, being prepared."""
    return Year(district)
