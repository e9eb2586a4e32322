"""Numbers in an address or a form that nobody validated: what cannot be one is as if it were not there."""

from collections.abc import Iterable

from django.http import HttpRequest

from stations.services.stars import FIRST_YEAR
from unionportal.core.common import clock

#: No more digits than a 32-bit key has.
MOST_DIGITS = 9


def number_in(text: str) -> int | None:
    """The number a text is, if it is one of plain digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def numbers_in(texts: Iterable[str]) -> list[int]:
    """Those that are numbers."""
    return [number for text in texts if (number := number_in(text)) is not None]


def year_asked(request: HttpRequest, *, ahead: int = 0) -> int:
    """`?year=`, up to so many years ahead; else this year."""
    this = clock.today().year
    year = number_in(request.GET.get("year", ""))
    return year if year is not None and FIRST_YEAR <= year <= this + ahead else this
