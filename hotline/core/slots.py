"""The two moments at which a callback can be promised, in opening hours of the line."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
SOON_MINUTES = 30
ROUNDED_TO = 5
MORNING = time(9)


class Opening(Protocol):
    """What of the opening hours is needed; rosters.core.hours.Hours has it."""

    def next_opening(self, at: datetime) -> datetime | None: ...

    def add_open_minutes(self, at: datetime, minutes: int) -> datetime | None: ...


def soon(now: datetime, hours: Opening) -> datetime:
    """Now + 30 open minutes, up to the next five; a spoken time must be one that can be kept."""
    exact = hours.add_open_minutes(now, SOON_MINUTES) or now + timedelta(minutes=SOON_MINUTES)
    over = timedelta(minutes=exact.minute % ROUNDED_TO, seconds=exact.second, microseconds=exact.microsecond)
    return exact + timedelta(minutes=ROUNDED_TO) - over if over else exact


def next_day(after: datetime, hours: Opening) -> datetime:
    """The first open minute of the next day that opens; nine o'clock on a line that stays open at midnight."""
    local = after.astimezone(ZONE)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(0), tzinfo=ZONE)
    opening = (hours.next_opening(midnight) or midnight).astimezone(ZONE)
    if opening.time() == time(0):
        opening = datetime.combine(opening.date(), MORNING, tzinfo=ZONE)
    return opening.astimezone(after.tzinfo)
