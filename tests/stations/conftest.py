from collections.abc import Iterator

import pytest

from tests.people import District
from tests.stations.cast import WEDNESDAY, StationCast
from unionportal.core.common import clock


@pytest.fixture
def cast(district: District) -> Iterator[StationCast]:
    """The district and its people on a plain Wednesday, with the clock stopped there; committed where the test asks for `committed_db`."""
    with clock.at(WEDNESDAY):
        yield StationCast(district)
