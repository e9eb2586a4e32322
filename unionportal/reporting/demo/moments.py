"""Letting things happen on a day of the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from unionportal.core.common import clock


@contextmanager
def on(day: date) -> Iterator[None]:
    """Ten in the morning of a day."""
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        yield
