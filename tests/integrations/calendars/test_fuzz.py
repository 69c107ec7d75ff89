"""Ten thousand calendars that no program should write: busy times or a code, within two seconds, and nothing else.

Good calendars are cut, mixed and changed by chance from a seed of their own, so what fails can be made again.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from integrations.calendars import faults
from integrations.calendars.apart import CPU_SECONDS, in_time
from integrations.calendars.decode import AHEAD, BACK, MOST_TIMES, read
from integrations.calendars.faults import CalendarFault
from tests.integrations.calendars.calendars import NOW, calendar, event

# Time may run out inside a callback of the garbage collector, which swallows it and says so; it strikes again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

CODES = {value for name, value in vars(faults).items() if name.isupper()}
RULES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,WE",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=HOURLY;INTERVAL=5",
    "FREQ=SECONDLY",
    "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=DAILY;COUNT=5",
    "FREQ=WEEKLY;UNTIL=20270101",
    "FREQ=MINUTELY;COUNT=9",
    "FREQ=DAILY;BYHOUR=9,13;BYMINUTE=0,30",
    "FREQ=MONTHLY;BYMONTHDAY=-1,31;INTERVAL=2;WKST=SU",
    "FREQ=YEARLY;BYYEARDAY=366",
)
STARTS = (
    ":20261120T090000Z",
    ":20261120T090000",
    ";TZID=W. Europe Standard Time:20261025T023000",
    ";VALUE=DATE:20261120",
    ";TZID=Nergens:20270328T023000",
    ":19000101T000000Z",
    ":99991231T235959Z",
    ";VALUE=DATE:20200229",
    ":20261120T246060",
)
JUNK = (
    "BEGIN:VEVENT",
    "END:VEVENT",
    "END:VCALENDAR",
    "BEGIN:VCALENDAR",
    "RRULE:",
    "RRULE:FREQ=DAILY;INTERVAL=0",
    "DTSTART:",
    'DTSTART;X="a:b";TZID=:20261120T090000',
    "DURATION:-P1D",
    "DURATION:P99999D",
    "EXDATE:20261121T090000Z,,x",
    "RDATE;VALUE=PERIOD:20261121T090000Z/PT1H",
    "RECURRENCE-ID:20261121T090000Z",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261121",
    "TRANSP:TRANSPARENT",
    "STATUS:CANCELLED",
    "\x00",
    " ",
    "\t:",
    ":",
    ";;;",
    "X" * 5000,
    "DTEND:20261120T080000Z",
    "BEGIN:VFREEBUSY",
    "END:VFREEBUSY",
    "FREEBUSY:20261120T090000Z/P1D,x/y",
    "BEGIN:VTIMEZONE",
    "TZID:Nergens",
    "END:VTIMEZONE",
    "BEGIN:STANDARD",
    "TZOFFSETTO:+9999",
    "END:STANDARD",
    "UID:a",
    "RRULE:FREQ=DAILY;BYDAY=99MO",
    "RRULE:FREQ=YEARLY;BYMONTH=0",
)


def by_chance(seed: int) -> bytes:
    """A calendar that was good, and is changed in one to six ways."""
    chance = random.Random(seed)
    parts = []
    for number in range(chance.randint(1, 6)):
        lines = [f"RRULE:{chance.choice(RULES)}"] if chance.random() < 0.7 else []
        lines += chance.sample(JUNK, chance.randint(0, 3))
        start = chance.choice(STARTS)
        end = chance.choice(STARTS) if chance.random() < 0.3 else ""
        parts.append(event(start, end, *lines, *(() if end else ["DURATION:PT1H"]), uid=str(number % 3)))
    lines = calendar(*parts).decode().split("\r\n")
    for _ in range(chance.randint(0, 5)):
        place = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                lines[place] = chance.choice(JUNK)
            case 1:
                lines.insert(place, chance.choice(JUNK))
            case 2:
                del lines[place]
                lines = lines or [""]
            case 3:
                lines[place] = lines[place][: chance.randint(0, len(lines[place]))]
            case 4:
                lines[place] = "".join(chance.sample(lines[place], len(lines[place])))
            case _:
                lines = lines[: place + 1] * chance.randint(1, 3)
    data = bytearray(
        chance.choice(["\r\n", "\n", "\r"]).join(lines).encode(chance.choice(["utf-8", "utf-16", "latin-1"]))
    )
    for _ in range(chance.choice([0, 0, 0, 1, 8])):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def outcome(data: bytes) -> str:
    """'' when it was read, else the code; whatever else is raised is what these tests look for."""
    started = time.process_time()
    try:
        found = in_time(lambda: read(data, NOW))
    except CalendarFault as fault:
        code = fault.code
    else:
        code = ""
        assert len(found.busy) <= MOST_TIMES
        assert all(start < end for start, end in found.busy)
        assert all(end < start for (_, end), (start, _) in zip(found.busy, found.busy[1:], strict=False))
        assert all(start >= NOW - BACK and end <= NOW + AHEAD for start, end in found.busy)
    assert time.process_time() - started < CPU_SECONDS + 0.5
    return code


def among(seeds: range) -> Counter[str]:
    return Counter(outcome(by_chance(seed)) for seed in seeds)


def test_forty_spoiled_calendars_are_read_or_refused_with_a_code() -> None:
    found = among(range(40))
    assert set(found) <= CODES | {""}
    assert found[""] > 10


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(1, 11))
def test_ten_thousand_spoiled_calendars_are_read_or_refused_with_a_code(thousand: int) -> None:
    found = among(range(1_000 * thousand, 1_000 * (thousand + 1)))
    assert set(found) <= CODES | {""}
    assert found[""] > 100
    assert found["too_many_times"] > 10
    assert found["too_heavy"] < 20


@pytest.mark.slow
def test_any_bytes_are_read_or_refused_with_a_code() -> None:
    chance = random.Random(7)
    for _ in range(1_000):
        assert outcome(b"BEGIN:VCALENDAR\r\n" + chance.randbytes(chance.randint(0, 3000))) in CODES | {""}
