from collections.abc import Iterator

import pytest

from tests.visits.builders import THURSDAY
from unionportal.core.common import clock


@pytest.fixture
def thursday() -> Iterator[None]:
    """The business clock stands at Thursday 2024-09-12 15:30."""
    with clock.at(THURSDAY):
        yield
