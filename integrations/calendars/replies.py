"""Reads a mail that answers an invitation (iTIP REPLY, RFC 5546/6047). Anybody can send one: nothing of it is trusted.

It says which event, who answers and what; whether that person may is for the caller to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses
from typing import Any

from icalendar import Calendar

from integrations.calendars.faults import NOT_A_CALENDAR, TOO_BIG, UNREADABLE, CalendarFault
from integrations.calendars.parts import text_of

MOST_BYTES = 1_000_000  # of the mail
MOST_CALENDAR = 100_000  # of its calendar part; a REPLY has one event
MOST_PARTS = 50
NO_REPLY = "no_reply"
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True, slots=True)
class Reply:
    """Mail addresses in small letters. `sent_to` holds every address that the mail or its calendar says it is for."""

    uid: str
    status: str  # ACCEPTED, DECLINED, TENTATIVE, ...
    attendee: str
    sender: str  # '' unless there is exactly one
    sent_to: frozenset[str]
    sequence: int


def read_reply(raw: bytes) -> Reply:
    """Raises CalendarFault: too_big, no_reply (an ordinary mail), not_a_calendar, unreadable."""
    if len(raw) > MOST_BYTES:
        raise CalendarFault(TOO_BIG)
    try:
        return _reply_in(raw)
    except RecursionError:  # parts in parts, or brackets in brackets, without end
        raise CalendarFault(UNREADABLE) from None


def _reply_in(raw: bytes) -> Reply:
    mail = message_from_bytes(raw, policy=policy.compat32)  # the other policies stumble over malformed headers
    event = _event_in(_calendar_of(mail))
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if len(attendees) != 1 or "UID" not in event:
        raise CalendarFault(UNREADABLE)
    attendee = attendees[0]
    senders = _addresses(mail, "From")
    return Reply(
        uid=str(event["UID"]),
        status=str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper(),
        attendee=_bare(attendee),
        sender=next(iter(senders)) if len(senders) == 1 else "",
        sent_to=frozenset({_bare(event.get("ORGANIZER", ""))}.union(*(_addresses(mail, name) for name in RECIPIENTS))),
        sequence=_number(event.get("SEQUENCE", 0)),
    )


def _calendar_of(mail: Message) -> bytes:
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS:
            break
        if part.get_content_type() in {"text/calendar", "application/ics"}:
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return data
    raise CalendarFault(NO_REPLY)


def _event_in(data: bytes) -> Any:
    if len(data) > MOST_CALENDAR:
        raise CalendarFault(TOO_BIG)
    text = text_of(data)
    try:
        calendar = Calendar.from_ical(text)
        method = str(calendar.get("METHOD", "")).upper()
        events = [part for part in calendar.subcomponents if part.name == "VEVENT"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:  # what the library lets through
        raise CalendarFault(NOT_A_CALENDAR) from error
    if method != "REPLY":
        raise CalendarFault(NO_REPLY)
    if len(events) != 1:
        raise CalendarFault(UNREADABLE)
    return events[0]


def _addresses(mail: Message, name: str) -> set[str]:
    written = [str(value) for value in mail.get_all(name, [])]
    return {address.strip().lower() for _name, address in getaddresses(written) if "@" in address}


def _bare(address: Any) -> str:
    """'mailto:A@b.nl' -> 'a@b.nl'."""
    words = str(address).strip().lower()
    return words.removeprefix("mailto:")


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
