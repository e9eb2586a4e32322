from collections.abc import Iterator

import pytest

from tests.casework.cast import WEDNESDAY, Cast
from unionportal.core.common import clock


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    """The district on a plain Wednesday, with the clock stopped there."""
    with clock.at(WEDNESDAY):
        yield Cast()


@pytest.fixture
def committed_cast(committed_db: None) -> Iterator[Cast]:
    """The same, really committed: other connections see it."""
    with clock.at(WEDNESDAY):
        yield Cast()
