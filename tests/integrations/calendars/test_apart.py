"""Reading in a process that can be stopped: the same answer, and an end to what never ends."""

from __future__ import annotations

import time

import pytest

from integrations.calendars import apart
from integrations.calendars.apart import in_time, read_apart
from integrations.calendars.decode import Read, read
from integrations.calendars.faults import CalendarFault
from tests.integrations.calendars.calendars import NOW, calendar, event

GOOD = calendar(event(":20261120T090000Z", ":20261120T100000Z", "RRULE:FREQ=DAILY;COUNT=3"))
NEVER = calendar(
    event(":20261120T090000Z", ":20261120T100000Z", "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30;INTERVAL=3")
)


def test_gives_the_same_answer_as_reading_here() -> None:
    assert read_apart(GOOD, NOW) == read(GOOD, NOW)


@pytest.mark.parametrize(("data", "code"), [(b"<html>", "html"), (b"BEGIN:VCALENDAR" + b"x" * 50_000_000, "too_big")])
def test_gives_the_same_fault(data: bytes, code: str) -> None:
    with pytest.raises(CalendarFault) as refused:
        read_apart(data, NOW)
    assert refused.value.code == code


@pytest.mark.slow
def test_a_rule_that_is_sought_for_ever_is_stopped() -> None:
    """30 February: the library would look until the year 9999."""
    started = time.monotonic()
    with pytest.raises(CalendarFault) as refused:
        read_apart(NEVER, NOW)
    assert refused.value.code == "too_heavy"
    assert time.monotonic() - started < apart.WALL_SECONDS


def test_work_that_finishes_is_not_disturbed_by_the_clock_that_watches_it() -> None:
    assert in_time(lambda: Read((), 0)) == Read((), 0)
