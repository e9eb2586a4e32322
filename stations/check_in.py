"""What a check-in by QR carries: an address signed for one station and one day, and a phone's pass for that day. No personal data in either.

Source: docs/domain.md, "Service of the stations".
"""

import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core import signing

_ADDRESS = signing.Signer(salt="stations.check_in", sep=".")
_PASS = signing.Signer(salt="stations.check_in.phone", sep=".")
#: The cookie in which a phone keeps its pass.
PASS_COOKIE = "check_in"
_PASS_BYTES = 12


@dataclass(frozen=True, slots=True)
class CheckInAddress:
    """Which station's code was scanned, and the day it is good for."""

    station: UUID
    day: date


def address_token(station: UUID, day: date) -> str:
    """The last part of the address behind a station's code of one day."""
    return _ADDRESS.sign(f"{station.hex}{day:%Y%m%d}")


def read_address(token: str) -> CheckInAddress | None:
    """What a token says; None for one that the portal did not make."""
    try:
        text = _ADDRESS.unsign(token)
        return CheckInAddress(UUID(text[:32]), date(int(text[32:36]), int(text[36:38]), int(text[38:])))
    except (signing.BadSignature, ValueError):
        return None


def new_pass(day: date) -> str:
    """A pass for a phone that has none for the day: a random word, made anew every day, so that it follows nobody."""
    return _PASS.sign(f"{day:%Y%m%d}{secrets.token_urlsafe(_PASS_BYTES)}")


def read_pass(cookie: str, day: date) -> str | None:
    """The random word of a pass; None where it is not of this day or not the portal's."""
    try:
        text = _PASS.unsign(cookie)
    except signing.BadSignature:
        return None
    return text[8:] if text[:8] == f"{day:%Y%m%d}" else None
