"""Quiet hours: nobody is texted at night or in the weekend about what can wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from rosters.core import wall

FROM, UNTIL = 20 * 60, 7 * 60 + 30  # minutes after midnight on the wall
SATURDAY = 5


def in_day_time(now: datetime) -> datetime:
    """`now`, or in quiet hours (20:00-7:30 and weekends) the first moment after them."""
    day = wall.day_of(now)
    morning, evening = wall.moment(day, UNTIL), wall.moment(day, FROM)
    if day.weekday() < SATURDAY and morning <= now < evening:
        return now
    if now >= morning:
        day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return wall.moment(day, UNTIL)
