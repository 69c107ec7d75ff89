"""Calendars for tests, as programs write them."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


def calendar(*parts: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//NL", *parts, "END:VCALENDAR", ""]).encode()


def event(start: str, end: str = "", *lines: str, uid: str = "a") -> str:
    """`start` and `end` as they stand behind DTSTART and DTEND, with ';' or ':' in front."""
    ends = [f"DTEND{end}"] if end else []
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Geheim", f"DTSTART{start}", *ends, *lines, "END:VEVENT"])
