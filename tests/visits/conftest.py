from collections.abc import Iterator

import pytest

from tests.people import District
from tests.visits.builders import THURSDAY
from tests.visits.meeting_cast import Circle
from unionportal.core.common import clock


@pytest.fixture
def thursday() -> Iterator[None]:
    """The business clock stands at Thursday 2024-09-12 15:30."""
    with clock.at(THURSDAY):
        yield


@pytest.fixture
def circle(district: District, thursday: None) -> Circle:
    """第一组 and its people on that Thursday."""
    return Circle(district)
