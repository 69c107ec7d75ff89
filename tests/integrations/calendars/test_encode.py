"""Calendars as we write them: whatever stands in a name, others read the same name, and no line is too long."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.calendars.encode import CANCEL, REQUEST, Entry, Invited, encode, encode_invitation

NINE = datetime(2026, 11, 18, 9, tzinfo=UTC)
# Letters of every kind, without the control characters that no calendar may hold.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=200)


def an_entry(summary: str = "Piket", **fields: object) -> Entry:
    known = {"uid": "dienst-1@example.nl", "starts_at": NINE, "ends_at": NINE + timedelta(hours=4), "changed_at": NINE}
    return Entry(summary=summary, **{**known, **fields})


@given(WORDS, WORDS)
@example('Huur, pacht; \\ erf: "ja"', "komma, punt; \\n")
@example("🏠" * 60, "é" * 90)
@example("x" * 74 + "é", "BEGIN:VEVENT")
def test_names_come_back_as_they_were_and_lines_are_folded_at_75_octets(summary: str, name: str) -> None:
    text = encode(name, [an_entry(summary, alarm_minutes=30)])
    calendar = icalendar.Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == summary
    assert str(event.walk("VALARM")[0]["DESCRIPTION"]) == summary
    assert re.sub(r"\\(.)", r"\1", str(calendar["X-WR-CALNAME"])) == name  # of an X- the library keeps the backslashes
    assert text.split(b"\r\n").count(b"BEGIN:VEVENT") == 1
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    text.decode()


@given(st.text(max_size=80))
def test_no_name_adds_a_line_of_its_own(name: str) -> None:
    """Also with line breaks and control characters."""
    text = encode(name, [an_entry(name)])
    names = [line.partition(b":")[0].partition(b";")[0] for line in text.split(b"\r\n") if line[:1] not in (b" ", b"")]
    allowed = b"BEGIN END VERSION PRODID CALSCALE NAME X-WR-CALNAME REFRESH-INTERVAL X-PUBLISHED-TTL SUMMARY DTSTART"
    allowed += b" DTEND DTSTAMP UID SEQUENCE LAST-MODIFIED STATUS TRANSP"
    assert set(names) <= set(allowed.split())


def test_a_moment_of_any_zone_is_written_in_utc() -> None:
    text = encode("", [an_entry(starts_at=NINE.astimezone(ZoneInfo("Europe/Amsterdam")))]).decode()
    assert "DTSTART:20261118T090000Z\r\n" in text


def test_the_same_entries_give_the_same_bytes_and_one_that_changed_only_its_own() -> None:
    entries = [an_entry(uid=f"dienst-{number}@example.nl") for number in range(3)]
    before = encode("Mijn diensten", entries)
    assert encode("Mijn diensten", entries) == before
    entries[1] = an_entry(uid="dienst-1@example.nl", sequence=1, cancelled=True)
    after = encode("Mijn diensten", entries)
    changed = set(after.split(b"\r\n")) - set(before.split(b"\r\n"))
    assert changed == {b"SEQUENCE:1", b"STATUS:CANCELLED", b"TRANSP:TRANSPARENT"}


def test_a_cancelled_entry_sets_off_no_alarm() -> None:
    assert b"VALARM" not in encode("", [an_entry(cancelled=True, alarm_minutes=30)])


@given(WORDS)
def test_an_invitation_names_its_two_parties_whatever_they_are_called(name: str) -> None:
    invited = Invited("piket+tag@example.nl", name, "sanne@example.nl", name, asks_answer=True)
    calendar = icalendar.Calendar.from_ical(encode_invitation(REQUEST, an_entry(), invited))
    (event,) = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert str(event["ORGANIZER"]) == "mailto:piket+tag@example.nl"
    assert str(event["ATTENDEE"]) == "mailto:sanne@example.nl"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"


def test_a_cancellation_says_so_twice_and_asks_no_answer() -> None:
    invited = Invited("piket@example.nl", "Piketlijn", "sanne@example.nl", "Sanne", asks_answer=False)
    text = encode_invitation(CANCEL, an_entry(cancelled=True, sequence=1), invited).decode()
    assert "METHOD:CANCEL\r\n" in text
    assert "STATUS:CANCELLED\r\n" in text
    assert "RSVP=FALSE" in text.replace("\r\n ", "")
