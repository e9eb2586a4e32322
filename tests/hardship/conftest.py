from collections.abc import Iterator

import pytest

from tests.hardship.cast import WEDNESDAY, Cast
from tests.people import District
from unionportal.core.common import clock


@pytest.fixture
def cast(district: District) -> Iterator[Cast]:
    """The hardship people on a plain Wednesday, with the clock stopped there."""
    with clock.at(WEDNESDAY):
        yield Cast(district)
