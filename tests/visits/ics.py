"""A strict little reader of RFC 5545, for the tests of the calendar feed: whatever it does not expect is an error."""

import re
from datetime import UTC, date, datetime
from typing import Any

#: Properties of an event that the feed writes, and whether they must be there.
EVENT = {
    "UID": True,
    "DTSTAMP": True,
    "DTSTART": True,
    "DTEND": True,
    "SEQUENCE": True,
    "SUMMARY": True,
    "TRANSP": False,
    "URL": False,
}
CALENDAR = {"VERSION", "PRODID", "CALSCALE", "NAME", "X-WR-CALNAME", "REFRESH-INTERVAL"}
_LINE = re.compile(r"^([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)$")
_TEXT = re.compile(r"\\(.)")


def events(content: bytes) -> list[dict[str, Any]]:
    """The events of a calendar, in order."""
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    found: list[dict[str, Any]] = []
    inside, head = False, set()
    for line in lines[1:-1]:
        match = _LINE.match(line)
        assert match, f"no content line: {line!r}"
        name, parameters, value = match.groups()
        if (name, value) == ("BEGIN", "VEVENT"):
            assert not inside
            found.append({})
            inside = True
        elif (name, value) == ("END", "VEVENT"):
            missing = {key for key, needed in EVENT.items() if needed} - set(found[-1])
            assert inside
            assert not missing
            inside = False
        elif inside:
            assert name in EVENT
            assert name not in found[-1]
            found[-1][name] = read(name, parameters, value)
        else:
            assert name in CALENDAR
            assert name not in head
            head.add(name)
    assert head == CALENDAR
    uids = [event["UID"] for event in found]
    assert len(set(uids)) == len(uids)
    return found


def unfolded(content: bytes) -> list[str]:
    """Content lines: CRLF everywhere and nowhere else, 75 octets at most, never cut within a character."""
    assert content.endswith(b"\r\n")
    raw = content[:-2].split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line and len(line) <= 75 for line in raw)
    lines: list[str] = []
    for line in raw:
        text = line.decode()  # a cut character would not decode
        if text.startswith(" "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    return lines


def read(name: str, parameters: str, value: str) -> Any:
    if name in ("DTSTART", "DTEND") and parameters == ";VALUE=DATE":
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    assert parameters == "", (name, parameters)
    if name.startswith("DT"):
        return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if name == "SEQUENCE":
        return int(value)
    if name == "SUMMARY":
        assert not re.search(r"(?<!\\)[;,]", value.replace("\\\\", ""))
        return _TEXT.sub(lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
    return value
