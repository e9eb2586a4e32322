"""Which stations a phone has rated today: a signed cookie with the day and their codes, and nothing about whoever holds the phone."""

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "rated_stations", "stations.phones"
#: More stations than that nobody visits in a day.
MOST_A_DAY = 12


def rated_today(request: HttpRequest, day: date) -> tuple[str, ...]:
    """Codes of the stations rated from this phone on that day. A cookie that was tampered with counts as none: the hourly limits still hold."""
    written = request.get_signed_cookie(COOKIE, default="", salt=SALT) or ""
    on, _, codes = written.partition(":")
    return tuple(codes.split(",")) if on == day.isoformat() and codes else ()


def keep_rated(response: HttpResponse, codes: tuple[str, ...], day: date) -> None:
    """Remember them on the phone until the day is over."""
    response.set_signed_cookie(
        COOKIE,
        f"{day.isoformat()}:{','.join(codes)}",
        salt=SALT,
        max_age=timedelta(days=1),
        secure=settings.SECURE_COOKIES,
        httponly=True,
        samesite="Lax",
    )
