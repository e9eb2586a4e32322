"""Calendars as other programs read them (RFC 5545): all-day events and events with an hour, nothing else. See docs/decisions/0015.

A moment is written in UTC, a day as a date: so no VTIMEZONE is needed, and every program shows the right hour.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

#: Octets of a line without its end (RFC 5545, 3.1).
LINE_OCTETS = 75
MEDIA_TYPE = "text/calendar; charset=utf-8"
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """`start` is a day (the whole of it) or a moment with its zone; `stamp` when the event was last changed. `uid` must stay the same."""

    uid: str
    start: date | datetime
    summary: str
    stamp: datetime
    url: str = ""
    lasts: timedelta = timedelta(hours=1)
    sequence: int = 0


def write_calendar(name: str, events: Iterable[Event], *, refresh_hours: int = 1) -> bytes:
    """The calendar as UTF-8 with CRLF, each line folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//unionportal//calendar//ZH",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{refresh_hours}H",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line ends are written with a backslash; other control characters are not allowed."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line with its CRLF; a long one goes on behind a space, never in the middle of a character."""
    parts, part, room = [], b"", LINE_OCTETS
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LINE_OCTETS - 1
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{_moment(event.stamp)}"
    if isinstance(event.start, datetime):
        yield f"DTSTART:{_moment(event.start)}"
        yield f"DTEND:{_moment(event.start + event.lasts)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
    yield f"SEQUENCE:{event.sequence}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "END:VEVENT"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
