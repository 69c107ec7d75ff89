"""Writes calendars by the library `icalendar`: feeds to subscribe to, and invitations by mail (iTIP, RFC 5546).

One VEVENT per entry, in UTC, without RRULE and VTIMEZONE: programs disagree about those and agree about an instant.
The text depends on its arguments only, no clock is read: the same entries give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

PRODUCT = "-//Piketlijn//Piketlijn//NL"
REFRESH = timedelta(hours=1)
REMEMBERED = 16_384  # texts of entries; about 1 kB each with their keys
REQUEST, CANCEL = "REQUEST", "CANCEL"
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in [starts_at, ends_at), aware. `uid` never changes; `sequence` is raised by every change.

    An alarm goes off `alarm_minutes` before the start and says `summary`; a cancelled entry has none and keeps no
    time occupied.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False
    alarm_minutes: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """Who invites whom, by mail address. With `asks_answer` the program offers to accept and to decline."""

    organizer: str
    organizer_name: str
    attendee: str
    attendee_name: str
    asks_answer: bool


def encode(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar to subscribe to. Lines end in CRLF and are folded at 75 octets.

    The text of an entry is remembered: after one change of a thousand entries one is written anew.
    """
    calendar = _calendar()
    calendar.add("name", vText(name))  # the library takes it for something else than text, and would not escape it
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})  # RFC 7986 knows no default
    calendar.add("x-published-ttl", "PT1H")
    head = calendar.to_ical().removesuffix(END)
    return b"".join((head, *map(_text_of, entries), END))


def encode_invitation(method: str, entry: Entry, invited: Invited) -> bytes:
    """The calendar part of a mail. `method`: REQUEST or CANCEL."""
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(entry)
    event.add("organizer", _address(invited.organizer, CN=invited.organizer_name))
    answer = {"RSVP": "TRUE" if invited.asks_answer else "FALSE", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT"}
    event.add("attendee", _address(invited.attendee, CN=invited.attendee_name, **answer))
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def forget() -> None:
    """Write every entry anew the next time. For measuring only: what is remembered never gets old."""
    _text_of.cache_clear()


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


@lru_cache(maxsize=REMEMBERED)
def _text_of(entry: Entry) -> bytes:
    return bytes(_event(entry).to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    changed_at = entry.changed_at.astimezone(UTC)
    event.add("uid", entry.uid)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    if entry.url:
        event.add("url", entry.url)
    if entry.alarm_minutes is not None and not entry.cancelled:
        event.add_component(_alarm(entry.summary, entry.alarm_minutes))
    return event


def _alarm(words: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _address(mail: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{mail}")
    for name, value in parameters.items():
        address.params[name] = value
    return address
