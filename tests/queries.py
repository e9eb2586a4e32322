"""Counting queries of a page, so that a list of twenty costs what a list of one does."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, url: str) -> int:
    """Queries of a GET, after one unmeasured GET that fills what each process keeps for some seconds (calendar, parameters, clock)."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
