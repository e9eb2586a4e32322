"""Counting queries of a page, so that a list of twenty costs what a list of one does."""

import time
from types import SimpleNamespace
from unittest.mock import patch

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, url: str) -> int:
    """Queries of a GET, after one unmeasured GET that fills what each process keeps for some seconds (calendar, parameters, clock).

    Those seconds stand still meanwhile: on a busy machine they would run out between the two.
    """
    moment = time.monotonic()
    with patch("unionportal.core.common.kept.time", SimpleNamespace(monotonic=lambda: moment)):
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
    return len(captured)
