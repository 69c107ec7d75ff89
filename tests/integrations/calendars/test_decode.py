"""Busy times out of calendars as programs write them, and what is refused with which code. Now is Wed 18 Nov 2026."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.calendars.decode import MOST_TIMES, read
from integrations.calendars.faults import CalendarFault
from integrations.calendars.zones import zone_named
from tests.integrations.calendars.calendars import NOW, calendar, event

HALF_PAST = ("20261120T143000Z", "20261120T153000Z")
DAILY = "RRULE:FREQ=DAILY;COUNT=3"


def busy(*parts: str) -> list[str]:
    """Stretches as '1120T0900-1120T1000', in UTC."""
    return [f"{start:%m%dT%H%M}-{end:%m%dT%H%M}" for start, end in read(calendar(*parts), NOW).busy]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        pytest.param(event(":20261120T143000Z", ":20261120T153000Z"), ["1120T1430-1120T1530"], id="utc"),
        pytest.param(
            event(";TZID=Europe/Amsterdam:20261120T143000", ";TZID=Europe/Amsterdam:20261120T153000"),
            ["1120T1330-1120T1430"],
            id="zone",
        ),
        pytest.param(event(":20261120T143000", ":20261120T153000"), ["1120T1330-1120T1430"], id="without a zone"),
        pytest.param(
            event(";TZID=America/New_York:20261120T090000", ";TZID=America/New_York:20261120T100000"),
            ["1120T1400-1120T1500"],
            id="another zone",
        ),
        pytest.param(event(";VALUE=DATE:20261120", ";VALUE=DATE:20261122"), ["1119T2300-1121T2300"], id="whole days"),
        pytest.param(event(";VALUE=DATE:20261120"), ["1119T2300-1120T2300"], id="a day without an end"),
        pytest.param(event(";VALUE=DATE:20270328"), ["0327T2300-0328T2200"], id="the day of the spring night"),
        pytest.param(event(":20261120T143000Z", "", "DURATION:PT90M"), ["1120T1430-1120T1600"], id="duration"),
        pytest.param(event(":20261120T143000Z", "", "DURATION:P1DT2H"), ["1120T1430-1121T1630"], id="long duration"),
        pytest.param(event(":20261120T143000Z"), [], id="no length"),
        pytest.param(event(":20261120T143000Z", ":20261120T133000Z"), [], id="backwards"),
        pytest.param(event(":20261120T143000Z", ":20261120T153000Z", "TRANSP:TRANSPARENT"), [], id="transparent"),
        pytest.param(event(":20261120T143000Z", ":20261120T153000Z", "STATUS:CANCELLED"), [], id="cancelled"),
        pytest.param(
            event(":20261120T143000Z", ":20261120T153000Z", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), [], id="Outlook: free"
        ),
        pytest.param(event(":20261120T143000Z", ":20261120T153000Z", "STATUS:TENTATIVE"), ["1120T1430-1120T1530"]),
        pytest.param(event(":20200120T143000Z", ":20200120T153000Z"), [], id="long past"),
        pytest.param(event(":20300120T143000Z", ":20300120T153000Z"), [], id="far ahead"),
        pytest.param(event(":20261101T080000Z", ":20261119T080000Z"), ["1117T0930-1119T0800"], id="cut to the window"),
        pytest.param(
            event(";TZID=Europe/Amsterdam:20261019T090000", ";TZID=Europe/Amsterdam:20261019T100000",
                  "RRULE:FREQ=WEEKLY;UNTIL=20261130T000000Z"),
            ["1123T0800-1123T0900"],
            id="keeps its hour on the wall after summer time",
        ),
        pytest.param(
            event(";TZID=Europe/Amsterdam:20270326T220000", ";TZID=Europe/Amsterdam:20270327T060000", DAILY),
            ["0326T2100-0327T0500", "0327T2100-0328T0400", "0328T2000-0329T0400"],
            id="over the spring night, until the same hour on the wall",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z", DAILY, "EXDATE:20261121T090000Z"),
            ["1120T0900-1120T1000", "1122T0900-1122T1000"],
            id="an exception",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z", "RDATE:20261125T090000Z,20261126T090000Z"),
            ["1120T0900-1120T1000", "1125T0900-1125T1000", "1126T0900-1126T1000"],
            id="dates of its own",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z", DAILY)
            + "\r\n"
            + event(":20261121T120000Z", ":20261121T130000Z", "RECURRENCE-ID:20261121T090000Z"),
            ["1120T0900-1120T1000", "1121T1200-1121T1300", "1122T0900-1122T1000"],
            id="one moved",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z", DAILY)
            + "\r\n"
            + event(":20261121T090000Z", ":20261121T100000Z", "RECURRENCE-ID:20261121T090000Z", "STATUS:CANCELLED"),
            ["1120T0900-1120T1000", "1122T0900-1122T1000"],
            id="one cancelled",
        ),
        pytest.param(
            event(";VALUE=DATE:20261127", "", "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2"),
            ["1126T2300-1127T2300", "1224T2300-1225T2300"],
            id="whole days that repeat",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z", "RRULE:FREQ=DAILY;COUNT=99999999;UNTIL=20261121T235959Z"),
            ["1120T0900-1120T1000", "1121T0900-1121T1000"],
            id="a number that is never reached",
        ),
        pytest.param(
            event(":20261120T090000Z", ":20261120T100000Z") + "\r\n" + event(":20261120T093000Z", ":20261120T120000Z"),
            ["1120T0900-1120T1200"],
            id="joined",
        ),
        pytest.param(
            "BEGIN:VFREEBUSY\r\nFREEBUSY:20261120T090000Z/PT1H,20261121T090000Z/20261121T100000Z\r\n"
            "FREEBUSY;FBTYPE=FREE:20261122T090000Z/PT1H\r\nEND:VFREEBUSY",
            ["1120T0900-1120T1000", "1121T0900-1121T1000"],
            id="free/busy",
        ),
        pytest.param(
            "BEGIN:VTODO\r\nDTSTART:20261120T090000Z\r\nDUE:20261120T100000Z\r\nEND:VTODO", [], id="a task is not busy"
        ),
        pytest.param(
            "BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20261120T0\r\n 90000Z\r\nDTEND:20261120T100000Z\r\nBEGIN:VALARM\r\n"
            "DURATION:P5D\r\nEND:VALARM\r\nEND:VEVENT",
            ["1120T0900-1120T1000"],
            id="folded lines, and an alarm inside",
        ),
    ],
)  # fmt: skip
def test_reads_when_somebody_is_busy(part: str, expected: list[str]) -> None:
    assert busy(part) == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "html"),
        (b"\xef\xbb\xbf <html>", "html"),
        (b'<?xml version="1.0"?><feed/>', "html"),
        (b"\x1f\x8b\x08\x00" + b"\x00" * 100, "packed"),
        (b"PK\x03\x04rest", "packed"),
        (b"naam;begin;einde\nA;1;2", "not_a_calendar"),
        (b"\x00\x01\x02", "not_a_calendar"),
        (b"BEGIN:VCARD\r\nEND:VCARD", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 50_000_000, "too_big"),
        (calendar(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 20_001), "too_many_parts"),
        (calendar(event(":20261120T090000Z", ":20261120T090100Z", "RRULE:FREQ=SECONDLY")), "too_many_times"),
        (calendar(event(":20261120T090000Z", ":20261120T090100Z", "RRULE:FREQ=MINUTELY")), "too_many_times"),
        (calendar(event(":19700101T090000Z", ":19700101T090100Z", "RRULE:FREQ=HOURLY")), "too_many_times"),
        (
            calendar(event(":20261120T090000Z", ":20261120T090100Z",
                "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,30")),
            "too_many_times",
        ),
        (
            calendar(event(":20261120T090000Z", ":20261120T090100Z", "RDATE:" + "20261120T090000Z," * 10_001)),
            "too_many_times",
        ),
        (
            calendar(*[event(f":2026112{n % 10}T{n % 24:02}0000Z", "", "DURATION:PT1H", uid=str(n))
                for n in range(MOST_TIMES + 1)]),
            "too_many_times",
        ),
        (calendar(event(":20261331T090000Z", ":20261120T100000Z")), "unreadable"),
        (calendar(event(":00010101T090000Z", ":20261120T100000Z")), "unreadable"),
        (calendar(event(":20261120T090000Z", ":20261120T100000Z", "RRULE:FREQ=OFTEN")), "unreadable"),
    ],
)  # fmt: skip
def test_refuses_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        read(data, NOW)
    assert refused.value.code == code
    assert str(refused.value) == code


def test_an_event_that_makes_no_sense_is_left_out_and_counted() -> None:
    found = read(calendar(event(":20261399T090000Z"), event(":20261120T090000Z", ":20261120T100000Z")), NOW)
    assert (len(found.busy), found.skipped) == (1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_reads_any_usual_encoding(encoding: str) -> None:
    data = calendar(event(":20261120T090000Z", ":20261120T100000Z", "LOCATION:Café €")).decode()
    assert len(read(data.encode(encoding, errors="replace"), NOW).busy) == 1


def test_a_rule_that_began_years_ago_is_read_in_its_window_only() -> None:
    found = read(calendar(event(";VALUE=DATE:20110103", "", "RRULE:FREQ=WEEKLY")), NOW).busy
    assert found[0][0] == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert len(found) == 57


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Europe/Amsterdam", "Europe/Amsterdam"),
        ("europe/amsterdam", "Europe/Amsterdam"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("/freeassociation.sourceforge.net/Europe/Amsterdam", "Europe/Amsterdam"),
        ("/mozilla.org/20050126_1/Europe/London", "Europe/London"),
        ("(UTC+01:00) Amsterdam, Berlijn, Bern, Rome", "Europe/Amsterdam"),
        ("GMT-0500", "Europe/Amsterdam"),
        ("Customized Time Zone", "Europe/Amsterdam"),
        ("../../etc/passwd", "Europe/Amsterdam"),
        ("", "Europe/Amsterdam"),
    ],
)
def test_knows_zones_by_the_names_that_programs_give(name: str, meant: str) -> None:
    found = zone_named(name)
    assert found == ("Etc/GMT+5" if name == "GMT-0500" else meant)


def test_a_zone_of_a_calendars_own_is_known_by_its_offset() -> None:
    zone = "\r\n".join([
        "BEGIN:VTIMEZONE", "TZID:Mijn zone", "BEGIN:STANDARD", "DTSTART:16011028T030000", "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0000", "RRULE:FREQ=SECONDLY", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010325T020000",
        "TZOFFSETTO:+0100", "END:DAYLIGHT", "END:VTIMEZONE",
    ])  # fmt: skip
    inside = event(";TZID=Mijn zone:20261120T090000", ";TZID=Mijn zone:20261120T100000")
    assert busy(zone, inside) == ["1120T0900-1120T1000"]
