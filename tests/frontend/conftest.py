"""The style page is routed in demo mode only, so these tests run a portal of their own in it."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def _demo_portal(django_db_setup: None) -> Iterator[Any]:
    from tests.processes import Portal

    portal = Portal()
    portal.environ["DEMO_MODE"] = "1"
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture
def live_portal(_demo_portal: Any) -> Any:
    """`page` and `phone` of this folder open the demo-mode portal; the style page writes nothing, so no table needs emptying."""
    return _demo_portal
