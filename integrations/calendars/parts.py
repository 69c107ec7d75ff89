"""A calendar as lines, and of those only what tells when somebody is busy: names and texts are never looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.calendars.faults import EMPTY, HTML, NOT_A_CALENDAR, PACKED, TOO_BIG, TOO_MANY_PARTS, CalendarFault

MOST_BYTES = 5_000_000
MOST_PARTS = 20_000
KEPT = frozenset({
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "TRANSP",
    "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY", "TZID", "TZOFFSETTO",
})  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"\n]*"|[^";:\n]*)')
_MARKUP = re.compile(r"\s*<(!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """NAME;PARAMETER=value:value, the names in capitals."""

    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Part:
    """A VEVENT, VFREEBUSY or a half of a VTIMEZONE (STANDARD, DAYLIGHT, with the TZID of the whole)."""

    kind: str
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def first(self, name: str) -> Line | None:
        found = self.lines.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        line = self.first(name)
        return line.value.strip() if line else ""


def text_of(data: bytes) -> str:
    """The words, whatever the encoding. Raises CalendarFault for what is no calendar."""
    if len(data) > MOST_BYTES:
        raise CalendarFault(TOO_BIG)
    if not data.strip():
        raise CalendarFault(EMPTY)
    if data.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
        raise CalendarFault(PACKED)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:  # a letter in another encoding is in a title or a name, which nobody reads here
        text = data.decode("utf-8-sig", errors="replace")
    start = text.lstrip("﻿ \t\r\n")
    if _MARKUP.match(start):
        raise CalendarFault(HTML)
    if start[:15].upper() != "BEGIN:VCALENDAR" or "\x00" in text:
        raise CalendarFault(NOT_A_CALENDAR)
    return start


def parts_of(text: str) -> Iterator[Part]:
    """The parts that matter, in order; a part that is never closed is none. Raises CalendarFault: too_many_parts."""
    unfolded = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").replace("\n\t", "")
    inside: list[str] = []
    part: Part | None = None
    zone: Line | None = None
    seen = 0
    for raw in unfolded.split("\n"):
        found = _NAME.match(raw)
        if found is None:
            continue
        name = found[0].upper()
        if name == "BEGIN":
            seen += 1
            if seen > MOST_PARTS:
                raise CalendarFault(TOO_MANY_PARTS)
            kind = raw[6:].strip().upper()
            inside.append(kind)
            if kind in {"VEVENT", "VFREEBUSY", "STANDARD", "DAYLIGHT"}:
                part = Part(kind, {"TZID": [zone]} if zone and kind in {"STANDARD", "DAYLIGHT"} else {})
        elif name == "END":
            kind = raw[4:].strip().upper()
            if inside and inside[-1] == kind:
                inside.pop()
            if part is not None and part.kind == kind:
                yield part
                part = None
        elif name in KEPT and inside:
            line = _line(name, raw)
            if line is None:
                continue
            if inside[-1] == "VTIMEZONE" and name == "TZID":
                zone = line
            elif part is not None and inside[-1] == part.kind:
                part.lines.setdefault(name, []).append(line)


def _line(name: str, raw: str) -> Line | None:
    place, parameters = len(name), {}
    while found := _PARAMETER.match(raw, place):
        parameters[found[1].upper()] = found[2].strip('"')
        place = found.end()
    if place >= len(raw) or raw[place] != ":":
        return None
    return Line(name, parameters, raw[place + 1 :])
